"""Accepting all likely images of a category, after showing what to expect."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app.domain.auto_accept import USUAL_PRECISION, AcceptPlan, AcceptResult, plan_sentences
from app.domain.unsaved import AcceptLikely
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import clock_words, counted

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.store import MutationResult

LEAST, MOST = 50, 99
WAIT_MS: Final = 150


class AcceptPanel(QWidget):
    """Plans for one category, and again after each change."""

    left = Signal()
    message = Signal(str)
    """A sentence on what was done."""

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Accept likely images"))
        self._session = session
        self._category: int | None = None
        self._plan: AcceptPlan | None = None
        self.title = ElidedText("", TypeSize.TITLE)
        self.precision = QSpinBox()
        self.precision.setRange(LEAST, MOST)
        self.precision.setSuffix(" %")
        self.precision.setValue(round(100 * USUAL_PRECISION))
        self.precision.setAccessibleName(self.tr("Minimum precision in percent"))
        self.first = Text("", TypeSize.LARGE)
        self.rest = Text("")
        self.when = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.accept = QPushButton(self.tr("Accept"))
        self.accept.setProperty("role", "primary")
        self.cancel = QPushButton(self.tr("Cancel"))
        for text in (self.first, self.rest, self.when):
            text.setWordWrap(True)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WAIT_MS)
        self._later.timeout.connect(self.refresh)
        self._arrange()
        self._connect()
        self.setFocusProxy(self.precision)

    def _arrange(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(SPACE_S)
        asked.addWidget(Text(self.tr("Minimum precision:")))
        asked.addWidget(self.precision)
        asked.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.when, 1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.title)
        layout.addWidget(self.first)
        layout.addWidget(self.rest)
        layout.addLayout(asked)
        layout.addStretch(1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.precision.valueChanged.connect(self.refresh)
        self.accept.clicked.connect(self._apply)
        self.cancel.clicked.connect(self.left)
        self._session.changed.connect(self._follow_change)
        self._session.scores_changed.connect(self._follow_change)
        self._session.answered.connect(self._follow_answer)
        self._session.unsaved.failed.connect(self._follow_change)
        self._session.closed.connect(self._forget)

    # --- asking

    def begin(self, category_id: int, name: str) -> None:
        self._category = category_id
        self.title.setText(self.tr("Accept likely images: {category}").format(category=name))
        self._show_waiting()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        if self._category is not None:
            share = self.precision.value() / 100
            category = self._category
            self._session.ask(
                lambda store: store.accepting.plan(category, share),
                then=self._show_plan,
                failed=self._show_error,
                key="accept-plan",
            )

    def plan(self) -> AcceptPlan | None:
        """The plan shown; None while it is computed."""
        return self._plan

    def words(self) -> str:
        return f"{self.first.text()} {self.rest.text()}"

    # --- showing

    def _show_waiting(self) -> None:
        self._plan = None
        self.first.setText(self.tr("Estimating the result…"))
        self.rest.setText("")
        self.when.setText("")
        self._show_button(0)

    def _show_plan(self, plan: AcceptPlan) -> None:
        if plan.category_id != self._category:
            return
        self._plan = plan
        first, *rest = plan_sentences(plan)
        self.first.setText(first)
        promise = self.tr("Nothing is written until you accept. A single undo reverts everything.")
        self.rest.setText("\n".join(rest if plan.trouble else [*rest, promise]))
        now = clock_words(datetime.now(UTC))
        self.when.setText(self.tr("as of {time}").format(time=now))
        self._show_button(plan.images)

    def _show_error(self, error: BaseException) -> None:
        self._plan = None
        self.first.setText(str(error))
        self.rest.setText("")
        self._show_button(0)

    def _show_button(self, images: int) -> None:
        info = self._session.info
        writable = info is not None and not info.read_only
        words = counted(images, self.tr("Accept {n} image"), self.tr("Accept {n} images"))
        self.accept.setText(words if images else self.tr("Accept"))
        self.accept.setEnabled(bool(images) and writable)

    # --- doing and following

    @Slot()
    def _apply(self) -> None:
        plan, self._plan = self._plan, None
        if plan is not None and plan.images:
            self.accept.setEnabled(False)
            words = counted(
                plan.images,
                self.tr("Accept {n} likely image for {category}"),
                self.tr("Accept {n} likely images for {category}"),
                category=plan.category,
            )
            self._session.carry_out(AcceptLikely(plan), words)

    @Slot(object)
    def _follow_answer(self, done: "MutationResult") -> None:
        if isinstance(done.answer, AcceptResult):
            self._category = None
            words = counted(
                done.answer.images,
                self.tr("{n} image accepted for {category}; undo reverts it."),
                self.tr("{n} images accepted for {category}; a single undo reverts all."),
                category=done.answer.category,
            )
            self.message.emit(words)
            self.left.emit()

    @Slot()
    def _follow_change(self) -> None:
        if self._category is not None and self.isVisible():
            self._later.start()

    @Slot()
    def _forget(self) -> None:
        self._later.stop()
        self._category = self._plan = None
        self.left.emit()
