"""What each command of the frame does in the window, and which of them can be done now."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot

from app.gui.commands.actions import FrameActions
from app.gui.frame.panels import Panels

if TYPE_CHECKING:
    from app.gui.frame.main_window import MainWindow

OF_PROJECT: Final = (
    *("grid", "single", "larger_pictures", "smaller_pictures", "query", "clear_query", "similar", "refresh"),
    "start_page",
)
BEGINNING: Final = ("new_project", "open_project", "demo")
MENU: Final = (("scan", "index"), ("new_project", "open_project"), ("start_page",))


class WindowCommands(QObject):
    """The one place in which the names of the table meet the methods of the window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        library = window.workspace.library
        self.frame = FrameActions(window, window.preferences.shortcuts)
        self.panels = Panels(
            window, self.frame, library.actions_of_labelling, window.preferences, window.project_shown
        )
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
        self.frame.connect_all(
            {
                "grid": library.show_grid,
                "single": library.show_single,
                "larger_pictures": lambda: library.enlarge(1),
                "smaller_pictures": lambda: library.enlarge(-1),
                "query": window.workspace.focus_query,
                "clear_query": lambda: window.session.set_query(""),
                "similar": library.show_similar,
                "refresh": window.session.refresh_query,
                "scan": window.jobs.start_scan,
                "index": window.start_indexing,
                "new_project": window.new_project,
                "open_project": window.start.browse,
                "demo": window.open_demo,
                "start_page": window.close_project,
                "palette": panels.toggle_palette,
                "help": panels.toggle_help,
                "preferences": self._show_preferences,
                "notice": window.toasts.focus_newest,
                "quit": window.close,
            }
        )
        window.workspace.command_wanted.connect(lambda name: self.frame.action(name).trigger())

    @Slot()
    def follow(self) -> None:
        """The project or its jobs are other ones: what can be done now?"""
        info, running = self._window.session.info, {job.kind for job in self._window.jobs.running()}
        writable = info is not None and not info.read_only
        self.frame.set_enabled(OF_PROJECT, info is not None)
        for kind in ("scan", "index"):
            self.frame.action(kind).setEnabled(writable and kind not in running)
        self.frame.set_enabled(BEGINNING, not running & {"create", "demo"})

    @Slot()
    def _show_preferences(self) -> None:
        self._window.workspace.library.keep_sizes()
        self.panels.toggle_preferences()

    @Slot()
    def _show_keys(self) -> None:
        key = self.frame.key
        self._window.workspace.top.show_keys(key("grid"), key("single"), key("query"))
        self._window.start.set_keys(key("new_project"), key("open_project"))
