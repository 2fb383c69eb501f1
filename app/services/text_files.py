"""Reading and writing text files: completely or not at all, with a sentence for every failure."""

import codecs
import contextlib
import glob
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.domain.disk import fault, fault_and_remedy
from app.domain.errors import BadInputError, KnownError
from app.domain.language import QT_TRANSLATE_NOOP, number, translate, translated
from app.services.text_encoding import guess_encoding, marked_encoding, mostly_utf8
from app.storage.abandoned import remove_abandoned

MAX_JSON_BYTES = 2 << 30
MAX_TEXT_BYTES = 2 << 30
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": QT_TRANSLATE_NOOP("Files", "UTF-8 with a byte order mark"),
    "utf-16": "UTF-16",
}
_SURROGATES = re.compile("[\ud800-\udfff]")


def has_surrogates(text: str) -> bool:
    """Whether a text has undecodable bytes of a file name."""
    return not text.isascii() and _SURROGATES.search(text) is not None


def without_surrogates(text: str) -> str:
    """Replace lone surrogates (the undecodable bytes of a file name), which no output accepts."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def read_json(path: Path, *, max_bytes: int = MAX_JSON_BYTES) -> Any:
    """The parsed content of a UTF-8 JSON file, with or without a byte order mark.

    Raises BadInputError naming the line and column where the text stops being UTF-8 or JSON.
    """
    text = _read_text(path, max_bytes)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInputError(
            translate("Files", "{path} is not JSON: {reason}.").format(path=path, reason=_fault(error))
        ) from None
    except RecursionError:
        raise BadInputError(
            translate("Files", "{path} is nested too deeply to be an annotation file.").format(path=path)
        ) from None
    except MemoryError:
        raise BadInputError(
            translate("Files", "{path} is too large for this machine's memory; split it.").format(path=path)
        ) from None
    except ValueError as error:  # a number with thousands of digits
        raise BadInputError(
            translate("Files", "{path} contains a number that cannot be read: {error}.").format(
                path=path, error=error
            )
        ) from None


def _fault(error: json.JSONDecodeError) -> str:
    """What is wrong with a JSON text, where, and what to do."""
    place = translate("Files", "line {lineno}, column {colno}").format(lineno=error.lineno, colno=error.colno)
    text, around = error.doc, error.doc[: error.pos].rstrip()
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return translate(
            "Files", "it ends in the middle ({place}), so it seems to be cut off; copy or download it again"
        ).format(place=place)
    comma = around.endswith(",") or text[error.pos] == ","
    if comma and text[error.pos :].lstrip(", \t\r\n")[:1] in ("]", "}"):
        return translate("Files", "there is a comma too many before {place}; remove it").format(place=place)
    return translate("Files", "{msg} at {place}").format(msg=error.msg, place=place)


def _read_text(path: Path, max_bytes: int) -> str:
    try:
        _check_readable(
            path,
            max_bytes,
            translate("Files", "split it, or remove fields that are not needed, such as segmentations"),
        )
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(
            translate("Files", "{path} cannot be read: {reason}.").format(path=path, reason=fault(error))
        ) from None
    return decode_text(path, data)


def decode_text(path: Path, data: bytes) -> str:
    """``data``, the content of ``path``, as UTF-8 text, with or without a byte order mark.

    Raises BadInputError naming the line and column of the first byte that is not UTF-8.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise BadInputError(
            translate(
                "Files", "{path} is not UTF-8 text; it looks like UTF-16 or a binary file. Save it as UTF-8."
            ).format(path=path)
        )
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        start = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        line = data.count(b"\n", 0, start) + 1
        column = len(data[data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8-sig", "replace")) + 1
        raise BadInputError(
            translate(
                "Files", "{path} is not UTF-8 text (line {line}, column {column}); save it as UTF-8."
            ).format(path=path, line=line, column=column)
        ) from None


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file whose ``encoding`` is known. ``guessed``: it was inferred from the bytes.

    ``errors``: what becomes of bytes that are not valid in it, as in :func:`open`.
    """

    path: Path
    encoding: str
    guessed: bool
    errors: str
    _seen: tuple[int, int]

    @property
    def note(self) -> str:
        """Its encoding in words, for reports."""
        name = translated("Files", _ENCODINGS.get(self.encoding, self.encoding))
        return translate("Files", "Encoding {name}").format(name=name) + (
            translate("Files", " (a guess: name the encoding if letters are wrong)") if self.guessed else ""
        )

    def lines(self) -> Iterator[str]:
        """The lines with their ends, which are \\n, \\r\\n or \\r; without the byte order mark.

        Raises BadInputError if the file cannot be read, or has changed since it was examined.
        """
        try:
            with self.path.open(encoding=self.encoding, errors=self.errors, newline="") as file:
                first = True
                for line in file:
                    yield line.removeprefix("\ufeff") if first else line
                    first = False
                status = os.fstat(file.fileno())
        except (OSError, UnicodeError) as error:
            raise BadInputError(
                translate("Files", "{path} cannot be read: {reason}.").format(
                    path=self.path, reason=_reason(error)
                )
            ) from None
        if (status.st_size, status.st_mtime_ns) != self._seen:
            raise BadInputError(
                translate("Files", "{path} changed while it was read; try again when it is complete.").format(
                    path=self.path
                )
            )


def text_file(
    path: Path, encoding: str | None = None, *, guess: bool = True, max_bytes: int = MAX_TEXT_BYTES
) -> TextFile:
    """Find out the encoding of a text file: as given; by its byte order mark; UTF-8; else, with ``guess``,
    the likeliest one.

    Raises BadInputError for an unknown encoding, or naming the line that is not text in it.
    """
    try:
        _check_readable(path, max_bytes)
        status = path.stat()
        with path.open("rb") as file:
            head = file.read(_SAMPLE)
            file.seek(0)
            found, errors, guessed = encoding or marked_encoding(head) or "utf-8", "strict", False
            fault_at = _first_fault(file, found)
            if fault_at is not None and encoding is None and guess and found == "utf-8-sig":
                errors, fault_at = "surrogateescape", None
            elif fault_at is not None and encoding is None and guess and found == "utf-8":
                if b"\0" in head:
                    raise BadInputError(
                        translate("Files", "{path} is not text, but a binary file.").format(path=path)
                    )
                file.seek(0)
                sample = _others(file)
                guessed, fault_at = True, None
                if mostly_utf8(sample):
                    errors = "surrogateescape"
                else:
                    found, errors = guess_encoding(sample), "replace"
    except OSError as error:
        raise BadInputError(
            translate("Files", "{path} cannot be read: {reason}.").format(path=path, reason=fault(error))
        ) from None
    if fault_at is not None:
        raise BadInputError(
            translate("Files", "{path} is not {found} text (line {fault_at}); save it as UTF-8.").format(
                path=path, found=found, fault_at=fault_at
            )
        )
    return TextFile(path, found, guessed, errors, (status.st_size, status.st_mtime_ns))


def _check_readable(
    path: Path, max_bytes: int, advice: str = translate("Files", "split it into several files")
) -> None:
    if not path.is_file():
        problem = (
            translate("Files", "is not a file") if path.exists() else translate("Files", "does not exist")
        )
        raise BadInputError(f"{path} {problem}.")
    size = path.stat().st_size
    if size > max_bytes:
        raise BadInputError(
            translate(
                "Files", "{path} has {size} bytes, more than the limit of {max_bytes}; {advice}."
            ).format(path=path, size=number(size), max_bytes=number(max_bytes), advice=advice)
        )


def _first_fault(file: IO[bytes], encoding: str) -> int | None:
    """The line of the first bytes that are not text in this encoding."""
    try:
        "".encode(encoding)  # unlike a look-up, this refuses "hex" and its like
        decoder = codecs.getincrementaldecoder(encoding)()
    except (LookupError, ValueError):
        raise BadInputError(
            translate("Files", "The encoding {encoding} is not known; write for example cp1252.").format(
                encoding=repr(encoding)
            )
        ) from None
    line = 1
    while True:
        chunk = file.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding, "replace")
            return line + before.count("\n")
        except UnicodeError:  # UTF-16 without a byte order mark where one is needed
            return line
        if not chunk:
            return None
        line += text.count("\n")


def _others(file: IO[bytes]) -> bytes:
    """The first lines with bytes above ASCII, with their neighbours in the same line."""
    found = bytearray()
    for line in file:
        if not line.isascii():
            found += line
            if len(found) > _SAMPLE:
                break
    return bytes(found[:_SAMPLE])


def _reason(error: OSError | UnicodeError) -> str:
    return (
        fault(error) if isinstance(error, OSError) else translate("Files", "it is not text in its encoding")
    )


def check_target(path: Path, suffix: str) -> Path:
    """The file that an export to ``path`` will write, with links followed.

    Raises KnownError if the folder is missing, or if a file with a different suffix would be overwritten: an
    export with mixed-up arguments must never replace a photograph or a project's database.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise KnownError(
            translate("Files", "The folder {parent} does not exist; create it or choose another one.").format(
                parent=target.parent
            )
        )
    if target.is_dir():
        raise KnownError(
            translate("Files", "{path} is a folder; name a file in it, for example {path_2}.").format(
                path=path, path_2=path / ("labels" + suffix)
            )
        )
    if target.exists() and target.suffix.lower() != suffix:
        raise KnownError(
            translate(
                "Files", "{path} exists and is not a {suffix} file; choose another name for the export."
            ).format(path=path, suffix=suffix)
        )
    return target


@contextlib.contextmanager
def atomic_writer(target: Path) -> Iterator[IO[bytes]]:
    """As :func:`replacing`, for a file that others may read. Raises KnownError if it cannot be written."""
    try:
        with replacing(target, private=False) as stream:
            yield stream
    except OSError as error:
        raise KnownError(
            translate("Files", "{target} cannot be written: {reason}.").format(
                target=target, reason=fault_and_remedy(error)
            )
        ) from error


@contextlib.contextmanager
def replacing(target: Path, *, private: bool = True) -> Iterator[IO[bytes]]:
    """A binary file that becomes ``target`` when the block succeeds, and is deleted when it fails.

    The data reach the disk before the name does, so a crash leaves either the old file or the new one.
    ``private``: only its owner can read it. Raises OSError.
    """
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".tmp", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(descriptor, "wb", buffering=_CHUNK) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if not private:
            set_usual_mode(temporary, target)
        temporary.replace(target)
        temporary = None
        sync_folder(target.parent)
        remove_abandoned(target.parent, f".{glob.escape(target.name[:80])}.*.tmp")
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def set_usual_mode(temporary: Path, target: Path) -> None:
    """As readable as the file that is replaced, else as any new file."""
    try:
        mode = target.stat().st_mode & 0o777
    except FileNotFoundError:
        mode = usual_mode(0o666)
    with contextlib.suppress(OSError):  # some mounted file systems have no modes
        temporary.chmod(mode)


def usual_mode(wanted: int) -> int:
    """``wanted`` without what this process takes from every new file."""
    mask = os.umask(0)
    os.umask(mask)
    return wanted & ~mask


def sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some file systems cannot sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
