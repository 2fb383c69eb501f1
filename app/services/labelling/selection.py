"""How many images of a selection have each label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.suggestions import LikelyCategory
from app.services.project.project import Project
from app.storage import categories, images, labels


@dataclass(frozen=True, slots=True)
class LabelCount:
    """The numbers of images in a selection with an explicit yes, and no, for one category."""

    category_id: int
    name: str
    yes: int
    no: int


@dataclass(frozen=True, slots=True)
class SelectionDetail:
    """``labels`` by name: only explicit ones, and only categories that have any.

    ``likely``: what the model suggests, most images first; ``scored``: how many of the images it has looked
    at. ``estimated``: the counts of ``likely`` are estimated from some of the images.
    """

    image_ids: tuple[int, ...]
    labels: tuple[LabelCount, ...]
    reviewed: int
    likely: tuple[LikelyCategory, ...] = ()
    scored: int = 0
    estimated: bool = False


def selection_detail(project: Project, image_ids: Sequence[int]) -> SelectionDetail:
    """Count the explicit labels of these images; ids that do not exist are ignored."""
    ids = tuple(dict.fromkeys(image_ids))
    with project.db.read() as s:
        present = {one.id: one for one in categories.all_categories(s)}
        marks = images.reviewed_batches(s, ids)
        explicit = labels.current(s, ids, present.keys())
    counted = Counter((category_id, one.state) for (_, category_id), one in explicit.items())
    found = [
        LabelCount(one.id, one.name, counted[one.id, 1], counted[one.id, 0])
        for one in sorted(present.values(), key=lambda one: one.name.casefold())
        if counted[one.id, 1] or counted[one.id, 0]
    ]
    return SelectionDetail(ids, tuple(found), sum(mark is not None for mark in marks.values()))
