"""Loads the suggestions of a project, and encodes the texts of new categories, on the model's thread."""

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CancelledError, KnownError
from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.model_queue import ModelQueue, Task
from app.services.runner import Runner

if TYPE_CHECKING:
    from app.services.project import Project

log = logging.getLogger(__name__)


class SuggestionLoading(QObject):
    """One loading and one encoding at a time, for whatever project they were asked for."""

    loaded = Signal(object)
    """What load_suggestions() gives."""
    failed = Signal(object)
    """The error of a loading."""
    encoded = Signal(object)
    """The Project whose texts are all encoded now."""
    encoding_failed = Signal(object)

    def __init__(self, models: ModelQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._loading: Task | None = None
        self._encoding = False

    def load(self, project: "Project") -> None:
        if self._models.closed:
            return

        def work(runner: Runner, _on_progress: ProgressCallback, _should_stop: StopCheck) -> Any:
            return load_suggestions(project, runner)

        self._loading = self._models.submit(work, then=self._tell_loaded, failed=self._tell_failed)

    def encode(self, project: "Project") -> None:
        if self._encoding or self._models.closed:
            return
        self._encoding = True

        def work(runner: Runner, _on_progress: ProgressCallback, _should_stop: StopCheck) -> Any:
            from app.services.indexing import ensure_text_features

            ensure_text_features(project, runner)
            return project

        self._models.submit(work, then=self._tell_encoded, failed=self._tell_encoding_failed)

    def stop(self) -> None:
        """The project is being closed: what waits is not loaded any more."""
        if self._loading is not None:
            self._models.cancel(self._loading)
            self._loading = None
        self._encoding = False

    def _tell_loaded(self, found: Any) -> None:
        self.loaded.emit(found)

    def _tell_failed(self, error: BaseException) -> None:
        if not isinstance(error, CancelledError):
            self.failed.emit(error)

    def _tell_encoded(self, project: "Project") -> None:
        self._encoding = False
        self.encoded.emit(project)

    def _tell_encoding_failed(self, error: BaseException) -> None:
        self._encoding = False
        self.encoding_failed.emit(error)


def load_suggestions(project: "Project", runner: Runner) -> "tuple[Project, Any, int]":
    """The project, its LiveSuggestions, and the ledger's entry of whose moment they are.

    Texts that cannot be encoded, or not be kept in a read-only project, cost the text score alone. Raises
    NotIndexedError.
    """
    from app.jobs.store_values import ScoreDoneLater
    from app.services.indexing import embeddings_to_learn_from, ensure_text_features
    from app.services.labelling import last_entry

    # Without features there is no reason to start a worker, or to load what learns.
    embeddings_to_learn_from(project)
    from app.services.suggestions import LiveSuggestions

    if project.read_only is None:
        try:
            ensure_text_features(project, runner)
        except KnownError as error:
            log.warning("the texts of the categories could not be encoded: %s", error)
    entry = last_entry(project)
    live = LiveSuggestions.load(project, ScoreDoneLater())
    # The first answer weighs and calibrates, which takes long in a large project: not on the storage thread.
    live.for_images([int(live.image_ids[0])], 1)
    return project, live, entry
