"""The labels of an image or a selection, which are shown apart from suggestions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.domain.language import number
from app.gui.labelling.sheet import NO_CATEGORY, Sheet, SheetLabel
from app.gui.labelling.words import when_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.label_chip import LabelChip, source_words, state_words
from app.gui.widgets.text import Text

SHOWN: Final = 8
"""Labels shown at first, so that the suggestions below stay in view."""
_REFRESH_MS: Final = 30_000
_LOADING_AFTER_MS: Final = 300
"""From then on the list says that the labels are loading."""


class LabelRow(QWidget):
    """A label, and the button that removes it."""

    taken_back = Signal(int)
    menu_wanted = Signal(int, QPoint)
    """The number of the category, and the place on the screen."""

    def __init__(
        self, label: SheetLabel, total: int, *, editable: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.label = label
        self._total = total
        self.chip = LabelChip(label.name, label.state)
        self.chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button = QToolButton(self)  # with a parent: else it would be a window for a moment
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        remove = self.tr("Remove the label: {category} becomes unknown").format(category=label.name)
        self.button.setAccessibleName(remove)
        self.button.setToolTip(remove)
        self.button.clicked.connect(self._take_back)
        self.button.setVisible(editable)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_XS)
        self._row.addWidget(self.chip, 1)
        self._row.addWidget(self.button)
        self.show_source(datetime.now(UTC))
        self._restyle()
        theme().changed.connect(self._restyle)

    def show_source(self, now: datetime) -> None:
        """Show who and when as far as there is room beside the name."""
        label, when = self.label, when_words(self.label.when, now)
        if self._total > 1:
            share = self.tr("{n} of {total}").format(n=number(label.count), total=number(self._total))
            self.chip.set_label(label.state, share=share)
            return
        whole = source_words(label.source, when) if label.saved else self.tr("not saved yet")
        for words in (whole, source_words(label.source) if label.saved else "", ""):
            self.chip.set_label(label.state, source=words)
            if self.chip.sizeHint().width() <= self.chip.width():
                break
        described = f"{label.name}: {state_words(label.state)}, {whole}"
        self.chip.setToolTip(described)
        self.chip.setAccessibleName(described)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.activate()
        self.show_source(datetime.now(UTC))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.label.category_id != NO_CATEGORY:
            self.menu_wanted.emit(self.label.category_id, event.globalPos())

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(14)
        self.button.setIcon(icon("close", "quiet", side=side))
        self.button.setIconSize(QSize(side, side))

    @Slot()
    def _take_back(self) -> None:
        self.taken_back.emit(self.label.category_id)


class LabelList(QWidget):
    """The labels of a sheet, newest first; the rest, and those that a review implies, behind a link."""

    taken_back = Signal(int)
    """The number of a category whose label is to be removed."""
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._sheet = Sheet()
        self._rows: list[LabelRow] = []
        self._open = False
        self._nothing = Text("", TypeSize.BODY, quiet=True)
        self._nothing.setWordWrap(True)
        self.more = QPushButton()
        self.more.setProperty("role", "link")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setCursor(Qt.CursorShape.PointingHandCursor)
        self.more.clicked.connect(self._toggle)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_XS)
        self._layout.addWidget(self._nothing)
        self._layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._refresh = QTimer(self)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self._refresh_times)
        self._loading = QTimer(self)
        self._loading.setSingleShot(True)
        self._loading.setInterval(_LOADING_AFTER_MS)
        self._loading.timeout.connect(self._show_loading)

    def rows(self) -> list[LabelRow]:
        return list(self._rows)

    def set_sheet(self, sheet: Sheet, *, editable: bool) -> None:
        """Replace the rows; those of another image start folded."""
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
            row.menu_wanted.connect(self.menu_wanted)
            self._layout.insertWidget(place, row)
            self._rows.append(row)
        self._nothing.setVisible(not sheet.labels)
        self._nothing.setText(self._nothing_words(sheet))
        if sheet.loaded:
            self._loading.stop()
        elif not self._loading.isActive():
            self._loading.start()
        words = self._more_words(len(sheet.labels) - SHOWN, len(sheet.implied))
        self.more.setText(words)
        self.more.setVisible(bool(words))
        self.updateGeometry()

    def _more_words(self, hidden: int, implied: int) -> str:
        if self._open:
            return self.tr("Show fewer")
        if hidden <= 0:
            return self.tr("{n} no by review").format(n=number(implied)) if implied else ""
        words = self.tr("{hidden} more and {n} no by review") if implied else self.tr("{hidden} more")
        return words.format(hidden=number(hidden), n=number(implied))

    def _nothing_words(self, sheet: Sheet) -> str:
        if not (sheet.loaded and sheet.total):
            return ""
        if sheet.total > 1:
            return self.tr("None of these images has a label yet.")
        return self.tr("No labels yet. Accept a suggestion or type a tag.")

    @Slot()
    def _toggle(self) -> None:
        self._open = not self._open
        self._fill()

    @Slot()
    def _show_loading(self) -> None:
        if not self._sheet.loaded:
            self._nothing.setText(self.tr("Loading the labels…"))

    @Slot()
    def _refresh_times(self) -> None:
        for row in self._rows:
            row.show_source(datetime.now(UTC))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_times()
        self._refresh.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._refresh.stop()
