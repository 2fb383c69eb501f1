"""What a selection of images has in common: how many of them carry each label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.services.project import Project
from app.storage import categories, images, labels


@dataclass(frozen=True, slots=True)
class LabelCount:
    """Images of a selection for which somebody has said yes, or no, for one category."""

    category_id: int
    name: str
    yes: int
    no: int


@dataclass(frozen=True, slots=True)
class SelectionDetail:
    """``labels`` by name; categories of which nothing was said are left out, as is what a review implies."""

    image_ids: tuple[int, ...]
    labels: tuple[LabelCount, ...]
    reviewed: int


def selection_detail(project: Project, image_ids: Sequence[int]) -> SelectionDetail:
    """Count what was said on these images; numbers that the project does not have count for nothing."""
    ids = tuple(dict.fromkeys(image_ids))
    with project.db.read() as s:
        present = {one.id: one for one in categories.all_categories(s)}
        marks = images.reviewed_batches(s, ids)
        said = labels.standing(s, ids, present.keys())
    counted = Counter((category_id, one.state) for (_, category_id), one in said.items())
    found = [
        LabelCount(one.id, one.name, counted[one.id, 1], counted[one.id, 0])
        for one in sorted(present.values(), key=lambda one: one.name.casefold())
        if counted[one.id, 1] or counted[one.id, 0]
    ]
    return SelectionDetail(ids, tuple(found), sum(mark is not None for mark in marks.values()))
