"""Says over an image that categories are newer than its review, with a way to all such images."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from app.domain.changes import ChangeSet
from app.domain.query import Query, to_text
from app.domain.query.editing import contains
from app.domain.query.nodes import Is, Property
from app.gui.labelling.controller import LabellingController
from app.gui.library.facet_rows import parsed
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted
from app.jobs.project.finding import Finding
from app.jobs.project.session import ProjectSession

OUTDATED: Final = Is(Property.OUTDATED)


class OutdatedNotice(QFrame):
    """Lies over ``place``, so that nothing moves when it appears."""

    query_wanted = Signal(str)

    def __init__(
        self,
        place: QWidget,
        session: ProjectSession,
        finding: Finding,
        controller: LabellingController,
        single_shown: Callable[[], bool],
    ) -> None:
        super().__init__(place)
        self._session, self._finding, self._controller = session, finding, controller
        self._single_shown = single_shown
        self.setProperty("panel", "raised")
        self._place = place
        self._closed_for = 0
        self._count = 0
        self.words = Text("", TypeSize.BODY)
        self.button = QPushButton(self.tr("Show all such images"))
        self.button.clicked.connect(self._show_all)
        self.close_button = QToolButton()
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.close_button.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_XS, SPACE_S, SPACE_XS)
        row.setSpacing(SPACE_S)
        row.addWidget(self.words)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        place.installEventFilter(self)
        theme().changed.connect(self._restyle)
        finding.newer_found.connect(self._take)
        controller.current_changed.connect(self.follow)
        session.changed.connect(self._follow_change)
        session.closed.connect(self._forget)
        self._restyle()
        self.hide()

    @Slot()
    def follow(self) -> None:
        """Another image is current, or another view shown; only over a single image it says something."""
        current = self._controller.current
        if self._single_shown() and current is not None:
            self._finding.ask_newer(current)
        else:
            self.hide()

    @Slot(object)
    def _follow_change(self, change: ChangeSet) -> None:
        current = self._controller.current
        reviewed = any(one.image_id == current for one in change.reviews)
        if reviewed or change.categories or any(one.image_id == current for one in change.labels):
            self.follow()

    @Slot(object, int)
    def _take(self, image_id: int, count: int) -> None:
        if self._single_shown() and image_id == self._controller.current:
            self._tell(count, offer=not contains(parsed(self._session.query), OUTDATED))

    def _tell(self, count: int, *, offer: bool) -> None:
        """``count`` categories are newer; 0 hides it. ``offer`` a way to all such images."""
        self._count = count
        self.words.setText(
            counted(
                count,
                self.tr("{n} category is newer than this review: check it"),
                self.tr("{n} categories are newer than this review: check them"),
            )
        )
        self.setAccessibleName(self.words.text())
        self.button.setVisible(offer)
        self.setVisible(0 < count != self._closed_for)
        self._arrange()

    @Slot()
    def _forget(self) -> None:
        self._closed_for = 0
        self.hide()

    @Slot()
    def _show_all(self) -> None:
        self.query_wanted.emit(to_text(Query(OUTDATED)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._place and event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _arrange(self) -> None:
        self.adjustSize()
        width = min(self.sizeHint().width(), self._place.width() - 2 * SPACE_S)
        self.setGeometry(
            (self._place.width() - width) // 2, theme().pixels(48), width, self.sizeHint().height()
        )
        self.raise_()

    @Slot()
    def _close(self) -> None:
        """Until another number of categories is newer."""
        self._closed_for = self._count
        self.hide()

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(14)
        self.close_button.setIcon(icon("close", "quiet", side=side))
        self.close_button.setIconSize(QSize(side, side))
