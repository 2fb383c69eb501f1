"""One version: its origin, precision and actions."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.models import BANDS, Measure, ModelVersion
from app.domain.stored_words import verdict_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon_pixmap
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.training.words import (
    NONE,
    band_of,
    band_title,
    fed_words,
    interval_words,
    made_words,
    measure_words,
    version_words,
)
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.text import Text


class VersionCardView(QFrame):
    """A ModelVersion, or the live learners without one (``version`` None, ``name`` "none")."""

    shown_wanted = Signal(str)
    """Show its run."""
    used = Signal(str)
    rolled_back = Signal()
    deleted = Signal(str)
    chosen = Signal(str, bool)
    """Chosen for a comparison, or no longer."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setProperty("panel", "raised")
        self._active = False
        self._writable = True
        self._other_model: str | None = None
        self.title = Text(version_words(name, begins=True), TypeSize.LARGE, strong=True)
        self._tick = QLabel()
        self.mark = Text(self.tr("in use"), TypeSize.SMALL)
        self.other = Text(self.tr("of another image model"), TypeSize.SMALL, quiet=True)
        self.made, self.fed = Text("", TypeSize.SMALL, quiet=True), Text("", TypeSize.SMALL, quiet=True)
        self.values = {band: Text("", TypeSize.SMALL, tabular=True) for band in BANDS}
        self.intervals = {band: Text("", TypeSize.SMALL, quiet=True, tabular=True) for band in BANDS}
        self.use, self.back, self.show_run = (
            QPushButton(self.tr("Use")),
            QPushButton(self.tr("Roll back")),
            QPushButton(self.tr("Curves")),
        )
        self.compare, self.delete = QPushButton(self.tr("Compare")), QPushButton(self.tr("Delete"))
        self.sure, self.keep = QPushButton(self.tr("Delete permanently")), QPushButton(self.tr("Keep"))
        self.question = Text("", TypeSize.SMALL)
        self._actions = FlowBox((self.use, self.back, self.compare, self.show_run, self.delete))
        self._answers = FlowBox((self.sure, self.keep))
        self._arrange()
        self._connect()
        self.ask(False)
        self._restyle()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE_XS)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self._tick)
        head.addWidget(self.mark)
        head.addWidget(self.other)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(3, 1)
        for row, band in enumerate(BANDS):
            glyph = band_of(band)
            if glyph is not None:
                grid.addWidget(BandGlyph(glyph), row, 0)
            grid.addWidget(Text(band_title(band), TypeSize.SMALL, quiet=True), row, 1)
            grid.addWidget(self.values[band], row, 2, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self.intervals[band], row, 3)
        for text in (self.made, self.fed, self.question):
            text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        layout.addWidget(self.made)
        layout.addWidget(self.fed)
        layout.addLayout(grid)
        for widget in (self._actions, self.question, self._answers):
            layout.addWidget(widget)

    def _connect(self) -> None:
        self.compare.setCheckable(True)
        for button in (self.use, self.back, self.show_run, self.compare, self.delete, self.sure, self.keep):
            button.setAccessibleName(f"{button.text()}: {self.title.text()}")
        self.use.clicked.connect(lambda: self.used.emit(self.name))
        self.back.clicked.connect(self.rolled_back)
        self.show_run.clicked.connect(lambda: self.shown_wanted.emit(self.name))
        self.compare.clicked.connect(lambda on: self.chosen.emit(self.name, on))
        self.delete.clicked.connect(lambda: self.ask(True))
        self.keep.clicked.connect(lambda: self.ask(False))
        self.sure.clicked.connect(lambda: self.deleted.emit(self.name))
        theme().changed.connect(self._restyle)

    def show_version(self, version: ModelVersion, *, writable: bool) -> None:
        self._active, self._writable = version.active, writable
        self._other_model = version.other_model
        self.made.setText(made_words(version, datetime.now(UTC)).capitalize())
        self.fed.setText(fed_words(version))
        self._show_measures(version.card.metrics)
        words = (
            self.tr("Use {version} again")
            if version.card.parent
            else self.tr("Use the live learners alone again")
        )
        self.back.setToolTip(words.format(version=version.card.parent))
        words = self.tr("It was trained with {model}. Change back to that image model to use it.")
        other = "" if version.other_model is None else words.format(model=version.other_model)
        self.other.setToolTip(other)
        self.setToolTip(other or verdict_words(version.reason))
        self._show_state()

    def show_none(self, measures: dict[str, Measure], since: str, *, active: bool, writable: bool) -> None:
        """The live learners alone; ``since``: the version whose judging measured them."""
        self._active, self._writable = active, writable
        self.made.setText(self.tr("Text and live learning, no trained version"))
        words = self.tr("Measured when {version} was evaluated").format(version=since)
        self.fed.setText(words if since else "")
        self.fed.setVisible(bool(since))
        self._show_measures(measures)
        self._show_state()

    def ask(self, asked: bool) -> None:
        """Ask whether to delete it, in place of the buttons; nothing here is modal."""
        question = self.tr("Delete {version}? Its weights and scores cannot be restored.")
        self.question.setText(question.format(version=self.name) if asked else "")
        self.question.setVisible(asked)
        self._answers.setVisible(asked)
        self._actions.setVisible(not asked)
        if asked:
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_chosen(self, chosen: bool) -> None:
        self.compare.setChecked(chosen)

    def _show_measures(self, measures: dict[str, Measure]) -> None:
        for band in BANDS:
            self.values[band].setText(measure_words(measures.get(band)))
            self.intervals[band].setText(interval_words(measures.get(band)))

    def _show_state(self) -> None:
        real = self.name != NONE
        self._tick.setVisible(self._active)
        self.mark.setVisible(self._active)
        self.other.setVisible(self._other_model is not None)
        self.compare.setVisible(self._other_model is None)
        self.use.setVisible(not self._active and self._writable and self._other_model is None)
        self.back.setVisible(self._active and real and self._writable)
        self.show_run.setVisible(real)
        self.delete.setVisible(real and not self._active and self._writable)
        words = self.tr("{version}, in use") if self._active else "{version}"
        self.setAccessibleName(words.format(version=self.title.text()))

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(TypeSize.LARGE)
        self._tick.setPixmap(icon_pixmap("tick", side, theme().colour("yes"), self.devicePixelRatioF()))
