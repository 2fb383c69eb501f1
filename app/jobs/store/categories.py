"""Categories, for the storage thread: the table, their properties, and every change."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from app.domain.categories import NameIndex, join_names
from app.domain.category_properties import CategoryEdit, CategoryProperties, Conflicting, MergeEffects
from app.domain.errors import BadInputError
from app.domain.hierarchy import in_order
from app.domain.language import translate
from app.jobs.store.project_state import ProjectState
from app.jobs.values.categories import CategoryRow, NamesPreview, Reading
from app.jobs.values.store import MutationResult
from app.services.features.category_properties import category_properties, read_texts
from app.services.labelling.naming import names_in_file
from app.services.project import categories as service
from app.services.project.category_merge import merge_categories, merge_effects
from app.services.project.category_order import move_categories, number_first_ten, with_numbers

if TYPE_CHECKING:
    from app.domain.categories import Category
    from app.services.project.project import Project
    from app.services.suggestions.suggestions import LiveSuggestions

SLICE_SECONDS: Final = 0.03
"""Time for quality and texts in one question; a decision may be waiting behind it."""
_TEXTS_AT_ONCE: Final = 10


class CategoryStore:
    def __init__(self, state: ProjectState) -> None:
        self._state = state

    # --- questions

    def rows(self) -> list[CategoryRow]:
        """All categories in the person's order, archived ones last, counted in memory."""
        project, context = self._state.opened(), self._state.up_to_date()
        every = service.all_of(project)
        names = {one.id: one.name for one in every}
        counts = dict(zip(context.rows, context.counts.tolist(), strict=True))
        images, found = len(context.images), []
        ordered = in_order(one for one in every if one.archived_at is None)
        ordered += in_order(one for one in every if one.archived_at is not None)
        for place, one in enumerate(ordered, 1):
            no, yes = counts.get(one.id, (None, None)) if one.archived_at is None else (None, None)
            found.append(
                CategoryRow(
                    one.id,
                    one.name,
                    place,
                    one.aliases,
                    one.shortcut if one.archived_at is None else None,
                    one.colour,
                    yes,
                    no,
                    None if yes is None or no is None else images - yes - no,
                    None if yes is None else project.cuts.band(yes),
                    names.get(one.parent or 0, ""),
                    one.group,
                    one.archived_at is not None,
                )
            )
        return found

    def readings(self, category_ids: Sequence[int]) -> dict[int, Reading]:
        """Of the first of these categories, as many as fit into SLICE_SECONDS, at least one."""
        self._state.up_to_date()
        project, live = self._state.opened(), self._state.live
        known = set() if live is None else set(live.category_ids)
        end = time.perf_counter() + SLICE_SECONDS
        found: dict[int, Reading] = {}
        for start in range(0, len(category_ids), _TEXTS_AT_ONCE):
            some = category_ids[start : start + _TEXTS_AT_ONCE]
            texts = read_texts(project, some)
            for number in some:
                quality = None if live is None or number not in known else live.average_precision(number)
                found[number] = Reading(texts.get(number, ""), quality)
                if time.perf_counter() > end:
                    return found
        return found

    def examples(self, category_ids: Sequence[int]) -> dict[int, int | None]:
        """For each of these the newest image with a yes that can be shown; None without one."""
        context = self._state.up_to_date()
        can = context.usable(context.image_ids)
        found: dict[int, int | None] = dict.fromkeys(category_ids)
        for one in found.keys() & context.rows.keys():
            newest = np.flatnonzero((context.labels_of(one) == 1) & can)[-1:]
            found[one] = int(context.image_ids[newest[0]]) if len(newest) else None
        return found

    def properties(self, category_id: int, edit: CategoryEdit | None = None) -> CategoryProperties:
        """As stored, or as they would be after ``edit``. Raises NotFoundError."""
        return category_properties(self._state.opened(), category_id, edit)

    def to_preview(
        self, category_id: int, edit: CategoryEdit
    ) -> "tuple[Project, LiveSuggestions, Category] | None":
        """What a preview of the text after ``edit`` needs; None without suggestions."""
        live = self._state.live
        if live is None:
            return None
        found = category_properties(self._state.opened(), category_id, edit)
        return self._state.opened(), live, found.category

    def effects(self, source_id: int, target_id: int) -> MergeEffects:
        """What a merge would do. Raises NotFoundError or BadInputError."""
        return merge_effects(self._state.opened(), source_id, target_id)

    def numbers(self) -> list[tuple[str, str, str]]:
        """(name, key now, key then) of the categories whose key number_first_ten() changes."""
        every = service.all_of(self._state.opened())
        active = [one for one in every if one.archived_at is None]
        return [
            (one.name, one.shortcut or "", key or "")
            for one, key in with_numbers(active)
            if key != one.shortcut
        ]

    def preview(self, names: Sequence[str]) -> NamesPreview:
        """What add() would do with these names."""
        line = translate("Jobs", "Line {n}")
        try:
            distinct, joined = join_names(
                (line.format(n=number), name) for number, name in enumerate(names, 1) if name.strip()
            )
        except BadInputError as error:
            return NamesPreview(problem=error.sentence)
        index = NameIndex(service.all_of(self._state.opened()))
        new, known = [], []
        for name in distinct:
            category = index.find(name)
            if category is None:
                new.append(name)
            elif category.archived_at is not None:
                words = translate(
                    "Jobs", "The category '{name}' is archived; restore it instead of adding it."
                )
                return NamesPreview(problem=words.format(name=category.name))
            else:
                known.append((name, category.name))
        return NamesPreview(new, known, joined)

    def names_of(self, file: Path) -> list[str]:
        """The names in a text file, one a line. Raises BadInputError."""
        return names_in_file(file)[0]

    # --- changes, each one step of undo

    def edit(self, category_id: int, edit: CategoryEdit) -> MutationResult:
        """``edit`` is the answer. Raises NotFoundError or BadInputError."""
        return self._state.done(service.edit_category(self._state.opened(), category_id, edit), answer=edit)

    def archive(self, category_ids: Sequence[int]) -> MutationResult:
        return self._state.done(service.archive(self._state.opened(), *category_ids))

    def restore(self, category_id: int) -> MutationResult:
        return self._state.done(service.restore(self._state.opened(), category_id))

    def move(
        self, category_ids: Sequence[int], before: int | None, group: str | None = None
    ) -> MutationResult:
        """``group``: into this one; None leaves them in theirs."""
        return self._state.done(move_categories(self._state.opened(), category_ids, before, group))

    def number_first_ten(self) -> MutationResult:
        return self._state.done(number_first_ten(self._state.opened()))

    def add(self, names: Sequence[str]) -> MutationResult:
        """Names that exist already are passed over; the names are the answer. Raises BadInputError."""
        change = service.add_categories(self._state.opened(), names)
        return self._state.done(change, answer=tuple(names))

    def merge(self, source_id: int, target_id: int, conflicting: Conflicting) -> MutationResult:
        """Raises NotFoundError or BadInputError."""
        change = merge_categories(self._state.opened(), source_id, target_id, conflicting)
        return self._state.done(change, answer=(source_id, target_id))
