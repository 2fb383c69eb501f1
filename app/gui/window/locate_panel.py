"""How many images are found at the new place of an image folder, before it is used."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.language import number
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import counted

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.session import Location


class LocatePanel(QWidget):
    left = Signal()
    chosen = Signal(object, object)
    """The former and the new path of the folder."""
    other_wanted = Signal(object)
    """Another place is to be chosen for the folder with this former path."""

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Locate an image folder"))
        self._location: Location | None = None
        self.title = ElidedText(self.tr("Locate an image folder"), TypeSize.TITLE)
        self.old, self.new = ElidedText(""), ElidedText("")
        self.result = Text("", TypeSize.LARGE, strong=True)
        self.rest = Text("", quiet=True)
        for text in (self.result, self.rest):
            text.setWordWrap(True)
        self.use = QPushButton(self.tr("Use this folder"))
        self.use.setProperty("role", "primary")
        self.other = QPushButton(self.tr("Choose another folder…"))
        self.cancel = QPushButton(self.tr("Cancel"))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.other)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        for widget in (self.title, self.old, self.new, self.result, self.rest):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.use.clicked.connect(self._use)
        self.other.clicked.connect(self._choose_other)
        self.cancel.clicked.connect(self.left)
        session.closed.connect(self.left)
        self.setFocusProxy(self.use)

    def begin(self, location: "Location", asked: Path) -> None:
        """Show what was found; ``asked``: the folder that the person chose."""
        self._location = location
        self.old.setText(self.tr("Before: {folder}").format(folder=location.old))
        self.new.setText(self.tr("Now: {folder}").format(folder=location.new))
        found, known = location.found, location.known
        self.result.setText(
            self.tr("{found} of {known} images are there.").format(found=number(found), known=number(known))
        )
        self.rest.setText(" ".join(self._rest_words(location, asked)))
        self.use.setEnabled(bool(found) or not known)

    def _rest_words(self, location: "Location", asked: Path) -> list[str]:
        words = []
        if asked.resolve() != location.new:
            words.append(
                self.tr("They are in {folder}, near the folder that you chose.").format(
                    folder=location.new.name
                )
            )
        gone = location.known - location.found
        if not location.found and location.known:
            words.append(self.tr("Choose the folder that holds the images. Nothing is changed."))
        elif gone:
            words.append(
                counted(
                    gone,
                    self.tr("{n} image is not there under its name, for example {names}."),
                    self.tr("{n} images are not there under their names, for example {names}."),
                    names=", ".join(location.lost),
                )
            )
            words.append(self.tr("The scan that follows recognises renamed files; all labels are kept."))
        else:
            words.append(self.tr("All labels stay. The folder is scanned afterwards."))
        return words

    @Slot()
    def _use(self) -> None:
        if self._location is not None:
            self.chosen.emit(self._location.old, self._location.new)
            self.left.emit()

    @Slot()
    def _choose_other(self) -> None:
        if self._location is not None:
            self.left.emit()
            self.other_wanted.emit(self._location.old)
