"""What each command of the frame does in the window, and which of them can be done now."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot

from app.gui.commands.actions import FrameActions
from app.gui.commands.position_keys import PositionKeys
from app.gui.frame.panels import Panels
from app.gui.frame.workspace import HELP, LIBRARY, PREFERENCES, REVIEW, TRAIN
from app.gui.review.accept_panel import AcceptPanel
from app.gui.review.card_actions import CardActions
from app.jobs.work_kinds import THUMBNAILS

if TYPE_CHECKING:
    from app.gui.frame.main_window import MainWindow

OF_PROJECT: Final = (
    *("grid", "single", "larger_pictures", "smaller_pictures", "query", "clear_query", "similar", "refresh"),
    *("review", "review_category", "accept_likely", "train", "start_page", "jobs"),
)
BEGINNING: Final = ("new_project", "open_project", "demo")
MENU: Final = (("scan", "relocate", "index", "train_start"), ("new_project", "open_project"), ("start_page",))


class WindowCommands(QObject):
    """The one place in which the names of the table meet the methods of the window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.accept_panel: AcceptPanel | None = None
        library = window.workspace.library
        self.frame = FrameActions(window, window.preferences.shortcuts)
        self.position_keys = PositionKeys(window, lambda: window.preferences.shortcuts)
        self.position_keys.said.connect(window.workspace.say)
        self.panels = Panels(
            window,
            self.frame,
            library.actions_of_labelling,
            window.preferences,
            labelling_possible=lambda: window.project_shown() and library.isVisible(),
            cards=self._cards_actions,
        )
        window.workspace.keys_reserved.connect(self.frame.reserve)
        self._connect()
        menu = window.workspace.top.menu
        for names in MENU:
            menu.addActions([self.frame.action(name) for name in names])
            menu.addSeparator()
        self.frame.keys_changed.connect(self._show_keys)
        self._show_keys()
        self.follow()

    def _connect(self) -> None:
        window, library, panels = self._window, self._window.workspace.library, self.panels
        workspace = window.workspace
        self.frame.connect_all(
            {
                "grid": workspace.show_grid,
                "single": workspace.show_single,
                "review": workspace.show_review,
                "review_category": workspace.review_category,
                "train": workspace.show_train,
                "train_start": self._train,
                "larger_pictures": lambda: library.enlarge(1),
                "smaller_pictures": lambda: library.enlarge(-1),
                "accept_likely": self._accept_likely,
                "query": workspace.focus_query,
                "clear_query": lambda: self._in_library(lambda: window.session.set_query("")),
                "similar": lambda: self._in_library(library.show_similar),
                "refresh": window.session.refresh_query,
                "scan": window.jobs.start_scan,
                "relocate": window.folders.locate,
                "index": window.start_indexing,
                "thumbnails": lambda: window.jobs.begin(THUMBNAILS),
                "new_project": window.new_project,
                "open_project": window.start.browse,
                "demo": window.open_demo,
                "start_page": window.close_project,
                "palette": panels.toggle_palette,
                "help": panels.toggle_help,
                "preferences": self._show_preferences,
                "jobs": workspace.top.pill.open_list,
                "notice": window.toasts.focus_newest,
                "quit": window.close,
            }
        )
        workspace.command_wanted.connect(lambda name: self.frame.action(name).trigger())

    def _in_library(self, call: Callable[[], object]) -> None:
        """What it changes is seen there."""
        self._window.workspace.show_library()
        call()

    def _train(self) -> None:
        """Start where the run is seen."""
        self._window.workspace.show_train()
        self._window.workspace.train.begin()

    def _accept_likely(self) -> None:
        """Of the category that is meant where the person is."""
        meant = self._category_meant()
        if meant is None:
            words = "Choose a category first: on the board, or a suggestion beside an image."
            self._window.workspace.say(words)
            return
        if self.accept_panel is None:
            made = self.accept_panel = AcceptPanel(self._window.session)
            made.left.connect(self.panels.close_all)
            made.said.connect(self._window.workspace.say)
        self.accept_panel.begin(*meant)
        self.panels.open("accept", self.accept_panel, 520, 380)

    def _category_meant(self) -> tuple[int, str] | None:
        """Number and name of the category of the review, or of the suggestion that is highlighted."""
        workspace, info = self._window.workspace, self._window.session.info
        number = workspace.library.controller.highlight
        if workspace.place == REVIEW:
            number = workspace.review.category_shown()
        known = () if info is None else info.categories
        return next(((one.id, one.name) for one in known if one.id == number), None)

    def _cards_actions(self) -> CardActions | None:
        """Those of a review, while its cards show."""
        workspace = self._window.workspace
        if workspace.place != REVIEW or not workspace.review.sitting_shown:
            return None
        return workspace.review.sitting.actions_of_cards

    @Slot()
    def follow(self) -> None:
        """The project or its jobs are other ones: what can be done now?"""
        info, running = self._window.session.info, {job.kind for job in self._window.jobs.running()}
        writable = info is not None and not info.read_only
        self.frame.set_enabled(OF_PROJECT, info is not None)
        for name, kind in (
            ("scan", "scan"),
            ("relocate", "relocate"),
            ("index", "index"),
            ("thumbnails", "thumbnails"),
            ("train_start", "train"),
        ):
            self.frame.action(name).setEnabled(writable and kind not in running)
        self.frame.set_enabled(BEGINNING, not running & {"create", "demo"})

    @Slot()
    def _show_preferences(self) -> None:
        self._window.workspace.library.keep_sizes()
        self.panels.toggle_preferences()

    @Slot()
    def _show_keys(self) -> None:
        key = self.frame.key
        for place, name in (
            (LIBRARY, "grid"),
            (REVIEW, "review"),
            (TRAIN, "train"),
            (HELP, "help"),
            (PREFERENCES, "preferences"),
        ):
            self._window.workspace.rail.set_key(place, key(name))
        self._window.workspace.top.show_keys(key("grid"), key("single"), key("query"))
        self._window.start.set_keys(key("new_project"), key("open_project"))
