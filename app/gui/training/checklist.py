"""What a new version is judged on, as a checklist with how far each point is."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.language import number
from app.domain.training import Need, NeedKind
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon_pixmap
from app.gui.theme.tokens import SPACE_S
from app.gui.widgets.text import Text


class Checklist(QWidget):
    """A tick, the name and "44 of 40" for each need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Enough labels?"))
        self._met: dict[NeedKind, bool] = {}
        titles = {
            NeedKind.IMAGES: self.tr("Labelled images"),
            NeedKind.YES: self.tr("Yes labels"),
            NeedKind.CATEGORIES: self.tr("Categories"),
        }
        hints = {
            NeedKind.IMAGES: self.tr("Images with labels and features"),
            NeedKind.YES: self.tr("In the categories counted below"),
            NeedKind.CATEGORIES: self.tr("With at least three yes and one no"),
        }
        self.marks = {kind: QLabel() for kind in NeedKind}
        self.values = {kind: Text("", tabular=True) for kind in NeedKind}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(SPACE_S // 2)
        grid.setColumnStretch(1, 1)
        for row, kind in enumerate(NeedKind):
            title = Text(titles[kind])
            for widget in (title, self.values[kind], self.marks[kind]):
                widget.setToolTip(hints[kind])
            grid.addWidget(self.marks[kind], row, 0)
            grid.addWidget(title, row, 1)
            grid.addWidget(self.values[kind], row, 2, Qt.AlignmentFlag.AlignRight)
        theme().changed.connect(self._restyle)

    def show_needs(self, needs: Sequence[Need]) -> None:
        words = []
        for need in needs:
            count = self.tr("{have} of {want}").format(have=number(need.have), want=number(need.want))
            self.values[need.kind].setText(count)
            mark = self.tr("enough") if need.met else self.tr("not enough yet")
            self.marks[need.kind].setAccessibleName(mark)
            words.append(f"{count}: {mark}")
        self._met = {need.kind: need.met for need in needs}
        self.setAccessibleDescription(", ".join(words))
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        side, ratio = theme().pixels(TypeSize.LARGE), self.devicePixelRatioF()
        for kind, met in self._met.items():
            name, colour = ("done", "yes") if met else ("circle", "quiet")
            self.marks[kind].setPixmap(icon_pixmap(name, side, theme().colour(colour), ratio))
