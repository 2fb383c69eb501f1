"""A training run: its step, how long it takes, its outcome, and the details for experts."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.models import ModelVersion
from app.domain.stored_words import verdict_words
from app.domain.training import CurvePoint
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.training.curve_chart import LOSS, PRECISION, CurveChart
from app.gui.training.legend import Legend
from app.gui.training.quality_table import QualityTable
from app.gui.training.run_words import keep_words, pace_words, phase_words, purpose_words
from app.gui.training.verdict import VerdictPanel
from app.gui.widgets.details import Details
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.progress import ShareBar
from app.gui.widgets.text import Text
from app.jobs.training.run import TrainingRun, points_of
from app.jobs.values.session import JobPhase

_LOG_LINES: Final = 9


class RunView(QWidget):
    """Shows a TrainingRun, or the run that made a version."""

    stop_wanted = Signal()
    """Stop it and keep what it has learned."""
    discard_wanted = Signal()
    """Stop it and keep nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Run"))
        self._logged: list[str] = []
        self._run: TrainingRun | None = None
        self.verdict = VerdictPanel()
        self.quality = QualityTable()
        self.phase = Text("", TypeSize.LARGE)
        self.purpose = Text("", quiet=True)
        self.bar = ShareBar()
        self.pace = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.keep = Text("", TypeSize.SMALL, quiet=True)
        self.stop = QPushButton(self.tr("Stop and keep"))
        self.discard = QPushButton(self.tr("Cancel and discard"))
        self.facts = Text("", TypeSize.SMALL, quiet=True)
        self.loss = CurveChart(LOSS, self.tr("Loss"), 120)
        self.precision = CurveChart(PRECISION, self.tr("Precision"), 200)
        self.legend = Legend()
        self.log_title = Text(self.tr("Log"))
        self.log = QPlainTextEdit()
        self._titles = (
            Text(self.tr("Mean loss per epoch")),
            Text(self.tr("Mean average precision on the held-out fold")),
        )
        for text in (self.phase, self.purpose, self.pace, self.keep, self.facts, *self._titles):
            text.setWordWrap(True)
        self.details = Details(self._make_details())
        self._arrange()
        self.stop.clicked.connect(self.stop_wanted)
        self.discard.clicked.connect(self.discard_wanted)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _make_details(self) -> QWidget:
        self.log.setReadOnly(True)
        self.log.setAccessibleName(self.tr("Log of the run"))
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.facts)
        layout.addWidget(self._titles[0])
        layout.addWidget(self.loss, 2)
        layout.addWidget(self._titles[1])
        layout.addWidget(self.legend)
        layout.addWidget(self.precision, 3)
        layout.addWidget(self.log_title)
        layout.addWidget(self.log)
        return body

    def _arrange(self) -> None:
        self._buttons = FlowBox((self.stop, self.discard))
        self._about = (self.phase, self.purpose, self.bar, self.pace, self._buttons, self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        for widget in (self.verdict, *self._about, self.quality, self.details):
            layout.addWidget(widget)
        layout.addStretch(1)

    # --- content

    def show_run(self, run: TrainingRun, version: ModelVersion | None = None) -> None:
        """``version``: what the run has made, once it is known."""
        self._run = run
        self._set_running(run.active)
        self._set_points(run.points)
        self._set_log(run.log)
        self.quality.show_version(None if run.active else version)
        self._show_facts(version)
        if run.ending is not None:
            self.verdict.show_ending(run.ending)
            return
        self.verdict.hide()
        self.phase.setText(f"{phase_words(run)}.")
        self.purpose.setText(purpose_words(run))
        self.pace.setText(pace_words(run))
        self.keep.setText(keep_words(run))
        job = run.job
        share = job.done / job.total if job.total else None
        self.bar.show_share(share, working=job.state is not JobPhase.WAITING)
        self.bar.setAccessibleName(f"{phase_words(run)}: {pace_words(run)}")
        stopping = job.state in {JobPhase.CANCELLING, JobPhase.PAUSING}
        self.stop.setEnabled(run.can_keep)
        self.stop.setToolTip(keep_words(run))
        self.discard.setEnabled(not stopping)

    def show_version(self, version: ModelVersion) -> None:
        """The run that made a version, from its card."""
        self._run = None
        self._set_running(False)
        self.verdict.show_version(version)
        self.quality.show_version(version)
        self._show_facts(version)
        self._set_points(points_of(version.card.curves))
        self._set_log(())

    def _show_facts(self, version: ModelVersion | None) -> None:
        words = ""
        if version is not None:
            facts = version.card.facts
            words = self.tr("Started from {start}; trained {what}.").format(
                start=facts.start, what=verdict_words(facts.tuned)
            )
        self.facts.setText(words)
        self.facts.setVisible(bool(words))

    def _set_running(self, running: bool) -> None:
        for widget in self._about:
            widget.setVisible(running)

    def _set_points(self, points: Sequence[CurvePoint]) -> None:
        for chart in (self.loss, self.precision):
            chart.set_points(points)
        self.legend.set_points(points)
        shown = bool(points) or self._run is not None
        for widget in (*self._titles, self.loss, self.precision, self.legend):
            widget.setVisible(shown)

    def _set_log(self, lines: Sequence[str]) -> None:
        """Append new lines only, so that the scroll position stays."""
        if self._logged != list(lines[: len(self._logged)]):
            self.log.clear()
            self._logged = []
        for line in lines[len(self._logged) :]:
            self.log.appendPlainText(line)
        self._logged = list(lines)
        for widget in (self.log_title, self.log):
            widget.setVisible(bool(lines))

    @Slot()
    def _restyle(self) -> None:
        self.log.setFont(theme().font(TypeSize.SMALL, tabular=True))
        self.log.setFixedHeight(self.log.fontMetrics().lineSpacing() * _LOG_LINES)
