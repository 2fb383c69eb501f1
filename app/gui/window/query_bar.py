"""The query bar: a line with completion, and the place of an error in the query."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.domain.finding import Queries
from app.gui.theme import theme
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.banner import Banner
from app.gui.window.query_menu import QueryMenu
from app.jobs.values.session import QueryCandidate

MAX_ROWS: Final = 8
_CARET: Final = 5


class QueryEdit(QLineEdit):
    """A line that can mark an error in its text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wrong_at: int | None = None
        self.textEdited.connect(self.clear_mark)

    def mark(self, position: int) -> None:
        """Put a caret under the character at ``position``; negative: mark the whole line."""
        self._wrong_at = position
        self.setCursorPosition(max(0, position))
        self._invalid(True)

    @Slot()
    def clear_mark(self) -> None:
        self._wrong_at = None
        self._invalid(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._wrong_at is None or self._wrong_at < 0 or self.cursorPosition() != self._wrong_at:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("no"))
        x, bottom = self.cursorRect().center().x() + 1, self.height() - 2
        corners = [QPointF(x, bottom - _CARET), QPointF(x - _CARET, bottom), QPointF(x + _CARET, bottom)]
        painter.drawPolygon(QPolygonF(corners))
        painter.end()

    def _invalid(self, wrong: bool) -> None:
        self.setProperty("invalid", wrong)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()


