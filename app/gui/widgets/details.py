"""What an expert wants to know, folded behind one button."""

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_S
from app.gui.widgets.flow_box import FlowBox


class Details(QWidget):
    """A button that shows and hides ``body``; folded at first."""

    def __init__(self, body: QWidget, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = body
        self.button = QPushButton(words or self.tr("Details"))
        self.button.setProperty("role", "quiet")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(FlowBox((self.button,)))
        layout.addWidget(body, 1)
        body.hide()
        theme().changed.connect(self._restyle)
        self._restyle()

    @property
    def shown(self) -> bool:
        return self.button.isChecked()

    @Slot(bool)
    def _show(self, shown: bool) -> None:
        self.body.setVisible(shown)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(TypeSize.LARGE)
        self.button.setIcon(icon("chevron-down" if self.shown else "chevron-right", "quiet", side=side))
        self.button.setIconSize(QSize(side, side))
