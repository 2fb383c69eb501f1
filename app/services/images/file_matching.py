"""Which image of the project a file on the disk is.

An image is its content: labels follow a file that was renamed or moved, even when several files swap names.
A file counts as the same image with changed content only if the old content is found nowhere else.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from app.domain.images import Image, ImageState
from app.services.images.file_content import FileContent
from app.services.images.file_walk import FileKey, Walk


@dataclass(slots=True)
class FileChanges:
    """What to record. In ``moved`` and ``changed`` the image is as the project knew it; the files of
    ``touched`` hold the content of their image, with a new time or size."""

    added: list[FileContent] = field(default_factory=list)
    moved: list[tuple[Image, FileContent]] = field(default_factory=list)
    changed: list[tuple[Image, FileContent]] = field(default_factory=list)
    touched: list[tuple[Image, FileContent]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.moved) + len(self.changed) + len(self.touched)


class Matching:
    """Compares the known images with the files of a walk, at first without reading any file.

    ``same``: images whose file has the same size and time. ``to_read``: files that are new or differ.
    """

    def __init__(self, known: Iterable[Image], walk: Walk) -> None:
        self._by_key: dict[FileKey, Image] = {}
        self.same: list[Image] = []
        self._absent: dict[int, Image] = {}
        ordered = sorted(known, key=lambda image: (image.state is ImageState.MISSING, image.id))
        for image in ordered:
            key = (image.root_id, image.path)
            file = walk.files.get(key)
            if file is None or key in self._by_key:
                self._absent[image.id] = image
                continue
            self._by_key[key] = image
            if (image.size, image.mtime_ns) == (file.size, file.mtime_ns) and image.content_hash:
                self.same.append(image)
        same = {(image.root_id, image.path) for image in self.same}
        self.to_read = [file for key, file in walk.files.items() if key not in same]
        self._walk = walk
        self._deferred: list[FileContent] = []
        self._placed: set[int] = set()
        self._unplaced = self._by_hash()

    def _by_hash(self) -> dict[str, list[Image]]:
        """The images whose content may have moved to another file."""
        differing = (self._by_key[file.key] for file in self.to_read if file.key in self._by_key)
        gone = (
            image
            for image in self._absent.values()
            if image.state is ImageState.MISSING or self._walk.can_see((image.root_id, image.path))
        )
        unplaced: dict[str, list[Image]] = defaultdict(list)
        for image in (*gone, *differing):
            if image.content_hash is not None:
                unplaced[image.content_hash].append(image)
        return unplaced

    def classify(self, content: FileContent, changes: FileChanges) -> None:
        """Decide what a file is, unless that depends on files that are still to be read."""
        own = self._by_key.get(content.file.key)
        if own is not None:
            if content.is_content_of(own):
                self._placed.add(own.id)
                changes.touched.append((own, content))
            else:
                self._deferred.append(content)
            return
        candidates = self._candidates(content)
        absent = [image for image in candidates if image.id in self._absent]
        if absent:
            self._move(absent, content, changes)
        elif candidates:
            self._deferred.append(content)
        else:
            changes.added.append(content)

    def classify_deferred(self, changes: FileChanges) -> None:
        """Decide the cases that had to wait until every file was read."""
        rest: list[FileContent] = []
        for content in self._deferred:
            candidates = self._candidates(content)
            if candidates:
                self._move(candidates, content, changes)
            else:
                rest.append(content)
        for content in rest:
            own = self._by_key.get(content.file.key)
            if own is None or own.id in self._placed:
                changes.added.append(content)
            else:
                self._placed.add(own.id)
                changes.changed.append((own, content))

    def lost(self) -> Iterator[Image]:
        """The images without a file, once every file is classified."""
        for image in self._absent.values():
            if image.id not in self._placed:
                yield image
        for content in self._deferred:
            own = self._by_key.get(content.file.key)
            if own is not None and own.id not in self._placed:
                yield own

    def _candidates(self, content: FileContent) -> list[Image]:
        if content.content_hash is None:
            return []
        found = self._unplaced.get(content.content_hash, [])
        if content.former_hash is not None:
            found = found + self._unplaced.get(content.former_hash, [])
        return [image for image in found if image.id not in self._placed]

    def _move(self, candidates: list[Image], content: FileContent, changes: FileChanges) -> None:
        name = PurePosixPath(content.file.path).name
        image = next((c for c in candidates if PurePosixPath(c.path).name == name), candidates[0])
        self._placed.add(image.id)
        changes.moved.append((image, content))
