"""Single images of the open project: details, badges and names, for the storage thread."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from app.domain.errors import NotFoundError
from app.domain.labels import Decision, LabelState
from app.domain.stored_words import problem_words
from app.domain.suggestions import Suggestion
from app.jobs.store.project_state import ProjectState
from app.jobs.values.session import GridBadge, ImageDetail, LabelInfo, YesLabel
from app.services.images.lookup import files_by_id, images_by_id, labelled_image, yes_labels

if TYPE_CHECKING:
    from app.services.labelling.selection import SelectionDetail

DETAIL_SUGGESTIONS: Final = 30
BADGE_SUGGESTIONS: Final = 5
MOST_LOOKED_AT: Final = 128
"""Images of a selection from which its suggestions are estimated if it has more."""
_LOOK_AHEAD: Final = 8_192
REMEMBERED_IMAGES: Final = 512
"""Images whose shown suggestions are remembered, for decisions that are still waiting to be saved."""


class ImageStore:
    """Queries about single images; remembers the scores that were shown."""

    def __init__(self, state: ProjectState) -> None:
        self._state = state
        self._shown: dict[int, dict[int, Suggestion]] = {}

    def detail(self, image_id: int, *, everything: bool = False) -> ImageDetail:
        """With the most likely suggestions; ``everything``: with those of all categories."""
        known = self._state.up_to_date().categories
        read = labelled_image(self._state.opened(), image_id, known)
        labels = [
            LabelInfo(
                one.category.id,
                one.category.name,
                one.state,
                one.source,
                one.source is None,
                one.when,
                one.below,
            )
            for one in read.labels
        ]
        suggestions: list[Suggestion] = []
        if self._state.live is not None:
            with contextlib.suppress(NotFoundError):  # an image without features
                suggestions = self._state.live.for_image(image_id, None if everything else DETAIL_SUGGESTIONS)
        self._shown.pop(image_id, None)
        self._shown[image_id] = {one.category_id: one for one in suggestions}
        while len(self._shown) > REMEMBERED_IMAGES:
            del self._shown[next(iter(self._shown))]
        problem = read.image.problem and problem_words(read.image.problem)
        image, note = replace(read.image, problem=problem), read.note and problem_words(read.note)
        return ImageDetail(image, read.path, labels, suggestions, read.changed, note)

    def selection(self, image_ids: Sequence[int]) -> "SelectionDetail":
        from app.services.labelling.selection import selection_detail

        self._state.up_to_date()
        found, live = selection_detail(self._state.opened(), image_ids), self._state.live
        if live is None:
            return found
        ids = np.unique(np.asarray(found.image_ids, np.int64))
        ids = ids[live.has(ids)]
        if not len(ids):
            return found
        some = ids[np.linspace(0, len(ids) - 1, min(len(ids), MOST_LOOKED_AT)).astype(np.intp)]
        share = len(ids) / len(some)
        likely = [
            replace(one, images=round(one.images * share)) for one in live.likely(some, DETAIL_SUGGESTIONS)
        ]
        return replace(found, likely=tuple(likely), scored=len(ids), estimated=share > 1)

    def badges(self, image_ids: Sequence[int]) -> dict[int, GridBadge]:
        categories = self._state.up_to_date().categories
        found = images_by_id(self._state.opened(), image_ids)
        suggested = self._suggested(list(found))
        said = yes_labels(self._state.opened(), list(found), categories)
        chips = {one.id: YesLabel(one.name, one.colour) for one in categories}
        return {
            number: GridBadge(
                image.name,
                image.state,
                image.problem and problem_words(image.problem),
                image.reviewed_at is not None,
                suggested.get(number, 0),
                tuple(chips[one.id] for one in said.get(number, ())),
            )
            for number, image in found.items()
        }

    def names(self, image_ids: Sequence[int]) -> dict[int, str]:
        """File names by image id, from memory."""
        table = self._state.up_to_date().images
        positions = zip(image_ids, table.positions(image_ids).tolist(), strict=True)
        return {number: table.paths[at].rpartition("/")[2] for number, at in positions if at >= 0}

    def files(self, image_ids: Sequence[int]) -> list[Path]:
        """The full paths of those of the images that exist, in their order."""
        return files_by_id(self._state.opened(), image_ids)

    def label_names(self, image_ids: Sequence[int]) -> list[tuple[str, list[str]]]:
        """File name and names of the yes labels of these images, in their order."""
        categories, names = self._state.up_to_date().categories, self.names(image_ids)
        said = yes_labels(self._state.opened(), image_ids, categories)
        return [
            (names[one], [category.name for category in said.get(one, ())])
            for one in image_ids
            if one in names
        ]

    def next_unreviewed(self, image_ids: Sequence[int]) -> int | None:
        """The first of these images, in their order, that is there and not reviewed."""
        context = self._state.up_to_date()
        for start in range(0, len(image_ids), _LOOK_AHEAD):
            part = np.asarray(image_ids[start : start + _LOOK_AHEAD], np.int64)
            at = context.positions(part)
            wanted = np.flatnonzero((at >= 0) & ~context.reviewed[at] & ~context.images.missing[at])
            if len(wanted):
                return int(part[wanted[0]])
        return None

    def decision(self, image_id: int, category_id: int, state: LabelState) -> Decision:
        """A decision with the score that was shown for it, if any."""
        shown = self._shown.get(image_id, {}).get(category_id)
        if shown is None:
            return Decision(image_id, category_id, state)
        return Decision(image_id, category_id, state, shown.probability, shown.model or shown.learner.value)

    def forget_shown(self) -> None:
        self._shown.clear()

    def _suggested(self, image_ids: Sequence[int]) -> dict[int, int]:
        """The number of undecided categories at or above their threshold, by image with features.

        Those that are not learned yet do not count: their probabilities are guesses.
        """
        live = self._state.live
        if live is None or not image_ids:
            return {}
        known = np.asarray(image_ids, np.int64)[live.has(image_ids)].tolist()
        ranked = live.for_images(known, BADGE_SUGGESTIONS) if known else []
        return {
            number: sum(one.suggested and one.state is LabelState.UNKNOWN for one in suggestions)
            for number, suggestions in zip(known, ranked, strict=True)
        }
