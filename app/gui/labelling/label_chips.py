"""The labels that people have given, apart from what a machine proposes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.gui.labelling.sheet import NO_CATEGORY, Sheet, SheetLabel, when_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.label_chip import LabelChip, source_words
from app.gui.widgets.text import Text

SHOWN: Final = 8
"""Labels that show at first: the suggestions below must stay in view."""
_CLOCK_MS: Final = 30_000
_PATIENCE_MS: Final = 300
"""Labels that take longer to come are said to be loading."""


class LabelRow(QWidget):
    """One label and the button that takes it back."""

    taken_back = Signal(int)

    def __init__(
        self, label: SheetLabel, total: int, *, editable: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.label = label
        self._total = total
        self.chip = LabelChip(label.name, label.state)
        self.chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button = QToolButton(self)  # parented before it shows: else it is a window for a moment
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setAccessibleName(f"Take back {label.state.value}: {label.name}")
        self.button.setToolTip(f"Take back: {label.name} is unknown again")
        self.button.clicked.connect(self._take_back)
        self.button.setVisible(editable)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self.chip, 1)
        layout.addWidget(self.button)
        self.tell_time(datetime.now(UTC))
        self._restyle()
        theme().changed.connect(self._restyle)

    def tell_time(self, now: datetime) -> None:
        """Say who and when as far as there is room: the name comes first."""
        label, when = self.label, when_words(self.label.when, now)
        if self._total > 1:
            self.chip.set_label(label.state, share=f"{label.count:,} of {self._total:,}")
            return
        whole = source_words(label.source, when) if label.saved else "not saved yet"
        for words in (whole, source_words(label.source) if label.saved else "", ""):
            self.chip.set_label(label.state, source=words)
            if self.chip.sizeHint().width() <= self.chip.width():
                break
        said = f"{label.name}: {label.state.value}, {whole}"
        self.chip.setToolTip(said)
        self.chip.setAccessibleName(said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.layout().activate()
        self.tell_time(datetime.now(UTC))

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(14)
        self.button.setIcon(icon("close", "quiet", side=side))
        self.button.setIconSize(QSize(side, side))

    @Slot()
    def _take_back(self) -> None:
        self.taken_back.emit(self.label.category_id)


class LabelList(QWidget):
    """The labels of a sheet: given ones, newest first; what a review implies as one line that opens."""

    taken_back = Signal(int)
    """The number of a category that is to be unknown again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._sheet = Sheet()
        self._rows: list[LabelRow] = []
        self._open = False
        self._nothing = Text("", TypeSize.BODY, quiet=True)
        self._nothing.setWordWrap(True)
        self._more = QPushButton()
        self._more.setProperty("role", "link")
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setCursor(Qt.CursorShape.PointingHandCursor)
        self._more.clicked.connect(self._toggle)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_XS)
        self._layout.addWidget(self._nothing)
        self._layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._tell_time)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._tell_loading)

    def rows(self) -> list[LabelRow]:
        return list(self._rows)

    def more_button(self) -> QPushButton:
        return self._more

    def set_sheet(self, sheet: Sheet, *, editable: bool) -> None:
        """Fill anew; the rows of another image start closed."""
        if sheet.image is None or self._sheet.image is None or sheet.image.id != self._sheet.image.id:
            self._open = False
        self._sheet, self._editable = sheet, editable
        self._fill()

    def _fill(self) -> None:
        sheet = self._sheet
        shown: Sequence[SheetLabel] = sheet.labels[:SHOWN]
        if self._open:
            shown = (*sheet.labels, *sheet.implied)
        for row in self._rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for place, label in enumerate(shown):
            known = label.source is not None and label.category_id != NO_CATEGORY
            editable = self._editable and known and sheet.total == 1
            row = LabelRow(label, sheet.total, editable=editable, parent=self)
            row.taken_back.connect(self.taken_back)
            self._layout.insertWidget(place, row)
            self._rows.append(row)
        self._nothing.setVisible(not sheet.labels)
        self._nothing.setText(_nothing_words(sheet))
        if sheet.loaded:
            self._patience.stop()
        elif not self._patience.isActive():
            self._patience.start()
        words = self._more_words(len(sheet.labels) - SHOWN, len(sheet.implied))
        self._more.setText(words)
        self._more.setVisible(bool(words))
        self.updateGeometry()

    def _more_words(self, hidden: int, implied: int) -> str:
        if self._open:
            return "Show fewer"
        parts = [f"{hidden:,} more" if hidden > 0 else "", f"{implied:,} no by review" if implied else ""]
        return " and ".join(part for part in parts if part)

    @Slot()
    def _toggle(self) -> None:
        self._open = not self._open
        self._fill()

    @Slot()
    def _tell_loading(self) -> None:
        if not self._sheet.loaded:
            self._nothing.setText("Loading the labels…")

    @Slot()
    def _tell_time(self) -> None:
        for row in self._rows:
            row.tell_time(datetime.now(UTC))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_time()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()


def _nothing_words(sheet: Sheet) -> str:
    if not sheet.loaded:
        return ""
    if sheet.total > 1:
        return "None of these images has a label yet."
    return "No label yet. Press Y for what you see, or type a tag." if sheet.total else ""
