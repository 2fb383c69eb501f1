"""Records the encoded pictures of images from an earlier version of the program, a few at each scan."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from app.domain.images import Image, ImageState
from app.domain.progress import StopCheck
from app.services.images.file_content import FileContent, read_content, reader_threads
from app.services.images.file_walk import FoundFile
from app.storage import pictures, relinks

if TYPE_CHECKING:
    from app.services.project.project import Project

SECONDS: Final = 10.0
"""Time for this in one scan: the files are read as a whole, which takes hours for a large collection."""
_BATCH: Final = 64


def record_pictures(
    project: "Project",
    unchanged: Sequence[Image],
    roots: Mapping[int, Path],
    should_stop: StopCheck | None,
    *,
    accept_cut: bool,
) -> None:
    """Read files whose pictures are not known yet, those of labelled images first.

    Without them a file that is tagged and moved later could not be recognised (docs/decisions/0285).
    """
    usable = [one for one in unchanged if one.state is ImageState.OK and one.content_hash is not None]
    with project.db.read() as s:
        known = pictures.known_hashes(s, (one.content_hash for one in usable))
        unknown = [one for one in usable if one.content_hash not in known]
        if not unknown:
            return
        answered = relinks.answered_ids(s, [one.id for one in unknown])
    unknown.sort(key=lambda one: (one.id not in answered, one.id))

    def read(image: Image) -> FileContent:
        absolute = str(roots[image.root_id] / image.path)
        file = FoundFile(image.root_id, image.path, absolute, image.size, image.mtime_ns)
        return read_content(file, accept_cut=accept_cut)

    until = monotonic() + SECONDS
    with ThreadPoolExecutor(reader_threads(), "pictures") as pool:
        for start in range(0, len(unknown), _BATCH):
            if monotonic() > until or (should_stop is not None and should_stop()):
                return
            part = unknown[start : start + _BATCH]
            found = [
                pictures.Picture(image.content_hash or "", content.data_hash, note=content.note)
                for image, content in zip(part, pool.map(read, part), strict=True)
                if content.is_content_of(image)
            ]
            with project.db.write() as s:
                pictures.add(s, found)
