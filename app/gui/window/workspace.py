"""The window with an open project: rail, top bar, place, status line."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.gui.categories.place import CategoriesPlace
from app.gui.library.place import LibraryPlace
from app.gui.review.place import ReviewPlace
from app.gui.theme.tokens import SPACE_M
from app.gui.training.place import TrainPlace
from app.gui.widgets.banner import Banner
from app.gui.widgets.rail import Place, Rail
from app.gui.widgets.rule import rule
from app.gui.widgets.status_line import StatusLine
from app.gui.widgets.words import counted
from app.gui.window.preparing_line import PreparingLine
from app.gui.window.query_bar import QueryProblem
from app.gui.window.save_query import SaveQuery
from app.gui.window.status_message import StatusMessage
from app.gui.window.top_bar import TopBar
from app.gui.window.unsaved_banner import UnsavedBanner
from app.jobs.project.session import ProjectSession
from app.jobs.settings.preferences import Preferences
from app.jobs.settings.recent_projects import LastView
from app.jobs.training.session import TrainingSession
from app.jobs.values.session import ProjectInfo
from app.jobs.work.controller import JobController

if TYPE_CHECKING:
    from app.gui.insights.place import InsightsPlace

LIBRARY: Final = "library"
REVIEW: Final = "review"
TRAIN: Final = "train"
CATEGORIES: Final = "categories"
INSIGHTS: Final = "insights"
HELP: Final = "help"
PREFERENCES: Final = "preferences"


class Workspace(QWidget):
    """Connects the parts of the window to the session. shut() ends the threads of the places."""

    device_asked = Signal()
    command_wanted = Signal(str)
    """The name of a command of FRAME."""
    features_wanted = Signal()
    patches_wanted = Signal()
    """Features including the patch tokens, for training."""
    buttons_made = Signal(QWidget)
    """Buttons at the bottom of a place, which notices should not cover."""
    properties_wanted = Signal(int)
    """The number of a category whose properties are to be shown."""
    place_changed = Signal()
    content_changed = Signal(QWidget)
    """The part of the new place that notices may cover."""
    keys_reserved = Signal(object)
    """Keys that the current place uses otherwise than the window."""

    def __init__(
        self,
        session: ProjectSession,
        preferences: Preferences,
        training: TrainingSession,
        jobs: JobController,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._preferences = session, preferences
        self.training, self._jobs = training, jobs
        self._review: ReviewPlace | None = None
        self._train: TrainPlace | None = None
        self._categories: CategoriesPlace | None = None
        self._insights: InsightsPlace | None = None
        self._images = 0
        self._place = LIBRARY
        self._warned = ""
        self.rail = Rail(
            [
                Place(LIBRARY, self.tr("Library"), "library"),
                Place(REVIEW, self.tr("Review"), "review"),
                Place(TRAIN, self.tr("Train"), "train"),
                Place(INSIGHTS, self.tr("Insights"), "insights"),
                Place(CATEGORIES, self.tr("Categories"), "categories"),
                Place(HELP, self.tr("Help"), "question", bottom=True),
                Place(PREFERENCES, self.tr("Preferences"), "preferences", bottom=True),
            ]
        )
        self.places = QStackedWidget()
        self._places: dict[str, QWidget] = {}
        self.top = TopBar()
        self.problem = QueryProblem()
        self._entered = False
        self.read_only = Banner("lock", edge=True)
        self.warning = Banner("warning", self.tr("Check again"), edge=True)
        self.warning.dismissable()
        self.unsaved = UnsavedBanner(session)
        self.library = LibraryPlace(session, preferences)
        self.saving = SaveQuery(self.library.finding)
        self.add_place(LIBRARY, self.library)
        self.status = StatusLine()
        self.preparing = PreparingLine()
        self.message = StatusMessage()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        foot = QFrame()
        foot.setProperty("panel", "surface")
        foot_row = QHBoxLayout(foot)
        foot_row.setContentsMargins(0, 0, SPACE_M, 0)
        foot_row.setSpacing(0)
        foot_row.addWidget(self.status, 1)
        foot_row.addWidget(self.preparing)
        self.status.add_message(self.message)
        self.foot = foot
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        banners = (self.read_only, self.unsaved, self.warning, self.problem, self.saving)
        parts = (self.top, rule(), *banners, self.places, rule(), foot)
        for part in parts:
            right.addWidget(part, 1 if part is self.places else 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(rule(upright=True))
        layout.addLayout(right, 1)

    def _connect(self) -> None:
        session, query = self._session, self.top.query
        session.opened.connect(self._show_info)
        session.info_changed.connect(self._show_info)
        session.images_changed.connect(self._show_query)
        session.query_failed.connect(self._show_query_problem)
        finding = self.library.finding
        finding.completion_ready.connect(query.show_completions)
        finding.queries_changed.connect(query.set_queries)
        session.saved.connect(self.status.note_saved)
        self.unsaved.status_changed.connect(self.status.set_unsaved)
        session.pace_changed.connect(self.status.set_pace)
        session.closed.connect(self._closed)
        query.entered.connect(self._enter_query)
        query.submitted.connect(self._submit_query)
        query.completion_wanted.connect(finding.complete)
        query.left.connect(self._leave_query)
        query.menu.save_wanted.connect(self.save_query)
        self.top.sort.query_wanted.connect(self._submit_query)
        self.top.sort.score_wanted.connect(query.write)
        self.top.sort.similar_wanted.connect(self.library.show_similar)
        self.top.sort.offer_categories(self.library.likely_categories)
        self.library.query_wanted.connect(self._refine_query)
        self.library.facets.rename_wanted.connect(self.saving.begin_renaming)
        self.saving.left.connect(self.library.focus_images)
        self.saving.message.connect(self.say)
        self.problem.fix_chosen.connect(query.replace)
        self.library.counts_changed.connect(self._show_counts)
        self.library.controller.message.connect(self.say)
        self.library.controller.current_changed.connect(self.message.forget)
        self.library.single_changed.connect(self.top.show_single)
        self.library.filters_shown.connect(self.top.filters.setChecked)
        self.top.filters.setChecked(self.library.facets.isVisibleTo(self.library))
        self.top.filters_wanted.connect(self.toggle_filters)
        self.top.single_wanted.connect(self._show_view)
        self.warning.triggered.connect(self.library.check_files_again)
        self.warning.second_triggered.connect(partial(self.command_wanted.emit, "relocate"))
        self.rail.place_chosen.connect(self._go)
        self.status.device_asked.connect(self.device_asked)

    def shut(self) -> bool:
        """Whether all threads have ended."""
        self.status.stop()
        self.message.stop()
        made = (self._review, self._train, self._insights)
        ended = [place.shut() for place in made if place is not None]
        return self.library.shut() and all(ended)

    @Slot(object)
    def _show_info(self, info: ProjectInfo) -> None:
        self._images = info.images
        self.top.set_project(info.name, str(info.folder))
        self._show_state(info)
        gallery = self.library.gallery
        self._show_counts(self.library.keeper.match_count(), gallery.selected_count())

    def _show_state(self, info: ProjectInfo) -> None:
        """Say whether the project is read-only, or images of it are missing."""
        self.read_only.tell(self._read_only_words(info))
        locating = info.folders_missing and not info.read_only
        self.warning.offer_second(self.tr("Locate folder…") if locating else "")
        if (info.warning or "") != self._warned:
            self._warned = info.warning or ""
            self.warning.tell(self._warned)

    @Slot(int, int)
    def _show_counts(self, shown: int, selected: int) -> None:
        self.status.set_counts(shown, self._images, selected, self._session.stacked)

    @Slot(object, str)
    def _show_query(self, _ids: list[int], query: str) -> None:
        self.problem.hide()
        if self._entered and self.top.query.edit.hasFocus():
            self.library.focus_images()
        self._entered = False
        self.top.set_query(query)

    @Slot(str, int, object)
    def _show_query_problem(self, sentence: str, position: int, fix: str | None) -> None:
        self._entered = False
        self.problem.show_problem(sentence, fix)
        self.top.query.show_error(position)

    def add_place(self, name: str, place: QWidget) -> None:
        """Add a page that a button of the rail shows."""
        self._places[name] = place
        self.places.addWidget(place)

    @property
    def place(self) -> str:
        """The name of the current place."""
        return self._place

    @property
    def review(self) -> ReviewPlace:
        """The Review place, created on first use so that the window starts sooner."""
        if self._review is None:
            made = self._review = ReviewPlace(self._session, self._preferences)
            made.library_wanted.connect(self.show_library)
            made.features_wanted.connect(self.features_wanted)
            made.keys_reserved.connect(self.keys_reserved)
            made.message.connect(self.say)
            made.accept_wanted.connect(partial(self.command_wanted.emit, "accept_likely"))
            made.query_wanted.connect(self.show_query)
            made.properties_wanted.connect(self.properties_wanted)
            self.add_place(REVIEW, made)
            self.buttons_made.emit(made.round_view.foot)
        return self._review

    @property
    def train(self) -> TrainPlace:
        """The Train place, created on first use."""
        if self._train is None:
            made = self._train = TrainPlace(self._session, self.training)
            made.library_wanted.connect(self.show_library)
            made.image_wanted.connect(self._show_image)
            made.patches_wanted.connect(self.patches_wanted)
            made.message.connect(self.say)
            self.add_place(TRAIN, made)
        return self._train

    @property
    def categories(self) -> CategoriesPlace:
        """The Categories place, created on first use."""
        if self._categories is None:
            made = self._categories = CategoriesPlace(self._session)
            made.properties_wanted.connect(self.properties_wanted)
            made.query_wanted.connect(self.show_query)
            made.message.connect(self.say)
            for name in ("undo", "redo"):
                made.addAction(self.library.actions_of_labelling.action(name))
            self.add_place(CATEGORIES, made)
        return self._categories

    @Slot()
    def show_categories(self) -> None:
        self._show_place(CATEGORIES)
        self.categories.setFocus()

    @property
    def insights(self) -> "InsightsPlace":
        """The Insights place, loaded and created on first use."""
        if self._insights is None:
            from app.gui.insights.place import InsightsPlace

            made = self._insights = InsightsPlace(self._session, self._jobs)
            made.library_wanted.connect(self.show_library)
            made.query_wanted.connect(self.show_query)
            made.images_wanted.connect(self.show_images)
            made.image_wanted.connect(self._show_image)
            made.features_wanted.connect(self.features_wanted)
            made.message.connect(self.say)
            self.add_place(INSIGHTS, made)
        return self._insights

    @Slot()
    def show_insights(self) -> None:
        self._show_place(INSIGHTS)
        self.insights.focus()

    @Slot(object, str)
    def show_images(self, image_ids: Sequence[int], words: str) -> None:
        """Show these images in the library, selected; ``words`` say which they are."""
        self._show_place(LIBRARY)
        self.library.show_chosen(image_ids)
        count = len(image_ids)
        shown = counted(count, self.tr("{n} image: {words}."), self.tr("{n} images: {words}."), words=words)
        self.say(shown)

    @Slot()
    def show_train(self) -> None:
        self._show_place(TRAIN)
        self.train.focus()

    @Slot(object)
    def _show_image(self, image_id: int) -> None:
        self.library.controller.set_current(image_id)
        self._show_view(True)

    @Slot()
    def show_library(self) -> None:
        self._show_place(LIBRARY)
        self.library.focus_images()

    @Slot(str)
    def show_query(self, query: str) -> None:
        """Show the images of a query that the person asked for outside the query bar."""
        self._submit_query(query)
        self.library.focus_images()

    @Slot()
    def show_review(self) -> None:
        self._show_place(REVIEW)
        self.review.show_start()

    @Slot()
    def review_category(self) -> None:
        """Start a review of the category that is highlighted in the library."""
        category_id = self.library.controller.highlight
        if category_id is None:
            self.say(self.tr("No suggestion is highlighted. Choose a category on the board."))
            self.show_review()
        else:
            self._show_place(REVIEW)
            self.review.begin(category_id)

    @Slot()
    def show_grid(self) -> None:
        """Show the grid; in a review with a card shown large, all its cards."""
        if self._place != REVIEW or not self.review.leave_large():
            self._show_view(False)

    @Slot()
    def show_single(self) -> None:
        """Show one image large; in a review the current card."""
        if self._place == REVIEW and self.review.round_shown:
            self.review.open_large()
        else:
            self._show_view(True)

    @Slot(bool)
    def _show_view(self, single: bool) -> None:
        self._show_place(LIBRARY)
        (self.library.show_single if single else self.library.show_grid)()

    @Slot()
    def _enter_query(self) -> None:
        """The images get the focus once the query turns out to be valid."""
        self._entered = True

    @Slot(str)
    def _submit_query(self, text: str) -> None:
        self._show_place(LIBRARY)
        self.library.show_hits(text)
        self.library.finding.run(text)

    @Slot(str)
    def _refine_query(self, text: str) -> None:
        """A step of a query that is put together by clicks."""
        self.library.show_hits(text)
        self.library.finding.run(text, step=True)

    @Slot()
    def save_query(self) -> None:
        """Ask for a name for the query that is shown."""
        query = self._session.query.strip()
        if query:
            self._show_place(LIBRARY)
            self.saving.begin(query)
        else:
            self.say(self.tr("All images are shown. Filter or sort them first, then save the query."))

    @Slot()
    def toggle_filters(self) -> None:
        if self._place != LIBRARY:
            self.show_library()
            if self.library.facets.isVisibleTo(self.library):
                self.library.facets.take_focus()
                return
        self.library.toggle_filters()

    @Slot()
    def focus_query(self) -> None:
        self._show_place(LIBRARY)
        self.top.query.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.query.edit.selectAll()

    @Slot()
    def _leave_query(self) -> None:
        self.problem.hide()
        self.library.focus_images()

    @Slot(str)
    def say(self, words: str) -> None:
        """Show a message in the status line for a few seconds."""
        self.message.show_message(words)

    @Slot(str)
    def _go(self, name: str) -> None:
        shown = {
            LIBRARY: self.show_library,
            REVIEW: self.show_review,
            TRAIN: self.show_train,
            INSIGHTS: self.show_insights,
            CATEGORIES: self.show_categories,
        }
        if name in shown:
            shown[name]()
        elif name in self._places:
            self._show_place(name)
        else:
            # Help and preferences are panels over the current place.
            self.rail.set_current(self._place)
            self.command_wanted.emit(name)

    def _show_place(self, name: str) -> None:
        if name in {REVIEW, TRAIN, INSIGHTS, CATEGORIES}:
            getattr(self, name)  # created on first use
        place = self._places[name]
        self._place = name
        self.top.show_library(name == LIBRARY)
        self.status.counts.setVisible(name == LIBRARY)
        if name != LIBRARY:
            self.problem.hide()
            self.saving.hide()
        self.rail.set_current(name)
        self.places.setCurrentWidget(place)
        self.place_changed.emit()
        self.content_changed.emit(getattr(place, "content", place))

    def view_shown(self) -> LastView:
        """What is shown now, for revisit()."""
        image, single = self.library.view_shown()
        return LastView(self._session.query, image, single, self._place)

    def revisit(self, view: LastView, chosen: Sequence[int] = ()) -> None:
        """Show a place again, and in the library what was shown of it; ``chosen``: of the chosen images."""
        self._go(view.place)
        if view.place == LIBRARY:
            self.library.revisit(view, chosen)

    def reopen(self, view: LastView) -> None:
        """Show what was shown when the project was last closed."""
        self.library.restore_view(view)
        if self._place == LIBRARY and view.place in self.rail.names() and view.place != LIBRARY:
            self._go(view.place)

    def go_up(self) -> None:
        """Close what is asked for; to the images, from one image to the grid, from a place to the library."""
        if self.saving.isVisible():
            self.saving.leave()
        elif self._place != LIBRARY:
            self.show_library()
        else:
            self.library.go_up()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go_up()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _closed(self) -> None:
        self._show_place(LIBRARY)
        self.status.stop()
        self.status.set_pace(None)
        self.top.set_query("")
        self.saving.hide()
        self._warned = ""
        for banner in (self.read_only, self.warning):
            banner.tell("")
        self.problem.hide()

    def _read_only_words(self, info: ProjectInfo) -> str:
        """Why the project cannot be changed, and what is still possible; empty where it can."""
        if not info.read_only:
            return ""
        words = self.tr("This project is open read-only: {reason}. You can browse, filter and export.")
        return words.format(reason=info.read_only.rstrip("."))
