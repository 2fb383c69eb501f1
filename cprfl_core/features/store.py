"""Cached features of one backbone: append-only shards with one row per image; the newest row counts.

A folder holds ``meta.json`` (key and width), ``shards/NNNNNNNN-xxxxxxxx.safetensors`` (``ids`` int64 [n],
``stamps`` uint64 [n], ``embeddings`` float16 [n,D], optionally ``patches`` int8 [n,p,R] with ``patch_scales``
float16 [n,p]), ``tokens.safetensors`` (the basis of the patch tokens; tokens in another basis are ignored),
``text.safetensors``, and for a photo model ``classifier.safetensors``. Files are never changed in place:
readers need no lock.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.array_files import Array, DamagedFileError
from cprfl_core.common.errors import FeatureStoreError
from cprfl_core.common.mapped_arrays import LARGE_NUMBERS, mapped_zeros, release
from cprfl_core.features.index import RowIndex, newest_rows
from cprfl_core.features.meta import FeatureMeta, agree, read_meta, write_meta
from cprfl_core.features.patch_tokens import PatchTokens
from cprfl_core.features.shards import DamagedShard, Shard, ShardFolder
from cprfl_core.features.text_features import load_text, save_text
from cprfl_core.features.token_compression import (
    PatchChoice,
    TokenCompression,
    load_basis,
    save_basis,
    saved_key,
)
from cprfl_core.nouns.classifier import Classifier, read_classifier, save_classifier

Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Int8 = NDArray[np.int8]
Float16 = NDArray[np.float16]
Float32 = NDArray[np.float32]

_CLASSIFIER_FILE: Final = "classifier.safetensors"
_ROWS_A_SHARD: Final = 512
_SHARD_OVERHEAD: Final = 1024


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Rows in ascending order of id: ids int64 [R], stamps uint64 [R], embeddings float16 [R,D]."""

    ids: Int64
    stamps: UInt64
    embeddings: Float16


