"""What the start page knows of the projects that were open lately, and what becomes of a dropped folder."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from app.gui.start.start_page import StartPage
from app.gui.start.strip import make_strip
from app.jobs.preferences import Preferences
from app.jobs.recent_projects import ProjectCard, RecentProjects, plain_card
from app.jobs.session_values import ProjectInfo


class StartDesk(QObject):
    """Behaviour of the page; the page is layout."""

    open_wanted = Signal(object)
    """A Path."""

    def __init__(self, page: StartPage, recent: RecentProjects, preferences: Preferences) -> None:
        super().__init__(page)
        self._page, self._recent, self._preferences = page, recent, preferences
        page.forget_wanted.connect(self._forget)
        page.dropped.connect(recent.look_at)
        recent.looked.connect(self._take_dropped)
        recent.cards_ready.connect(self._show)
        self._name()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """The names at once, where others show; what else is known follows from another thread."""
        wanted = self._preferences.recent()
        if {row.card.folder for row in self._page.recent.rows()} != set(wanted):
            self._name()
        if wanted:
            self._recent.ask(wanted)

    def keep(self, info: ProjectInfo, pictures: Sequence[QImage]) -> None:
        """Remember an open project as it is now, before it is left."""
        self._recent.keep(info, make_strip(pictures))

    def close(self) -> bool:
        return self._recent.close()

    def _name(self) -> None:
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
        if is_project:
            self.open_wanted.emit(folder)
        elif folder.is_dir():
            self._page.show_form(folder)
        else:
            self._page.show_problem(f"{folder.name} is no folder: drop a folder of images, or a project.")
