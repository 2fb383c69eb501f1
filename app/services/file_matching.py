"""Which image of the project a file on the disk is.

An image is its content: labels follow a file that was renamed or moved, also when several files exchange
their names. Only when its content is found nowhere is an image at a changed path the same image, changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from app.domain.images import Image, ImageState
from app.services.file_walk import FileKey, FoundFile, Walk


@dataclass(frozen=True, slots=True)
class FileContent:
    """What reading a file gave: its hash and pixel size, or the reason why it is no usable image.

    ``former_hash``: what an earlier version of the program has kept for the same content.
    """

    file: FoundFile
    content_hash: str | None = None
    width: int | None = None
    height: int | None = None
    problem: str | None = None
    former_hash: str | None = None

    def is_content_of(self, image: Image) -> bool:
        """Whether this is the content that the project knows the image by."""
        return image.content_hash is not None and image.content_hash in (self.content_hash, self.former_hash)


@dataclass(slots=True)
class Outcome:
    """What to write down. In ``moved`` and ``changed`` the image is as the project knew it."""

    added: list[FileContent] = field(default_factory=list)
    moved: list[tuple[Image, FileContent]] = field(default_factory=list)
    changed: list[tuple[Image, FileContent]] = field(default_factory=list)
    touched: list[tuple[Image, FileContent]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.moved) + len(self.changed) + len(self.touched)


class Matching:
    """Compares the known images with a walk, at first without reading any file.

    ``same``: still there with the same size and time. ``to_read``: files that are new or differ.
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
        self._homeless = self._by_hash()

    def _by_hash(self) -> dict[str, list[Image]]:
        """The images whose content may have gone elsewhere."""
        differing = (self._by_key[file.key] for file in self.to_read if file.key in self._by_key)
        gone = (
            image
            for image in self._absent.values()
            if image.state is ImageState.MISSING or self._walk.can_see((image.root_id, image.path))
        )
        homeless: dict[str, list[Image]] = defaultdict(list)
        for image in (*gone, *differing):
            if image.content_hash is not None:
                homeless[image.content_hash].append(image)
        return homeless

    def settle(self, content: FileContent, outcome: Outcome) -> None:
        """Say what a file is, if that does not depend on files that are still to be read."""
        own = self._by_key.get(content.file.key)
        if own is not None:
            if content.is_content_of(own):
                self._placed.add(own.id)
                outcome.touched.append((own, content))
            else:
                self._deferred.append(content)
            return
        candidates = self._candidates(content)
        absent = [image for image in candidates if image.id in self._absent]
        if absent:
            self._move(absent, content, outcome)
        elif candidates:
            self._deferred.append(content)
        else:
            outcome.added.append(content)

    def settle_rest(self, outcome: Outcome) -> None:
        """Decide the cases that had to wait until every file was read."""
        rest: list[FileContent] = []
        for content in self._deferred:
            candidates = self._candidates(content)
            if candidates:
                self._move(candidates, content, outcome)
            else:
                rest.append(content)
        for content in rest:
            own = self._by_key.get(content.file.key)
            if own is None or own.id in self._placed:
                outcome.added.append(content)
            else:
                self._placed.add(own.id)
                outcome.changed.append((own, content))

    def lost(self) -> Iterator[Image]:
        """The images that no file belongs to, once everything is settled."""
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
        homeless = self._homeless.get(content.content_hash, [])
        if content.former_hash is not None:
            homeless = homeless + self._homeless.get(content.former_hash, [])
        return [image for image in homeless if image.id not in self._placed]

    def _move(self, candidates: list[Image], content: FileContent, outcome: Outcome) -> None:
        name = PurePosixPath(content.file.path).name
        image = next((c for c in candidates if PurePosixPath(c.path).name == name), candidates[0])
        self._placed.add(image.id)
        outcome.moved.append((image, content))
