"""Submits the changes of the window and reports how they ended, what undo would do, and the pace."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.changes import BatchKind
from app.domain.errors import CancelledError, NothingToUndoError, is_known
from app.domain.language import translate
from app.domain.stored_words import step_words
from app.domain.unsaved import UnsavedChange, net
from app.jobs.project.pace import Pace
from app.jobs.project.storage import ProjectStorage
from app.jobs.project.unsaved_changes import UnsavedChanges
from app.jobs.threads.receivers import Receiver
from app.jobs.threads.storage_executor import OperationKind, OperationReport, StorageExecutor
from app.jobs.values.store import UndoState

if TYPE_CHECKING:
    from app.jobs.values.store import MutationResult

MOST_UNDONE_AT_ONCE: Final = 50
"""Changes of labels, reviews and categories that one key press may revert without a question."""
QUESTION_S: Final = 4.0
"""So long the question is shown, and a second key press is its answer."""


class ProjectChanges(QObject):
    """Follows one executor at a time."""

    answered = Signal(object)
    applied = Signal(object)
    """A ChangeSet of this window, possibly empty, after ``answered`` and ``undo_state``."""
    saved = Signal(float)
    pace_changed = Signal(object)
    undo_state = Signal(object, object)
    known_error = Signal(str)

    def __init__(
        self, storage: ProjectStorage, parent: QObject | None = None, *, unsaved_folder: Path | None = None
    ) -> None:
        super().__init__(parent)
        self._storage = storage
        self._executor: StorageExecutor | None = None
        self._undo = UndoState()
        self._asked_at: float | None = None
        self._refusals: dict[UnsavedChange, Receiver] = {}
        self._pace = Pace(time.monotonic)
        self._last_pace: float | None = None
        self.unsaved = UnsavedChanges(self, fallback=unsaved_folder)
        self.unsaved.known_error.connect(self.known_error)
        self.unsaved.changed.connect(self._emit_undo)

    def attach(self, executor: StorageExecutor) -> None:
        """Follow this executor until detach()."""
        self._executor = executor
        executor.finished.connect(self._measure)
        self.unsaved.attach(executor)

    def detach(self) -> str:
        """The executor is closed: a sentence about what it could not save, or empty."""
        sentence = self.unsaved.detach()
        self._executor = None
        self._undo = UndoState()
        self._refusals.clear()
        self._pace.forget()
        return sentence

    def submit(
        self,
        change: UnsavedChange,
        operation: "Callable[[], MutationResult]",
        *,
        replayed: bool = False,
        refused: Callable[[str], object] | None = None,
    ) -> None:
        """``answered`` follows, or ``known_error``. ``replayed``: the change was kept from the last time.

        ``refused``, a method of a QObject, receives the sentence in place of ``known_error``.
        """
        assert self._executor is not None
        ticket = self._executor.mutate(operation, then=self._take_result, failed=self._take_error)
        if refused is not None:
            self._refusals[change] = Receiver(refused)
        self.unsaved.add(ticket, change, replayed=replayed)
        if self._executor.delay is not None or self._undo.undo is None:
            self._emit_undo()

    def update_undo(self) -> None:
        """Ask what undo and redo would do; ``undo_state`` follows."""
        self._storage.ask(lambda store: store.undo_state(), then=self.set_undo, key="undo")

    def set_undo(self, state: "UndoState") -> None:
        """What undo and redo would do now, without the changes that are not saved yet."""
        self._undo, self._asked_at = state, None
        self._emit_undo()

    def size_to_confirm(self) -> int:
        """How many changes the next undo reverts, if the person should be asked first; else 0.

        Asked again for the same step within QUESTION_S, it is 0: the person has agreed.
        """
        waiting = net(self.unsaved.waiting)[0]
        size = len(waiting[-1].images) if waiting else self._undo.size
        now = time.monotonic()
        agreed = self._asked_at is not None and now - self._asked_at <= QUESTION_S
        ask = size > MOST_UNDONE_AT_ONCE and not agreed
        self._asked_at = now if ask else None
        return size if ask else 0

    def update_pace(self) -> None:
        pace = self._pace.per_minute()
        if pace != self._last_pace:
            self._last_pace = pace
            self.pace_changed.emit(pace)

    @Slot()
    def _emit_undo(self) -> None:
        if self._executor is not None:
            undo, redo = self.unsaved.undo_words(self._undo.undo, self._undo.redo)
            self.undo_state.emit(undo and step_words(undo), redo and step_words(redo))

    def _take_result(self, done: "MutationResult") -> None:
        if self.unsaved.settled is not None:
            self._refusals.pop(self.unsaved.settled, None)
        change = done.change
        if done.undo is not None:
            self.set_undo(done.undo)  # first, as the next undo may follow the answer at once
        self.answered.emit(done)
        if change and change.kind is BatchKind.DO:
            self.set_undo(UndoState(change.description, None, change.size))
        elif change and done.undo is None:
            self.update_undo()
        if done.decisions and change:
            self._pace.note()
            self.update_pace()
        self.applied.emit(change)

    def _take_error(self, error: BaseException) -> None:
        self.update_undo()
        change = self.unsaved.settled
        refused = None if change is None else self._refusals.pop(change, None)
        if isinstance(error, CancelledError):
            return
        if refused is not None and is_known(error) and refused.call(str(error)):
            return
        sentence = (
            str(error) if is_known(error) else translate("Jobs", "Something went wrong in Tailspotter.")
        )
        if change is not None and not isinstance(error, NothingToUndoError):
            sentence = translate("Jobs", "Not saved: {words}. {sentence}").format(
                words=step_words(change.words), sentence=sentence
            )
        self.known_error.emit(sentence)

    @Slot(object)
    def _measure(self, report: OperationReport) -> None:
        if report.kind is OperationKind.MUTATION and report.succeeded:
            self.saved.emit(report.waited + report.ran)
