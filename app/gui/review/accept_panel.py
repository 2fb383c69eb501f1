"""Accepting all likely images of a category: the numbers first, then the button."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app.domain.auto_accept import USUAL_PRECISION, AcceptAnswer, AcceptPlan, plan_sentences
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import count_words

if TYPE_CHECKING:
    from app.jobs.project_session import ProjectSession
    from app.jobs.store_values import Done

LEAST, MOST = 50, 99
WAIT_MS: Final = 150
_PROMISE: Final = "Nothing is written until you accept. One undo takes all of them back."


class AcceptPanel(QWidget):
    """Plans for one category at a time, and plans anew when decisions come in."""

    left = Signal()
    said = Signal(str)
    """What was done, in a few words."""

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Accept likely ones")
        self._session = session
        self._category: int | None = None
        self._plan: AcceptPlan | None = None
        self.title = ElidedText("", TypeSize.TITLE)
        self.precision = QSpinBox()
        self.precision.setRange(LEAST, MOST)
        self.precision.setSuffix(" %")
        self.precision.setValue(round(100 * USUAL_PRECISION))
        self.precision.setAccessibleName("Precision in percent")
        self.first = Text("", TypeSize.LARGE)
        self.rest = Text("")
        self.when = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.accept = QPushButton("Accept")
        self.accept.setProperty("role", "primary")
        self.cancel = QPushButton("Cancel")
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
        asked.addWidget(Text("At least so many of them right:"))
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
        self.precision.valueChanged.connect(self._later.start)
        self.accept.clicked.connect(self._apply)
        self.cancel.clicked.connect(self.left)
        self._session.changed.connect(self._follow_change)
        self._session.scores_changed.connect(self._follow_change)
        self._session.answered.connect(self._follow_answer)
        self._session.unsaved.failed.connect(self._follow_change)
        self._session.closed.connect(self._forget)

    # --- asking

    def begin(self, category_id: int, name: str) -> None:
        """Plan for this category."""
        self._category = category_id
        self.title.setText(f"Accept likely ones: {name}")
        self._show_waiting()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        if self._category is not None:
            share = self.precision.value() / 100
            self._session.ask(
                "accepting.plan",
                self._category,
                share,
                then=self._show_plan,
                failed=self._show_error,
                key="accept-plan",
            )

    def plan(self) -> AcceptPlan | None:
        """What the numbers tell of; None while they are being worked out."""
        return self._plan

    def words(self) -> str:
        return f"{self.first.text()} {self.rest.text()}"

    # --- showing

    def _show_waiting(self) -> None:
        self._plan = None
        self.first.setText("Working out what it would do…")
        self.rest.setText("")
        self.when.setText("")
        self._tell_button(0)

    def _show_plan(self, plan: AcceptPlan) -> None:
        if plan.category_id != self._category:
            return
        self._plan = plan
        first, *rest = plan_sentences(plan)
        self.first.setText(first)
        self.rest.setText("\n".join([*rest, *([] if plan.trouble else [_PROMISE])]))
        self.when.setText(f"as of {datetime.now(UTC).astimezone():%H:%M:%S}")
        self._tell_button(plan.images)

    def _show_error(self, error: BaseException) -> None:
        self._plan = None
        self.first.setText(str(error))
        self.rest.setText("")
        self._tell_button(0)

    def _tell_button(self, images: int) -> None:
        info = self._session.info
        writable = info is not None and not info.read_only
        self.accept.setText(f"Accept {count_words(images, 'image')}" if images else "Accept")
        self.accept.setEnabled(bool(images) and writable)

    # --- doing and following

    @Slot()
    def _apply(self) -> None:
        plan, self._plan = self._plan, None
        if plan is not None and plan.images:
            self.accept.setEnabled(False)
            words = f"Accept {count_words(plan.images, 'likely image')} for {plan.category}"
            self._session.change("accepting.apply", plan, words=words)

    @Slot(object)
    def _follow_answer(self, done: "Done") -> None:
        if isinstance(done.answer, AcceptAnswer):
            images = count_words(done.answer.images, "image")
            self._category = None
            self.said.emit(f"{images} accepted for {done.answer.category}; undo takes all of them back.")
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
