"""Groups of duplicates, one after the other, with the first pictures of each."""

import glob
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.duplicates import DuplicateKind
from app.domain.language import number
from app.domain.query import Query, to_text
from app.domain.query.nodes import Or, PathLike
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.picture_box import PictureBox
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import counted
from app.jobs.work.comparisons import SHOWN_COPIES, FoundDuplicates, ShownGroup

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

MOST_ASKED = 50
"""Images of a group that one query names."""


class DuplicatesPanel(QWidget):
    """Nothing is changed here; the images of a group can be shown in the library."""

    left = Signal()
    library_wanted = Signal(str)
    """A query for the images of a group."""

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Duplicates"))
        self._found = FoundDuplicates((), 0)
        self._at = 0
        self.title = ElidedText("", TypeSize.TITLE)
        self.kind = Text("", TypeSize.LARGE, strong=True)
        self.more = Text("", quiet=True)
        self.pictures = [PictureBox() for _ in range(SHOWN_COPIES)]
        self.names = [ElidedText("", TypeSize.SMALL) for _ in range(SHOWN_COPIES)]
        self.previous = QPushButton(self.tr("Previous"))
        self.next = QPushButton(self.tr("Next"))
        self.show_button = QPushButton(self.tr("Show in the library"))
        self.show_button.setProperty("role", "primary")
        self.close_button = QPushButton(self.tr("Close"))
        self._arrange()
        self.previous.clicked.connect(lambda: self._go(-1))
        self.next.clicked.connect(lambda: self._go(1))
        self.show_button.clicked.connect(self._show_in_library)
        self.close_button.clicked.connect(self.left)
        session.closed.connect(self.left)
        self.setFocusProxy(self.next)

    def _arrange(self) -> None:
        strip = QHBoxLayout()
        strip.setSpacing(SPACE_S)
        for picture, name in zip(self.pictures, self.names, strict=True):
            column = QVBoxLayout()
            column.setSpacing(SPACE_XS)
            column.addWidget(picture, 1)
            column.addWidget(name)
            strip.addLayout(column, 1)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S)
        for button in (self.previous, self.next):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.close_button, self.show_button):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        for widget in (self.title, self.kind):
            layout.addWidget(widget)
        layout.addLayout(strip, 1)
        layout.addWidget(self.more)
        layout.addLayout(foot)

    def begin(self, found: FoundDuplicates) -> None:
        self._found, self._at = found, 0
        self._show()

    def group(self) -> ShownGroup | None:
        """The group that is shown."""
        return self._found.groups[self._at] if self._found.groups else None

    def _show(self) -> None:
        found, shown = self._found, self.group()
        self.title.setText(
            counted(found.total, self.tr("{n} group of duplicates"), self.tr("{n} groups of duplicates"))
            if found.total
            else self.tr("There are no duplicates")
        )
        self.kind.setText("" if shown is None else self._kind_words(shown))
        names = [] if shown is None else list(shown.group.names)
        for place, (picture, name) in enumerate(zip(self.pictures, self.names, strict=True)):
            there = shown is not None and place < len(shown.pictures)
            picture.setVisible(there)
            name.setText(names[place] if there else "")
            if shown is not None and there:
                picture.show_bytes(shown.pictures[place])
                picture.setAccessibleName(names[place])
        rest = len(names) - len(self.pictures)
        self.more.setText(
            counted(rest, self.tr("and {n} more image"), self.tr("and {n} more images")) if rest > 0 else ""
        )
        self.previous.setEnabled(self._at > 0)
        self.next.setEnabled(self._at + 1 < len(found.groups))
        self.show_button.setEnabled(shown is not None)

    def _kind_words(self, shown: ShownGroup) -> str:
        place = self.tr("Group {n}: {kind}")
        match shown.group.kind:
            case DuplicateKind.SAME_FILE:
                kind = self.tr("the same file")
            case DuplicateKind.SAME_PICTURE:
                kind = self.tr("the same picture with other metadata")
            case DuplicateKind.LOOKS_ALIKE:
                kind = self.tr("pictures that look alike")
        return place.format(n=number(self._at + 1), kind=kind)

    def _go(self, step: int) -> None:
        self._at += step
        self._show()
        if not (self.previous if step < 0 else self.next).isEnabled():
            self.show_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_in_library(self) -> None:
        shown = self.group()
        if shown is not None:
            paths = tuple(PathLike(glob.escape(name)) for name in shown.group.names[:MOST_ASKED])
            self.left.emit()
            self.library_wanted.emit(to_text(Query(Or(paths))))
