"""A field for a tag: completes what is typed, offers to create what is new."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from app.domain.categories import MAX_NAME_LENGTH
from app.gui.theme import theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.jobs.tag_completion import TagCandidate

_CANDIDATE: Final = Qt.ItemDataRole.UserRole
_MOST_ROWS: Final = 6


class TagField(QWidget):
    """The list stands above the field while something is typed. Enter takes the marked row, Escape leaves.

    After a tag the field is empty and keeps the focus, so that the next tag can follow; Enter in the empty
    field leaves too.
    """

    chosen = Signal(object)
    """A TagCandidate."""
    left = Signal()
    """The person is done; the focus belongs to the images again."""

    def __init__(
        self, complete: Callable[[str], Sequence[TagCandidate]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._complete = complete
        self._line = QLineEdit()
        self._line.setMaxLength(MAX_NAME_LENGTH)
        self._line.setAccessibleName("Add tag")
        self._line.setClearButtonEnabled(True)
        self._line.textChanged.connect(self._offer)
        self._line.installEventFilter(self)
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName("Tags that fit")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.itemClicked.connect(self._take)
        self._list.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self._list)
        layout.addWidget(self._line)
        self.set_key("")
        theme().changed.connect(self._restyle)

    def line(self) -> QLineEdit:
        return self._line

    def candidates(self) -> list[TagCandidate]:
        """What the list offers, from above."""
        return [self._list.item(i).data(_CANDIDATE) for i in range(self._list.count())]

    def item_words(self) -> list[str]:
        return [self._list.item(i).text() for i in range(self._list.count())]

    def is_offering(self) -> bool:
        return not self._list.isHidden()

    def set_key(self, key: str) -> None:
        self._line.setPlaceholderText(f"Add tag…  ({key})" if key else "Add tag…")

    @Slot()
    def begin(self) -> None:
        """Take the focus; the tags that were used last are offered."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()
        self._offer(self._line.text())

    @Slot(str)
    def _offer(self, text: str) -> None:
        found = self._complete(text) if self._line.hasFocus() or text else []
        self._list.clear()
        for one in found:
            item = QListWidgetItem(_words(one))
            if one.is_new:
                item.setIcon(icon("plus", "accent", side=theme().pixels(14)))
            item.setData(_CANDIDATE, one)
            item.setToolTip(item.text())
            self._list.addItem(item)
        self._list.setVisible(bool(found))
        if found:
            # Nothing is marked before something is typed: Enter then means to leave.
            self._list.setCurrentRow(0 if text.strip() else -1)
            self._fit_list()

    def _fit_list(self) -> None:
        heights = [self._list.sizeHintForRow(i) for i in range(min(_MOST_ROWS, self._list.count()))]
        self._list.setFixedHeight(sum(heights) + 2 * self._list.frameWidth() + 2)

    @Slot()
    def _restyle(self) -> None:
        if self.is_offering():
            self._offer(self._line.text())

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        candidate = item.data(_CANDIDATE)
        self._line.clear()
        self.chosen.emit(candidate)
        if self._line.hasFocus():
            self._offer("")

    def _leave(self) -> None:
        self._line.clear()
        self._list.hide()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if event.type() == QEvent.Type.FocusOut:
                self._list.hide()
            elif event.type() == QEvent.Type.FocusIn and self._line.text():
                self._offer(self._line.text())
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self._list.currentItem() if self.is_offering() else None
            if item is not None:
                self._take(item)
            elif not self._line.text().strip():
                self._leave()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.is_offering():
            by = 1 if key == Qt.Key.Key_Down else -1
            self._list.setCurrentRow((self._list.currentRow() + by) % self._list.count())
        else:
            return False
        return True

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(80), self._line.minimumSizeHint().height() + SPACE_S)


def _words(candidate: TagCandidate) -> str:
    if candidate.is_new:
        return f"Create “{candidate.name}”"
    return f"{candidate.name}  ({candidate.alias})" if candidate.alias else candidate.name
