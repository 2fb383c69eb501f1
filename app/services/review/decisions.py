"""Labelling the cards of a review, each with its near-duplicates, as one step of undo."""

from collections.abc import Mapping, Sequence

from app.domain.changes import ChangeSet
from app.domain.labels import Decision, LabelState, Origin, Source
from app.domain.review import Card
from app.services.labelling.decisions import describe_answer
from app.services.labelling.steps import step
from app.services.project.project import Project

COPY = "copy"
"""The origin of a near-duplicate ends with it: nobody has looked at that image on its own."""


def decide_cards(
    project: Project,
    category_id: int,
    cards: Sequence[Card],
    state: LabelState,
    *,
    speakers: Mapping[int, str] | None = None,
) -> ChangeSet:
    """One answer for all these cards; it is on the disk when this returns.

    A single image is the person's own decision. A stack, or several cards, is a bulk decision: the copies
    get their card's origin with ``copy`` appended and no inclusion probability. ``speakers``: the learner
    with the most weight, by image. Raises as :func:`app.services.labelling.decisions.decide`.
    """
    numbers = [number for card in cards for number in card.images]
    source = Source.HUMAN if len(numbers) == 1 else Source.BULK
    with step(
        project,
        source=source,
        description=lambda s: describe_answer(s, state, category_id, numbers),
    ) as collected:
        for card in cards:
            lead = Decision(
                card.image_id, category_id, state, card.probability, (speakers or {}).get(card.image_id)
            )
            collected.decide([lead], card.origin)
            copies = [Decision(number, category_id, state) for number in card.copies]
            collected.decide(copies, Origin(f"{card.origin.queue} {COPY}"))
    return collected.change
