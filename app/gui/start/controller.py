"""The start page's recent projects, and what a dropped folder opens."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from app.gui.start.start_page import StartPage
from app.gui.start.strip import make_strip
from app.jobs.settings.preferences import Preferences
from app.jobs.settings.recent_projects import LastView, ProjectCard, RecentProjects, plain_card
from app.jobs.values.session import ProjectInfo

_NAME_FILES: Final = frozenset({".txt", ".csv"})


class StartController(QObject):
    """The behaviour of the page; the page itself is layout."""

    open_wanted = Signal(object)
    """A Path."""
    view_ready = Signal(object, object)
    """A project's folder, and its LastView."""

    def __init__(self, page: StartPage, recent: RecentProjects, preferences: Preferences) -> None:
        super().__init__(page)
        self._page, self._recent, self._preferences = page, recent, preferences
        page.forget_wanted.connect(self._forget)
        page.dropped.connect(recent.look_at)
        recent.looked.connect(self._take_dropped)
        recent.cards_ready.connect(self._show)
        recent.view_ready.connect(self.view_ready)
        self._show_names()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the names at once if others are shown; the details follow from another thread."""
        wanted = self._preferences.recent()
        if {row.card.folder for row in self._page.recent.rows()} != set(wanted):
            self._show_names()
        if wanted:
            self._recent.ask(wanted)

    def keep(self, info: ProjectInfo, pictures: Sequence[QImage], view: LastView) -> None:
        """Remember how an open project looks now, before it is closed."""
        self._recent.keep(info, make_strip(pictures), view)

    def ask_view(self, folder: Path) -> None:
        """``view_ready`` follows if it is known what of this project was last shown."""
        self._recent.ask_view(folder)

    def close(self) -> bool:
        return self._recent.close()

    def _show_names(self) -> None:
        self._page.set_cards([plain_card(folder) for folder in self._preferences.recent()])

    @Slot(object)
    def _show(self, cards: list[ProjectCard]) -> None:
        if [card.folder for card in cards] == self._preferences.recent():
            self._page.set_cards(cards)

    @Slot(object)
    def _forget(self, folder: Path) -> None:
        self._preferences.forget_project(folder)
        self._recent.forget(folder)
        self._page.show_problem("")
        self.refresh()
        self._page.focus_first()

    @Slot(object, bool)
    def _take_dropped(self, folder: Path, is_project: bool) -> None:
        form_shown = self._page.form_shown
        if is_project and not form_shown:
            self.open_wanted.emit(folder)
        elif folder.is_dir():
            self._page.show_form(folder)
        elif form_shown and folder.suffix.lower() in _NAME_FILES:
            self._page.form.categories.read_file(folder)
        else:
            problem = self.tr("{name} is not a folder. Drop a folder of images or a project.")
            self._page.show_problem(problem.format(name=folder.name))
