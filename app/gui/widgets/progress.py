"""The bar of a job: how much is done, if that is known."""

from typing import Final

from PySide6.QtWidgets import QProgressBar, QWidget

from app.gui.theme import theme

_STEPS: Final = 1000


class ShareBar(QProgressBar):
    """Without words of its own; they are shown beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setRange(0, _STEPS)

    def show_share(self, share: float | None, *, working: bool) -> None:
        """``share`` in [0, 1]. While unknown, the bar moves unless nothing works or motion is reduced."""
        moves = share is None and working and theme().motion > 0
        self.setRange(0, 0 if moves else _STEPS)
        self.setValue(round((share or 0.0) * _STEPS))
