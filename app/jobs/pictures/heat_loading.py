"""Heat maps for the window, computed one at a time on the model's thread, newest request first."""

import traceback
from collections import OrderedDict
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CancelledError, is_known
from app.domain.heat import Heat
from app.domain.language import translate
from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.threads.model_queue import ModelQueue, Task, Work
from app.services.runner.runner import Runner, WorkInterrupted

MAX_CACHED: Final = 256

Request = tuple[int, int]
"""Image and category."""


class HeatLoading(QObject):
    """Answers the newest request and drops older ones. Computed maps are cached."""

    ready = Signal(object)
    """A Heat."""
    failed = Signal(int, int, str)
    """Image, category, and why there is no map: a sentence."""
    bug = Signal(str)
    """A traceback."""

    def __init__(
        self,
        models: ModelQueue,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._cache: OrderedDict[Request, Heat | str] = OrderedDict()
        self._folder: Path | None = None
        self._wanted: Request | None = None
        self._asked: Request | None = None
        self._task: Task | None = None

    def want(self, folder: Path, image_id: int, category_id: int) -> None:
        """``ready`` or ``failed`` follows, immediately if the map is cached."""
        if folder != self._folder:
            self.forget()
            self._folder = folder
        request = self._wanted = image_id, category_id
        known = self._cache.get(request)
        if known is not None:
            self._wanted = None
            self._emit(request, known)
        elif self._task is None:
            self._ask()
        elif not self._models.is_running(self._task):  # it waits behind a job and is no longer wanted
            self._models.cancel(self._task)

    @property
    def waits(self) -> bool:
        """Whether a map waits for other work on the model's thread."""
        return self._task is not None and not self._models.is_running(self._task)

    def forget(self) -> None:
        """Clear the cache: the scores or the project changed."""
        self._cache.clear()
        self._wanted = self._asked = None
        if self._task is not None:
            self._models.cancel(self._task)

    def _ask(self) -> None:
        request, folder = self._wanted, self._folder
        if request is None or folder is None or self._models.closed:
            return
        self._asked, self._wanted = request, None
        self._task = self._models.submit(_work(folder, *request), then=self._settle, failed=self._take_error)

    def _take_error(self, error: BaseException) -> None:
        if isinstance(error, CancelledError | WorkInterrupted):
            self._settle(None)
        elif is_known(error):
            self._settle(str(error))
        else:
            self._settle(translate("Jobs", "Something went wrong in Tailspotter: there is no heat map."))
            self.bug.emit("".join(traceback.format_exception(error)))

    def _settle(self, found: Heat | str | None) -> None:
        asked, self._task, self._asked = self._asked, None, None
        if asked is not None and found is not None:
            self._cache[asked] = found
            while len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
            self._emit(asked, found)
        self._ask()

    def _emit(self, request: Request, found: Heat | str) -> None:
        if isinstance(found, Heat):
            self.ready.emit(found)
        else:
            self.failed.emit(*request, found)


def _work(folder: Path, image_id: int, category_id: int) -> Work:
    def work(runner: Runner, _on_progress: ProgressCallback, should_stop: StopCheck) -> Heat:
        from app.services.project.project import open_project
        from app.services.suggestions.heat import heat_of

        with open_project(folder) as project:
            return heat_of(project, runner, image_id, category_id, should_stop)

    return work
