"""How a run ended, big and clear: in use or not, and why."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.models import ModelVersion
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon_pixmap
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_XS
from app.gui.widgets.text import Text
from app.jobs.training_run import RunEnding

_ICON: Final = 28
_UNUSED: Final = "The version is kept: look at it, compare it, or use it all the same."


class Verdict(QFrame):
    """Hidden while nothing has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self._mark, self._colour = "info", "quiet"
        self._icon = QLabel()
        self.title = Text("", TypeSize.TITLE)
        self.reason = Text("", TypeSize.LARGE)
        self.more = Text("", TypeSize.BODY, quiet=True)
        for text in (self.title, self.reason, self.more):
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        for text in (self.title, self.reason, self.more):
            words.addWidget(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.setSpacing(SPACE_M)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.hide()  # shown only where it has a parent: alone it would be a window

    def show_ending(self, ending: RunEnding) -> None:
        """The end of a run of this window."""
        if ending.version is not None:
            self._tell_made(ending.version, ending.sentence, used=ending.activated, early=ending.stopped)
        elif ending.trouble:
            self._tell(
                "error",
                "no",
                "The run broke off" if ending.unfinished else "The run failed",
                ending.sentence,
                "What was in use before stays in use.",
            )
        elif ending.unfinished:
            self._tell("jobs", "warning", "The run is interrupted", ending.sentence, "")
        else:
            self._tell("info", "accent", "The run was stopped", ending.sentence, "")

    def show_version(self, version: ModelVersion) -> None:
        """A version that was made some time."""
        card = version.card
        more = f"Started from {card.start}; trained {card.tuned}."
        if version.active:
            self._tell("done", "yes", f"{version.name} is in use", version.reason, more)
        else:
            self._tell("info", "accent", f"{version.name} is not in use", version.reason, more)

    def _tell_made(self, name: str, reason: str, *, used: bool, early: bool) -> None:
        more = "It was stopped early and holds what it had learned by then. " if early else ""
        if used:
            self._tell(
                "done", "yes", f"{name} is in use now", reason, f"{more}Suggestions follow it from now on."
            )
        else:
            self._tell("warning", "warning", f"{name} was made, and is not used", reason, more + _UNUSED)

    def _tell(self, mark: str, colour: str, title: str, reason: str, more: str) -> None:
        self._mark, self._colour = mark, colour
        for text, words in ((self.title, title), (self.reason, reason), (self.more, more)):
            text.setText(words)
            text.setVisible(bool(words))
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{reason} {more}".strip())
        self._restyle()
        self.show()

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(_ICON)
        colour = theme().colour(self._colour)
        self._icon.setPixmap(icon_pixmap(self._mark, side, colour, self.devicePixelRatioF()))
