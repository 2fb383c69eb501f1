"""One version: its origin, quality by band, note and actions."""

from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QContextMenuEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.models import BANDS, LONGEST_NOTE, Measure, ModelVersion
from app.domain.sizes import size_words
from app.gui.commands.context_menu import ContextMenu
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon, icon_pixmap
from app.gui.theme.tokens import RADIUS, SPACE_M, SPACE_S, SPACE_XS
from app.gui.training.words import (
    NONE,
    band_of,
    band_title,
    fed_words,
    interval_words,
    made_words,
    measure_words,
    reason_words,
    version_words,
)
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.painting import draw_focus_ring, smooth_painter
from app.gui.widgets.text import Text

USE, COMPARE, NOTE, DELETE = "Return", "Space", "F2", "Del"
"""The keys of a card, in Qt's portable form."""
_KEYS: Final = {
    Qt.Key.Key_Return: USE,
    Qt.Key.Key_Enter: USE,
    Qt.Key.Key_Space: COMPARE,
    Qt.Key.Key_F2: NOTE,
    Qt.Key.Key_Delete: DELETE,
    Qt.Key.Key_Backspace: DELETE,
}


class VersionCardView(QFrame):
    """A ModelVersion, or the suggestions without one (``name`` "none")."""

    ACCESSIBLE_ROLE = QAccessible.Role.Grouping

    shown_wanted = Signal(str)
    """Show how it was trained."""
    used = Signal(str)
    rolled_back = Signal()
    deleted = Signal(str)
    noted = Signal(str, str)
    """The name and the new note, perhaps empty."""
    chosen = Signal(str, bool)
    """Chosen for a comparison, or no longer."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setProperty("panel", "raised")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._version: ModelVersion | None = None
        self._active, self._writable, self._asked = False, True, False
        self.title = Text(version_words(name, begins=True), TypeSize.LARGE, strong=True)
        self._tick = QLabel()
        self.mark = Text(self.tr("in use"), TypeSize.SMALL)
        self.other = Text(self.tr("of another image model"), TypeSize.SMALL, quiet=True)
        self.made, self.fed = Text("", TypeSize.SMALL, quiet=True), Text("", TypeSize.SMALL, quiet=True)
        self.note, self.unmeasured = Text(""), Text("", TypeSize.SMALL, quiet=True)
        self.note_field = QLineEdit()
        self.values = {band: Text("", TypeSize.SMALL, tabular=True) for band in BANDS}
        self.intervals = {band: Text("", TypeSize.SMALL, quiet=True, tabular=True) for band in BANDS}
        self._names = {
            band: (BandGlyph(band_of(band)), Text(band_title(band), TypeSize.SMALL, quiet=True))
            for band in BANDS
        }
        self.use, self.back = QPushButton(self.tr("Use")), QPushButton(self.tr("Roll back"))
        self.compare, self.more = QPushButton(self.tr("Compare")), QToolButton()
        self.sure, self.keep = QPushButton(self.tr("Delete permanently")), QPushButton(self.tr("Keep"))
        self.question = Text("", TypeSize.SMALL)
        self._actions = FlowBox((self.use, self.back, self.compare, self.more))
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
            row_of_band = (*self._names[band], self.values[band], self.intervals[band])
            for column, cell in enumerate(row_of_band):
                grid.addWidget(cell, row, column)
            self.values[band].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for text in (self.made, self.fed, self.note, self.question, self.unmeasured):
            text.setWordWrap(True)
        self.note_field.setMaxLength(LONGEST_NOTE)
        self.note_field.setPlaceholderText(self.tr("What to remember about it"))
        self.note_field.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        above: tuple[QWidget, ...] = (self.note, self.note_field, self.made, self.fed)
        below: tuple[QWidget, ...] = (self.unmeasured, self._actions, self.question, self._answers)
        for widget in above:
            layout.addWidget(widget)
        layout.addLayout(grid)
        for widget in below:
            layout.addWidget(widget)

    def _connect(self) -> None:
        self.compare.setCheckable(True)
        self.more.setToolTip(self.tr("More"))
        for button in (self.use, self.back, self.compare, self.sure, self.keep):
            button.setAccessibleName(f"{button.text()}: {self.title.text()}")
        self.more.setAccessibleName(self.tr("More: {version}").format(version=self.title.text()))
        self.note_field.setAccessibleName(self.tr("Note on {version}").format(version=self.title.text()))
        self.use.clicked.connect(lambda: self.used.emit(self.name))
        self.back.clicked.connect(self.rolled_back)
        self.compare.clicked.connect(lambda on: self.chosen.emit(self.name, on))
        self.more.clicked.connect(self._open_menu)
        self.keep.clicked.connect(lambda: self.ask(False))
        self.sure.clicked.connect(lambda: self.deleted.emit(self.name))
        self.note_field.returnPressed.connect(self._save_note)
        theme().changed.connect(self._restyle)

    # --- content

    def show_version(self, version: ModelVersion, *, writable: bool) -> None:
        self._version, self._active, self._writable = version, version.active, writable
        self.made.setText(made_words(version, datetime.now(UTC)).capitalize())
        self.fed.setText(fed_words(version))
        self.note.setText(version.note)
        self._show_measures(version.card.metrics)
        words = (
            self.tr("Use {version} again")
            if version.card.parent
            else self.tr("Use the untrained model again")
        )
        self.back.setToolTip(words.format(version=version.card.parent))
        words = self.tr("It was trained with {model}. Change back to that image model to use it.")
        other = "" if version.other_model is None else words.format(model=version.other_model)
        self.other.setToolTip(other)
        self.setToolTip(other or reason_words(version.card.verdict, version.reason))
        self._show_state()

    def show_none(self, measures: dict[str, Measure], since: str, *, active: bool, writable: bool) -> None:
        """The suggestions without training; ``since``: the version whose judging measured them."""
        self._active, self._writable = active, writable
        self.made.setText(self.tr("Learns from each answer at once, without training"))
        words = self.tr("Measured when {version} was compared with it")
        self.fed.setText(words.format(version=since) if since else "")
        self.fed.setVisible(bool(since))
        self._show_measures(measures)
        self._show_state()

    def ask(self, asked: bool) -> None:
        """Ask whether to delete it, in place of the buttons; nothing here is modal."""
        self._asked = asked
        size = 0 if self._version is None else self._version.bytes
        question = self.tr("Delete {version}? This frees {size} and cannot be undone.")
        self.question.setText(question.format(version=self.name, size=size_words(size)) if asked else "")
        self.question.setVisible(asked)
        self._answers.setVisible(asked)
        self._actions.setVisible(not asked)
        if asked:
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_chosen(self, chosen: bool) -> None:
        self.compare.setChecked(chosen)

    def _show_measures(self, measures: dict[str, Measure]) -> None:
        for band in BANDS:
            for widget in (*self._names[band], self.values[band], self.intervals[band]):
                widget.setVisible(band in measures)
            self.values[band].setText(measure_words(measures.get(band)))
            self.intervals[band].setText(interval_words(measures.get(band)))
        self.unmeasured.setText("" if measures else self.tr("Quality not measured: too few labels"))
        self.unmeasured.setVisible(not measures)

    def _show_state(self) -> None:
        self._tick.setVisible(self._active)
        self.mark.setVisible(self._active)
        self.other.setVisible(self._version is not None and self._version.other_model is not None)
        self.compare.setVisible(self._can(COMPARE))
        self.use.setVisible(self._can(USE))
        self.back.setVisible(self._active and self.name != NONE and self._writable)
        self.more.setVisible(self.name != NONE)
        self.note.setVisible(bool(self.note.text()) and self.note_field.isHidden())
        words = self.tr("{version}, in use") if self._active else "{version}"
        self.setAccessibleName(words.format(version=self.title.text()))
        self.setAccessibleDescription(self.note.text())

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(TypeSize.LARGE)
        self._tick.setPixmap(icon_pixmap("tick", side, theme().colour("yes"), self.devicePixelRatioF()))
        self.more.setIcon(icon("more", side=side))

    # --- keys and menu

    def _can(self, key: str) -> bool:
        real, other = self.name != NONE, self._version is not None and self._version.other_model is not None
        return {
            USE: not self._active and self._writable and not other,
            COMPARE: not other,
            NOTE: real and self._writable,
            DELETE: real and not self._active and self._writable,
        }[key]

    def _do(self, key: str) -> None:
        if not self._can(key):
            return
        if key == USE:
            self.used.emit(self.name)
        elif key == COMPARE:
            self.compare.click()
        elif key == NOTE:
            self.edit_note()
        else:
            self.ask(True)

    def menu(self) -> ContextMenu:
        """What can be done with this version."""
        menu = ContextMenu(self, self.title.text())
        menu.add(self.tr("Use"), lambda: self._do(USE), key=USE, enabled=self._can(USE))
        if self._active and self.name != NONE:
            menu.add(self.back.toolTip(), self.back.click, enabled=self._writable)
        compare = self.tr("Leave the comparison") if self.compare.isChecked() else self.tr("Compare")
        menu.add(compare, lambda: self._do(COMPARE), key=COMPARE, enabled=self._can(COMPARE))
        if self.name != NONE:
            menu.add(self.tr("Show how it was trained"), lambda: self.shown_wanted.emit(self.name))
            menu.add_group()
            menu.add(self.tr("Note…"), lambda: self._do(NOTE), key=NOTE, enabled=self._can(NOTE))
            delete = self.tr("Delete… ({size})")
            size = size_words(0 if self._version is None else self._version.bytes)
            menu.add(
                delete.format(size=size), lambda: self._do(DELETE), key=DELETE, enabled=self._can(DELETE)
            )
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._asked:
            self.menu().open_for(event)

    @Slot()
    def _open_menu(self) -> None:
        self.menu().open_at(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def event(self, event: QEvent) -> bool:
        # The window's shortcuts on these keys wait while a card has the focus.
        shortcut = event.type() == QEvent.Type.ShortcutOverride
        if shortcut and isinstance(event, QKeyEvent) and self._key_of(event):
            event.accept()
            return True
        return super().event(event)

    def _key_of(self, event: QKeyEvent) -> str:
        """The key of the card that is pressed; empty for none, or if a part of the card has the focus."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return _KEYS.get(Qt.Key(event.key()), "") if self.hasFocus() and plain else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self._asked or not self.note_field.isHidden()):
            self._close_note()
            self.ask(False)
        elif key := self._key_of(event):
            self._do(key)
        elif self.hasFocus() and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focus_neighbour(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def focus_neighbour(self, forward: bool) -> None:
        """To the next or previous card of the same panel."""
        panel = self.parentWidget()
        found = [] if panel is None else panel.findChildren(VersionCardView)
        cards = sorted((one for one in found if one.isVisible()), key=lambda one: one.y())
        at = cards.index(self) + (1 if forward else -1)
        if 0 <= at < len(cards):
            cards[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = smooth_painter(self)
            draw_focus_ring(painter, QRectF(self.rect()), RADIUS)
            painter.end()

    # --- the note

    def edit_note(self) -> None:
        """Write in place; Enter saves, Esc leaves it as it was."""
        self.note_field.setText(self.note.text())
        self.note_field.show()
        self.note.hide()
        self.note_field.selectAll()
        self.note_field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _save_note(self) -> None:
        if not self.note_field.isHidden():
            words = self.note_field.text().strip()
            self._close_note()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            if words != self.note.text():
                self.noted.emit(self.name, words)

    def _close_note(self) -> None:
        self.note_field.hide()
        self.note.setVisible(bool(self.note.text()))
