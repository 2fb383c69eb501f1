"""Heat maps for the window: worked out one at a time on the model's thread, the newest wish first."""

import traceback
from collections import OrderedDict
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CancelledError, KnownError
from app.domain.heat import Heat
from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.model_queue import ModelQueue, Task, Work
from app.services.runner import Runner, WorkInterrupted

KEPT: Final = 256

Wish = tuple[int, int]
"""Image and category."""


class HeatLoading(QObject):
    """Answers the newest wish; those that it overtook are dropped. Maps that were worked out are kept."""

    came = Signal(object)
    """A Heat."""
    failed = Signal(int, int, str)
    """Image, category, and a sentence that says why there is no map."""
    bug = Signal(str)
    """A traceback."""

    def __init__(
        self,
        models: ModelQueue,
        parent: QObject | None = None,
        *,
        known_errors: tuple[type[Exception], ...] = (KnownError,),
    ) -> None:
        super().__init__(parent)
        self._models, self._known_errors = models, known_errors
        self._kept: OrderedDict[Wish, Heat | str] = OrderedDict()
        self._folder: Path | None = None
        self._wish: Wish | None = None
        self._asked: Wish | None = None
        self._task: Task | None = None

    def want(self, folder: Path, image_id: int, category_id: int) -> None:
        """``came`` or ``failed`` follows, at once where the map is known."""
        if folder != self._folder:
            self.forget()
            self._folder = folder
        wish = self._wish = image_id, category_id
        known = self._kept.get(wish)
        if known is not None:
            self._wish = None
            self._tell(wish, known)
        elif self._task is None:
            self._ask()
        elif not self._models.is_running(self._task):  # it waits behind a job, and nobody wants it any more
            self._models.cancel(self._task)

    @property
    def waits(self) -> bool:
        """Whether a map waits for other work of the model."""
        return self._task is not None and not self._models.is_running(self._task)

    def forget(self) -> None:
        """The scores are other ones, or the project: nothing that was worked out holds any more."""
        self._kept.clear()
        self._wish = self._asked = None
        if self._task is not None:
            self._models.cancel(self._task)

    def _ask(self) -> None:
        wish, folder = self._wish, self._folder
        if wish is None or folder is None or self._models.closed:
            return
        self._asked, self._wish = wish, None
        self._task = self._models.submit(_work(folder, *wish), then=self._settle, failed=self._take_error)

    def _take_error(self, error: BaseException) -> None:
        if isinstance(error, CancelledError | WorkInterrupted):
            self._settle(None)
        elif isinstance(error, self._known_errors):
            self._settle(str(error))
        else:
            self._settle("There is no heat map because of a fault in this program.")
            self.bug.emit("".join(traceback.format_exception(error)))

    def _settle(self, found: Heat | str | None) -> None:
        asked, self._task, self._asked = self._asked, None, None
        if asked is not None and found is not None:
            self._kept[asked] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            self._tell(asked, found)
        self._ask()

    def _tell(self, wish: Wish, found: Heat | str) -> None:
        if isinstance(found, Heat):
            self.came.emit(found)
        else:
            self.failed.emit(*wish, found)


def _work(folder: Path, image_id: int, category_id: int) -> Work:
    def work(runner: Runner, _on_progress: ProgressCallback, should_stop: StopCheck) -> Heat:
        from app.services.heat import heat_of
        from app.services.project import open_project

        with open_project(folder) as project:
            return heat_of(project, runner, image_id, category_id, should_stop)

    return work
