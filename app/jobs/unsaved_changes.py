"""The changes of the open project that are not in its database yet: on their way, held up, or kept."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.errors import KnownError
from app.domain.labels import LabelState
from app.domain.unsaved import UnsavedChange, count_words, net, reviewed_on, states_on, summary, undo_words
from app.jobs.storage_executor import Delay, StorageExecutor, Ticket

if TYPE_CHECKING:
    from app.services.unsaved_file import UnsavedFile

NOTICE_MS: Final = 500
"""A change that another program holds up for longer is told of, and kept in a file until it is saved."""

log = logging.getLogger(__name__)


class UnsavedChanges(QObject):
    """Follows the mutations of one executor after another.

    While they are held up they also lie in a file, so that not even the end of this program loses them; what
    is in that file when a project is opened is offered again.
    """

    changed = Signal()
    """``held_up``, the changes that wait, or those that are offered are new."""
    failed = Signal(object)
    """An UnsavedChange that has not been saved and will not be."""
    known_error = Signal(str)

    def __init__(self, parent: QObject | None = None, *, fallback: Path | None = None) -> None:
        """``fallback``: the folder for the file where a project's own cannot be written to."""
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
        """The change that was saved, or failed, last."""
        self._notice = QTimer(self)
        self._notice.setSingleShot(True)
        self._notice.setInterval(NOTICE_MS)
        self._notice.timeout.connect(self._take_notice)

    # --- what waits

    @property
    def waiting(self) -> list[UnsavedChange]:
        """In their order, undo and redo among them."""
        return list(self._waiting.values())

    @property
    def held_up(self) -> Delay | None:
        """Why the database cannot be used for a while now; None as long as that is hardly noticed."""
        return self._delay() if self._noticed else None

    def states_on(self, image_id: int | None) -> dict[int | str, LabelState]:
        """What waits to be said of an image, by category."""
        return states_on(self._waiting.values(), image_id) if self._waiting and image_id is not None else {}

    def reviewed_on(self, image_id: int | None) -> bool | None:
        """The mark that an image waits for; None where it waits for none."""
        return reviewed_on(self._waiting.values(), image_id) if image_id is not None else None

    def undo_words(self, undo: str | None, redo: str | None) -> tuple[str | None, str | None]:
        """What undo and redo would do once all is saved; ``undo`` and ``redo`` are what they would do now."""
        return undo_words(self._waiting.values(), undo, redo)

    @Slot()
    def retry(self) -> None:
        """Try to save what waits now."""
        if self._executor is not None:
            self._executor.retry()

    @Slot()
    def discard(self) -> None:
        """Drop what waits; ``failed`` follows for each change."""
        if self._executor is not None:
            self._executor.discard()

    # --- what was kept

    @property
    def offered(self) -> list[UnsavedChange]:
        """What could not be saved when the project was open last, and waits for save_offered()."""
        return [] if self._replayed else list(self._offered or ())

    @Slot()
    def discard_offered(self) -> None:
        """Forget what was kept."""
        self._offered = []
        self._keep()
        self.changed.emit()

    def open(self, folder: Path) -> None:
        """The project in ``folder`` is open and can be written to."""
        self._folder = folder

    def look_for_kept(self) -> None:
        """Offer what was kept of the project."""
        if self._executor is not None and self._folder is not None:
            self._executor.query(self._file().read, then=self._take_kept, failed=self._fail_kept)

    def _take_kept(self, kept: list[UnsavedChange]) -> None:
        self._offered = kept
        self._in_file = bool(kept)
        if kept:
            self.changed.emit()

    def _fail_kept(self, error: BaseException) -> None:
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
        """The change has been submitted. ``replayed``: it is one of those that were offered."""
        self._waiting[ticket] = change
        if replayed:
            self._replayed.add(ticket)
        if self._noticed:
            self._tell()

    def detach(self) -> str:
        """The executor is closed: keep what it has not saved; a sentence if there is any, else empty."""
        left, sentence = self.waiting, ""
        if left and self._folder is not None:
            sentence = self._keep_left(self._file(), left)
            log.error("%s All of them: %s", sentence, "; ".join(one.words for one in left))
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
            return f"{count_words(left)} could not be saved or kept: {summary(left)}. {error}"
        kept = [one for one in net(left)[0] if one.is_answer]
        lost = [*(one for one in changes if not one.is_answer), *undos]
        sentences = []
        if kept:
            them = "It is" if len(kept) == 1 else "They are"
            sentences.append(f"{count_words(kept)} could not be saved: {summary(kept)}.")
            sentences.append(f"{them} kept, and offered when the project is opened again.")
        if lost:
            sentences.append(f"Not done: {'; '.join(one.words for one in lost)}.")
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
            self._tell()

    @Slot(object)
    def _follow_delay(self, delay: Delay | None) -> None:
        if delay is None:
            self._notice.stop()
            if self._noticed:
                self._noticed = False
                self._tell()
        elif not delay.busy or self._noticed:
            self._take_notice()
        elif not self._notice.isActive():
            self._notice.start()

    @Slot()
    def _take_notice(self) -> None:
        if self._delay() is not None:
            self._noticed = True
            self._tell()

    def _tell(self) -> None:
        self._keep()
        self.changed.emit()

    def _delay(self) -> Delay | None:
        return None if self._executor is None else self._executor.delay

    def _file(self) -> "UnsavedFile":
        from app.services.unsaved_file import UnsavedFile

        assert self._folder is not None
        return UnsavedFile(self._folder, self._fallback)

    def _keep(self) -> None:
        """Bring the file in line, on the storage thread."""
        if self._executor is None or self._folder is None or self._offered is None:
            return
        changes = [*self._offered, *net(self._fresh())[0]] if self._noticed else list(self._offered)
        if changes or self._in_file:
            self._in_file = True
            self._executor.query(
                self._file().write, changes, then=self._kept, failed=self._fail_keeping, key="unsaved file"
            )

    def _fresh(self) -> list[UnsavedChange]:
        return [one for ticket, one in self._waiting.items() if ticket not in self._replayed]

    def _kept(self, count: int) -> None:
        self._in_file = count > 0

    def _fail_keeping(self, error: BaseException) -> None:
        log.warning("what is not saved yet cannot be kept in a file: %s", error)
