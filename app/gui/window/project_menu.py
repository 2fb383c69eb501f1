"""The menu of the project's name: what can be done with the project, and other projects."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMenu

from app.gui.commands.actions import FrameActions
from app.jobs.settings.recent_projects import plain_card

SECTIONS: Final = (
    ("import_labels", "export_labels"),
    ("scan", "relocate", "relink", "duplicates", "near_duplicates"),
    ("index", "image_model", "train_start"),
    ("category_properties", "project_settings"),
    ("new_project", "open_project"),
    ("start_page",),
)
"""Commands of FRAME."""
MOST_RECENT: Final = 8


class ProjectMenu(QObject):
    """Fills ``menu``. ``recent`` returns the other projects, the latest first."""

    open_wanted = Signal(object)
    """A Path."""

    def __init__(self, menu: QMenu, frame: FrameActions, recent: Callable[[], Sequence[Path]]) -> None:
        super().__init__(menu)
        self._recent = recent
        self.recent = QMenu(self.tr("Open recent"), menu)
        for names in SECTIONS:
            menu.addActions([frame.action(name) for name in names])
            if "open_project" in names:
                menu.addMenu(self.recent)
            menu.addSeparator()
        menu.aboutToShow.connect(self._list_recent)

    @Slot()
    def _list_recent(self) -> None:
        self.recent.clear()
        for folder in self._recent()[:MOST_RECENT]:
            action = self.recent.addAction(plain_card(folder).name.replace("&", "&&"))
            action.setToolTip(str(folder))
            action.triggered.connect(partial(self.open_wanted.emit, folder))
        self.recent.setToolTipsVisible(True)
        self.recent.menuAction().setEnabled(not self.recent.isEmpty())
