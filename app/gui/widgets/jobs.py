"""Long work at a glance: the pill in the corner, and the list that it opens."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import SPACE_M, SPACE_XS
from app.gui.widgets.job_row import JobItem, JobRow, JobState
from app.gui.widgets.painting import draw_focus_ring, smooth_painter
from app.gui.widgets.screen_fit import pull_inside
from app.gui.widgets.text import Text
from app.gui.widgets.words import count_words, share_done

__all__ = ["JobItem", "JobList", "JobPill", "JobRow", "JobState"]

_LIST_WIDTH = 340


class JobList(QFrame):
    """Every job of this session; the rows stay the same widgets while their jobs go on."""

    cancel_requested = Signal(str)
    pause_requested = Signal(str)
    resume_requested = Signal(str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self.setAccessibleName("Jobs")
        self._rows: dict[str, JobRow] = {}
        self._none = Text("No long work is going on.", quiet=True)
        self._none.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE_XS, SPACE_XS, SPACE_XS, SPACE_XS)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._none)

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(_LIST_WIDTH), super().sizeHint().height())

    def rows(self) -> list[JobRow]:
        return list(self._rows.values())

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isWindow():
            self.fit()  # the words of a row have grown: only now their height is known here
        return done

    def fit(self) -> None:
        """Take the usual width and the height that the words of the jobs need in it."""
        width = theme().pixels(_LIST_WIDTH)
        self.resize(
            width, max(self._layout.totalHeightForWidth(width), self._layout.totalMinimumSize().height())
        )

    def set_jobs(self, jobs: Sequence[JobItem]) -> None:
        wanted = {job.id for job in jobs}
        for job_id in [known for known in self._rows if known not in wanted]:
            row = self._rows.pop(job_id)
            self._layout.removeWidget(row)
            row.deleteLater()
        for job in jobs:
            if job.id in self._rows:
                self._rows[job.id].set_job(job)
                continue
            row = JobRow(job, self)
            row.cancel_requested.connect(self.cancel_requested)
            row.pause_requested.connect(self.pause_requested)
            row.resume_requested.connect(self.resume_requested)
            row.dismissed.connect(self.dismissed)
            self._rows[job.id] = row
            self._layout.addWidget(row)
        self._none.setVisible(not jobs)


class JobPill(QAbstractButton):
    """``2 jobs 63 %`` with a ring; a click or a key opens the list below it."""

    cancel_requested = Signal(str)
    pause_requested = Signal(str)
    resume_requested = Signal(str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._share: float | None = None
        self._failed = False
        self._list = JobList(self)
        self._list.setWindowFlags(Qt.WindowType.Popup)
        self._list.cancel_requested.connect(self.cancel_requested)
        self._list.pause_requested.connect(self.pause_requested)
        self._list.resume_requested.connect(self.resume_requested)
        self._list.dismissed.connect(self.dismissed)
        self.clicked.connect(self.open_list)
        theme().changed.connect(self.updateGeometry)
        self.set_jobs(())

    def job_list(self) -> JobList:
        return self._list

    def set_jobs(self, jobs: Sequence[JobItem]) -> None:
        """Show these jobs; without one that goes on or needs a look the pill is quiet."""
        self._list.set_jobs(jobs)
        self._list.fit()
        going = [job for job in jobs if job.state.going_on]
        shares = [share for job in going if (share := share_done(job.progress)) is not None]
        self._share = sum(shares) / len(shares) if shares else None
        self._failed = any(job.state in {JobState.FAILED, JobState.INTERRUPTED} for job in jobs)
        paused = sum(job.state is JobState.PAUSED for job in jobs)
        if going:
            percent = "" if self._share is None else f" {round(self._share * 100)} %"
            self.setText(count_words(len(going), "job") + percent)
        elif self._failed:
            self.setText("1 job needs a look")
        else:
            self.setText(f"{count_words(paused, 'job')} paused" if paused else "No jobs")
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    @Slot()
    def open_list(self) -> None:
        self._list.fit()
        corner = self.mapToGlobal(QPoint(self.width() - self._list.width(), self.height() + SPACE_XS))
        self._list.move(corner)
        pull_inside(self._list)
        self._list.show()
        self._list.setFocus()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme().font(TypeSize.SMALL, tabular=True))
        height = metrics.height() + 2 * SPACE_XS + 2
        return QSize(height + metrics.horizontalAdvance(self.text()) + SPACE_M, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = body.height() / 2
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(theme().colour("selection" if self.underMouse() else "raised"))
        painter.drawRoundedRect(body, radius, radius)
        side = body.height() * 0.5
        ring = QRectF(body.x() + body.height() * 0.25, body.y() + body.height() * 0.25, side, side)
        if self._failed:
            draw_icon(painter, "warning", ring.adjusted(-2, -2, 2, 2), theme().colour("warning"))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().colour("line"), 2))
            painter.drawEllipse(ring)
            painter.setPen(QPen(theme().colour("accent"), 2.5))
            painter.drawArc(ring, 90 * 16, -round(360 * 16 * (self._share or 0.0)))
        painter.setFont(theme().font(TypeSize.SMALL, tabular=True))
        painter.setPen(theme().colour("text"))
        text = QRectF(body.height(), 0, self.width(), self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            draw_focus_ring(painter, body, radius)
        painter.end()
