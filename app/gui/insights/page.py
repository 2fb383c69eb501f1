"""The frame around a plot: title, explanation, controls, the plot or its table, what is pointed at."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.insights import Table
from app.gui.insights.export import FileKind, ask_target
from app.gui.insights.table_view import InsightTable
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import ago_words

_TICK_MS: Final = 5_000


class InsightPage(QWidget):
    """Shows one widget for the plot, a table or an empty state."""

    table_wanted = Signal()
    """The table is shown, and needs its content."""
    export_wanted = Signal(object, object)
    """A FileKind and a Path."""
    step_wanted = Signal()
    """The button of the empty state."""

    def __init__(
        self, plot: QWidget, controls: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        """``controls`` are shown above the plot."""
        super().__init__(parent)
        self.ask: Callable[[QWidget, Path, FileKind], Path | None] = ask_target
        """Asks for the file of an export."""
        self.suggested = Path("plot")
        """The file that an export proposes, without suffix."""
        self._as_of: datetime | None = None
        self._outdated = self._working = False
        self.title = Text("", TypeSize.TITLE)
        self.explanation = Text("", quiet=True)
        self.explanation.setWordWrap(True)
        self.as_table = QPushButton(self.tr("Table"))
        self.as_table.setCheckable(True)
        self.as_table.setToolTip(self.tr("Show the numbers behind the plot"))
        self.export = QPushButton(self.tr("Export"))
        self._make_export_menu()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(plot)
        self.table = InsightTable()
        self.empty = EmptyState()
        self.stack = QStackedWidget()
        for widget in (self.area, self.table, self.empty):
            self.stack.addWidget(widget)
        self.pointed = ElidedText("", tabular=True)
        self.age = Text("", TypeSize.SMALL, quiet=True)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tell_age)
        self.controls = FlowBox(controls)
        self._arrange()
        self.as_table.toggled.connect(self._toggle_table)
        self.empty.triggered.connect(self.step_wanted)

    def _make_export_menu(self) -> None:
        menu = QMenu(self.export)
        names = {
            FileKind.PNG: self.tr("Picture (PNG)…"),
            FileKind.SVG: self.tr("Drawing (SVG)…"),
            FileKind.CSV: self.tr("Numbers (CSV)…"),
        }
        for kind, words in names.items():
            action = menu.addAction(words)
            action.triggered.connect(lambda _checked=False, kind=kind: self._export(kind))
        self.export.setMenu(menu)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(self.title)
        head.addStretch(1)
        for widget in (self.as_table, self.export):
            head.addWidget(widget)
        line = QHBoxLayout()
        line.setSpacing(SPACE_M)
        line.addWidget(self.pointed, 1)
        line.addWidget(self.age)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addLayout(head)
        layout.addWidget(self.explanation)
        layout.addWidget(self.controls)
        layout.addLayout(line)
        layout.addWidget(self.stack, 1)

    # --- what is shown

    def show_plot(self) -> None:
        """The plot, or its table if that is chosen."""
        self.as_table.setEnabled(True)
        self.export.setEnabled(True)
        if self.as_table.isChecked():
            self.stack.setCurrentWidget(self.table)
            self.table_wanted.emit()
        else:
            self.stack.setCurrentWidget(self.area)

    def show_empty(self, title: str, sentence: str, button: str = "") -> None:
        """What to do first, in place of an empty frame."""
        self.empty.set_text(title, sentence, button)
        self.as_table.setEnabled(False)
        self.export.setEnabled(False)
        self.pointed.setText("")
        self.stack.setCurrentWidget(self.empty)

    def show_table(self, table: Table) -> None:
        self.table.show_table(table)

    @property
    def plot_shown(self) -> bool:
        return self.stack.currentWidget() is not self.empty

    @Slot(str)
    def point(self, words: str) -> None:
        self.pointed.setText(words)

    @Slot(object)
    def reveal(self, place: QRectF) -> None:
        """Scroll to a mark."""
        middle, room = place.center().toPoint(), self.area.viewport().size()
        self.area.ensureVisible(middle.x(), middle.y(), room.width() // 3, room.height() // 3)

    @Slot()
    def _toggle_table(self) -> None:
        if self.plot_shown:
            self.show_plot()

    def set_age(self, as_of: datetime | None, *, outdated: bool, working: bool) -> None:
        """When the plot was computed, whether something has changed since, and is being computed again."""
        self._as_of, self._outdated, self._working = as_of, outdated, working
        self._tell_age()

    def _tell_age(self) -> None:
        if self._as_of is None:
            self.age.setText(self.tr("Computing …") if self._working else "")
            return
        ago = ago_words((datetime.now(UTC) - self._as_of).total_seconds())
        words = self.tr("As of {ago}.")
        if self._working:
            words = self.tr("As of {ago}; computing again …")
        elif self._outdated:
            words = self.tr("As of {ago}; something has changed since.")
        self.age.setText(words.format(ago=ago))

    def showEvent(self, event: QShowEvent) -> None:
        """The words on the age are kept up to date while the page is shown."""
        super().showEvent(event)
        self._tell_age()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _export(self, kind: FileKind) -> None:
        start = self.suggested.with_name(f"{self.suggested.name}.{kind.value}")
        path = self.ask(self, start, kind)
        if path is not None:
            self.export_wanted.emit(kind, path)
