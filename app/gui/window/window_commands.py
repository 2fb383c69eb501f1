"""Connects the window's commands to what they do, and enables those that are possible."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from app.domain.query import Query, to_text
from app.domain.query.nodes import Is, Property
from app.gui.commands.actions import FrameActions
from app.gui.commands.context_menu import ask_for_menu
from app.gui.commands.position_keys import PositionKeys
from app.gui.library.menus import LibraryMenus
from app.gui.review.accept_panel import AcceptPanel
from app.gui.review.card_actions import CardActions
from app.gui.start.start_page import StartPage
from app.gui.widgets.key_cap import key_words
from app.gui.window.category_panel import CategoryPanel
from app.gui.window.history import History
from app.gui.window.image_model_panel import ImageModelPanel
from app.gui.window.panels import Panels
from app.gui.window.project_menu import ProjectMenu
from app.gui.window.workspace import (
    CATEGORIES,
    HELP,
    INSIGHTS,
    LIBRARY,
    PREFERENCES,
    REVIEW,
    TRAIN,
    Workspace,
)
from app.jobs.project.session import ProjectSession
from app.jobs.settings.preferences import Preferences
from app.jobs.work.controller import JobController
from app.jobs.work.image_models import ImageModelChanges
from app.jobs.work.kinds import THUMBNAILS
from app.jobs.work.model_list import ModelList

OF_PROJECT: Final = (
    *("grid", "single", "list", "larger_pictures", "smaller_pictures"),
    *("copy_labels", "copy_path", "show_in_folder"),
    *("query", "clear_query", "similar", "stack", "refresh"),
    *("filters", "sort", "save_query", "saved_queries"),
    *("review", "review_category", "accept_likely", "train", "insights", "image_model", "start_page", "jobs"),
    *("categories", "category_properties", "duplicates"),
    *("import_labels", "export_labels", "project_settings"),
)
OPENING: Final = ("new_project", "open_project", "demo")
DUPLICATES: Final = to_text(Query(Is(Property.DUPLICATE)))


class WindowCommands(QObject):
    """The actions of the commands in FRAME. ``calls``: those that the window carries out itself, by name."""

    def __init__(
        self,
        window: QMainWindow,
        *,
        session: ProjectSession,
        jobs: JobController,
        preferences: Preferences,
        start: StartPage,
        workspace: Workspace,
        models: ModelList,
        calls: Mapping[str, Callable[[], object]],
    ) -> None:
        super().__init__(window)
        self._session, self._jobs, self._start, self._workspace = session, jobs, start, workspace
        self._models, self._preferences = models, preferences
        self.accept_panel: AcceptPanel | None = None
        self.category_panel: CategoryPanel | None = None
        self.image_model_panel: ImageModelPanel | None = None
        self.image_models = ImageModelChanges(session, jobs, self)
        self.image_models.message.connect(workspace.say)
        self.history = History(session, workspace, self)
        self.frame = FrameActions(window, preferences.shortcuts)
        self.position_keys = PositionKeys(window, lambda: preferences.shortcuts)
        self.position_keys.message.connect(workspace.say)
        self.panels = Panels(
            window,
            self.frame,
            workspace.library.actions_of_labelling,
            preferences,
            models,
            labelling_possible=workspace.library.isVisible,
            cards=self._cards_actions,
        )
        workspace.keys_reserved.connect(self.frame.reserve)
        self._connect()
        self.menus = LibraryMenus(session, workspace.library, self.frame)
        self.frame.connect_all(calls)
        self.history.changed.connect(self._follow_history)
        self.menu = ProjectMenu(workspace.top.menu, self.frame, self._other_projects)
        self.frame.keys_changed.connect(self._show_keys)
        self._show_keys()
        self.follow()

    def _connect(self) -> None:
        workspace, library, panels = self._workspace, self._workspace.library, self.panels
        self.frame.connect_all(
            {
                "grid": workspace.show_grid,
                "single": workspace.show_single,
                "review": workspace.show_review,
                "review_category": workspace.review_category,
                "train": workspace.show_train,
                "insights": workspace.show_insights,
                "train_start": self._train,
                "list": lambda: self._in_library(library.toggle_list),
                "larger_pictures": lambda: library.enlarge(1),
                "smaller_pictures": lambda: library.enlarge(-1),
                "accept_likely": self._accept_likely,
                "categories": workspace.show_categories,
                "category_properties": self._show_current_category,
                "image_model": self._show_image_model,
                "query": workspace.focus_query,
                "filters": workspace.toggle_filters,
                "sort": lambda: self._in_library(workspace.top.sort.showMenu),
                "save_query": workspace.save_query,
                "saved_queries": lambda: self._in_library(workspace.top.query.menu.showMenu),
                "clear_query": lambda: self._in_library(lambda: self._session.set_query("")),
                "similar": lambda: self._in_library(library.show_similar),
                "stack": lambda: self._in_library(library.toggle_stack),
                "refresh": self._session.refresh_query,
                "back": self.history.back,
                "forward": self.history.forward,
                "scan": self._jobs.start_scan,
                "relink": self._jobs.compare_missing,
                "near_duplicates": self._jobs.find_duplicates,
                "duplicates": lambda: workspace.show_query(DUPLICATES),
                "index": self._jobs.start_indexing,
                "thumbnails": lambda: self._jobs.begin(THUMBNAILS),
                "open_project": self._start.browse,
                "palette": panels.toggle_palette,
                "context_menu": ask_for_menu,
                "help": panels.toggle_help,
                "preferences": self._show_preferences,
                "jobs": workspace.top.pill.open_list,
            }
        )
        self._start.form.models.download_wanted.connect(panels.show_models)
        workspace.properties_wanted.connect(self._show_category)
        workspace.command_wanted.connect(lambda name: self.frame.action(name).trigger())

    def _other_projects(self) -> list[Path]:
        info = self._session.info
        return [one for one in self._preferences.recent() if info is None or one != info.folder]

    def _in_library(self, call: Callable[[], object]) -> None:
        """Show the library, where the result is seen, first."""
        self._workspace.show_library()
        call()

    def _train(self) -> None:
        """Start training in the Train place, which shows the run."""
        self._workspace.show_train()
        self._workspace.train.begin_if_judged()

    def _accept_likely(self) -> None:
        """For the category of the review or of the highlighted suggestion."""
        category = self._current_category()
        if category is None:
            self._say_choose_first()
            return
        if self.accept_panel is None:
            made = self.accept_panel = AcceptPanel(self._session)
            made.left.connect(self.panels.close_all)
            made.message.connect(self._workspace.say)
        self.accept_panel.begin(*category)
        self.panels.open("accept", self.accept_panel, 520, 380)

    def _show_current_category(self) -> None:
        """The properties of the category of the review or of the highlighted suggestion.

        In the Categories place its key renames in the row.
        """
        if self._workspace.place == CATEGORIES:
            self._workspace.categories.table.rename()
            return
        category = self._current_category()
        if category is None:
            self._say_choose_first()
        else:
            self._show_category(category[0])

    @Slot(int)
    def _show_category(self, number: int) -> None:
        name = self._workspace.library.controller.category_name(number) or ""
        if self.category_panel is None:
            made = self.category_panel = CategoryPanel(self._session)
            made.left.connect(self.panels.close_all)
            made.message.connect(self._workspace.say)
        self.category_panel.begin(number, name)
        self.panels.open("category", self.category_panel, 760, 780)

    def _say_choose_first(self) -> None:
        self._workspace.say(self.tr("Choose a category first, on the board or among the suggestions."))

    def _show_image_model(self) -> None:
        if self.image_model_panel is None:
            made = ImageModelPanel(self._session, self._jobs, self.image_models, self._models)
            made.left.connect(self.panels.close_all)
            made.download_wanted.connect(self.panels.show_models)
            self.image_model_panel = made
        self.panels.open("image_model", self.image_model_panel, 640, 620)

    def _current_category(self) -> tuple[int, str] | None:
        """Number and name of the category of the review, or of the highlighted suggestion."""
        workspace, info = self._workspace, self._session.info
        number = workspace.library.controller.highlight
        if workspace.place == REVIEW:
            number = workspace.review.category_shown()
        known = () if info is None else info.categories
        return next(((one.id, one.name) for one in known if one.id == number), None)

    def _cards_actions(self) -> CardActions | None:
        """The actions of a review while its cards are shown."""
        workspace = self._workspace
        if workspace.place != REVIEW or not workspace.review.round_shown:
            return None
        return workspace.review.round_view.actions_of_cards

    @Slot()
    def follow(self) -> None:
        """Enable the commands that are possible with the current project and jobs."""
        info, running = self._session.info, {job.kind for job in self._jobs.running()}
        shown = info is not None and self._workspace.isVisibleTo(self._workspace.window())
        writable = info is not None and shown and not info.read_only
        self.frame.set_enabled(OF_PROJECT, shown)
        for name, kind in (
            ("scan", "scan"),
            ("relocate", "relocate"),
            ("relink", "compare"),
            ("near_duplicates", "duplicates"),
            ("index", "index"),
            ("thumbnails", "thumbnails"),
            ("train_start", "train"),
        ):
            self.frame.action(name).setEnabled(writable and kind not in running)
        self.frame.set_enabled(OPENING, not running & {"create", "demo"})
        self._follow_history()

    @Slot()
    def _follow_history(self) -> None:
        shown = self._session.info is not None and self._workspace.isVisibleTo(self._workspace.window())
        self.frame.action("back").setEnabled(shown and self.history.can_go_back)
        self.frame.action("forward").setEnabled(shown and self.history.can_go_forward)

    @Slot()
    def _show_preferences(self) -> None:
        self._workspace.library.keep_sizes()
        self.panels.toggle_preferences()

    @Slot()
    def _show_keys(self) -> None:
        key = self.frame.key
        for place, name in (
            (LIBRARY, "grid"),
            (REVIEW, "review"),
            (TRAIN, "train"),
            (INSIGHTS, "insights"),
            (CATEGORIES, "categories"),
            (HELP, "help"),
            (PREFERENCES, "preferences"),
        ):
            self._workspace.rail.set_key(place, key(name))
        self._workspace.top.show_keys(key("grid"), key("single"), key("query"), key("filters"))
        self._workspace.top.query.menu.set_key(key("save_query"))
        self._workspace.library.facets.set_key(key_words(key("filters")))
        self._start.set_keys(key("new_project"), key("open_project"))
