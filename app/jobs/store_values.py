"""What passes between the open store and the session, and how changes of several writers are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.changes import ChangeSet
from app.protocol.messages import Failed, JobCommand, Terminal
from app.services.runner import EventCallback, StopCheck


class ScoreDoneLater:
    """A runner for the storage thread, which never waits for the model: it declines each job."""

    def run(
        self, command: JobCommand, _on_event: EventCallback, _should_stop: StopCheck | None = None
    ) -> Terminal:
        return Failed(job=command.job, known=True, message="The texts of new categories are not encoded yet.")


@dataclass(frozen=True, slots=True)
class Done:
    """A change that is on the disk, how many answers were asked for, and what asked, where that matters."""

    change: ChangeSet
    decisions: int = 0
    answer: object = None


@dataclass(frozen=True, slots=True)
class Look:
    """What others have done since the last look, and what undo and redo would do now, in words.

    ``indexed``: the suggestions rest on other features, or on another version of the model.
    """

    change: ChangeSet
    rebuilt: bool
    indexed: bool
    undo: str | None
    redo: str | None


def everything(change: ChangeSet) -> ChangeSet:
    """A change that makes the learners read all categories anew."""
    return ChangeSet(labels=change.labels, reviews=change.reviews, categories=[0])


def explains(own: Sequence[ChangeSet], change: ChangeSet) -> bool:
    """Whether this window's own changes account for all that has happened."""
    labels = {(one.image_id, one.category_id): one.after for part in own for one in part.labels}
    reviews = {one.image_id: one.after for part in own for one in part.reviews}
    categories = {number for part in own for number in part.categories}
    return (
        all(labels.get((one.image_id, one.category_id)) is one.after for one in change.labels)
        and all(reviews.get(one.image_id) is one.after for one in change.reviews)
        and all(number in categories for number in change.categories)
    )


def together(parts: Sequence[ChangeSet]) -> ChangeSet:
    """Several changes as one; none of the parts is lost, the last one gives the words."""
    if not parts:
        return ChangeSet()
    last = parts[-1]
    return ChangeSet(
        batch_id=last.batch_id,
        kind=last.kind,
        source=last.source,
        description=last.description,
        labels=[one for part in parts for one in part.labels],
        reviews=[one for part in parts for one in part.reviews],
        categories=[one for part in parts for one in part.categories],
    )
