"""What the Train place asks of the open project, for the storage thread."""

from typing import NamedTuple

from app.domain.changes import ChangeSet
from app.domain.models import ModelVersion
from app.domain.training import TrainingOverview
from app.jobs.store_values import Done
from app.services import models
from app.services.labelling import last_entry
from app.services.project import Project
from app.services.training_overview import training_overview


class VersionAnswer(NamedTuple):
    """What was done with a version, to be found again in Done.answer."""

    words: str
    """A sentence."""
    in_use: bool
    """Whether another version is in use now."""


class TrainingStore:
    """The operations of one open project; belongs to the storage thread."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def overview(self, many_new: int) -> TrainingOverview:
        return training_overview(self._project, many_new)

    def versions(self) -> list[ModelVersion]:
        """Newest first."""
        return models.versions(self._project)

    def news(self) -> int:
        """At most so many answers and reviews are new since the newest version; costs no more than a look."""
        newest = next(iter(models.versions(self._project)), None)
        return last_entry(self._project) - (0 if newest is None else newest.card.ledger_entry)

    def activate(self, name: str) -> Done:
        """Raises NotFoundError, VersionDamagedError, BadInputError."""
        return _used(models.activate(self._project, name))

    def roll_back(self) -> Done:
        """Raises as activate()."""
        return _used(models.roll_back(self._project))

    def delete(self, name: str) -> Done:
        """Raises BadInputError for the version in use, NotFoundError."""
        models.delete(self._project, name)
        return Done(ChangeSet(), 0, VersionAnswer(f"{name} is deleted.", in_use=False))


def _used(version: ModelVersion | None) -> Done:
    words = "No trained version is in use now" if version is None else f"{version.name} is in use now"
    return Done(ChangeSet(), 0, VersionAnswer(f"{words}.", in_use=True))
