"""What the Train place asks of the open project, for the storage thread."""

from typing import TYPE_CHECKING

from app.domain.changes import ChangeSet
from app.domain.models import ModelVersion
from app.domain.training import TrainingOverview
from app.jobs.session_values import VersionAnswer
from app.jobs.store_values import Done
from app.services import models
from app.services.labelling import last_entry
from app.services.project import Project
from app.services.training_overview import training_overview

if TYPE_CHECKING:
    from app.jobs.open_store import OpenStore


class TrainingStore:
    """The operations of one open project; belongs to the storage thread."""

    def __init__(self, store: "OpenStore") -> None:
        self._store = store
        self._in_use: int | None = None

    @property
    def _project(self) -> Project:
        return self._store.opened()

    def note_version(self) -> bool:
        """Whether another version is in use than at the last call."""
        before, self._in_use = self._in_use, models.number_in_use(self._project)
        return before != self._in_use

    def problem(self) -> str:
        """Why the active version does not take part in the suggestions; empty where it does, or none is."""
        live = self._store.live
        return "" if live is None else live.model_problem or ""

    def overview(self, many_new: int) -> TrainingOverview:
        return training_overview(self._project, many_new)

    def versions(self) -> list[ModelVersion]:
        """Newest first."""
        return models.versions(self._project)

    def news(self) -> int:
        """At most so many answers and reviews are new since the newest version; costs no more than a look."""
        newest = models.newest_version(self._project)
        return last_entry(self._project) - (0 if newest is None else newest.card.ledger_entry)

    def activate(self, name: str) -> Done:
        """Raises NotFoundError, VersionDamagedError, BadInputError."""
        return self._used(models.activate(self._project, name))

    def roll_back(self) -> Done:
        """Raises as activate()."""
        return self._used(models.roll_back(self._project))

    def delete(self, name: str) -> Done:
        """Raises BadInputError for the version in use, NotFoundError."""
        models.delete(self._project, name)
        return Done(ChangeSet(), 0, VersionAnswer(f"{name} is deleted.", in_use=False))

    def _used(self, version: ModelVersion | None) -> Done:
        self.note_version()  # it is no news to look()
        words = "No trained version is in use now" if version is None else f"{version.name} is in use now"
        return Done(ChangeSet(), 0, VersionAnswer(f"{words}.", in_use=True))
