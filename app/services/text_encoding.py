"""The encoding of a text file that does not say which one it has."""

import codecs
import re
from collections.abc import Iterable

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_PLAIN = re.compile(rb"[A-Za-z]")
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][^\w\s'’.,;:|/&()-][^\W\d_]|[^\w\s.,;:|'\"()]+(?=[a-z])")
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
)
_OTHER_SCRIPTS = (
    *("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874", "shift_jis", "euc_jp", "gb18030", "big5"),
    *("euc_kr", "cp866", "iso8859_5"),
)

_WESTERN = ("cp1252", "cp1250", "cp1257", "cp1254", "cp850", "mac_roman")


def marked_encoding(head: bytes) -> str | None:
    """The encoding that a byte order mark, or the zero bytes of UTF-16 without one, announce."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    sample = head[:2048]
    zeros = sample.count(0)
    if zeros * 3 < len(sample) or len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def mostly_utf8(sample: bytes) -> bool:
    """Whether a text that is not valid UTF-8 is UTF-8 with a few damaged bytes."""
    sequences = _UTF8_SEQUENCE.findall(sample)
    wrong = len(_HIGH.findall(sample)) - sum(map(len, sequences))
    return len(sequences) >= 3 * max(wrong, 1)


def guess_encoding(sample: bytes) -> str:
    """The likeliest one-byte or East Asian encoding of a text with bytes that are not UTF-8.

    Statistics need more text than a list of names has. So where most words mix plain letters and others, the
    text is taken as Western, in the encoding of Windows unless that puts symbols into words.
    """
    words = [word for word in _WORD.findall(sample) if _HIGH.search(word)]
    mixed = [word for word in words if _PLAIN.search(word)]
    old_mac = b"\r" in sample and b"\n" not in sample
    western = _plausible(sample, ("mac_roman", *_WESTERN) if old_mac else _WESTERN)
    if western is not None and 2 * len(mixed) >= len(words):
        return western
    found = from_bytes(sample, cp_isolation=list(_OTHER_SCRIPTS)).best()
    if found is not None:
        return found.encoding
    return western or "latin-1"


def _plausible(sample: bytes, encodings: Iterable[str]) -> str | None:
    for name in encodings:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        if not any(_SYMBOL_IN_WORD.search(line) for line in text.splitlines() if not line.isascii()):
            return name
    return None
