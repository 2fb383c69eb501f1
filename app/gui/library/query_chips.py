"""What limits or orders the list beside its conditions, as chips that can be removed.

So is a list that was chosen image by image, which no query describes.
"""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.domain.query import Query, to_text
from app.domain.query.nodes import SimilarTo
from app.gui.library.facet_rows import parsed
from app.gui.theme import theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_M, SPACE_XS
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.words import counted


class QueryChip(QToolButton):
    """A modifier; pressing it removes it."""

    def __init__(self, words: str, removed: Query, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.removed = removed
        self.setProperty("role", "chip")
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(self.tr("Remove: {what}").format(what=words))
        self.setToolTip(self.tr("Remove from the query"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind the words
        side = theme().pixels(12)
        self.setIcon(icon("close", "quiet", side=side))
        self.setIconSize(QSize(side, side))


class QueryChips(QFrame):
    """Hidden while there is nothing to remove."""

    query_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self._query, self._chosen = "", 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_XS, SPACE_M, SPACE_XS)
        self._box = FlowBox([])
        layout.addWidget(self._box)
        self.chips: list[QueryChip] = []
        theme().changed.connect(self._fill)
        self.hide()

    def set_query(self, text: str, chosen: int = 0) -> None:
        """``chosen``: how many images were chosen one by one, in place of a query."""
        self._query, self._chosen = text, chosen
        self._fill()

    @Slot()
    def _fill(self) -> None:
        query = parsed(self._query)
        self.chips = []
        if self._chosen:
            words = counted(self._chosen, self.tr("{n} chosen image"), self.tr("{n} chosen images"))
            self.chips.append(QueryChip(words, query))
        if isinstance(query.order, SimilarTo):
            name = query.order.image.rpartition("/")[2]
            words = self.tr("Similar to {image}").format(image=name)
            self.chips.append(QueryChip(words, replace(query, order=None)))
        if query.limit is not None:
            words = counted(query.limit, self.tr("First {n} image"), self.tr("First {n} images"))
            self.chips.append(QueryChip(words, replace(query, limit=None)))
        for chip in self.chips:
            chip.clicked.connect(self._remove)
        self._box.set_widgets(self.chips)
        self.setVisible(bool(self.chips))

    @Slot()
    def _remove(self) -> None:
        chip = self.sender()
        if isinstance(chip, QueryChip):
            self.query_wanted.emit(to_text(chip.removed))
