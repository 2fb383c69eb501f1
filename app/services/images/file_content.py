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
from cprfl_core.images.reading import read_header

VANISHED: Final = "vanished while the scan was running"


@dataclass(frozen=True, slots=True)
class FileContent:
    """``former_hash``: the hash that an earlier version of the program stored for the same content."""

    file: FoundFile
    content_hash: str | None = None
    width: int | None = None
    height: int | None = None
    problem: str | None = None
    former_hash: str | None = None

    def is_content_of(self, image: Image) -> bool:
        """Whether this is the content that the project has on record for the image."""
        return image.content_hash is not None and image.content_hash in (self.content_hash, self.former_hash)


def reader_threads() -> int:
    """More than the cores: reading waits for the disk."""
    return min(8, (os.cpu_count() or 1) + 2)


def read_contents(files: Iterable[FoundFile]) -> Generator[FileContent, None, None]:
    """The contents in the order of the files; threads read a few files ahead."""
    workers = reader_threads()
    ahead: deque[Future[FileContent]] = deque()
    pool = ThreadPoolExecutor(workers, "scan")
    try:
        for file in files:
            ahead.append(pool.submit(read_content, file))
            if len(ahead) >= 4 * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_content(file: FoundFile) -> FileContent:
    """Pixel size and BLAKE2b-128 of a file, or the reason why it cannot be used.

    Where this version decodes a file differently from earlier ones, the hash differs too, so that features
    and thumbnails of the two are never mixed.
    """
    try:
        header = read_header(file.absolute)
        with open(file.absolute, "rb") as stream:  # noqa: PTH123  # a string, a million times
            digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16))
        former = digest.hexdigest() if header.reading else None
        if header.reading:
            digest.update(f"reading {header.reading}".encode())
    except (ImageError, OSError) as error:
        if not os.path.lexists(file.absolute):
            return FileContent(file, problem=VANISHED)
        if isinstance(error, OSError):
            return FileContent(file, problem=f"cannot be read ({error.strerror})")
        return FileContent(file, problem=without_surrogates(str(error)))
    return FileContent(file, digest.hexdigest(), header.width, header.height, former_hash=former)
