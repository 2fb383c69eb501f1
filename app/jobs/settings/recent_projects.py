"""The projects of the start page, read and saved on a separate thread.

A project may be on a slow or unresponsive disk, and the window must not wait for it.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.jobs.values.session import ProjectInfo
from app.services.recent import LastView, ProjectCard, RecentCards, RecentError, is_project, plain_card

__all__ = ["LastView", "ProjectCard", "RecentProjects", "plain_card"]
CLOSE_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


class RecentProjects(QObject):
    """Results arrive as signals. Has no parent; the owner closes it."""

    cards_ready = Signal(object)
    """A list of ProjectCard, in the order of the request."""
    looked = Signal(object, bool)
    """A folder, and whether it is a project or contains one."""

    view_ready = Signal(object, object)
    """A project's folder, and its LastView."""

    def __init__(self, folder: Path) -> None:
        """``folder``: where the cards are stored."""
        super().__init__()
        self._cards = RecentCards(folder)
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, projects: Sequence[Path]) -> None:
        """``cards_ready`` follows."""
        wanted = list(projects)
        self._do(lambda: self.cards_ready.emit([self._cards.read(one) for one in wanted]))

    def look_at(self, folder: Path) -> None:
        """``looked`` follows."""
        self._do(lambda: self.looked.emit(folder, is_project(folder)))

    def ask_view(self, project: Path) -> None:
        """``view_ready`` follows, unless nothing is stored."""
        self._do(lambda: self._send_view(project))

    def keep(self, info: ProjectInfo, strip: bytes = b"", view: LastView | None = None) -> None:
        """Save the card of an open project."""
        card = ProjectCard(
            info.folder,
            info.name,
            info.images,
            info.reviewed,
            len(info.categories),
            datetime.now(UTC),
            strip,
            view=view,
        )
        self._do(lambda: self._cards.save(card))

    def forget(self, project: Path) -> None:
        self._do(lambda: self._cards.forget(project))

    def close(self) -> bool:
        """Finish all requests; False if a disk does not respond in time. Idempotent."""
        self._closed = True
        if self._thread is None:
            return True
        self._work.put(None)
        self._thread.join(CLOSE_SECONDS)
        return not self._thread.is_alive()

    def _send_view(self, project: Path) -> None:
        view = self._cards.read(project).view
        if view is not None:
            self.view_ready.emit(project, view)

    def _do(self, call: Callable[[], None]) -> None:
        if self._closed:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recent-projects", daemon=True)
            self._thread.start()
        self._work.put(call)

    def _run(self) -> None:
        while (call := self._work.get()) is not None:
            try:
                call()
            except RecentError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("a request of the start page failed")
