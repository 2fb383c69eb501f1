"""What the inspector shows of one image or of a selection, as plain values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from app.domain.categories import Band, bands_differ
from app.domain.images import Image
from app.domain.labels import LabelState, Source
from app.domain.suggestions import (
    LEAST_LIKELY,
    UNSURE_WITHIN,
    Learner,
    LikelyCategory,
    Suggestion,
    is_suggested,
)
from app.gui.commands.table import RANKS

if TYPE_CHECKING:
    from app.jobs.values.selection import SelectionDetail
    from app.jobs.values.session import CategoryInfo, ImageDetail

MOST_ROWS: Final = 30
MOST_LISTED: Final = 200
"""Categories listed for an image without suggestions; the others are found by typing."""
LEAST_CHECKED: Final = 0.5
"""No suggestion below is checked: it is more likely a no, and refusing it takes more keys than accepting it.
The threshold of a rare category is often far lower."""
NO_CATEGORY: Final = 0
"""The category number of a label whose category is not in the database yet."""


@dataclass(frozen=True, slots=True)
class SheetLabel:
    """``count`` of the images have the label; ``source`` is None if a review implies it.

    Not ``saved``: it waits for another program. ``below``: a category below that is yes, from which a yes
    without a source is derived, and which contradicts a no.
    """

    category_id: int
    name: str
    state: LabelState
    source: Source | None
    when: datetime | None
    count: int = 1
    saved: bool = True
    below: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A suggestion, or without ``probability`` and ``learner`` a category of an image without suggestions.

    Not ``learned``: the probability is a guess, which gives the row its place and is not shown.
    ``key`` toggles it, ``state`` what has been decided. ``checked``: done() says yes to it.
    """

    category_id: int
    name: str
    probability: float | None
    threshold: float | None
    learner: Learner | None
    band: Band | None
    state: LabelState
    key: str = ""
    learned: bool = True
    checked: bool = False
    likely: int | None = None
    """Of a selection: in how many of its images the category is suggested."""

    @property
    def above_threshold(self) -> bool:
        """Whether it is suggested and not decided yet."""
        return self.state is LabelState.UNKNOWN and is_suggested(
            self.probability, self.threshold, learned=self.learned
        )

    @property
    def can_be_checked(self) -> bool:
        """Whether it is suggested and likely enough for done() to say yes to it."""
        return self.above_threshold and (self.probability or 0) >= LEAST_CHECKED

    @property
    def left_open(self) -> bool:
        """Whether a person unchecked it: the review by done() says nothing about it."""
        return self.can_be_checked and not self.checked

    @property
    def few_examples(self) -> bool:
        """Whether there are too few for a threshold: the probability may be far off and is not shown."""
        return (
            self.learned and self.probability is not None and self.threshold is None and self.likely is None
        )

    @property
    def near_miss(self) -> bool:
        if self.threshold is None or self.probability is None or not self.learned:
            return False
        return self.threshold - UNSURE_WITHIN <= self.probability < self.threshold


@dataclass(frozen=True, slots=True)
class Sheet:
    """``image`` is the current one; ``total`` images take the decisions, ``reviewed`` of them are reviewed.

    ``labels`` were given, newest first, yes before no; ``implied`` follow from a review alone. ``hidden``:
    number of categories that are not among ``rows``; ``others`` and ``other_ids``: these, if they are
    unfolded. ``changed``: the file shows a different picture than when it was labelled. Not ``loaded``:
    nothing is known of the images yet. ``unsaved``: number of changes that wait for another program.
    """

    image: Image | None = None
    total: int = 0
    reviewed: int = 0
    loaded: bool = True
    unsaved: int = 0
    labels: tuple[SheetLabel, ...] = ()
    implied: tuple[SheetLabel, ...] = ()
    rows: tuple[SheetRow, ...] = ()
    hidden: int = 0
    others: Sequence[SheetRow] = ()
    other_ids: Sequence[int] = ()
    scored: bool = False
    """Whether the model has looked at the image, even if it suggests nothing."""
    estimated: bool = False
    """Of a large selection: ``likely`` is an estimate from some of its images."""
    changed: bool = False
    note: str = ""
    """What is odd about the file of a single image."""

    def row_of(self, category_id: int) -> SheetRow | None:
        return next((one for one in self.rows if one.category_id == category_id), None)

    def is_yes(self, category_id: int) -> bool:
        """Whether all the images have a yes for it."""
        return any(
            one.category_id == category_id and one.state is LabelState.YES and one.count == self.total
            for one in self.labels
        )

    def name_of(self, category_id: int) -> str | None:
        known: list[SheetRow | SheetLabel] = [*self.rows, *self.labels, *self.implied]
        return next((one.name for one in known if one.category_id == category_id), None)


