"""What a name in an annotation file may have been before a tool encoded it or added to it."""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, unquote_plus

_MOST_ROUNDS = 2
"""Names are sometimes encoded twice."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_SCRIPT = re.compile(r"\.(php|aspx?|jsp|cgi|do)$", re.IGNORECASE)
_HEX = "[0-9A-Fa-f]"
_ADDED_BEFORE = re.compile(
    rf"({_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}[-_]|{_HEX}{{32,64}}[-_]|{_HEX}{{8}}(-|__))(?=.)"
)
"""A UUID, a checksum, or the eight digits that Label Studio puts before an uploaded name, or with two low
lines before the encoded path of a local file."""
_ADDED_AFTER = re.compile(r"(?<=.)(\.rf\.[0-9A-Za-z]{16,64})(?=\.[A-Za-z]{2,5}$)")
"""What Roboflow adds: "owl_jpg.rf.<32 digits>.jpg" was "owl.jpg"."""
_OLD_SUFFIX = re.compile(r"_(jpe?g|png|bmp|webp|tiff?|gif|avif|heic)(\.[A-Za-z]{2,5})$", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W_]+")


class Original(NamedTuple):
    """``removed`` is what a tool had added to the name."""

    name: str
    removed: str


def decoded(name: str) -> list[str]:
    """What an encoded name or a URL says, most literal first: without its query, and with its percent signs
    and HTML characters decoded; a URL that names the file in its query, as Label Studio's do, gives that."""
    found: dict[str, None] = {}
    for address in _addressed(name):
        text = address
        found[text] = None
        for _ in range(_MOST_ROUNDS):
            if "%" not in text:
                break
            if "\ufffd" in unquote(text):
                found[unquote(text, "latin-1")] = None
            # A byte that is not UTF-8 is kept as it is in names that were read from the disk.
            text = unquote(text, errors="surrogateescape")
            found[text] = None
    for text in list(found):
        found[html.unescape(text).strip()] = None
    return [text for text in found if text and text != name]


def _addressed(name: str) -> Iterator[str]:
    path, mark, query = name.partition("?")
    if _SCHEME.match(path):
        path = path.partition("#")[0]
    yield name
    if path != name and _SUFFIX.search(path) and not _SCRIPT.search(path):
        yield path
    elif mark:
        values = [_unpacked(value) for _, value in parse_qsl(query)]
        named = {value for value in values if _SUFFIX.search(value)}
        if len(named) == 1:
            yield named.pop()


def _unpacked(value: str) -> str:
    """A query's value; some of Label Studio's URLs have it as base64."""
    if _SUFFIX.search(value):
        return value
    try:
        text = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return value
    return text if _SCHEME.match(text) else value


def originals(name: str) -> list[Original]:
    """Without what an upload added to the file name, as it is and decoded: a guess, because names may look
    like that by nature."""
    found = _without_additions(name)
    return found + [Original(text, one.removed) for one in found for text in decoded(one.name)]


def _without_additions(name: str) -> list[Original]:
    folder, slash, file_name = name.replace("\\", "/").rpartition("/")
    found = []
    before = _ADDED_BEFORE.match(file_name)
    if before:
        found.append(Original(folder + slash + file_name[before.end() :], before[1]))
    after = _ADDED_AFTER.search(file_name)
    if after:
        rest = file_name[: after.start()] + file_name[after.end() :]
        original = _OLD_SUFFIX.sub(lambda match: "." + match[1], rest)
        found += [Original(folder + slash + one, after[1]) for one in dict.fromkeys((original, rest))]
    if "+" in file_name:
        found.append(Original(folder + slash + unquote_plus(file_name), ""))
    return found


def loose_key(file_name: str) -> str:
    """Equal for names that differ only in case, spaces and punctuation, which uploads replace."""
    return _NO_WORD.sub("_", case_key(file_name))


def case_key(file_name: str) -> str:
    """Equal for names that differ only in case."""
    return unicodedata.normalize("NFC", file_name).casefold()
