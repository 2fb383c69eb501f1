"""Finds the newest row of each image among many shards."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RowIndex:
    """R rows in ascending order of id: their shards, and their positions in the shard."""

    ids: Int64
    stamps: UInt64
    shard: Int64
    row: Int64

    def find(self, ids: ArrayLike) -> tuple[Int64, Bool]:
        """Position of each id in this index, and True if it is in the index; both [n]."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not len(self.ids):
            return np.zeros(wanted.shape, np.int64), np.zeros(wanted.shape, np.bool_)
        place = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        return place, np.equal(self.ids[place], wanted)


def newest_rows(shards: Sequence[tuple[Int64, UInt64]]) -> RowIndex:
    """Index over (ids, stamps) of all shards, oldest first; within a shard, later rows are newer."""
    lengths = np.array([len(ids) for ids, _ in shards], dtype=np.int64)
    ids = np.concatenate([np.empty(0, np.int64), *(ids for ids, _ in shards)])
    stamps = np.concatenate([np.empty(0, np.uint64), *(stamps for _, stamps in shards)])
    # unique() returns first occurrences; in the reversed array these are the newest rows.
    unique, first = np.unique(ids[::-1], return_index=True)
    newest = len(ids) - 1 - first
    shard = np.repeat(np.arange(len(shards), dtype=np.int64), lengths)[newest]
    starts = np.cumsum(lengths) - lengths
    return RowIndex(unique, stamps[newest], shard, newest - starts[shard])
