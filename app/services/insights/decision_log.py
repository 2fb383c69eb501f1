"""All decisions of a project as arrays, read in pieces; later calls read only what is new."""

from collections.abc import Callable, Generator, Sequence
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.services.project.project import Project
from app.storage import decision_log, ledger
from app.storage.database import Session
from app.storage.decision_log import BatchColumns, EntryColumns

RANGE: Final = 10_000
"""Entries or batches in one piece."""

Columns = TypeVar("Columns", EntryColumns, BatchColumns)
Bools = NDArray[np.bool_]


class DecisionLog:
    """R labels and reviews, oldest first: ``entries``, and by entry ``times`` (seconds since the epoch) and
    ``kept``, whether a person made it by hand and it is not undone."""

    def __init__(self) -> None:
        self._entries: list[EntryColumns] = []
        self._batches: list[BatchColumns] = []
        self._entry = self._batch = 0
        self.entries = _joined(EntryColumns, [])
        self.times: NDArray[np.float64] = np.empty(0)
        self.kept: Bools = np.empty(0, np.bool_)

    def catch_up(self, project: Project) -> Generator[None, None, None]:
        """Read what is new, in pieces."""
        with project.db.read() as s:
            entry, batch = ledger.last_entry_id(s), ledger.last_batch_id(s)
        if (entry, batch) == (self._entry, self._batch):
            return
        new_batches = yield from _read(project, decision_log.batch_columns, self._batch, batch)
        new_entries = yield from _read(project, decision_log.entry_columns, self._entry, entry)
        self._batches, self._entries = [*self._batches, *new_batches], [*self._entries, *new_entries]
        self._entry, self._batch = entry, batch
        self._combine()

    def _combine(self) -> None:
        batches = _joined(BatchColumns, self._batches)
        self.entries = _joined(EntryColumns, self._entries)
        self._batches, self._entries = [batches], [self.entries]
        redone = batches.targets[batches.redo]
        undos = batches.undo & ~np.isin(batches.ids, redone)
        kept = batches.by_hand & ~np.isin(batches.ids, batches.targets[undos])
        at = np.searchsorted(batches.ids, self.entries.batch_ids)
        self.times, self.kept = batches.times[at], kept[at]


def _read(
    project: Project, read: Callable[[Session, int, int], Columns], after: int, up_to: int
) -> Generator[None, None, list[Columns]]:
    found = []
    for low in range(after, up_to, RANGE):
        with project.db.read() as s:
            found.append(read(s, low, min(low + RANGE, up_to)))
        yield
    return found


def _joined(kind: type[Columns], parts: Sequence[Columns]) -> Columns:
    names = list(kind.__dataclass_fields__)
    nothing: Any = (_EMPTY[name] for name in names)
    empty = kind(*nothing)
    joined: Any = (np.concatenate([getattr(part, name) for part in (empty, *parts)]) for name in names)
    return kind(*joined)


_EMPTY: Final = {
    **{name: np.empty(0, np.int64) for name in ("batch_ids", "image_ids", "ids", "targets")},
    **{name: np.empty(0, np.bool_) for name in ("by_hand", "undo", "redo")},
    "states": np.empty(0, np.int8),
    "scores": np.empty(0, np.float32),
    "times": np.empty(0),
}
