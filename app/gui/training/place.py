"""The Train place: what goes in, the run and the comparisons, the versions."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.models import ModelVersion
from app.domain.training import Compared, Remedy, TrainingOverview
from app.gui.gallery.pictures import card_loader
from app.gui.training.changed_view import ChangedView
from app.gui.training.columns import Columns
from app.gui.training.compare_view import CompareView
from app.gui.training.run_view import RunView
from app.gui.training.setup_panel import REMEDIES, SetupPanel
from app.gui.training.versions_panel import VersionsPanel
from app.gui.widgets.banner import Banner
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.scrolling import scrolling
from app.jobs.project_session import ProjectSession
from app.jobs.thumbnail_loader import ThumbnailLoader
from app.jobs.training_session import TrainingSession
from app.jobs.version_comparison import MOST_FLIPS

_WIDTHS: Final = (264, 0, 368)
"""Of the columns, for a font of the usual size; the middle has the rest."""
_FIRST: Final = "Its curves grow here, and labelling goes on meanwhile."
_RUN, _COMPARE, _CHANGED = range(3)


class TrainPlace(QWidget):
    """Three columns over one TrainingSession; one where the window is narrow. shut() ends threads."""

    patches_wanted = Signal()
    """Features with the patch tokens that training reads."""
    library_wanted = Signal()
    image_wanted = Signal(object)
    """The number of an image that is to be seen large."""
    said = Signal(str)

    def __init__(
        self,
        session: ProjectSession,
        training: TrainingSession,
        known_errors: tuple[type[Exception], ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Train")
        self._session, self.training, self._known_errors = session, training, known_errors
        self._loader: ThumbnailLoader | None = None
        self._shown_version: str | None = None
        self.setup, self.run = SetupPanel(), RunView()
        self.compare, self.changed, self.versions = CompareView(), ChangedView(), VersionsPanel()
        self.tabs = QTabWidget()
        self.empty = EmptyState()
        self._first = QStackedWidget()
        self._first.addWidget(_scrolling(self.run))
        self._first.addWidget(self.empty)
        self.tabs.addTab(self._first, "Run")
        self.tabs.addTab(_scrolling(self.compare), "Compare")
        self.tabs.addTab(self.changed, "What changed")
        self.columns = Columns(
            "Train",
            (_scrolling(self.setup), self.tabs, _scrolling(self.versions)),
            ("What goes in", "Run and compare", "Versions"),
            _WIDTHS,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.problem = Banner("warning", edge=True)
        layout.addWidget(self.problem)
        layout.addWidget(self.columns)
        self._connect()
        self._show_all()

    def _connect(self) -> None:
        training, session = self.training, self._session
        self.empty.triggered.connect(self._begin_or_mend)
        self.setup.start_wanted.connect(self.begin)
        self.setup.anew_wanted.connect(self._start_anew)
        self.setup.patches_wanted.connect(self.patches_wanted)
        self.setup.labels_wanted.connect(self.library_wanted)
        self.run.stop_wanted.connect(training.stop)
        self.run.discard_wanted.connect(training.discard)
        self.versions.pair_changed.connect(self._compare)
        self.versions.shown_wanted.connect(self.show_version)
        self.versions.used.connect(training.activate)
        self.versions.rolled_back.connect(training.roll_back)
        self.versions.deleted.connect(training.delete)
        self.changed.image_wanted.connect(self.image_wanted)
        training.overview_changed.connect(self._show_overview)
        training.versions_changed.connect(self._show_versions)
        training.run_changed.connect(self._follow_run)
        training.compared.connect(self._show_comparison)
        training.comparison_failed.connect(self._show_trouble)
        training.problem_changed.connect(self.problem.tell)
        training.said.connect(self.said)
        session.closed.connect(self._forget)

    def shut(self) -> bool:
        """Whether all threads have ended."""
        self.training.watch(False)
        return self._loader is None or self._loader.close()

    def focus(self) -> None:
        """Give the focus to what the keys are for; never to a button that ends a run."""
        start = self.setup.start
        (start if start.isVisible() and start.isEnabled() else self.tabs).setFocus()

    # --- what shows

    @Slot(str)
    def show_version(self, name: str) -> None:
        """The run that made a version."""
        version = self.training.version(name)
        if version is not None:
            self._shown_version = name
            self.run.show_version(version)
            self._show_tab(_RUN)

    def _show_all(self) -> None:
        self.problem.tell(self.training.problem)
        self._show_overview(self.training.overview)
        self._show_versions(self.training.versions)
        self._follow_run()

    def _show_tab(self, number: int) -> None:
        self.tabs.setCurrentIndex(number)
        self.columns.show_column(1)

    @Slot(object)
    def _show_overview(self, overview: TrainingOverview | None) -> None:
        self.setup.set_overview(overview)
        self._show_emptiness()

    @Slot(object)
    def _show_versions(self, versions: list[ModelVersion]) -> None:
        info = self._session.info
        self.versions.set_versions(versions, writable=info is not None and not info.read_only)
        if self._shown_version is not None and self.training.version(self._shown_version) is None:
            self._shown_version = None
        self._show_run()

    @Slot()
    def _follow_run(self) -> None:
        self.setup.set_running(self.training.running, self.training.computing)
        if self.training.running:
            self._shown_version = None
        self._show_emptiness()
        self._show_run()

    def _show_run(self) -> None:
        """The version that is looked at, else the run, else the newest version."""
        training = self.training
        version = None if self._shown_version is None else training.version(self._shown_version)
        if version is None and training.run is None and training.versions:
            version = training.versions[0]
        if version is not None:
            self.run.show_version(version)
        elif training.run is not None:
            self.run.show_run(training.run)
        self._first.setCurrentIndex(int(version is None and training.run is None))

    def _show_emptiness(self) -> None:
        """No version yet: what to do first, and the button that does it."""
        overview = self.training.overview
        if overview is None:
            self.empty.set_text("No version yet", "")
        elif overview.blocked:
            waits = self.training.computing and overview.remedy in {Remedy.FEATURES, Remedy.PATCHES}
            sentence = "The features are being computed." if waits else overview.blocked
            self.empty.set_text("No version yet", sentence, "" if waits else REMEDIES[overview.remedy])
        else:
            self.empty.set_text("No version yet", f"{overview.hint} {_FIRST}", "Start training")

    @Slot()
    def _begin_or_mend(self) -> None:
        overview = self.training.overview
        (self.setup.mend if overview is not None and overview.blocked else self.begin)()

    # --- the person's way

    @Slot()
    def begin(self) -> None:
        """Train, or go on with the run that was interrupted; where neither can be, say why."""
        overview = self.training.overview
        if overview is not None and overview.blocked:
            self.said.emit(overview.blocked)
            return
        self._shown_version = None
        self.tabs.setFocus()  # before the button is greyed, which would hand it on to the next one
        self.training.start()
        self._show_tab(_RUN)

    @Slot()
    def _start_anew(self) -> None:
        self._shown_version = None
        self.tabs.setFocus()
        self.training.start_anew()
        self._show_tab(_RUN)

    @Slot(object)
    def _compare(self, pair: tuple[str, str] | None) -> None:
        if pair is None:
            self.compare.show_nothing()
            self.changed.show_nothing()
            return
        self.training.compare(*pair)
        self.compare.show_waiting(*pair, behind=self.training.running)
        self.changed.show_nothing("It is being worked out", "The images whose suggestions flip follow.")
        if self.tabs.currentIndex() == _RUN:
            self._show_tab(_COMPARE)
        else:
            self.columns.show_column(1)

    @Slot(object)
    def _show_comparison(self, found: Compared) -> None:
        if self.versions.pair() != (found.comparison.a, found.comparison.b):
            return
        self.compare.show_comparison(found.comparison)
        self._make_loader()
        self.changed.show_changes(found, MOST_FLIPS)

    @Slot(str)
    def _show_trouble(self, sentence: str) -> None:
        self.compare.show_trouble(sentence)
        self.changed.show_nothing("These cannot be compared now", sentence)

    def _make_loader(self) -> None:
        if self._loader is None:
            self._loader = card_loader(self._session, self._known_errors)
            self.changed.grid.set_loader(self._loader)

    @Slot()
    def _forget(self) -> None:
        if self._loader is not None:
            self._loader.forget()
        self._shown_version = None
        self.versions.choose(())
        self._show_all()

    # --- the window

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.training.watch(True)
        self.focus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.training.watch(False)


def _scrolling(content: QWidget) -> QScrollArea:
    area = scrolling(content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
