"""Looks at folders for a new project, and reads files with category names, on separate threads."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CancelledError, KnownError
from app.domain.folder_survey import Fault, FolderSurvey
from app.domain.language import translate

CLOSE_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


class FolderSurveys(QObject):
    """One thread for each folder. Results arrive as signals. Has no parent; the owner closes it."""

    news = Signal(object)
    """A FolderSurvey, also of a folder that is no longer wanted."""
    names_read = Signal(object)
    """The category names of a file, a list."""
    names_failed = Signal(str)
    """Why a file cannot be read: a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._stops: dict[Path, threading.Event] = {}
        self._threads: list[threading.Thread] = []
        self._previews: list[str] = []
        self._closed = False

    def want(self, folders: Iterable[Path]) -> None:
        """Look at these folders, unless that has begun; stop looking at all others."""
        wanted = list(dict.fromkeys(folders))
        for folder in self._stops.keys() - set(wanted):
            self._stops.pop(folder).set()
        for folder in wanted:
            if folder not in self._stops and not self._closed:
                self._stops[folder] = stop = threading.Event()
                self._start(partial(self._look, folder, stop))

    def read_names(self, file: Path) -> None:
        """``names_read`` or ``names_failed`` follows."""
        if not self._closed:
            self._start(partial(self._read_names, file))

    def number_of(self, path: str) -> int:
        """The number under which preview() finds this image."""
        if path not in self._previews:
            self._previews.append(path)
        return self._previews.index(path)

    def preview(self, number: int, long_side: int) -> bytes:
        """An encoded picture. For the threads of a ThumbnailLoader. Raises KnownError with the reason."""
        from app.services.images.survey import preview

        return preview(self._previews[number], long_side)

    def close(self) -> bool:
        """Stop looking; False if a disk does not respond in time. Idempotent."""
        self._closed = True
        self.want(())
        end = time.monotonic() + CLOSE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _start(self, work: Callable[[], None]) -> None:
        self._threads = [one for one in self._threads if one.is_alive()]
        thread = threading.Thread(target=work, name="folder-survey", daemon=True)
        self._threads.append(thread)
        thread.start()

    # --- on the threads

    def _look(self, folder: Path, stop: threading.Event) -> None:
        from app.services.images.survey import survey

        try:
            found = survey(folder, self.news.emit, stop.is_set)
        except CancelledError:
            return
        except Exception:
            log.exception("looking at %s", folder)
            found = FolderSurvey(folder, folder, finished=True, fault=Fault.UNREADABLE)
        if not stop.is_set():
            self.news.emit(found)

    def _read_names(self, file: Path) -> None:
        from app.services.labelling.naming import names_in_file

        try:
            names, _ = names_in_file(file)
        except KnownError as error:
            self.names_failed.emit(str(error))
        except Exception:
            log.exception("reading %s", file)
            self.names_failed.emit(
                translate("Jobs", "{file} cannot be read; the log says why.").format(file=file)
            )
        else:
            self.names_read.emit(names)
