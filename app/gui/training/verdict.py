"""The outcome of a run: whether its version is in use, and why."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.models import ModelVersion
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon_pixmap
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_XS
from app.gui.training.words import reason_words
from app.gui.widgets.text import Text
from app.jobs.training.run import RunEnding

_ICON: Final = 28


class VerdictPanel(QFrame):
    """Hidden while there is no outcome."""

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
        self.hide()  # without a parent it would be a window

    def show_ending(self, ending: RunEnding) -> None:
        """The end of a run in this window."""
        if ending.version is not None:
            reason = reason_words(ending.verdict, ending.sentence)
            self._show_made(ending.version, reason, used=ending.activated, early=ending.stopped)
        elif ending.trouble:
            self._show(
                "error",
                "no",
                self.tr("Training stopped unexpectedly") if ending.unfinished else self.tr("Training failed"),
                ending.sentence,
                self.tr("The model in use has not changed."),
            )
        elif ending.unfinished:
            self._show("jobs", "warning", self.tr("Training was interrupted"), ending.sentence, "")
        else:
            self._show("info", "accent", self.tr("Training was stopped"), ending.sentence, "")

    def show_version(self, version: ModelVersion) -> None:
        """An earlier version."""
        reason = reason_words(version.card.verdict, version.reason)
        if version.active:
            self._show(
                "done",
                "yes",
                self.tr("{version} is in use").format(version=version.name),
                reason,
                version.note,
            )
        else:
            self._show(
                "info",
                "accent",
                self.tr("{version} is not in use").format(version=version.name),
                reason,
                version.note,
            )

    def _show_made(self, name: str, reason: str, *, used: bool, early: bool) -> None:
        if used:
            mark, colour, title = "done", "yes", self.tr("{version} is in use now")
            more = self.tr("Suggestions now use it.")
        else:
            mark, colour, title = "warning", "warning", self.tr("{version} was trained but not activated")
            more = self.tr("It is kept: you can look at it, compare it, or use it anyway.")
        if early:
            stopped = self.tr("Training was stopped early; the version has what was learned up to then.")
            more = f"{stopped} {more}"
        self._show(mark, colour, title.format(version=name), reason, more)

    def _show(self, mark: str, colour: str, title: str, reason: str, more: str) -> None:
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
