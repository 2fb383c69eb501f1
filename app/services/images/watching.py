"""Noticing that files in the image folders change, so that only the touched folders are scanned.

Off unless a person asks for it. Changes are collected until the folders are quiet, so that half-written files
are not read. Network drives do not report changes: their folders are due for a look every few minutes.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.language import translate
from app.services.images.file_walk import FileKey, is_hidden
from app.storage import images
from app.storage.filesystem import is_network_folder

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

    from app.services.project.project import Project

log = logging.getLogger(__name__)

QUIET_SECONDS: Final = 2.0
MOST_SECONDS: Final = 60.0
"""A folder in which files are written all the time is scanned this often."""
LOOK_SECONDS: Final = 300.0
"""Between two looks at a folder that cannot be watched."""
AGAIN_SECONDS: Final = 5.0
"""How often it is seen whether a folder, such as one on another disk, has gone or returned."""
JOIN_SECONDS: Final = 10.0

_IGNORED: Final = frozenset({"opened", "closed_no_write"})


class FolderWatch:
    """Watches the image folders of a project from begin() to close(). Safe to call from any thread."""

    def __init__(
        self,
        roots: Mapping[int, Path],
        project_folder: Path,
        *,
        quiet_seconds: float = QUIET_SECONDS,
        most_seconds: float = MOST_SECONDS,
        look_seconds: float = LOOK_SECONDS,
        again_seconds: float = AGAIN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._roots = {number: root.resolve() for number, root in roots.items()}
        self._project_folder = project_folder.resolve()
        self._quiet, self._most, self._look, self._clock = quiet_seconds, most_seconds, look_seconds, clock
        self._again = again_seconds
        self._lock = threading.Lock()
        self._ready, self._closing = threading.Event(), threading.Event()
        self._seen: dict[int, tuple[int, int] | None] = {}
        self._watches: dict[int, ObservedWatch] = {}
        self._touched: set[FileKey] = set()
        self._first = self._latest = 0.0
        self._looked = clock()
        self._unwatched: dict[int, str] = {}
        self._observer: BaseObserver | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    @classmethod
    def of(cls, project: "Project") -> "FolderWatch":
        with project.db.read() as s:
            return cls(images.roots(s), project.folder)

    def begin(self) -> None:
        """Start watching on a thread of its own: a large tree takes seconds."""
        self._thread = threading.Thread(target=self._watch, name="folder-watch", daemon=True)
        self._thread.start()

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether every folder is watched, or known to be unwatchable, within that time."""
        return self._thread is not None and self._ready.wait(seconds)

    def close(self) -> bool:
        """End all threads; whether they ended in time."""
        with self._lock:
            self._closed = True
        self._closing.set()
        if self._thread is not None:
            self._thread.join(JOIN_SECONDS)
        with self._lock:
            observer = self._observer
        if observer is not None and observer.is_alive():
            observer.stop()
            observer.join(JOIN_SECONDS)
        alive = self._thread is not None and self._thread.is_alive()
        return not alive and (observer is None or not observer.is_alive())

    def unwatched(self) -> dict[Path, str]:
        """The folders that are only looked at every few minutes, with the reason."""
        with self._lock:
            return {self._roots[number]: reason for number, reason in self._unwatched.items()}

    def take(self) -> set[FileKey]:
        """The folders that were touched and have been quiet since, each with its root; empty for none."""
        now = self._clock()
        with self._lock:
            if self._unwatched and now - self._looked >= self._look:
                self._looked = now
                return {(number, "") for number in self._unwatched} | self._taken()
            settled = now - self._latest >= self._quiet or now - self._first >= self._most
            return self._taken() if self._touched and settled else set()

    def _taken(self) -> set[FileKey]:
        taken, self._touched = self._touched, set()
        return taken

    def touch(self, root_id: int, path: str) -> None:
        """Note that something in a folder below a root has changed."""
        now = self._clock()
        with self._lock:
            if not self._touched:
                self._first = now
            self._touched.add((root_id, path))
            self._latest = now

    def _watch(self) -> None:
        try:
            observer = self._observed()
        finally:
            self._ready.set()
        while observer is not None and not self._closing.wait(self._again):
            for number, root in self._roots.items():
                self._watch_again(observer, number, root)

    def _observed(self) -> "BaseObserver | None":
        """Watch all roots for the first time; None if the system allows no watching."""
        from watchdog.observers import Observer

        if self._is_closed():
            return None
        try:
            observer = Observer()  # has a thread already, so it is only made to be started
            observer.start()
        except OSError as error:  # too many of them on this computer
            for number in self._roots:
                self._give_up(number, error.strerror or str(error))
            return None
        with self._lock:
            self._observer = observer
        for number, root in self._roots.items():
            reason = self._begin(observer, number, root)
            if reason is not None:
                self._give_up(number, reason)
            if self._is_closed():
                break
        return observer

    def _watch_again(self, observer: "BaseObserver", number: int, root: Path) -> None:
        """Follow a root that has gone, or is another folder by now: what watches it sees nothing more."""
        watch = self._watches.get(number)
        ended = watch is not None and not any(
            one.watch == watch and one.is_alive() for one in observer.emitters
        )
        if _identity(root) == self._seen.get(number) and not ended:
            return
        if watch is not None:
            observer.unschedule(watch)
            del self._watches[number]
        reason = self._begin(observer, number, root)
        if reason is None:
            with self._lock:
                self._unwatched.pop(number, None)
        else:
            self._give_up(number, reason)
        self.touch(number, "")

    def _give_up(self, number: int, reason: str) -> None:
        log.info("%s is looked at now and then: %s", self._roots[number], reason)
        with self._lock:
            self._unwatched[number] = reason

    def _is_closed(self) -> bool:
        with self._lock:
            return self._closed

    def _begin(self, observer: "BaseObserver", number: int, root: Path) -> str | None:
        """Watch one root; the reason if that is not possible."""
        from watchdog.events import FileSystemEventHandler

        self._seen[number] = _identity(root)
        if not root.is_dir():
            return translate("Images", "it is not there")
        if is_network_folder(root):
            return translate("Images", "network drives do not report changes")
        handler = FileSystemEventHandler()
        handler.on_any_event = lambda event: self._note(number, root, event)  # type: ignore[method-assign]
        try:
            self._watches[number] = observer.schedule(handler, str(root), recursive=True)
        except OSError as error:  # too many folders for the system, or no permission
            return error.strerror or str(error)
        return None

    def _note(self, number: int, root: Path, event: "FileSystemEvent") -> None:
        if event.event_type in _IGNORED or (event.is_directory and event.event_type == "modified"):
            return
        for place in (event.src_path, event.dest_path):
            path = Path(place if isinstance(place, str) else place.decode(errors="surrogateescape"))
            if not place or not path.is_relative_to(root) or path.is_relative_to(self._project_folder):
                continue
            inside = path.relative_to(root)
            if not any(is_hidden(part) for part in inside.parts):
                folder = inside if event.is_directory and path.is_dir() else inside.parent
                self.touch(number, "" if folder == Path() else folder.as_posix())


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
