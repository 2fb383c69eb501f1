"""A field for a tag: completes what is typed, and offers to create new categories."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.categories import MAX_NAME_LENGTH
from app.gui.theme import theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.jobs.project.tag_completion import TagCandidate

_CANDIDATE: Final = Qt.ItemDataRole.UserRole
_MOST_ROWS: Final = 6
_BREAKS: Final = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]")
_PRESSES: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})
ENTER_PAUSE_MS: Final = 300
"""After Enter has left the field, another Enter within this time is a slip and does nothing."""


class EnterPause(QObject):
    """Swallows Enter in the whole application for a moment, or until another key."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ENTER_PAUSE_MS)
        self._timer.timeout.connect(self._end)

    def begin(self) -> None:
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # there is one
        self._timer.start()

    @Slot()
    def _end(self) -> None:
        self._timer.stop()
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _PRESSES and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
            self._end()  # the person has moved on
        return super().eventFilter(watched, event)


class TagField(QWidget):
    """The list opens above the field. Enter takes the marked row, Shift+Enter creates what is typed; Esc, or
    Enter in the empty field, leaves, and Shift+Enter there marks the image as done.

    After a tag the field is cleared and keeps the focus for the next one.
    """

    chosen = Signal(object)
    """A TagCandidate."""
    left = Signal()
    """The focus should go back to the images."""
    done = Signal()
    """All tags are given: left() follows."""

    def __init__(
        self, complete: Callable[[str], Sequence[TagCandidate]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._complete = complete
        self._pause = EnterPause(self)
        self.line = QLineEdit()
        self.line.setMaxLength(MAX_NAME_LENGTH)
        self.line.setAccessibleName(self.tr("Add tag"))
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._offer)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Matching tags"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.itemClicked.connect(self._take)
        self.list.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self.list)
        layout.addWidget(self.line)
        self.set_key("")
        theme().changed.connect(self._restyle)

    def set_key(self, key: str) -> None:
        self._key_words = key
        self._hint(first=True)

    def _hint(self, *, first: bool) -> None:
        """What to type; after a tag also how to get out, because letters are no keys in here."""
        if not first:
            self.line.setPlaceholderText(self.tr("Next tag; Enter when done"))
        elif self._key_words:
            self.line.setPlaceholderText(self.tr("Add tag…  ({key})").format(key=self._key_words))
        else:
            self.line.setPlaceholderText(self.tr("Add tag…"))

    @Slot()
    def begin(self) -> None:
        """Take the focus and offer the tags used last."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        self._offer(self.line.text())

    @Slot(str)
    def _offer(self, text: str) -> None:
        if _BREAKS.search(text):  # pasted lines are one name
            self.line.setText(" ".join(_BREAKS.sub(" ", text).split()))
            return
        found = self._complete(text) if self.line.hasFocus() or text else []
        self.list.clear()
        for one in found:
            item = QListWidgetItem(self._candidate_words(one))
            if one.is_new:
                item.setIcon(icon("plus", "accent", side=theme().pixels(14)))
            item.setData(_CANDIDATE, one)
            item.setToolTip(item.text())
            self.list.addItem(item)
        self.list.setVisible(bool(found))
        if found:
            # Nothing is marked before something is typed, so that Enter leaves.
            self.list.setCurrentRow(0 if text.strip() else -1)
            self._fit_list()

    @Slot()
    def follow_categories(self) -> None:
        """Offer what there is now, where that differs from what is offered."""
        if self.list.isVisible():
            rows = [self.list.item(row).data(_CANDIDATE) for row in range(self.list.count())]
            if list(self._complete(self.line.text())) != rows:
                self._offer(self.line.text())

    def _fit_list(self) -> None:
        heights = [self.list.sizeHintForRow(i) for i in range(min(_MOST_ROWS, self.list.count()))]
        self.list.setFixedHeight(sum(heights) + 2 * self.list.frameWidth() + 2)

    @Slot()
    def _restyle(self) -> None:
        if self.list.isVisible():
            self._offer(self.line.text())

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        candidate = item.data(_CANDIDATE)
        self.line.clear()
        self.chosen.emit(candidate)
        if self.line.hasFocus():
            self._hint(first=False)
            self._offer("")

    def _create_or_end(self) -> None:
        """Take what is typed as it is, whatever row is marked."""
        if not self.line.text().strip():
            self.done.emit()
            self._leave()
            return
        rows = [self.list.item(row) for row in range(self.list.count())]
        new = next((row for row in rows if row.data(_CANDIDATE).is_new), None)
        if rows:
            self._take(new or rows[0])  # without an offer to create it, the first row is that very category

    def _leave(self) -> None:
        self.line.clear()
        self.list.hide()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if event.type() == QEvent.Type.FocusOut:
                self.list.hide()
                self._hint(first=True)
            elif event.type() == QEvent.Type.FocusIn and self.line.text():
                self._offer(self.line.text())
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._create_or_end()
                return True
            item = self.list.currentItem() if self.list.isVisible() else None
            if item is not None:
                self._take(item)
            elif not self.line.text().strip():
                self._leave()
                self._pause.begin()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.list.isVisible():
            by = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + by) % self.list.count())
        else:
            return False
        return True

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(80), self.line.minimumSizeHint().height() + SPACE_S)

    def _candidate_words(self, candidate: TagCandidate) -> str:
        if candidate.is_new:
            return self.tr("Create “{name}”").format(name=candidate.name)
        words = f"{candidate.name}  ({candidate.alias})" if candidate.alias else candidate.name
        typed = bool(self.line.text().strip())
        return self.tr("Did you mean {name}?").format(name=words) if typed and not candidate.likely else words