Pending = Mapping[int | str, LabelState]
"""Decisions that are not confirmed by the database yet, by category number, or name for a new one."""


def keep_order(
    before: Sequence[Suggestion], now: Sequence[Suggestion], decided: Iterable[int] = ()
) -> list[Suggestion]:
    """The suggestions of an image that is still in view; each keeps its place, and so its key.

    New ones are appended, those no longer suggested stay unchanged. When an image is shown first (``before``
    empty), those at or above their threshold come first, and ``decided`` categories are left out. Unlikely
    ones are left out, unless the category is not learned yet.
    """
    fresh = {one.category_id: one for one in now}
    kept = [fresh.get(one.category_id, one) for one in before]
    known = {one.category_id for one in before} | set(decided)
    worth = [
        one
        for one in now
        if one.category_id not in known and (not one.learned or one.probability >= LEAST_LIKELY)
    ]
    if not before:
        worth.sort(key=lambda one: not one.suggested)
    return (kept + worth)[:MOST_ROWS]


def shortened(sheet: Sheet, count: int) -> Sheet:
    """With what is checked or decided, and the ``count`` most likely of the others.

    So further rows appear below as rows are decided.
    """
    opened, shown = 0, []
    for row in sheet.rows:
        if row.state is LabelState.UNKNOWN and not row.can_be_checked:
            opened += 1
            if opened > count:
                continue
        shown.append(row)
    return replace(sheet, rows=tuple(shown))


def sheet_of_image(
    detail: "ImageDetail",
    suggestions: Sequence[Suggestion],
    categories: Mapping[int, "CategoryInfo"],
    pending: Pending,
    reviewed: bool,
    *,
    unsaved: Collection[int | str] = (),
    unchecked: Collection[int] = (),
) -> Sheet:
    """The sheet of one image, including ``pending`` decisions; ``unsaved`` ones wait for another program.

    Undecided rows at or above their threshold and LEAST_CHECKED are checked, except the ``unchecked`` ones.
    """
    given = {
        one.category_id: SheetLabel(
            one.category_id, one.name, one.state, one.source, one.when, below=one.below
        )
        for one in detail.labels
        if not one.implied or one.derived
    }
    implied = [
        SheetLabel(one.category_id, one.name, one.state, None, one.when)
        for one in detail.labels
        if one.implied and not one.derived and reviewed and one.category_id not in pending
    ]
    names = {one.category_id: one.category for one in suggestions}
    now = datetime.now(UTC)
    created = []
    for category_id, state in pending.items():
        if isinstance(category_id, str):
            saved = category_id not in unsaved
            created.append(SheetLabel(NO_CATEGORY, category_id, state, Source.HUMAN, now, saved=saved))
            continue
        known = given.pop(category_id, None)
        name = known.name if known else names.get(category_id) or _name(categories, category_id)
        if state is not LabelState.UNKNOWN:
            saved = category_id not in unsaved
            given[category_id] = SheetLabel(category_id, name, state, Source.HUMAN, now, saved=saved)
    states = {one.category_id: one.state for one in given.values()}
    rows = _checked(_rows(suggestions, categories, states, listed=not detail.suggestions), unchecked)
    labels = tuple(sorted([*given.values(), *created], key=_label_order))
    changed = detail.changed and not reviewed
    return Sheet(
        detail.image,
        1,
        int(reviewed),
        labels=labels,
        implied=tuple(implied),
        rows=rows,
        scored=bool(detail.suggestions),
        changed=changed,
        note=detail.note or "",
    )


