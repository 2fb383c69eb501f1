"""Patch tokens of many images, read in batches from memory-mapped shards, never all at once."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.array_files import DamagedFileError
from cprfl_core.common.errors import FeatureStoreError
from cprfl_core.features.shards import MappedTokens, Shard, lost, map_tokens, set_aside
from cprfl_core.features.token_compression import TokenCompression, dequantise

Int64 = NDArray[np.int64]
Int8 = NDArray[np.int8]
Float16 = NDArray[np.float16]
Float32 = NDArray[np.float32]

# A mapped file keeps a file descriptor, and systems allow a thousand or fewer.
_MOST_MAPS: Final = 256


class PatchTokens:
    """The patch tokens of N images, p tokens of width R each: a snapshot by FeatureStore.patch_tokens.

    Row n belongs to ``ids[n]``. Thread-safe, and valid while the store is extended. The checksums of a shard
    are verified on first use.
    """

    def __init__(
        self, shards: Sequence[Shard], shard: Int64, row: Int64, ids: Int64, basis: TokenCompression
    ) -> None:
        self.ids = ids
        """Image of each row, int64 [N]."""
        self.basis = basis
        """How the tokens were compressed; ``restore`` expands them to the tower's width."""
        self._shards = shards
        self._shard = shard
        self._row = row
        self._maps: OrderedDict[int, MappedTokens] = OrderedDict()
        self._verified: set[int] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(N, p, R)."""
        return (len(self), *self.basis.shape)

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the token grid over the model's input; tokens are in row-major order."""
        return self.basis.kept

    def batch(self, rows: ArrayLike) -> Float32:
        """Tokens float32 [B,p,R] of these rows, in this order; rows may repeat.

        Raises FeatureStoreError if a shard is damaged or missing; it is set aside, and its images have to be
        indexed again.
        """
        return dequantise(*self.raw(rows))

    def raw(self, rows: ArrayLike) -> tuple[Int8, Float16]:
        """As :meth:`batch`, in stored form: int8 [B,p,R] and scales float16 [B,p]."""
        wanted = np.asarray(rows, dtype=np.int64).reshape(-1)
        values = np.empty((len(wanted), *self.basis.shape), dtype=np.int8)
        scales = np.empty(values.shape[:2], dtype=np.float16)
        shard_of, row_of = self._shard[wanted], self._row[wanted]
        by_shard = np.argsort(shard_of, kind="stable")
        numbers, counts = np.unique(shard_of, return_counts=True)
        ends = np.cumsum(counts)
        for number, end, count in zip(numbers, ends, counts, strict=True):
            chosen = by_shard[end - count : end]
            mapped = self._mapped(int(number))
            values[chosen] = mapped.values[row_of[chosen]]
            scales[chosen] = mapped.scales[row_of[chosen]]
        return values, scales

    def __getitem__(self, rows: slice | ArrayLike) -> Float32:
        """As :meth:`batch` with array indexing: an integer gives [p,R], a slice or a list [B,p,R]."""
        if isinstance(rows, slice):
            return self.batch(np.arange(len(self))[rows])
        found = self.batch(np.arange(len(self))[np.asarray(rows)])
        return found[0] if np.ndim(rows) == 0 else found

    def close(self) -> None:
        """Close the mapped files; the next batch maps them again."""
        with self._lock:
            self._maps.clear()

    def _mapped(self, number: int) -> MappedTokens:
        with self._lock:
            if (mapped := self._maps.get(number)) is not None:
                self._maps.move_to_end(number)
                return mapped
            mapped = self._maps[number] = self._open(number)
            if len(self._maps) > _MOST_MAPS:
                self._maps.popitem(last=False)
            return mapped

    def _open(self, number: int) -> MappedTokens:
        shard = self._shards[number]
        try:
            shape = (len(shard.ids), *self.basis.shape)
            mapped = map_tokens(shard.path, shape, verify=number not in self._verified)
        except FileNotFoundError:
            raise lost(shard, "it has been removed") from None
        except DamagedFileError as error:
            set_aside(shard.path)
            raise lost(shard, str(error)) from error
        except OSError as error:
            raise FeatureStoreError(f"{shard.path} cannot be read ({error.strerror or error}).") from error
        self._verified.add(number)
        return mapped
