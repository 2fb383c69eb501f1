"""The images that fit a text best, found on the model's thread while the text is being typed."""

import traceback
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.domain.category_properties import CategoryEdit
from app.domain.errors import CancelledError, is_known
from app.domain.language import translate
from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.project.storage import ProjectStorage
from app.jobs.threads.model_queue import ModelQueue, Task, Work
from app.services.runner.runner import Runner, WorkInterrupted

SHOWN: Final = 10

Request = tuple[int, CategoryEdit]


class TextPreview(QObject):
    """Answers the newest request and drops older ones."""

    ready = Signal(object)
    """The ids of the images, best first; empty if the text has no score."""
    failed = Signal(str)
    """Why there is no answer: a sentence; empty without suggestions."""
    bug = Signal(str)

    def __init__(self, models: ModelQueue, storage: ProjectStorage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models, self._storage = models, storage
        self._wanted: Request | None = None
        self._task: Task | None = None
        self._asking = False

    def want(self, category_id: int, edit: CategoryEdit) -> None:
        """``ready`` or ``failed`` follows, for the category as it would be after ``edit``."""
        self._wanted = category_id, edit
        if self._task is not None:
            if not self._models.is_running(self._task):
                self._models.cancel(self._task)
        elif not self._asking:
            self._ask()

    def forget(self) -> None:
        """No answer is wanted any more."""
        self._wanted, self._asking = None, False
        if self._task is not None:
            self._models.cancel(self._task)

    def _ask(self) -> None:
        if self._wanted is None or self._models.closed:
            return
        number, edit = self._wanted
        self._wanted, self._asking = None, True
        self._storage.ask(
            lambda store: store.categories.to_preview(number, edit),
            then=self._begin,
            failed=self._take_error,
            key="text-preview",
        )

    def _begin(self, found: Any) -> None:
        self._asking = False
        if self._models.closed:
            return
        if found is None:
            self.failed.emit("")
            self._ask()
            return
        self._task = self._models.submit(_work(*found), then=self._take, failed=self._take_error)

    def _take(self, image_ids: list[int]) -> None:
        self._task = None
        if self._wanted is None:
            self.ready.emit(image_ids)
        self._ask()

    def _take_error(self, error: BaseException) -> None:
        self._task, self._asking = None, False
        if isinstance(error, CancelledError | WorkInterrupted):
            pass
        elif is_known(error):
            self.failed.emit(str(error))
        else:
            words = translate("Jobs", "Something went wrong in Tailspotter: there is no preview.")
            self.failed.emit(words)
            self.bug.emit("".join(traceback.format_exception(error)))
        self._ask()


def _work(project: Any, live: Any, category: Any) -> Work:
    def work(runner: Runner, _on_progress: ProgressCallback, _should_stop: StopCheck) -> list[int]:
        from app.services.suggestions.text_preview import top_images

        return top_images(project, live, runner, category, SHOWN)

    return work