def sheet_of_selection(
    image: Image | None,
    selection: "SelectionDetail",
    order: Sequence[int],
    categories: Mapping[int, "CategoryInfo"],
    *,
    waiting: Mapping[int | str, Mapping[LabelState, int]],
    reviewed: int,
) -> Sheet:
    """The sheet of several images: how many have each label, and what is likely in them, in this ``order``
    of categories.

    ``waiting`` counts the images that pending decisions give each state. The present labels of these images
    are not known, so a count may be too high if a decision does not cover all images.
    """
    total = len(selection.image_ids)
    counts = {one.category_id: (one.name, one.yes, one.no) for one in selection.labels}
    for category, states in waiting.items():
        if isinstance(category, str):
            continue
        name, yes, no = counts.get(category, (_name(categories, category), 0, 0))
        left = total - sum(states.values())
        said_yes, said_no = states.get(LabelState.YES, 0), states.get(LabelState.NO, 0)
        counts[category] = (name, said_yes + min(yes, left), said_no + min(no, left))
    labels = [
        SheetLabel(category_id, name, state, None, None, count)
        for category_id, (name, yes, no) in counts.items()
        for state, count in ((LabelState.YES, yes), (LabelState.NO, no))
        if count
    ]
    labels += [
        SheetLabel(NO_CATEGORY, name, state, None, None, count)
        for name, states in waiting.items()
        if isinstance(name, str)
        for state, count in states.items()
    ]
    labels.sort(key=lambda one: (one.state is not LabelState.YES, -one.count, one.name.casefold()))
    everywhere = {one.category_id: one.state for one in labels if one.count == total}
    likely = {one.category_id: one for one in selection.likely}
    ids = [one for one in order if one in categories] or list(categories)[:MOST_LISTED]
    keys, bands = dict(zip(ids, _keys(ids, categories), strict=True)), bands_differ(categories.values())
    rows = tuple(
        _of_selection(row_of(one, categories, None, everywhere, key=keys[one], bands=bands), likely.get(one))
        for one in ids
    )
    return Sheet(
        image,
        total,
        reviewed,
        labels=tuple(labels),
        rows=rows,
        scored=selection.scored > 0,
        estimated=selection.estimated,
    )


def _of_selection(row: SheetRow, likely: LikelyCategory | None) -> SheetRow:
    if likely is None:
        return row
    return replace(row, likely=likely.images, probability=likely.probability, learned=likely.learned)


def _rows(
    suggestions: Sequence[Suggestion],
    categories: Mapping[int, "CategoryInfo"],
    states: Mapping[int, LabelState],
    *,
    listed: bool,
) -> tuple[SheetRow, ...]:
    """The suggestions; if ``listed`` the categories in their order, so that keys work before features do."""
    ids = [one.category_id for one in suggestions]
    known = {one.category_id: one for one in suggestions}
    if not ids and listed:
        ids = list(categories)[:MOST_LISTED]
    keys = dict(zip(ids, _keys(ids, categories), strict=True))
    bands = bands_differ(categories.values())
    return tuple(
        row_of(category_id, categories, known.get(category_id), states, key=keys[category_id], bands=bands)
        for category_id in ids
        if category_id in categories  # its creation may have been undone; the others keep their keys
    )


def row_of(
    category_id: int,
    categories: Mapping[int, "CategoryInfo"],
    suggestion: Suggestion | None,
    states: Mapping[int, LabelState],
    *,
    key: str = "",
    bands: bool = True,
) -> SheetRow:
    """The row of a known category; ``bands``: whether to show its band."""
    known = categories[category_id]
    state, band = states.get(category_id, LabelState.UNKNOWN), Band(known.band) if bands else None
    if suggestion is None:
        return SheetRow(category_id, known.name, None, None, None, band, state, key)
    return SheetRow(
        category_id,
        known.name,
        suggestion.probability,
        suggestion.threshold,
        suggestion.learner,
        band,
        state,
        key,
        learned=suggestion.learned,
    )


def _keys(listed: Sequence[int], categories: Mapping[int, "CategoryInfo"]) -> list[str]:
    """The key of each row: that of its category, else the next digit that no category owns."""
    owned = {one.shortcut for one in categories.values() if one.shortcut}
    digits = iter([digit for digit in RANKS if digit not in owned])
    known = (categories.get(category_id) for category_id in listed)
    return [(one and one.shortcut) or next(digits, "") for one in known]


def _checked(rows: Iterable[SheetRow], unchecked: Collection[int]) -> tuple[SheetRow, ...]:
    return tuple(
        replace(row, checked=row.can_be_checked and row.category_id not in unchecked) for row in rows
    )


def _name(categories: Mapping[int, "CategoryInfo"], category_id: int) -> str:
    known = categories.get(category_id)
    return "" if known is None else known.name


_STATE_ORDER: Final = {LabelState.YES: 0, LabelState.NO: 1, LabelState.UNKNOWN: 2}


def _label_order(label: SheetLabel) -> tuple[int, float, str]:
    when = 0.0 if label.when is None else -label.when.timestamp()
    return _STATE_ORDER[label.state], when, label.name.casefold()