def bytes_needed(n_images: int, embed_dim: int, patch_shape: tuple[int, int] | None = None) -> int:
    """Disk space in bytes for ``n_images``, with ``patch_shape`` (tokens, width) if tokens are stored."""
    row = 8 + 8 + 2 * embed_dim
    if patch_shape is not None:
        tokens, width = patch_shape
        row += tokens * width + 2 * tokens
    return n_images * row + -(-n_images // _ROWS_A_SHARD) * _SHARD_OVERHEAD


class FeatureStore:
    """The features in one folder, as of the last :meth:`refresh` or :meth:`append`.

    An object is not thread-safe; any number of objects and processes may read a folder while one writes. The
    first append creates the folder. Raises FeatureStoreError if ``key`` or ``embed_dim`` contradicts the
    folder's.
    """

    def __init__(self, folder: Path, *, key: str | None = None, embed_dim: int | None = None) -> None:
        self.folder = Path(folder)
        self._meta = FeatureMeta(key, embed_dim)
        self._basis: TokenCompression | None = None
        self._shards = ShardFolder(self.folder / "shards")
        self._built: RowIndex | None = None
        self.refresh()

    @property
    def damaged(self) -> list[DamagedShard]:
        """Shards set aside since this object was created."""
        return self._shards.damaged

    @property
    def key(self) -> str | None:
        """Key of the backbone; None before the first append."""
        return self._meta.key

    @property
    def embed_dim(self) -> int | None:
        """Width of the embeddings; None before the first append."""
        return self._meta.embed_dim

    @property
    def basis(self) -> TokenCompression | None:
        """The compression of this folder's patch tokens; None if it has none."""
        return self._basis

    @property
    def basis_key(self) -> str | None:
        """Key of ``basis``; tokens of one key may be mixed."""
        return None if self._basis is None else self._basis.key

    @property
    def patch_shape(self) -> tuple[int, int] | None:
        """(tokens, width) of the patch tokens; None if the folder has none."""
        return None if self._basis is None else self._basis.shape

    def __len__(self) -> int:
        return len(self._index.ids)

    def ids(self) -> Int64:
        """Ids of all images with features, ascending, int64 [R]."""
        return self._index.ids

    def stamps(self) -> UInt64:
        """Stamp of each row of :meth:`ids`, uint64 [R]: the content of the image when it was embedded."""
        return self._index.stamps

    def has_patches(self) -> NDArray[np.bool_]:
        """Mask [R] of the rows of :meth:`ids` with patch tokens in the current basis."""
        key = self.basis_key
        kept = [key is not None and shard.basis == key for shard in self._shards.ordered()]
        return np.array(kept, dtype=np.bool_)[self._index.shard]

    def embeddings(self, ids: ArrayLike | None = None, *, mapped: bool = False) -> Float16:
        """Embeddings float16 [R,D], rows as in :meth:`ids` or as in ``ids``.

        ``mapped``: many of them are put into a temporary file, see cprfl_core.common.mapped_arrays.
        Raises FeatureStoreError for an id without features, and if a shard is damaged: it is set aside, and
        the next call uses the others.
        """
        places = self._places(ids)
        shard_of, row_of = self._index.shard[places], self._index.row[places]
        shape = (len(places), self.embed_dim or 0)
        result: Float16 = mapped_zeros(shape, np.float16, above=LARGE_NUMBERS if mapped else sys.maxsize)
        read = 0
        by_shard = np.argsort(shard_of, kind="stable")
        shards = self._shards.ordered()
        bounds = np.searchsorted(shard_of[by_shard], np.arange(len(shards) + 1))
        for number, shard in enumerate(shards):
            chosen = by_shard[bounds[number] : bounds[number + 1]]
            if len(chosen):
                result[_as_slice(chosen)] = self._read(shard)[_as_slice(row_of[chosen])]
                read += len(chosen) * shape[1]
            if read > LARGE_NUMBERS:
                release(result)
                read = 0
        release(result)
        return result

    def patch_tokens(self, ids: ArrayLike | None = None) -> PatchTokens:
        """The patch tokens of these images, or of all that have some, to be read in batches.

        Raises FeatureStoreError for an id without patch tokens.
        """
        if self._basis is None:
            raise FeatureStoreError(f"{self.folder} holds no patch tokens; index again with them.")
        has = self.has_patches()
        places = np.flatnonzero(has) if ids is None else self._places(ids)
        if not has[places].all():
            lacking = self.ids()[places[~has[places]]]
            raise FeatureStoreError(
                f"{len(lacking)} images have no patch tokens yet (the first has id {lacking[0]}); "
                "index again."
            )
        index = self._index
        return PatchTokens(
            self._shards.ordered(), index.shard[places], index.row[places], index.ids[places], self._basis
        )

    def patches(self, ids: ArrayLike | None = None) -> tuple[Int8, Float16]:
        """Patch tokens int8 [R,p,r] and scales float16 [R,p] at once; errors as :meth:`patch_tokens`."""
        tokens = self.patch_tokens(ids)
        return tokens.raw(np.arange(len(tokens)))

    def table(self, *, mapped: bool = False) -> FeatureTable:
        """A consistent table of all rows; damaged shards are set aside. ``mapped``: as for embeddings()."""
        while True:
            before = len(self.damaged)
            try:
                return FeatureTable(self.ids(), self.stamps(), self.embeddings(mapped=mapped))
            except FeatureStoreError:
                if len(self.damaged) == before:
                    raise

    def outdated(
        self, ids: ArrayLike, stamps: ArrayLike, *, patches: PatchChoice | None = None
    ) -> NDArray[np.bool_]:
        """Mask [n] of the images without a row, or with a row of another stamp.

        With ``patches`` also of rows without patch tokens of this kind, or in a basis fitted on far fewer
        images.
        """
        place, known = self._index.find(ids)
        if not len(self):
            return ~known
        other = np.not_equal(self.stamps()[place], np.asarray(stamps, dtype=np.uint64))
        if patches is not None:
            basis = self._basis
            stays = basis is not None and basis.matches(patches) and not basis.outgrown(len(place))
            other |= ~self.has_patches()[place] | (not stays)
        return np.asarray(~known | other, dtype=np.bool_)

    def refresh(self) -> bool:
        """Load what other processes have written since; returns True if anything changed."""
        changed = self._shards.refresh()
        if changed:
            self._built = None
        # After listing the shards: a new writer writes these files before its first shard.
        if (held := read_meta(self.folder)) is not None:
            self._meta = agree(self.folder, held, self._meta)
        if rebased := saved_key(self.folder) != self.basis_key:
            self._basis = load_basis(self.folder)
        return changed or rebased

    def set_basis(self, basis: TokenCompression) -> None:
        """Store patch tokens in this basis from now on; tokens in another basis are ignored.

        Raises FeatureStoreError if the disk is full or read-only.
        """
        save_basis(self.folder, basis)
        self._basis = basis

    def append(
        self,
        ids: ArrayLike,
        stamps: ArrayLike,
        embeddings: ArrayLike,
        patches: ArrayLike | None = None,
        patch_scales: ArrayLike | None = None,
    ) -> None:
        """Add rows as one shard: ids [n], stamps [n], embeddings [n,D], patches int8 [n,p,R], scales [n,p].

        They are on disk when this returns. A new row replaces earlier ones of the same image. Patch tokens
        must be in the basis of this folder. Raises FeatureStoreError if the disk is full or read-only, the
        dimensions differ from this folder's, or it has no basis.
        """
        tensors: dict[str, Array] = {
            "ids": np.array(ids, dtype=np.int64),
            "stamps": np.array(stamps, dtype=np.uint64),
            "embeddings": np.asarray(embeddings, dtype=np.float16),
        }
        if patches is not None:
            tensors["patches"] = np.asarray(patches, dtype=np.int8)
            tensors["patch_scales"] = np.asarray(patch_scales, dtype=np.float16)
        _check(tensors)
        basis = self._basis_of(tensors)
        if not len(tensors["ids"]):
            return
        self._settle_width(tensors["embeddings"].shape[1])
        self._shards.write(tensors, self.key or "", basis)
        self._built = None

    def bytes_needed(self, n_images: int) -> int:
        """Disk space for ``n_images`` more images; the dimensions must be known."""
        if self.embed_dim is None:
            raise FeatureStoreError(f"The width of the features in {self.folder} is not known; index first.")
        return bytes_needed(n_images, self.embed_dim, self.patch_shape)

    def save_text(self, keys: Sequence[str], matrix: ArrayLike, kind: str = "joint") -> None:
        """Add or replace the text features of these keys: matrix float32 [C,T]; other keys stay.

        ``kind`` "joint": normalised, in the space of the embeddings; "raw": not normalised, for CPRFL.
        """
        save_text(self.folder, keys, np.asarray(matrix, dtype=np.float32), kind)

    def load_text(self, kind: str = "joint") -> tuple[list[str], Float32]:
        """All keys and their features float32 [C,T]; no keys and [0,T] if the file is missing or damaged.

        Then T is the width of the embeddings for "joint" and 0 for "raw".
        """
        keys, matrix = load_text(self.folder, kind)
        if not keys and kind == "joint":
            matrix = np.zeros((0, self.embed_dim or 0), dtype=np.float32)
        return keys, matrix

    def in_text_space(self, ids: ArrayLike) -> Float32:
        """Embeddings of these images in the space of CPRFL's texts, float32 [R,T].

        For a photo model these are their components along the classifier's axes. Raises FeatureStoreError.
        """
        found = self.embeddings(ids).astype(np.float32)
        classifier = self.classifier()
        return found if classifier is None else found @ classifier.axes.T

    def has_classifier(self) -> bool:
        """True if the folder has the classifier of a photo model; it is not read."""
        return (self.folder / _CLASSIFIER_FILE).is_file()

    def classifier(self) -> Classifier | None:
        """The classifier of the photo model, None if the folder has none. Read from disk at each call.

        A damaged one is set aside. Raises FeatureStoreError if it is damaged or cannot be read.
        """
        path = self.folder / _CLASSIFIER_FILE
        try:
            return read_classifier(path)
        except FileNotFoundError:
            return None
        except DamagedFileError as error:
            with suppress(OSError):
                path.replace(path.with_name(path.name + ".damaged"))
            raise FeatureStoreError(f"{path} {error}; index again to write it again.") from error
        except OSError as error:
            raise FeatureStoreError(f"{path} cannot be read ({error.strerror or error}).") from error

    def save_classifier(self, classifier: Classifier) -> None:
        """Write or replace the classifier. Raises FeatureStoreError if the disk is full or read-only."""
        save_classifier(self.folder / _CLASSIFIER_FILE, classifier)

    def _basis_of(self, tensors: dict[str, Array]) -> str | None:
        """Key of the basis of these rows, None without patch tokens."""
        if "patches" not in tensors:
            return None
        if self._basis is None:
            raise FeatureStoreError(f"{self.folder} has no basis for patch tokens; set one first.")
        shape = tensors["patches"].shape[1:]
        if shape != self._basis.shape:
            raise FeatureStoreError(
                f"{self.folder} holds patch tokens of shape {self._basis.shape}, not {shape}."
            )
        return self._basis.key

    def _settle_width(self, width: int) -> None:
        """Fix the width at the first append."""
        held = read_meta(self.folder)
        meta = agree(self.folder, held or self._meta, FeatureMeta(self.key, width))
        if held is None:
            write_meta(self.folder, meta)
        self._meta = meta

    @property
    def _index(self) -> RowIndex:
        """Built lazily: a long indexing run appends thousands of shards without reading."""
        if self._built is None:
            self._built = newest_rows([(shard.ids, shard.stamps) for shard in self._shards.ordered()])
        return self._built

    def _places(self, ids: ArrayLike | None) -> Int64:
        if ids is None:
            return np.arange(len(self), dtype=np.int64)
        place, known = self._index.find(ids)
        if not known.all():
            first = int(np.asarray(ids)[~known][0])
            raise FeatureStoreError(
                f"{int((~known).sum())} images have no features yet (the first has id {first}); index again."
            )
        return place

    def _read(self, shard: Shard) -> Float16:
        try:
            return self._shards.embeddings(shard, self.embed_dim or 0)
        except FeatureStoreError:
            self._built = None
            raise


def _as_slice(rows: Int64) -> Int64 | slice:
    """A slice for consecutive rows, the usual case, because it is several times faster to copy."""
    start, count = int(rows[0]), len(rows)
    return slice(start, start + count) if np.array_equal(rows, np.arange(start, start + count)) else rows


def _check(tensors: dict[str, Array]) -> None:
    """Raise ValueError for wrong shapes and for numbers that are not finite."""
    count = len(tensors["ids"])
    ranks = {"ids": 1, "stamps": 1, "embeddings": 2, "patches": 3, "patch_scales": 2}
    for name, tensor in tensors.items():
        if tensor.ndim != ranks[name] or len(tensor) != count:
            raise ValueError(f"{name} has shape {tensor.shape} where {count} rows were given")
    if not np.isfinite(tensors["embeddings"]).all():
        raise ValueError("embeddings must be finite in float16")
