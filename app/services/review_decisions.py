"""Deciding cards of a review: each with its near-duplicates, as one step of undo."""

from collections.abc import Mapping, Sequence

from app.domain.changes import ChangeSet
from app.domain.labels import Decision, LabelState, Origin, Source
from app.domain.review import Card
from app.services.project import Project
from app.services.steps import step
from app.storage import categories
from app.storage import images as image_store
from app.storage.database import Session

COPY = "copy"
"""The origin of a near-duplicate ends with it: nobody has looked at that image by itself."""


def decide_cards(
    project: Project,
    category_id: int,
    cards: Sequence[Card],
    state: LabelState,
    *,
    speakers: Mapping[int, str] | None = None,
) -> ChangeSet:
    """One answer for all these cards; it is on the disk when this returns.

    A single image is the person's own decision. A stack, or several cards, is a bulk one: the copies bear
    the origin of their card with ``copy`` and no inclusion. ``speakers``: which learner spoke, by image.
    Raises as :func:`app.services.labelling.decide`.
    """
    numbers = [number for card in cards for number in card.images]
    source = Source.HUMAN if len(numbers) == 1 else Source.BULK

    def words(s: Session) -> str:
        name = categories.get(s, category_id).category.name
        alone = len(numbers) == 1
        where = repr(image_store.get(s, numbers[0]).name) if alone else f"{len(numbers):,} images"
        return f"{state.value.capitalize()} for {name!r} on {where}"

    with step(project, source=source, description=words) as collected:
        for card in cards:
            lead = Decision(
                card.image_id, category_id, state, card.probability, (speakers or {}).get(card.image_id)
            )
            collected.decide([lead], card.origin)
            copies = [Decision(number, category_id, state) for number in card.copies]
            collected.decide(copies, Origin(f"{card.origin.queue} {COPY}"))
    return collected.change
