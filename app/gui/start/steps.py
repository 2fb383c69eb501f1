"""How it works, in three steps, for somebody without a project."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_XS
from app.gui.widgets.key_cap import KeyCap
from app.gui.widgets.text import Text


class Steps(QWidget):
    """Numbered titles, each with one sentence."""

    def __init__(self, steps: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text(self.tr("How it works"), TypeSize.LARGE, strong=True))
        for number, (title, sentence) in enumerate(steps, start=1):
            words = QVBoxLayout()
            words.setSpacing(SPACE_XS // 2)
            words.addWidget(Text(title))
            explained = Text(sentence, quiet=True)
            explained.setWordWrap(True)
            words.addWidget(explained)
            line = QHBoxLayout()
            line.setSpacing(SPACE_M)
            line.addWidget(KeyCap(str(number)), 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(words, 1)
            layout.addLayout(line)
