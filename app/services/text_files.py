"""Reading and writing text files: completely or not at all, with a sentence for every failure."""

import codecs
import contextlib
import glob
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from app.domain.disk import fault, fault_and_remedy
from app.domain.errors import BadInputError, KnownError
from app.storage.abandoned import remove_abandoned

MAX_JSON_BYTES = 2 << 30
_CHUNK = 1 << 20
_SURROGATES = re.compile("[\ud800-\udfff]")


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
        place = f"line {error.lineno}, column {error.colno}"
        raise BadInputError(f"{path} is not JSON: {error.msg} at {place}.") from None
    except RecursionError:
        raise BadInputError(f"{path} is nested too deeply to be an annotation file.") from None
    except MemoryError:
        raise BadInputError(f"{path} is too large for this machine's memory; split it.") from None
    except ValueError as error:  # a number with thousands of digits
        raise BadInputError(f"{path} contains a number that cannot be read: {error}.") from None


def _read_text(path: Path, max_bytes: int) -> str:
    try:
        if not path.is_file():
            problem = "is not a file" if path.exists() else "does not exist"
            raise BadInputError(f"{path} {problem}.")
        size = path.stat().st_size
        if size > max_bytes:
            raise BadInputError(
                f"{path} has {size:,} bytes, more than the limit of {max_bytes:,}; split it, or remove "
                "fields that are not needed, such as segmentations."
            )
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {fault(error)}.") from None
    return decode_text(path, data)


def decode_text(path: Path, data: bytes) -> str:
    """``data``, the content of ``path``, as UTF-8 text, with or without a byte order mark.

    Raises BadInputError naming the line and column of the first byte that is not UTF-8.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise BadInputError(
            f"{path} is not UTF-8 text; it looks like UTF-16 or a binary file. Save it as UTF-8."
        )
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        start = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        line = data.count(b"\n", 0, start) + 1
        column = len(data[data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8-sig", "replace")) + 1
        raise BadInputError(
            f"{path} is not UTF-8 text (line {line}, column {column}); save it as UTF-8."
        ) from None


def check_target(path: Path, suffix: str) -> Path:
    """The file that an export to ``path`` will write, with links followed.

    Raises KnownError if the folder is missing, or if a file with a different suffix would be overwritten: an
    export with mixed-up arguments must never replace a photograph or a project's database.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise KnownError(f"The folder {target.parent} does not exist; create it or choose another one.")
    if target.is_dir():
        raise KnownError(f"{path} is a folder; name a file in it, for example {path / ('labels' + suffix)}.")
    if target.exists() and target.suffix.lower() != suffix:
        raise KnownError(f"{path} exists and is not a {suffix} file; choose another name for the export.")
    return target


@contextlib.contextmanager
def atomic_writer(target: Path) -> Iterator[IO[bytes]]:
    """As :func:`replacing`, for a file that others may read. Raises KnownError if it cannot be written."""
    try:
        with replacing(target, private=False) as stream:
            yield stream
    except OSError as error:
        raise KnownError(f"{target} cannot be written: {fault_and_remedy(error)}.") from error


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
            _set_usual_mode(temporary, target)
        temporary.replace(target)
        temporary = None
        _sync_folder(target.parent)
        remove_abandoned(target.parent, f".{glob.escape(target.name[:80])}.*.tmp")
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _set_usual_mode(temporary: Path, target: Path) -> None:
    """As readable as the file that is replaced, else as any new file."""
    try:
        mode = target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    with contextlib.suppress(OSError):  # some mounted file systems have no modes
        temporary.chmod(mode)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some file systems cannot sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
