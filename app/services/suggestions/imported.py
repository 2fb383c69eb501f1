"""What other models suggest, from imported files (docs/decisions/0305).

Their confidences are not calibrated on this project, so they are never mixed with its own probabilities: they
show only categories of which the project has no yes or no no yet, and undecided images.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.labels import LabelState, Origin
from app.domain.language import translate
from app.domain.review import Card, Queue
from app.domain.suggestions import Learner, Suggestion
from app.services.labelling.decisions import states_of
from app.services.project.project import Project
from app.storage import categories, images, predictions
from app.storage.chunks import chunks
from app.storage.predictions import Prediction

_MOST_AT_ONCE = 500


def predictions_by_image(project: Project, image_ids: Sequence[int]) -> Mapping[int, dict[int, Prediction]]:
    """The suggestions in force for these images, by image, then category."""
    found: dict[int, dict[int, Prediction]] = {}
    with project.db.read() as s:
        for one in predictions.of_images(s, image_ids):
            found.setdefault(one.image_id, {})[one.category_id] = one
    return found


def any_imported(project: Project) -> bool:
    with project.db.read() as s:
        return predictions.exist(s)


def imported_suggestions(
    project: Project, image_ids: Sequence[int], top: int | None = None
) -> dict[int, list[Suggestion]]:
    """What other models suggest for these images, which need no features; highest confidence first."""
    found = predictions_by_image(project, image_ids)
    if not found:
        return {}
    with project.db.read() as s:
        names = {one.id: one.name for one in categories.all_categories(s)}
    wanted = list(found)
    states = states_of(project, wanted)
    row = {category_id: at for at, category_id in enumerate(states.category_ids)}
    return {
        image_id: [
            Suggestion(
                image_id=image_id,
                category_id=one.category_id,
                category=names[one.category_id],
                probability=one.score,
                learner=Learner.IMPORTED,
                state=LabelState.UNKNOWN,
                model=one.model,
            )
            for one in found[image_id].values()
            if one.category_id in row and states.states[row[one.category_id], column] == -1
        ][:top]
        for column, image_id in enumerate(wanted)
    }


def imported_cards(
    project: Project, category_id: int, among: NDArray[np.int64] | None, limit: int
) -> list[Card]:
    """The undecided images for which another model suggests the category, highest confidence first.

    ``among``: only these images, ascending; without it all that can be shown.
    """
    with project.db.read() as s:
        found = predictions.of_category(s, category_id)
        hidden = images.ids_not_ok(s) if among is None else set()
    if among is None:
        shown = [one for one in found if one.image_id not in hidden]
    else:
        wanted = np.array([one.image_id for one in found], np.int64)
        at = np.searchsorted(among, wanted)
        here = np.append(among, -1)[at] == wanted
        shown = [found[place] for place in np.flatnonzero(here).tolist()]
    cards: list[Card] = []
    for some in chunks(range(len(shown)), _MOST_AT_ONCE):
        states = states_of(project, [shown[at].image_id for at in some])
        if category_id not in states.category_ids:
            return []
        row = states.states[states.category_ids.index(category_id)]
        cards += [_card(shown[some[column]]) for column in np.flatnonzero(row == -1).tolist()]
        if len(cards) >= limit:
            break
    return cards[:limit]


def _card(one: Prediction) -> Card:
    return Card(
        one.image_id,
        one.score,
        translate("Suggestions", "suggested by {model}").format(model=one.model),
        Origin(Queue.IMPORTED),
    )
