"""The changes of the open project that are not in its database yet: submitted, delayed, or kept in a file."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.errors import KnownError
from app.domain.labels import LabelState
from app.domain.language import translate
from app.domain.stored_words import step_words
from app.domain.unsaved import UnsavedChange, count_words, net, reviewed_on, states_on, summary, undo_words
from app.jobs.threads.storage_executor import Delay, StorageExecutor, Ticket

if TYPE_CHECKING:
    from app.services.project.unsaved_file import UnsavedFile

NOTICE_MS: Final = 500
"""A change that is delayed longer than this is reported, and kept in a file until it is saved."""

log = logging.getLogger(__name__)


class UnsavedChanges(QObject):
    """Follows the mutations of one executor at a time.

    While they are delayed they are also in a file, so that they survive a crash; what is in the file when the
    project is opened is offered to be saved.
    """

    changed = Signal()
    """``held_up``, ``waiting`` or ``offered`` changed."""
    failed = Signal(object)
    """An UnsavedChange that will not be saved."""
    known_error = Signal(str)

    def __init__(self, parent: QObject | None = None, *, fallback: Path | None = None) -> None:
        """``fallback``: the folder for the file if the project's folder cannot be written to."""
        super().__init__(parent)
        self._fallback = fallback
        self._executor: StorageExecutor | None = None
        self._folder: Path | None = None
        self._waiting: dict[Ticket, UnsavedChange] = {}
        self._offered: list[UnsavedChange] | None = None
        self._replayed: set[Ticket] = set()
        self._noticed = False
        self._in_file = False
        self.settled: UnsavedChange | None = None
        """The change that was last saved, or failed."""
        self._notice = QTimer(self)
        self._notice.setSingleShot(True)
        self._notice.setInterval(NOTICE_MS)
        self._notice.timeout.connect(self._start_notice)

    # --- waiting

    @property
    def waiting(self) -> list[UnsavedChange]:
        """In order, including undo and redo."""
        return list(self._waiting.values())

    @property
    def held_up(self) -> Delay | None:
        """Why changes have been delayed for a while; None during short delays."""
        return self._delay() if self._noticed else None

    def states_on(self, image_id: int | None) -> dict[int | str, LabelState]:
        """The waiting answers for an image, by category."""
        return states_on(self._waiting.values(), image_id) if self._waiting and image_id is not None else {}

    def reviewed_on(self, image_id: int | None) -> bool | None:
        """The waiting review mark of an image; None for none."""
        return reviewed_on(self._waiting.values(), image_id) if image_id is not None else None

    def undo_words(self, undo: str | None, redo: str | None) -> tuple[str | None, str | None]:
        """What undo and redo would do once everything is saved, from what they would do now."""
        return undo_words(self._waiting.values(), undo, redo)

    @Slot()
    def retry(self) -> None:
        """Try to save the waiting changes now."""
        if self._executor is not None:
            self._executor.retry()

    @Slot()
    def discard(self) -> None:
        """Drop the waiting changes; ``failed`` follows for each."""
        if self._executor is not None:
            self._executor.discard()

    # --- kept from the last time

    @property
    def offered(self) -> list[UnsavedChange]:
        """Answers that could not be saved when the project was last open; save_offered() saves them."""
        return [] if self._replayed else list(self._offered or ())

    @Slot()
    def discard_offered(self) -> None:
        """Delete the answers that were kept."""
        self._offered = []
        self._keep()
        self.changed.emit()

    def open(self, folder: Path) -> None:
        """The project in ``folder`` is open for writing."""
        self._folder = folder

    def look_for_kept(self) -> None:
        """Offer the answers kept for this project, if any."""
        if self._executor is not None and self._folder is not None:
            self._executor.query(self._file().read, then=self._take_kept, failed=self._take_read_error)

    def _take_kept(self, kept: list[UnsavedChange]) -> None:
        self._offered = kept
        self._in_file = bool(kept)
        if kept:
            self.changed.emit()

    def _take_read_error(self, error: BaseException) -> None:
        self._offered = []
        if isinstance(error, KnownError):
            self.known_error.emit(str(error))

    # --- following

    def attach(self, executor: StorageExecutor) -> None:
        """Follow this executor until detach()."""
        self._executor = executor
        executor.settled.connect(self._settle)
        executor.delayed.connect(self._follow_delay)

    def add(self, ticket: Ticket, change: UnsavedChange, *, replayed: bool = False) -> None:
        """A change was submitted. ``replayed``: it is one of the offered ones."""
        self._waiting[ticket] = change
        if replayed:
            self._replayed.add(ticket)
        if self._noticed:
            self._report()

    def detach(self) -> str:
        """The executor is closed: keep what it did not save. Returns a sentence about that, or empty."""
        left, sentence = self.waiting, ""
        if left and self._folder is not None:
            sentence = self._keep_left(self._file(), left)
            log.error("%s All: %s", sentence, "; ".join(one.words for one in left))
        elif self._in_file and self._folder is not None:
            try:
                self._file().write(self._offered or [])
            except KnownError as error:
                log.warning("%s", error)
        self._executor = self._folder = self._offered = None
        self._waiting.clear()
        self._replayed.clear()
        self._noticed = self._in_file = False
        self._notice.stop()
        self.changed.emit()
        return sentence

    def _keep_left(self, file: "UnsavedFile", left: Sequence[UnsavedChange]) -> str:
        changes, undos = net(self._fresh())
        try:
            before = file.read() if self._offered is None else self._offered
            file.write([*before, *changes])
        except KnownError as error:
            return translate("Jobs", "{changes} could not be saved or kept: {summary}. {error}").format(
                changes=count_words(left), summary=step_words(summary(left)), error=error
            )
        kept = [one for one in net(left)[0] if one.is_answer]
        lost = [*(one for one in changes if not one.is_answer), *undos]
        sentences = []
        if kept:
            sentences.append(
                translate("Jobs", "{changes} could not be saved: {summary}.").format(
                    changes=count_words(kept), summary=step_words(summary(kept))
                )
            )
            sentences.append(
                translate("Jobs", "It is kept, and will be offered when the project is next opened.")
                if len(kept) == 1
                else translate("Jobs", "They are kept, and will be offered when the project is next opened.")
            )
        if lost:
            sentences.append(
                translate("Jobs", "Not done: {names}.").format(
                    names="; ".join(step_words(one.words) for one in lost)
                )
            )
        return " ".join(sentences)

    @Slot(object)
    def _settle(self, ticket: Ticket) -> None:
        change = self._waiting.pop(ticket, None)
        self.settled = change
        if change is None:
            return
        if ticket in self._replayed:
            self._replayed.discard(ticket)
            self._offered = [one for one in self._offered or () if one is not change]
            if not self._replayed:
                self._keep()
        if ticket.error is not None:
            self.failed.emit(change)
        if self._noticed:
            self._report()

    @Slot(object)
    def _follow_delay(self, delay: Delay | None) -> None:
        if delay is None:
            self._notice.stop()
            if self._noticed:
                self._noticed = False
                self._report()
        elif not delay.busy or self._noticed:
            self._start_notice()
        elif not self._notice.isActive():
            self._notice.start()

    @Slot()
    def _start_notice(self) -> None:
        if self._delay() is not None:
            self._noticed = True
            self._report()

    def _report(self) -> None:
        self._keep()
        self.changed.emit()

    def _delay(self) -> Delay | None:
        return None if self._executor is None else self._executor.delay

    def _file(self) -> "UnsavedFile":
        from app.services.project.unsaved_file import UnsavedFile

        assert self._folder is not None
        return UnsavedFile(self._folder, self._fallback)

    def _keep(self) -> None:
        """Update the file, on the storage thread."""
        if self._executor is None or self._folder is None or self._offered is None:
            return
        changes = [*self._offered, *net(self._fresh())[0]] if self._noticed else list(self._offered)
        if changes or self._in_file:
            self._in_file = True
            self._executor.query(
                self._file().write,
                changes,
                then=self._take_count,
                failed=self._log_error,
                key="unsaved file",
            )

    def _fresh(self) -> list[UnsavedChange]:
        return [one for ticket, one in self._waiting.items() if ticket not in self._replayed]

    def _take_count(self, count: int) -> None:
        self._in_file = count > 0

    def _log_error(self, error: BaseException) -> None:
        log.warning("unsaved changes cannot be kept in a file: %s", error)
