"""Notices that the window shows unasked. Nothing else opens message boxes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

_numbers = count(1)


class Level(StrEnum):
    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    ERROR = "error"


SHOWN_MS: Final = {Level.INFO: 5000, Level.DONE: 4000, Level.WARNING: 10_000, Level.ERROR: None}
"""How long a notice is shown; errors, and warnings with a button, stay until they are closed."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button on a notice. ``run`` takes no argument and is called on the window's thread."""

    text: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, what it means for the labels, and what to do; the last two may be empty."""

    number: int
    level: Level
    what: str
    labels: str = ""
    todo: str = ""
    action: Action | None = None
    project: str = ""
    """The name of the project that it is about; empty for none."""

    def passes(self) -> bool:
        """Whether it disappears by itself; what needs an answer stays."""
        warns = self.level is Level.WARNING and self.action is not None
        return SHOWN_MS[self.level] is not None and not warns

    def words(self) -> str:
        return " ".join(part for part in (self.what, self.labels, self.todo) if part)


class Notifications(QObject):
    """Every part of the window posts here; one stack of toasts shows the notices."""

    posted = Signal(object)
    """A Notice."""
    withdrawn = Signal(int)
    """The number of a notice that no longer applies."""
    crashed = Signal(str)
    """A traceback for the crash report."""
    project = ""
    """The name of the open project, which notices are about from now on."""

    def info(self, what: str, *, labels: str = "", todo: str = "", action: Action | None = None) -> Notice:
        return self._post(Level.INFO, what, labels, todo, action)

    def done(self, what: str, *, labels: str = "", todo: str = "", action: Action | None = None) -> Notice:
        return self._post(Level.DONE, what, labels, todo, action)

    def warning(self, what: str, *, labels: str = "", todo: str = "", action: Action | None = None) -> Notice:
        return self._post(Level.WARNING, what, labels, todo, action)

    def error(self, what: str, *, labels: str = "", todo: str = "", action: Action | None = None) -> Notice:
        return self._post(Level.ERROR, what, labels, todo, action)

    def withdraw(self, notice: Notice) -> None:
        self.withdrawn.emit(notice.number)

    @Slot(str)
    def known_error(self, sentence: str) -> None:
        """A KnownError's sentence, which already says what to do. For StorageExecutor.known_error."""
        self.error(sentence)

    @Slot(str)
    def bug(self, traceback: str) -> None:
        """A traceback of ours. For StorageExecutor.bug and sys.excepthook."""
        self.crashed.emit(traceback)

    def _post(self, level: Level, what: str, labels: str, todo: str, action: Action | None) -> Notice:
        notice = Notice(next(_numbers), level, what, labels, todo, action, self.project)
        self.posted.emit(notice)
        return notice
