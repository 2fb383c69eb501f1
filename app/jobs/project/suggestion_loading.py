"""Loads the suggestions of a project, and encodes the texts of new categories, on the model's thread."""

import logging
import traceback
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from app.domain.errors import CancelledError, KnownError, is_known
from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.project.storage import ProjectStorage
from app.jobs.threads.model_queue import ModelQueue, Task
from app.jobs.values.session import ProjectInfo
from app.services.runner.runner import NoRunner, Runner

if TYPE_CHECKING:
    from app.services.project.project import Project

log = logging.getLogger(__name__)


class SuggestionLoading(QObject):
    """Loads and encodes for one project at a time; results for a closed project are dropped."""

    adopted = Signal(object)
    """A ProjectInfo: the suggestions are in use."""
    categories_added = Signal()
    """New categories are part of the suggestions."""
    failed = Signal(str)
    """Why the suggestions could not be loaded: a sentence."""
    encoding_failed = Signal(str)
    """Why the texts could not be encoded: a sentence."""
    bug = Signal(str)

    def __init__(self, models: ModelQueue, storage: ProjectStorage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._storage = storage
        self._project: Project | None = None
        self._loading: Task | None = None
        self._encoding = self._encode_again = False

    def load(self, project: "Project") -> None:
        if self._models.closed:
            return
        self._project = project

        def work(runner: Runner, _on_progress: ProgressCallback, _should_stop: StopCheck) -> Any:
            return load_suggestions(project, runner)

        self._loading = self._models.submit(work, then=self._take_loaded, failed=self._take_load_error)

    def encode(self, project: "Project") -> None:
        """Encode the texts of new categories, also of those that are added meanwhile."""
        if self._encoding or self._models.closed:
            self._encode_again = self._encoding
            return
        self._project = project
        self._encoding = True

        def work(runner: Runner, _on_progress: ProgressCallback, _should_stop: StopCheck) -> Any:
            from app.services.features.indexing import ensure_text_features

            ensure_text_features(project, runner)
            return project

        self._models.submit(work, then=self._take_encoded, failed=self._take_encoding_error)

    def stop(self) -> None:
        """The project is being closed."""
        if self._loading is not None:
            self._models.cancel(self._loading)
        self._project = self._loading = None
        self._encoding = self._encode_again = False

    def _take_loaded(self, loaded: "tuple[Project, Any, int]") -> None:
        project, live, entry = loaded
        if project is self._project:
            self._storage.ask(lambda store: store.adopt(live, entry), then=self._take_adopted)
            self._storage.ask(lambda store: store.note_indexing(), then=self._ignore)

    def _take_adopted(self, info: ProjectInfo) -> None:
        self.adopted.emit(info)

    def _take_encoded(self, project: "Project") -> None:
        again, self._encoding, self._encode_again = self._encode_again, False, False
        if project is self._project:
            self._storage.ask(lambda store: store.state.add_encoded_categories(), then=self._take_added)
            if again:
                self.encode(project)

    def _take_added(self, added: bool) -> None:
        if added:
            self.categories_added.emit()

    def _take_load_error(self, error: BaseException) -> None:
        if not isinstance(error, CancelledError):
            self._report(error, self.failed)

    def _take_encoding_error(self, error: BaseException) -> None:
        self._encoding = self._encode_again = False
        self._report(error, self.encoding_failed)

    def _report(self, error: BaseException, known: SignalInstance) -> None:
        if is_known(error):
            known.emit(str(error))
        elif self._project is not None:
            text = "".join(traceback.format_exception(error))
            log.error("%s", text)
            self.bug.emit(text)

    def _ignore(self, _value: object) -> None:
        return


def load_suggestions(project: "Project", runner: Runner) -> "tuple[Project, Any, int]":
    """The project, its LiveSuggestions, and the ledger entry up to which they know all changes.

    If texts cannot be encoded or stored, only the text score is missing. Raises NotIndexedError.
    """
    from threadpoolctl import threadpool_limits

    from app.services.features.indexing import ensure_text_features, indexed_ids
    from app.services.labelling.decisions import last_entry
    from cprfl_core.common.memory import trim_heap

    # Fails first without features, before a worker is started or the learners are imported.
    indexed_ids(project)
    from app.services.suggestions.suggestions import LiveSuggestions

    # For the whole process: on the learners' small matrices several threads wait for each other more than
    # they help, and while a project is loaded, the other cores stay free for painting.
    threadpool_limits(limits=1, user_api="blas")
    if project.read_only is None:
        try:
            ensure_text_features(project, runner)
        except KnownError as error:
            log.warning("the texts of the categories could not be encoded: %s", error)
    entry = last_entry(project)
    live = LiveSuggestions.load(project, NoRunner())
    # The first suggestion weighs and calibrates the learners: slow in a large project, so not on the storage
    # thread.
    live.for_images([int(live.image_ids[0])], 1)
    trim_heap()
    return project, live, entry
