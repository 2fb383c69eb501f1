"""The images of a project as columns for queries."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.domain.images import Image, ImageState
from app.domain.query.paths import natural_keys
from app.storage.image_columns import STATES, FileColumns


class ImageTable:
    """N images in ascending order of id. What only some queries need is read or computed on first use.

    ``ids`` int64 [N]; ``paths`` [N] relative to the roots and ``names`` [N] (by default the paths);
    ``read_files`` returns times and content hashes of the files. It is called later, so it may return more or
    fewer images.
    """

    def __init__(
        self,
        ids: NDArray[np.int64],
        paths: Sequence[str],
        states: NDArray[np.uint8],
        read_files: Callable[[], FileColumns],
        names: Sequence[str] | None = None,
    ) -> None:
        self.ids = ids
        self.paths = paths
        self.names = paths if names is None else names
        self._states = states
        self._read_files = read_files

    @classmethod
    def of(cls, images: Sequence[Image]) -> "ImageTable":
        """From images in ascending order of id."""
        ids = np.array([image.id for image in images], np.int64)
        states = np.array([STATES.index(image.state) for image in images], np.uint8)
        modified = np.array([image.mtime_ns for image in images], np.int64)
        files = FileColumns(ids, modified, [image.content_hash or "" for image in images])
        names = [image.name for image in images]
        return cls(ids, [image.path for image in images], states, lambda: files, names)

    def __len__(self) -> int:
        return len(self.ids)

    def positions(self, image_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The index of these images in the arrays; -1 for an image that is not in them."""
        wanted = np.asarray(image_ids, np.int64)
        if not len(self.ids):
            return np.full(len(wanted), -1, np.int64)
        place = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        return np.where(self.ids[place] == wanted, place, -1)

    @cached_property
    def unreadable(self) -> NDArray[np.bool_]:
        """bool [N]"""
        return self._in_state(ImageState.UNREADABLE)

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """bool [N]"""
        return self._in_state(ImageState.MISSING)

    @cached_property
    def readable_count(self) -> int:
        return int(np.count_nonzero(self._in_state(ImageState.OK)))

    @cached_property
    def path_rank(self) -> NDArray[np.int64]:
        """The rank of each image in the natural order of the full names, int64 [N]."""
        return _ranks(natural_keys(self.names), lambda at: (self.names[at], at))

    @cached_property
    def path_order(self) -> NDArray[np.int64]:
        """The indices of the images in the natural order of the full names, int64 [N]."""
        found = np.empty(len(self.ids), np.int64)
        found[self.path_rank] = np.arange(len(self.ids))
        return found

    @cached_property
    def name_rank(self) -> NDArray[np.int64]:
        """The rank of each image in the natural order of the file names, equal names by path, int64 [N]."""
        names = natural_keys([path.rpartition("/")[2] for path in self.paths])
        by_path = self.path_rank
        return _ranks(names, lambda at: (int(by_path[at]),))

    @cached_property
    def folder_rank(self) -> NDArray[np.int64]:
        """The rank of each image's folder in natural order, int64 [N]; folders before their subfolders."""
        folders = [name.rpartition("/")[0] for name in self.names]
        known = list(dict.fromkeys(folders))
        ranks = _ranks(natural_keys(known), lambda at: (known[at],)).tolist()
        rank_of = dict(zip(known, ranks, strict=True))
        return np.fromiter((rank_of[one] for one in folders), np.int64, len(folders))

    @cached_property
    def folders(self) -> dict[str, int]:
        """How many readable images are in each folder and its subfolders, in natural order of the folders.

        A folder is the part of the full names before the slash; images without a folder are left out.
        """
        counts: Counter[str] = Counter()
        readable = np.flatnonzero(self._in_state(ImageState.OK)).tolist()
        for folder, count in Counter(self.names[at].rpartition("/")[0] for at in readable).items():
            above = folder
            while above:
                counts[above] += count
                above = above.rpartition("/")[0]
        found = list(counts)
        keys = natural_keys(found)
        return {
            found[at]: counts[found[at]]
            for at in sorted(range(len(found)), key=lambda at: (keys[at], found[at]))
        }

    def matching(self, matches: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Whether the name of an image or its path inside its root matches, bool [N]."""
        found = np.fromiter(map(matches, self._composed_names), np.bool_, len(self.ids))
        if self.names is not self.paths:
            paths = (unicodedata.normalize("NFC", path) for path in self.paths)
            found |= np.fromiter(map(matches, paths), np.bool_, len(self.ids))
        return found

    @cached_property
    def _composed_names(self) -> list[str]:
        """The names in NFC, for globs: some file systems return decomposed names."""
        return [unicodedata.normalize("NFC", name) for name in self.names]

    @cached_property
    def modified(self) -> NDArray[np.int64]:
        """Nanoseconds since the epoch at which the file was last changed, int64 [N]."""
        at, here = self._places_of_files
        found = np.zeros(len(self.ids), np.int64)
        found[at] = self._files.modified[here]
        return found

    @cached_property
    def duplicate(self) -> NDArray[np.bool_]:
        """Whether another readable image has the same content, bool [N]."""
        at, here = self._places_of_files
        hashes = np.array(self._files.hashes, dtype=np.str_)[here]
        _, content = np.unique(hashes, return_inverse=True)
        readable = np.equal(self._states[at], STATES.index(ImageState.OK))
        copies = np.bincount(content[readable], minlength=content.max(initial=0) + 1)[content]
        found = np.zeros(len(self.ids), np.bool_)
        found[at] = (hashes != "") & (copies > readable)
        return found

    @cached_property
    def _files(self) -> FileColumns:
        return self._read_files()

    @cached_property
    def _places_of_files(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The indices of the files' images in this table, and which of the files have one, bool [R]."""
        at = self.positions(self._files.ids)
        return at[at >= 0], at >= 0

    def _in_state(self, state: ImageState) -> NDArray[np.bool_]:
        return np.equal(self._states, STATES.index(state))


def _ranks(keys: Sequence[str], tie: Callable[[int], tuple[object, ...]]) -> NDArray[np.int64]:
    """The rank of each key; equal keys are ordered by ``tie``, which is called only for these."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if any(keys[one] == keys[other] for one, other in pairwise(order)):
        order.sort(key=lambda at: (keys[at], *tie(at)))
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = np.arange(len(keys))
    return ranks