class QueryBar(QWidget):
    """Enter runs the query, Esc leaves the bar. Completions open below while typing.

    Up and Down go through the queries that were run before; in an empty field Down lists them.
    """

    submitted = Signal(str)
    entered = Signal()
    """Before ``submitted``, where the person has pressed Enter."""
    completion_wanted = Signal(str, int)
    """The text, and the position of the cursor in it."""
    left = Signal()
    """The focus should go back to the images."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QueryEdit()
        self.edit.setPlaceholderText(self.tr("Filter: names, -name, is:unreviewed, sort:name"))
        self.edit.setAccessibleName(self.tr("Query"))
        self.edit.setClearButtonEnabled(True)
        self.edit.textEdited.connect(self._typed)
        self.edit.textChanged.connect(self._emptied)
        self.edit.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Completions"))
        self.list.setProperty("panel", "raised")
        self.list.itemClicked.connect(self._clicked)
        self.list.hide()
        self._candidates: list[QueryCandidate] = []
        self._ran = self._draft = ""
        self._queries = Queries()
        self._back = 0
        self.menu = QueryMenu()
        self.menu.query_wanted.connect(self.replace)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.menu)
        self.setFocusProxy(self.edit)

    def set_query(self, text: str) -> None:
        """Show the query whose images are shown."""
        self._ran = text
        self._back = 0
        self.menu.set_query(text)
        if not self.edit.hasFocus() or self.edit.text().strip() == text.strip():
            self.edit.setText(text)
        if not self.edit.hasFocus():
            self.edit.setCursorPosition(0)
        self.edit.clear_mark()
        self._close_list()

    def show_error(self, position: int) -> None:
        self.edit.mark(position)
        self._close_list()

    @Slot(object)
    def set_queries(self, queries: Queries) -> None:
        """The saved queries and the history of the project."""
        self._queries = queries
        self.menu.set_queries(queries)
        self._back = 0

    def write(self, text: str) -> None:
        """Write the beginning of a query into the line; completions open below."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.setText(text)
        self.edit.clear_mark()
        self.completion_wanted.emit(text, len(text))

    @Slot(str)
    def replace(self, text: str) -> None:
        """Write a query into the line and run it."""
        self.edit.setText(text)
        self.edit.clear_mark()
        self.submitted.emit(text)

    @Slot(object)
    def show_completions(self, candidates: Sequence[QueryCandidate]) -> None:
        self._fill_list(candidates)
        if not self._candidates or not self.edit.hasFocus() or not self.edit.text():
            self._close_list()
            return
        self._open_list()

    def _open_list(self) -> None:
        window = self.window()
        self.list.setParent(window)
        row = max(1, self.list.sizeHintForRow(0))
        height = row * min(MAX_ROWS, len(self._candidates)) + 2 * self.list.frameWidth()
        corner = self.edit.mapTo(window, QPoint(0, self.edit.height() + 2))
        self.list.setGeometry(corner.x(), corner.y(), self.edit.width(), height)
        self.list.show()
        self.list.raise_()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if watched is self.edit and event.type() == QEvent.Type.FocusOut:
            self._close_list()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, opened = event.key(), self.list.isVisible()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and opened:
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._go_back(1 if key == Qt.Key.Key_Up else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if opened and self.list.currentRow() >= 0:
                self._accept(self.list.currentRow())
            else:
                self._close_list()
                self.entered.emit()
                self.submitted.emit(self.edit.text())
        elif key == Qt.Key.Key_Tab and opened:
            self._accept(max(0, self.list.currentRow()))
        elif key == Qt.Key.Key_Escape:
            if opened:
                self._close_list()
            else:
                self.edit.setText(self._ran)
                self.edit.clear_mark()
                self.left.emit()
        else:
            return False
        return True

    def _go_back(self, steps: int) -> None:
        """To an older query, or with negative ``steps`` towards what was typed; Down at the end lists all."""
        history = self._queries.history
        if not self._back:
            self._draft = self.edit.text()
        # The query that is shown is the newest: the first step goes to the one before it.
        older = [one for one in history if one != self._draft.strip()]
        if not self._back and steps < 0:
            if not self._draft:
                self._list_queries()
            return
        self._back = min(max(0, self._back + steps), len(older))
        text = older[self._back - 1] if self._back else self._draft
        self.edit.setText(text)
        self.edit.clear_mark()

    def _list_queries(self) -> None:
        saved = [(one.name, one.query) for one in self._queries.saved]
        known = {query for _, query in saved}
        recent = [(one, one) for one in self._queries.history if one not in known]
        self._fill_list(
            [
                QueryCandidate(name, "" if name == query else query, query, len(query), whole=True)
                for name, query in (*saved, *recent)
            ]
        )
        if self._candidates:
            self._open_list()
            self.list.setCurrentRow(0)

    def _fill_list(self, candidates: Sequence[QueryCandidate]) -> None:
        self._candidates = list(candidates)
        self.list.clear()
        for one in self._candidates:
            words = f"{one.label}   {one.description}" if one.description else one.label
            self.list.addItem(QListWidgetItem(words))

    def _accept(self, row: int) -> None:
        chosen = self._candidates[row]
        self.edit.setText(chosen.text)
        self.edit.setCursorPosition(chosen.cursor)
        self._close_list()
        if chosen.whole:
            self.entered.emit()
            self.submitted.emit(chosen.text)
        elif chosen.text.endswith(":"):
            self.completion_wanted.emit(chosen.text, chosen.cursor)

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        self._accept(self.list.row(item))
        self.edit.setFocus()

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._back = 0
        self.completion_wanted.emit(text, self.edit.cursorPosition())

    @Slot(str)
    def _emptied(self, text: str) -> None:
        if not text and self._ran:
            self._close_list()
            self.submitted.emit("")

    def _close_list(self) -> None:
        self.list.setCurrentRow(-1)
        self.list.hide()


class QueryProblem(Banner):
    """The error in a query, and a button that corrects it."""

    fix_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warning", edge=True, parent=parent)
        self._fix = ""
        self.button.clicked.connect(self._choose)

    def show_problem(self, sentence: str, fix: str | None) -> None:
        self._fix = fix or ""
        self.button.setText(self.tr("Use: {query}").format(query=self._fix.replace("&", "&&")))
        self.button.setVisible(bool(self._fix))
        self.tell(sentence)

    @Slot()
    def _choose(self) -> None:
        self.fix_chosen.emit(self._fix)
