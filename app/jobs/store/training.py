"""The Train place's operations on the open project, for the storage thread."""

from app.domain.changes import ChangeSet
from app.domain.models import ModelVersion
from app.jobs.store.project_state import ProjectState
from app.jobs.values.session import VersionAnswer, VersionStep
from app.jobs.values.store import MutationResult
from app.services.labelling.decisions import last_entry
from app.services.project.project import Project
from app.services.versions import versions as models


class TrainingStore:
    """Belongs to the storage thread."""

    def __init__(self, state: ProjectState) -> None:
        self._state = state
        self._active: int | None = None

    @property
    def _project(self) -> Project:
        return self._state.opened()

    def note_version(self) -> bool:
        """Whether the active version changed since the last call."""
        before, self._active = self._active, models.number_in_use(self._project)
        return before != self._active

    def problem(self) -> str:
        """Why the suggestions do not use the active version; empty if they do, or none is active."""
        live = self._state.live
        return "" if live is None else live.model_problem or ""

    def versions(self) -> list[ModelVersion]:
        """Newest first."""
        return models.versions(self._project)

    def new_answers(self) -> int:
        """An upper bound, quick to get, of the answers and reviews since the newest version."""
        newest = models.newest_version(self._project)
        return last_entry(self._project) - (0 if newest is None else newest.card.ledger_entry)

    def activate(self, name: str) -> MutationResult:
        """Raises NotFoundError, VersionDamagedError, BadInputError."""
        return self._activated(models.activate(self._project, name))

    def roll_back(self) -> MutationResult:
        """Raises as activate()."""
        return self._activated(models.roll_back(self._project))

    def delete(self, name: str) -> MutationResult:
        """Raises BadInputError for the active version, NotFoundError."""
        freed = models.delete(self._project, name)
        return MutationResult(ChangeSet(), 0, VersionAnswer(VersionStep.DELETED, name, freed=freed))

    def set_note(self, name: str, note: str) -> MutationResult:
        """Raises BadInputError for a note that is too long, NotFoundError."""
        models.set_note(self._project, name, note)
        return MutationResult(ChangeSet(), 0, VersionAnswer(VersionStep.NOTED, name))

    def _activated(self, version: ModelVersion | None) -> MutationResult:
        self.note_version()  # not an external change
        name = models.NONE if version is None else version.name
        return MutationResult(ChangeSet(), 0, VersionAnswer(VersionStep.ACTIVATED, name))
