"""Linking missing images to new files, for the storage thread."""

from collections.abc import Sequence

from app.domain.changes import ChangeSet
from app.jobs.values.store import MutationResult, RelinkDone
from app.services.images import relinking
from app.services.project.project import Project


class RelinkStore:
    """Links are no steps of the ledger: they concern files, and undo_last() takes back the newest."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def accept(self, pairs: Sequence[tuple[int, int]]) -> MutationResult:
        return _done(RelinkDone(linked=relinking.relink(self._project, pairs).linked))

    def refuse(self, pairs: Sequence[tuple[int, int]]) -> MutationResult:
        return _done(RelinkDone(refused=relinking.refuse(self._project, pairs)))

    def undo_last(self) -> MutationResult:
        return _done(RelinkDone(undone=relinking.undo_relink(self._project)))


def _done(answer: RelinkDone) -> MutationResult:
    return MutationResult(ChangeSet(), answer=answer)
