"""The Train place: setup, run and comparisons, versions."""

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
from app.gui.training.changed_view import ChangedView
from app.gui.training.columns import Columns
from app.gui.training.compare_view import CompareView
from app.gui.training.run_view import RunView
from app.gui.training.setup_panel import SetupPanel, remedy_words
from app.gui.training.versions_panel import VersionsPanel
from app.gui.training.words import done_words, hint_words
from app.gui.widgets.banner import Banner
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.pictures import card_loader
from app.gui.widgets.scrolling import scrolling
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader
from app.jobs.project.session import ProjectSession
from app.jobs.training.session import TrainingSession
from app.jobs.training.version_comparison import MOST_FLIPS
from app.jobs.values.session import VersionAnswer

_WIDTHS: Final = (308, 0, 368)
"""Of the columns, in pixels for a 13 pixel font; the middle one takes the rest."""
_RUN, _COMPARE, _CHANGED = range(3)


class TrainPlace(QWidget):
    """Three columns over one TrainingSession; one of them in a narrow window. shut() ends threads."""

    patches_wanted = Signal()
    """Compute features with the patch tokens that training reads."""
    library_wanted = Signal()
    image_wanted = Signal(object)
    """The id of an image to show large."""
    message = Signal(str)

    def __init__(
        self,
        session: ProjectSession,
        training: TrainingSession,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Train"))
        self._session, self.training = session, training
        self._loader: ThumbnailLoader | None = None
        self._shown_version: str | None = None
        self._focus_wanted = False
        self.setup, self.run = SetupPanel(), RunView()
        self.compare, self.changed, self.versions = CompareView(), ChangedView(), VersionsPanel()
        self.tabs = QTabWidget()
        self.empty = EmptyState()
        self._first = QStackedWidget()
        self._first.addWidget(_scrolling(self.run))
        self._first.addWidget(self.empty)
        self.tabs.addTab(self._first, self.tr("Training"))
        self.tabs.addTab(_scrolling(self.compare), self.tr("Compare"))
        self.tabs.addTab(self.changed, self.tr("What changed"))
        self.columns = Columns(
            self.tr("Train"),
            (_scrolling(self.setup), self.tabs, _scrolling(self.versions)),
            (self.tr("Before training"), self.tr("Result"), self.tr("Versions")),
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
        self.empty.triggered.connect(self.setup.apply_remedy)
        self.setup.start_wanted.connect(self.begin)
        self.setup.restart_wanted.connect(self._restart)
        self.setup.patches_wanted.connect(self.patches_wanted)
        self.setup.labels_wanted.connect(self.library_wanted)
        self.run.stop_wanted.connect(training.stop)
        self.run.discard_wanted.connect(training.discard)
        self.versions.pair_changed.connect(self._compare)
        self.versions.shown_wanted.connect(self.show_version)
        self.versions.used.connect(training.activate)
        self.versions.rolled_back.connect(training.roll_back)
        self.versions.deleted.connect(training.delete)
        self.versions.noted.connect(training.set_note)
        self.changed.image_wanted.connect(self.image_wanted)
        training.overview_changed.connect(self._show_overview)
        training.versions_changed.connect(self._show_versions)
        training.run_changed.connect(self._follow_run)
        training.compared.connect(self._show_comparison)
        training.comparison_failed.connect(self._show_trouble)
        training.problem_changed.connect(self.problem.tell)
        training.version_changed.connect(self._tell_version)
        session.closed.connect(self._forget)

    def shut(self) -> bool:
        """Whether all threads have ended."""
        self.training.watch(False)
        return self._loader is None or self._loader.close()

    @property
    def content(self) -> QWidget:
        """What is neither a button nor a version, and may be covered by notices."""
        return self.tabs

    def focus(self) -> None:
        """Focus what the keys act on, never a button that ends a run."""
        button = self.setup.first_button()
        (button if button is not None and button.isVisible() else self.tabs).setFocus()

    # --- content

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
        if overview is not None and self._focus_wanted and self.tabs.hasFocus():
            self._focus_wanted = False  # the button that the place begins with was not known before
            self.focus()

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
        """The version chosen, else the run, else the newest version."""
        training = self.training
        version = None if self._shown_version is None else training.version(self._shown_version)
        if version is None and training.run is None and training.versions:
            version = training.versions[0]
        if version is not None:
            self.run.show_version(version)
        elif training.run is not None:
            ending = training.run.ending
            made = None if ending is None or ending.version is None else training.version(ending.version)
            self.run.show_run(training.run, made)
        self._first.setCurrentIndex(int(version is None and training.run is None))

    def _show_emptiness(self) -> None:
        """What to do first, while there is no version."""
        overview = self.training.overview
        title = self.tr("No versions yet")
        if overview is None:
            self.empty.set_text(title, "")
        elif overview.blocked:
            waits = self.training.computing and overview.remedy in {Remedy.FEATURES, Remedy.PATCHES}
            sentence = self.tr("Features are being computed.") if waits else overview.blocked
            self.empty.set_text(title, sentence, "" if waits else remedy_words(overview.remedy))
        else:
            # The one button for it is at the left.
            self.empty.set_text(title, self.tr("The result of the training appears here."))

    # --- what the person asks for

    @Slot()
    def begin(self) -> None:
        """Train, or resume the interrupted run; if neither is possible, say why."""
        overview = self.training.overview
        if overview is not None and overview.blocked:
            self.message.emit(overview.blocked)
            return
        self._shown_version = None
        self.tabs.setFocus()  # before the button is disabled, which would move the focus to the next one
        self.training.start()
        self._show_tab(_RUN)

    @Slot()
    def _restart(self) -> None:
        self._shown_version = None
        self.tabs.setFocus()
        self.training.start_fresh()
        self._show_tab(_RUN)

    @Slot()
    def begin_if_judged(self) -> None:
        """As the button that is offered first; with too few labels to judge a version, it must be pressed."""
        overview = self.training.overview
        if overview is None or overview.blocked or overview.judged or overview.resumable:
            self.begin()
        else:
            self.message.emit(hint_words(overview))
            self.focus()

    @Slot(object)
    def _tell_version(self, answer: VersionAnswer) -> None:
        self.message.emit(done_words(answer))

    @Slot(object)
    def _compare(self, pair: tuple[str, str] | None) -> None:
        if pair is None:
            self.compare.show_nothing()
            self.changed.show_nothing()
            return
        self.training.compare(*pair)
        self.compare.show_waiting(*pair, behind=self.training.running)
        self.changed.show_sentence(
            self.tr("Comparing"), self.tr("Images whose suggestions change appear here.")
        )
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
        self.changed.show_sentence(self.tr("These versions cannot be compared now"), sentence)

    def _make_loader(self) -> None:
        if self._loader is None:
            self._loader = card_loader(self._session)
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
        self._focus_wanted = True
        self.focus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.training.watch(False)


def _scrolling(content: QWidget) -> QScrollArea:
    area = scrolling(content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
