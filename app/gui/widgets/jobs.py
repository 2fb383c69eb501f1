"""The list of jobs, and the pill in the corner that opens it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.domain.language import percent
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import SPACE_M, SPACE_XS
from app.gui.widgets.job_row import JobRow, progress_of
from app.gui.widgets.painting import draw_focus_ring, smooth_painter
from app.gui.widgets.pressing import press_with_enter
from app.gui.widgets.screen_fit import pull_inside
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted, share_done
from app.jobs.values.session import JobInfo, JobPhase

_LIST_WIDTH = 340


class JobList(QFrame):
    """All jobs of this session, each with a row of its own."""

    cancel_requested = Signal(str)
    pause_requested = Signal(str)
    resume_requested = Signal(str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self.setAccessibleName(self.tr("Jobs"))
        self._rows: dict[str, JobRow] = {}
        self._none = Text(self.tr("No jobs are running."), quiet=True)
        self._none.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE_XS, SPACE_XS, SPACE_XS, SPACE_XS)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._none)

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(_LIST_WIDTH), super().sizeHint().height())

    def rows(self) -> list[JobRow]:
        return list(self._rows.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As a popup it is a window of its own."""
        if not press_with_enter(self, event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isWindow():
            self.fit()  # the words of a row have grown, and only now their height is known
        return done

    def fit(self) -> None:
        """Take a fixed width, and the height that the jobs need at it."""
        width = theme().pixels(_LIST_WIDTH)
        self.resize(
            width, max(self._layout.totalHeightForWidth(width), self._layout.totalMinimumSize().height())
        )

    def set_jobs(self, jobs: Sequence[JobInfo]) -> None:
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
    """``2 jobs 63 %`` with a ring; a click or a key opens the list."""

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
        self.list = JobList(self)
        self.list.setWindowFlags(Qt.WindowType.Popup)
        self.list.setProperty("panel", "popup")
        self.list.cancel_requested.connect(self.cancel_requested)
        self.list.pause_requested.connect(self.pause_requested)
        self.list.resume_requested.connect(self.resume_requested)
        self.list.dismissed.connect(self.dismissed)
        self.clicked.connect(self.open_list)
        theme().changed.connect(self.updateGeometry)
        self.set_jobs(())

    def set_jobs(self, jobs: Sequence[JobInfo]) -> None:
        """Show these jobs."""
        self.list.set_jobs(jobs)
        self.list.fit()
        active = [job for job in jobs if job.state.active]
        shares = [share for job in active if (share := share_done(progress_of(job))) is not None]
        self._share = sum(shares) / len(shares) if shares else None
        stopped = {JobPhase.FAILED, JobPhase.CRASHED, JobPhase.INTERRUPTED}
        failed = sum(job.state in stopped for job in jobs)
        self._failed = failed > 0
        self.setText(self._words(len(active), failed, sum(job.state is JobPhase.PAUSED for job in jobs)))
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def _words(self, active: int, failed: int, paused: int) -> str:
        if active:
            jobs = counted(active, self.tr("{n} job"), self.tr("{n} jobs"))
            return jobs if self._share is None else f"{jobs} {percent(self._share)}"
        if failed:
            return counted(failed, self.tr("{n} job needs attention"), self.tr("{n} jobs need attention"))
        if paused:
            return counted(paused, self.tr("{n} job paused"), self.tr("{n} jobs paused"))
        return self.tr("No jobs")

    @Slot()
    def open_list(self) -> None:
        self.list.fit()
        corner = self.mapToGlobal(QPoint(self.width() - self.list.width(), self.height() + SPACE_XS))
        self.list.move(corner)
        pull_inside(self.list)
        self.list.show()
        self.list.setFocus()

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
