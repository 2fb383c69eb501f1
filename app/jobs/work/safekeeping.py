"""Backups and image folders of the open project, for its settings."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.backups import Backup
from app.domain.errors import BusyError
from app.domain.progress import StopCheck
from app.jobs.project.session import ProjectSession
from app.jobs.threads.newest import Newest

if TYPE_CHECKING:
    from app.services.project.backups import ListedBackup, Restoration

__all__ = ["ListedBackup", "Restoration", "Safekeeping"]

WAIT_SECONDS: Final = 15.0
"""How long a restore waits until the work of this window has let go of the project."""
CLOSE_SECONDS: Final = 10.0


class Safekeeping(QObject):
    """Everything runs on threads of its own. The owner calls close()."""

    listed = Signal(object)
    """A list of ListedBackup, newest first."""
    made = Signal(object)
    """A Backup."""
    previewed = Signal(object)
    """A Restoration that has not happened."""
    restored = Signal(object, object)
    """The Path of the project, which is not open, and the Restoration."""
    not_restored = Signal(object, str)
    """The Path of the project, which is not open, and why: a sentence."""
    folder_added = Signal(object)
    """The Path of an image folder; it is not scanned yet."""
    refused = Signal(str)
    """Why something was not done: a sentence."""
    bug = Signal(str)

    def __init__(self, session: ProjectSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lists, self._previews = Newest("backup-list", self), Newest("backup-preview", self)
        self._writes = Newest("backup", self)
        self._restoring: Path | None = None
        for one in (self._lists, self._previews, self._writes):
            one.bug.connect(self.bug)

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._writes.busy

    @Slot()
    def ask_backups(self) -> None:
        """``listed`` follows."""
        if (folder := self._folder) is not None:
            self._lists.run(lambda _stop: _backups(folder), then=self._take_list, failed=self._refuse)

    def preview(self, path: Path) -> None:
        """What restoring this backup would change; ``previewed`` or ``refused`` follows."""
        if (folder := self._folder) is not None:
            self._previews.run(
                lambda _stop: _preview(folder, path), then=self._take_preview, failed=self._refuse
            )

    @Slot()
    def back_up(self) -> None:
        """``made`` or ``refused`` follows."""
        if (folder := self._folder) is not None and not self.busy:
            self._writes.run(lambda _stop: _back_up(folder), then=self._take_backup, failed=self._refuse)

    def add_folder(self, path: Path) -> None:
        """``folder_added`` or ``refused`` follows."""
        if (folder := self._folder) is not None and not self.busy:
            self._writes.run(
                lambda _stop: _add_folder(folder, path), then=self._take_folder, failed=self._refuse
            )

    def restore(self, path: Path) -> None:
        """Close the project and put a backup in its place; ``restored`` or ``not_restored`` follows."""
        if (folder := self._folder) is None or self.busy:
            return
        self._restoring = folder
        self._session.close()
        self._writes.run(
            lambda stop: _restore(folder, path, stop),
            then=self._take_restoration,
            failed=self._refuse_restoration,
        )

    def close(self) -> bool:
        """Whether everything has ended in time. Idempotent."""
        ended = [self._lists.close(), self._previews.close(), self._writes.close(CLOSE_SECONDS)]
        return all(ended)

    @property
    def _folder(self) -> Path | None:
        return None if self._session.info is None else self._session.info.folder

    # --- answers

    def _take_list(self, found: "list[ListedBackup]") -> None:
        self.listed.emit(found)

    def _take_preview(self, found: "Restoration") -> None:
        self.previewed.emit(found)

    def _take_backup(self, made: Backup) -> None:
        self.made.emit(made)
        self.ask_backups()

    def _take_folder(self, added: Path) -> None:
        self.folder_added.emit(added)

    def _refuse(self, sentence: str) -> None:
        self.refused.emit(sentence)

    def _take_restoration(self, done: "Restoration") -> None:
        folder, self._restoring = self._restoring, None
        self.restored.emit(folder, done)

    def _refuse_restoration(self, sentence: str) -> None:
        folder, self._restoring = self._restoring, None
        self.not_restored.emit(folder, sentence)


# --- on the threads


def _backups(folder: Path) -> "list[ListedBackup]":
    from app.services.project.backups import backups

    return backups(folder)


def _preview(folder: Path, path: Path) -> "Restoration":
    from app.services.project.backups import preview

    return preview(folder, path)


def _back_up(folder: Path) -> Backup:
    from app.services.project.backups import back_up
    from app.services.project.project import open_project

    with open_project(folder) as project:
        return back_up(project)


def _add_folder(folder: Path, path: Path) -> Path:
    from app.services.project.more_folders import add_folder
    from app.services.project.project import open_project

    with open_project(folder) as project:
        return add_folder(project, path)


def _restore(folder: Path, path: Path, should_stop: StopCheck) -> "Restoration":
    """Interrupted work of this window ends within seconds, and holds its lock until then."""
    from app.services.project.backups import restore

    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return restore(folder, path)
        except BusyError:
            if should_stop() or time.monotonic() > end:
                raise
            time.sleep(0.2)
