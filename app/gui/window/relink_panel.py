"""Missing images beside the new file that each may be, one pair after the other, for the person to decide."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.language import number
from app.domain.relinking import Likeness
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.picture_box import PictureBox
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import counted
from app.jobs.values.store import RelinkDone
from app.jobs.work.comparisons import RelinkOffer, RelinkPair

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.store import MutationResult


class RelinkPanel(QWidget):
    """Nothing is linked without an answer; the newest link can be undone while the panel is open."""

    left = Signal()
    more_wanted = Signal()
    """The pairs that were shown are decided, and there are others."""
    linked = Signal(int)
    """Images have a file again, or have lost it again (a negative number)."""

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Missing images in new files"))
        self._session = session
        self._pairs: list[RelinkPair] = []
        self._rest = 0
        self._busy = False
        self.title = ElidedText("", TypeSize.TITLE)
        self.words = Text("", quiet=True)
        self.words.setWordWrap(True)
        self.before, self.after = _Side(self.tr("Missing")), _Side(self.tr("New file"))
        self.likeness = Text("", TypeSize.LARGE, strong=True)
        self.same = QPushButton(self.tr("Same image"))
        self.same.setProperty("role", "primary")
        self.different = QPushButton(self.tr("Not the same"))
        self.all = QPushButton("")
        self.undo = QPushButton(self.tr("Undo the last link"))
        self.close_button = QPushButton(self.tr("Close"))
        self._arrange()
        self.same.clicked.connect(lambda: self._accept(1))
        self.all.clicked.connect(lambda: self._accept(len(self._pairs)))
        self.different.clicked.connect(self._refuse)
        self.undo.clicked.connect(self._undo)
        self.close_button.clicked.connect(self.left)
        session.answered.connect(self._follow_answer)
        session.closed.connect(self._forget)
        self.undo.setVisible(False)
        self.setFocusProxy(self.same)

    def _arrange(self) -> None:
        pictures = QHBoxLayout()
        pictures.setSpacing(SPACE_M)
        pictures.addWidget(self.before, 1)
        pictures.addWidget(self.after, 1)
        answers = QHBoxLayout()
        answers.setSpacing(SPACE_S)
        answers.addWidget(self.likeness, 1)
        answers.addWidget(self.different)
        answers.addWidget(self.same)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S)
        foot.addWidget(self.undo)
        foot.addStretch(1)
        foot.addWidget(self.all)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.title)
        layout.addWidget(self.words)
        layout.addLayout(pictures, 1)
        layout.addLayout(answers)
        layout.addLayout(foot)

    def begin(self, offer: RelinkOffer) -> None:
        """Show the pairs of an offer."""
        self._pairs, self._rest = list(offer.pairs), offer.total - len(offer.pairs)
        self._busy = False
        self._show()

    def pairs(self) -> Sequence[RelinkPair]:
        """Those that wait for an answer; the first is shown."""
        return self._pairs

    # --- showing

    def _show(self) -> None:
        total = len(self._pairs) + self._rest
        self.title.setText(
            counted(
                total,
                self.tr("{n} missing image may be in a new file"),
                self.tr("{n} missing images may be in new files"),
            )
            if total
            else self.tr("No missing image was found in a new file")
        )
        self.words.setText(
            self.tr("Labels, reviews and history stay with the image, which gets the new file.")
            if total
            else self.tr("Every pair is decided. Images that are still missing keep their labels.")
        )
        pair = self._pairs[0] if self._pairs else None
        for side in (self.before, self.after):
            side.setVisible(pair is not None)
        if pair is not None:
            self.before.show_image(pair.candidate.missing.name, pair.before)
            self.after.show_image(pair.candidate.new.name, pair.after)
            self.likeness.setText(self._likeness_words(pair))
        else:
            self.likeness.setText("")
        for button in (self.same, self.different):
            button.setVisible(pair is not None)
        self.all.setVisible(len(self._pairs) > 1)
        self.all.setText(self.tr("All {n} are the same").format(n=number(len(self._pairs))))
        self._enable()
        (self.same if pair is not None else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _enable(self) -> None:
        info = self._session.info
        possible = not self._busy and info is not None and not info.read_only
        for button in (self.same, self.different, self.all, self.undo):
            button.setEnabled(possible)

    def _likeness_words(self, pair: RelinkPair) -> str:
        match pair.candidate.likeness:
            case Likeness.SAME_PICTURE:
                return self.tr("The same picture; only other data in the file differ.")
            case Likeness.SIMILAR:
                words = self.tr("The pictures look alike: {percent} %.")
            case Likeness.FEATURES:
                words = self.tr("The image model sees similar pictures: {percent} %.")
        return words.format(percent=int(100 * pair.candidate.value))

    # --- answers

    def _ids(self, count: int) -> list[tuple[int, int]]:
        return [(one.candidate.missing.id, one.candidate.new.id) for one in self._pairs[:count]]

    def _accept(self, count: int) -> None:
        ids = self._ids(count)
        words = counted(
            count,
            self.tr("Link {n} missing image to its file"),
            self.tr("Link {n} missing images to their files"),
        )
        self._wait(count)
        self._session.change(lambda store: store.relinking.accept(ids), words, refused=self._refused)

    @Slot()
    def _refuse(self) -> None:
        ids = self._ids(1)
        self._wait(1)
        words = self.tr("Not the same image")
        self._session.change(lambda store: store.relinking.refuse(ids), words, refused=self._refused)

    @Slot()
    def _undo(self) -> None:
        self._wait(0)
        words = self.tr("Undo the last link")
        self._session.change(lambda store: store.relinking.undo_last(), words, refused=self._refused)

    def _wait(self, decided: int) -> None:
        self._busy = True
        del self._pairs[:decided]
        self._enable()

    def _refused(self, sentence: str) -> None:
        """The pairs may be out of date, so they are read again."""
        self.words.setText(sentence)
        self._busy = False
        self.more_wanted.emit()

    @Slot(object)
    def _follow_answer(self, done: "MutationResult") -> None:
        answer = done.answer
        if not isinstance(answer, RelinkDone):
            return
        self._busy = False
        if answer.linked or answer.undone:
            self.undo.setVisible(bool(answer.linked))
            self._session.images_were_scanned()
            self.linked.emit(answer.linked - answer.undone)
        if answer.undone or (not self._pairs and self._rest):
            self.more_wanted.emit()
        self._show()

    @Slot()
    def _forget(self) -> None:
        self._pairs, self._rest, self._busy = [], 0, False
        self.undo.setVisible(False)
        self.left.emit()


class _Side(QWidget):
    """A picture with a heading and the name of its file."""

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PictureBox()
        self.name = ElidedText("", TypeSize.SMALL)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(Text(heading, strong=True))
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.name)

    def show_image(self, name: str, data: bytes | None) -> None:
        self.name.setText(name)
        self.picture.show_bytes(data)
        self.picture.setAccessibleName(name)
