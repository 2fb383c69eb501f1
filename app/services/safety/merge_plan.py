"""What a merge changes: three-way comparison of both sides with what they had in common."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.categories import Category, NameIndex
from app.domain.images import Image
from app.domain.labels import LabelState
from app.domain.merging import CATEGORY, LABEL, Choice, Conflict, ConflictKey, Decisions, merged
from app.services.safety.merge_sides import ImageStates, Side
from app.storage.categories import StoredCategory

FIELDS = ("name", "templates", "aliases", "description", "shortcut", "colour", "sense", "group")
ARCHIVED = "archived"


@dataclass(slots=True)
class CategoryChange:
    """New values by field; for a category that is only theirs, ``mine`` is None.

    ``moved``: it gets their parent, whose number of mine is only known once categories are created.
    """

    mine: StoredCategory | None
    theirs: StoredCategory
    values: dict[str, Any] = field(default_factory=dict)
    archived: bool | None = None
    moved: bool = False


@dataclass(slots=True)
class ImageChange:
    """The wanted states of my image, by their category id, and whether it is reviewed.

    ``implied``: how many of the states follow from the review that is taken over.
    """

    theirs: int
    states: dict[int, LabelState]
    reviewed: bool
    implied: int = 0


@dataclass(slots=True)
class Plan:
    """``categories``: theirs to mine, None for one that has to be created. ``images``: by my image."""

    categories: dict[int, int | None]
    category_changes: list[CategoryChange]
    images: dict[int, ImageChange]
    unmatched: list[str]
    conflicts: list[Conflict]
    used: set[ConflictKey]


@dataclass(slots=True)
class Applied:
    """What earlier merges wrote: by my image and category the state, by my image whether it is reviewed."""

    states: dict[int, dict[int, LabelState]] = field(default_factory=lambda: defaultdict(dict))
    reviews: dict[int, bool] = field(default_factory=dict)


class Planner:
    """``default`` counts in conflicts that are not among the decisions."""

    def __init__(
        self, mine: Side, theirs: Side, applied: Applied, *, decisions: Decisions, default: Choice
    ) -> None:
        self._mine, self._theirs = mine, theirs
        self._decisions, self._default = decisions, default
        self._applied = applied
        self._conflicts: list[Conflict] = []
        self._used: set[ConflictKey] = set()

    def plan(self) -> Plan:
        categories = self._match_categories()
        changes = self._category_changes(categories)
        matches = match_images(self._mine.images, self._theirs.images, self._theirs.touched)
        images = self._image_changes(matches, categories)
        unmatched = [self._theirs.images[one].path for one, mine in matches.items() if mine is None]
        return Plan(categories, changes, images, sorted(unmatched), self._conflicts, self._used)

    def _decide(self, key: ConflictKey, base: str, mine: str, theirs: str) -> bool:
        """Record a conflict; True if their value counts."""
        choice = self._decisions.get(key, self._default)
        if key in self._decisions:
            self._used.add(key)
        self._conflicts.append(Conflict(key, base, mine, theirs, choice))
        return choice is Choice.THEIRS

    # --- categories

    def _match_categories(self) -> dict[int, int | None]:
        """Those from before the copies by number, later ones by name.

        One that I have removed since, and they have not touched, is left out.
        """
        shared = [one for one in self._theirs.categories if self._theirs.existed(one)]
        found: dict[int, int | None] = {one: one for one in shared if self._mine.existed(one)}
        taken = set(found)
        index = NameIndex(stored.category for stored in self._mine.categories.values())
        for number, stored in self._theirs.categories.items():
            if number not in found:
                if self._theirs.existed(number) and number not in self._theirs.changed_categories:
                    continue
                same = index.find(stored.category.name)
                found[number] = None if same is None or same.id in taken else same.id
                taken.add(found[number] or 0)
        return found

    def _category_changes(self, categories: dict[int, int | None]) -> list[CategoryChange]:
        changes: list[CategoryChange] = []
        present = {number: one.category for number, one in self._mine.categories.items()}
        for number, own in categories.items():
            theirs = self._theirs.categories[number]
            if own is None:
                continue
            before = self._theirs.category_before(number) if self._theirs.existed(number) else None
            change = self._category_change(self._mine.categories[own], theirs, before)
            change.moved = self._takes_their_parent(self._mine.categories[own], theirs, before, categories)
            if change.values or change.archived is not None or change.moved:
                changes.append(change)
                present[own] = replace(present[own], **change.values)
        _keep_keys_unique(changes, present)
        index = NameIndex(present.values())
        shortcuts = {one.shortcut for one in present.values()}
        for number, own in categories.items():
            if own is None:
                created = _created(self._theirs.categories[number], index, shortcuts)
                changes.append(created)
        return changes

    def _category_change(
        self, mine: StoredCategory, theirs: StoredCategory, before: StoredCategory | None
    ) -> CategoryChange:
        base = Category(0, mine.category.name) if before is None else before.category
        change = CategoryChange(mine, theirs)
        for name in FIELDS:
            values = tuple(getattr(one, name) for one in (base, mine.category, theirs.category))
            if before is None and name == "name":
                continue  # matched by name: both mean the same
            result, conflict = merged(*values)
            if conflict and self._decide(self._field(mine, name), *map(_text, values)):
                result = values[2]
            if result != values[1]:
                change.values[name] = result
        archived = (
            base.archived_at is not None,
            mine.category.archived_at is not None,
            theirs.category.archived_at is not None,
        )
        hidden, _ = merged(*archived)
        if hidden != archived[1]:
            change.archived = hidden
        self._keep_unique(change)
        return change

    def _takes_their_parent(
        self,
        mine: StoredCategory,
        theirs: StoredCategory,
        before: StoredCategory | None,
        categories: dict[int, int | None],
    ) -> bool:
        """Numbers from before the copies are the same on both sides."""
        parent = theirs.category.parent
        wanted = None if parent is None else categories.get(parent) or -parent
        base = None if before is None else before.category.parent
        present = mine.category.parent
        result, conflict = merged(base, present, wanted)
        if not conflict:
            return result != present
        names = {one: stored.category.name for one, stored in self._mine.categories.items()}
        their_parent = None if parent is None else self._theirs.categories.get(parent)
        name = "" if their_parent is None else their_parent.category.name
        shown = (names.get(base or 0, ""), names.get(present or 0, ""), name)
        return self._decide(self._field(mine, "parent"), *shown)

    def _keep_unique(self, change: CategoryChange) -> None:
        """A name or other name that a different category of mine has is not taken over."""
        assert change.mine is not None
        own = change.mine.category
        others = [one.category for number, one in self._mine.categories.items() if number != own.id]
        index = NameIndex(others)
        if "name" in change.values and index.find(change.values["name"]) is not None:
            theirs = change.values.pop("name")
            key = self._field(change.mine, "name")
            self._conflicts.append(Conflict(key, own.name, own.name, theirs, Choice.MINE))
        if "aliases" in change.values:
            kept = tuple(alias for alias in change.values["aliases"] if index.find(alias) is None)
            change.values["aliases"] = kept

    @staticmethod
    def _field(category: StoredCategory, name: str) -> ConflictKey:
        return ConflictKey(CATEGORY, category.category.name, field=name)

    # --- images

    def _image_changes(
        self, matches: dict[int, int | None], categories: dict[int, int | None]
    ) -> dict[int, ImageChange]:
        pairs = {theirs: mine for theirs, mine in matches.items() if mine is not None}
        their_states = self._theirs.states(pairs)
        my_states = self._mine.states(pairs.values())
        changes: dict[int, ImageChange] = {}
        for number, own in pairs.items():
            change = self._image_change(own, number, my_states[own], their_states[number], categories)
            if change is not None:
                changes[own] = change
        return changes

    def _image_change(
        self,
        own: int,
        number: int,
        mine: ImageStates,
        theirs: ImageStates,
        categories: dict[int, int | None],
    ) -> ImageChange | None:
        base_review = self._applied.reviews.get(own, theirs.reviewed_before)
        applied = self._applied.states.get(own, {})
        reviewed, _ = merged(base_review, mine.reviewed_after, theirs.reviewed_after)
        states: dict[int, LabelState] = {}
        merged_before = (
            {number for number, ours in categories.items() if ours in applied} if applied else set()
        )
        changed = self._theirs.changed(number)
        if changed is None:
            changed = theirs.before.keys() | theirs.after.keys()
        for category in changed | merged_before:
            if category not in categories:
                continue
            ours = categories[category]
            before = theirs.before.get(category, LabelState.UNKNOWN)
            before = before if ours is None else applied.get(ours, before)
            present = LabelState.UNKNOWN if ours is None else mine.after.get(ours, LabelState.UNKNOWN)
            wanted = theirs.after.get(category, LabelState.UNKNOWN)
            result, conflict = merged(before, present, wanted)
            if conflict:
                assert ours is not None
                name = self._mine.categories[ours].category.name
                key = ConflictKey(LABEL, name, self._mine.images[own].name)
                if self._decide(key, before.value, present.value, wanted.value):
                    result = wanted
            if result is not present:
                states[category] = result
        if not states and reviewed == mine.reviewed_after:
            return None
        given = self._theirs.origins.get(number, {})
        follows = reviewed and not mine.reviewed_after
        implied = sum(follows and one is LabelState.NO and key not in given for key, one in states.items())
        return ImageChange(number, states, reviewed, implied)


def _keep_keys_unique(changes: list[CategoryChange], present: dict[int, Category]) -> None:
    """A key that a different category has after the merge is not taken over; keys may change places.

    ``present``: my categories as they will be, but for whether they are archived.
    """
    known = {one.mine.category.id: one for one in changes if one.mine is not None}
    hidden = {number for number, one in present.items() if one.archived_at is not None}
    hidden |= {number for number, one in known.items() if one.archived}
    hidden -= {number for number, one in known.items() if one.archived is False}
    while True:
        used = Counter(one.shortcut for number, one in present.items() if number not in hidden)
        twice = (
            number
            for number, change in known.items()
            if number not in hidden
            and present[number].shortcut is not None
            and used[present[number].shortcut] > 1
            and (change.values.get("shortcut") is not None or change.archived is False)
        )
        number = next(twice, 0)
        if not number:
            break
        change = known[number]
        own = None if change.mine is None else change.mine.category.shortcut
        if change.values.pop("shortcut", None) is None:  # it returns from the archive, and keeps none
            own = change.values["shortcut"] = None
        present[number] = replace(present[number], shortcut=own)
    changes[:] = [one for one in changes if one.values or one.archived is not None or one.moved]


def match_images(mine: dict[int, Image], theirs: dict[int, Image], wanted: set[int]) -> dict[int, int | None]:
    """My image for each of theirs: the same number with the same content or path, else by content, else by
    path. None if there is none, or several and none of them has the path.
    """
    by_content: dict[str, list[int]] = defaultdict(list)
    by_path: dict[str, list[int]] = defaultdict(list)
    for number, image in mine.items():
        if image.content_hash:
            by_content[image.content_hash].append(number)
        by_path[image.path].append(number)
    found: dict[int, int | None] = {}
    taken: set[int] = set()

    def take(number: int, candidates: list[int]) -> None:
        free = [one for one in candidates if one not in taken]
        if number not in found and len(free) == 1:
            found[number] = free[0]
            taken.add(free[0])

    every = sorted(wanted & theirs.keys())
    for number in every:
        own, other = mine.get(number), theirs[number]
        if own is not None and (
            own.path == other.path
            or (own.content_hash is not None and own.content_hash == other.content_hash)
        ):
            take(number, [number])
    for number in every:
        same = by_content.get(theirs[number].content_hash or "", [])
        take(number, [one for one in same if mine[one].path == theirs[number].path])
    for number in every:
        same = by_content.get(theirs[number].content_hash or "", [])
        take(number, same)
        name = theirs[number].path.rpartition("/")[2]
        take(number, [one for one in same if mine[one].path.rpartition("/")[2] == name])
    for number in every:
        take(number, by_path.get(theirs[number].path, []))
    return {number: found.get(number) for number in every}


def _created(
    theirs: StoredCategory, index: NameIndex[Category], shortcuts: set[str | None]
) -> CategoryChange:
    """A category that only they have; names and keys that are taken by others of mine are not used."""
    category = theirs.category
    name, number = category.name, 1
    while index.find(name) is not None:
        number += 1
        name = f"{category.name} ({number})"
    aliases = tuple(alias for alias in category.aliases if index.find(alias) is None)
    values: dict[str, Any] = {"name": name, "aliases": aliases, "parent": None, "position": None}
    if category.shortcut in shortcuts:
        values["shortcut"] = None
    index.add(replace(category, **values))
    shortcuts.add(category.shortcut)
    return CategoryChange(None, theirs, values, moved=category.parent is not None)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return " | ".join(map(str, value))
    return "" if value is None else str(value)
