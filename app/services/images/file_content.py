"""What reading one image file gives: its hash and pixel size, or the reason why it cannot be used."""

import hashlib
import os
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from app.domain.images import Image
from app.services.images.file_walk import FoundFile
from app.services.text_files import without_surrogates
from cprfl_core.common.errors import ImageError
from cprfl_core.images.picture_data import picture_data
from cprfl_core.images.reading import LEAST_WHOLE, ImageHeader, open_image, read_header, whole_share

VANISHED: Final = "vanished while the scan was running"
NO_END_MARK: Final = "lacks its end mark"
ONE_FRAME: Final = "one frame of an animation is shown"
CUT: Final = "cut"
CUT_SLIGHTLY: Final = "truncated: the file ends early, only "
"""The beginnings of the note and of the reason of a picture of which only a little is missing."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """``former_hash``: the hash that an earlier version of the program stored for the same content.

    ``data_hash``: that of the picture without metadata, where it can be told apart. ``note``: what is odd
    about a usable file.
    """

    file: FoundFile
    content_hash: str | None = None
    width: int | None = None
    height: int | None = None
    problem: str | None = None
    former_hash: str | None = None
    data_hash: str | None = None
    note: str | None = None

    def is_content_of(self, image: Image) -> bool:
        """Whether this is the content that the project has on record for the image."""
        return image.content_hash is not None and image.content_hash in (self.content_hash, self.former_hash)


def reader_threads() -> int:
    """More than the cores: reading waits for the disk."""
    return min(8, (os.cpu_count() or 1) + 2)


def read_contents(files: Iterable[FoundFile], *, accept_cut: bool) -> Generator[FileContent, None, None]:
    """As read_content(), in the order of the files; threads read a few files ahead."""
    workers = reader_threads()
    ahead: deque[Future[FileContent]] = deque()
    pool = ThreadPoolExecutor(workers, "scan")
    try:
        for file in files:
            ahead.append(pool.submit(read_content, file, accept_cut=accept_cut))
            if len(ahead) >= 4 * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_content(file: FoundFile, *, accept_cut: bool = False) -> FileContent:
    """Pixel size and BLAKE2b-128 of a file, or the reason why it cannot be used.

    Where this version decodes a file differently from earlier ones, the hash differs too, so that features
    and thumbnails of the two are never mixed. Only a JPEG without end mark is decoded: ``accept_cut`` uses it
    even if some of the picture is missing.
    """
    try:
        header = read_header(file.absolute)
        with open(file.absolute, "rb") as stream:  # noqa: PTH123  # a string, a million times
            digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16))
            data = picture_data(stream, header.format)
        former = digest.hexdigest() if header.reading else None
        if header.reading:
            digest.update(f"reading {header.reading}".encode())
        note, problem = _note(header), None
        if not data.ends:
            note, problem = _judge_cut(file.absolute, accept_cut)
    except (ImageError, OSError) as error:
        if not os.path.lexists(file.absolute):
            return FileContent(file, problem=VANISHED)
        if isinstance(error, OSError):
            return FileContent(file, problem=f"cannot be read ({error.strerror})")
        return FileContent(file, problem=without_surrogates(str(error)))
    return FileContent(
        file,
        digest.hexdigest(),
        header.width,
        header.height,
        problem,
        former_hash=former,
        data_hash=data.digest,
        note=note,
    )


def _note(header: ImageHeader) -> str | None:
    if header.pages > 1:
        return f"only the first of {header.pages:,} pages is shown"
    return ONE_FRAME if header.animated else None


def _judge_cut(path: str, accept_cut: bool) -> tuple[str | None, str | None]:
    """The note of a JPEG without end mark, or the reason why it cannot be used. Raises ImageError."""
    share = whole_share(path)
    if share == 1.0 or share is None:
        # A second look: a progressive file may have all its rows and lack what refines them.
        try:
            open_image(path)
        except ImageError as error:
            if share is None:
                return None, str(error)
        else:
            return NO_END_MARK, None
    assert share is not None
    missing = (
        "the last details are missing"
        if share == 1
        else f"{max(1, round(100 * (1 - share)))}% of the picture is missing"
    )
    if share < LEAST_WHOLE:
        return None, f"truncated: the file ends early, {missing}"
    return (f"{CUT}: {missing}", None) if accept_cut else (None, CUT_SLIGHTLY + missing)
