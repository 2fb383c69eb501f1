"""Operations on categories. Each is one step of undo and returns its change."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from app.domain.categories import CATEGORY_KEYS, Category, NameIndex, clean_name, name_key
from app.domain.category_properties import AUTOMATIC, CategoryEdit
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.hierarchy import Hierarchy
from app.domain.labels import Source
from app.domain.language import translate
from app.storage import categories as store
from app.storage.changes import Recording, recording
from app.storage.database import Session
from cprfl_core.nouns.dictionary import load_nouns

if TYPE_CHECKING:
    from app.services.project.project import Project


def all_of(project: "Project") -> list[Category]:
    """Every category, archived ones included, oldest first."""
    with project.db.read() as s:
        return store.all_categories(s, archived=True)


def add_categories(
    project: "Project",
    names: Iterable[str],
    source: Source = Source.HUMAN,
    description: str = "",
    *,
    with_keys: bool = False,
) -> ChangeSet:
    """Create the categories that do not exist by name or alias, in the given order.

    ``with_keys``: the first ten own the keys 1 to 0. Raises BadInputError for an empty or overlong name and
    for the name of an archived category.
    """
    wanted = [clean_name(name) for name in names]
    words = description or f"Add {_listed(wanted)}"
    with recording(project.db, source, words) as step:
        create(step, wanted, CATEGORY_KEYS[:10] if with_keys else "")
    return step.change


def create(step: Recording, names: Sequence[str], keys: str = "") -> dict[str, Category]:
    """Create missing categories as part of a step of undo; return each by the name given.

    ``keys`` are free keys, which the new categories own in their order.
    """
    free = iter(keys)
    known = store.all_categories(step.s, archived=True)
    index = NameIndex(known)
    result: dict[str, Category] = {}
    for name in names:
        category = index.find(name)
        if category is None:
            category = store.record(
                step.s, step.batch, "create", None, store.new(name, step.batch, next(free, None))
            )
            index.add(category)
        if category.archived_at is not None:
            raise BadInputError(
                translate("Project", "The category {category} is archived; restore it instead.").format(
                    category=repr(category.name)
                )
            )
        result[name] = category
    return result


def rename(project: "Project", category_id: int, name: str) -> ChangeSet:
    """Rename a category; its labels stay. Raises NotFoundError or BadInputError."""
    return edit_category(project, category_id, CategoryEdit(name=name))


def set_templates(project: "Project", category_id: int, templates: Sequence[str]) -> ChangeSet:
    """Set the prompt templates; ``{name}`` stands for the name. Raises NotFoundError or BadInputError."""
    return edit_category(project, category_id, CategoryEdit(templates=tuple(templates)))


def set_aliases(project: "Project", category_id: int, aliases: Sequence[str]) -> ChangeSet:
    """Set the other names by which a category is found. Raises NotFoundError or BadInputError."""
    return edit_category(project, category_id, CategoryEdit(aliases=tuple(aliases)))


def set_sense(project: "Project", category_id: int, sense: str | None) -> ChangeSet:
    """Choose what the name means, a sense of the dictionary of nouns; None lets the program choose.

    Raises NotFoundError, or BadInputError for a sense that does not exist.
    """
    return edit_category(project, category_id, CategoryEdit(sense=AUTOMATIC if sense is None else sense))


def set_description(project: "Project", category_id: int, description: str) -> ChangeSet:
    """Set the description. Raises NotFoundError."""
    return edit_category(project, category_id, CategoryEdit(description=description))


def edit_category(project: "Project", category_id: int, wanted: CategoryEdit) -> ChangeSet:
    """Change some properties of a category in one step; its labels stay.

    Raises NotFoundError, or BadInputError for a name or key that is invalid or taken, empty prompts, a sense
    that does not exist, or a parent that is below the category; then nothing is changed.
    """
    values = _checked_values(wanted)
    names = [*((values["name"],) if "name" in values else ()), *values.get("aliases", ())]

    def change(step: Recording, stored: store.StoredCategory) -> store.StoredCategory:
        if names:
            _refuse_taken(store.all_categories(step.s, archived=True), category_id, names)
        if values.get("shortcut"):
            _refuse_taken_key(store.all_categories(step.s), category_id, values["shortcut"])
        if values.get("parent"):
            _refuse_parent(step, category_id, values["parent"])
        category = replace(stored.category, **values)
        own = name_key(category.name)
        aliases = tuple(alias for alias in category.aliases if name_key(alias) != own)
        return replace(stored, category=replace(category, aliases=aliases))

    operation, words = "properties", "Change the properties of {name}"
    if len(values) == 1:
        operation, words = _ALONE[next(iter(values))]
        words = words.replace("{new}", repr(values.get("name")))
    return _edit_in_step(project, category_id, operation, words, change)


_ALONE: Final = {
    "name": ("rename", "Rename {name} to {new}"),
    "aliases": ("aliases", "Change the aliases of {name}"),
    "description": ("description", "Change the description of {name}"),
    "templates": ("templates", "Change the prompts of {name}"),
    "sense": ("sense", "Change the meaning of {name}"),
    "shortcut": ("shortcut", "Change the key of {name}"),
    "parent": ("parent", "Change the parent of {name}"),
    "group": ("group", "Change the group of {name}"),
    "colour": ("colour", "Change the colour of {name}"),
}
"""Operation in the ledger and description, by the only property that is changed."""
_COLOUR: Final = re.compile("#[0-9a-f]{6}")


def _checked_values(wanted: CategoryEdit) -> dict[str, Any]:
    """The new values by the names of Category's fields."""
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = clean_name(wanted.name)
    if wanted.aliases is not None:
        by_key = {name_key(alias): clean_name(alias) for alias in wanted.aliases}
        values["aliases"] = tuple(by_key.values())
    if wanted.description is not None:
        values["description"] = wanted.description.strip()
    if wanted.templates is not None:
        cleaned = tuple(dict.fromkeys(" ".join(template.split()) for template in wanted.templates))
        if not cleaned or not all(cleaned):
            raise BadInputError(
                translate(
                    "Project", "A category needs at least one prompt, and none of its prompts may be empty."
                )
            )
        values["templates"] = cleaned
    if wanted.shortcut is not None:
        values["shortcut"] = _checked_key(wanted.shortcut)
    if wanted.group is not None:
        values["group"] = clean_name(wanted.group) if wanted.group.strip() else ""
    if wanted.colour is not None:
        values["colour"] = _checked_colour(wanted.colour)
    if wanted.parent is not None:
        values["parent"] = wanted.parent or None
    if wanted.sense is not None:
        values["sense"] = None if wanted.sense == AUTOMATIC else wanted.sense
        if values["sense"] is not None and load_nouns().sense(wanted.sense) is None:
            raise BadInputError(
                translate(
                    "Project", "There is no noun with the sense {sense}; choose one of the listed meanings."
                ).format(sense=repr(wanted.sense))
            )
    return values


def _checked_key(key: str) -> str | None:
    given = key.strip().upper()
    if given and (len(given) > 1 or given not in CATEGORY_KEYS):
        raise BadInputError(
            translate(
                "Project", "{key} cannot be the key of a category; choose a digit or one of {names}."
            ).format(key=repr(key), names=", ".join(CATEGORY_KEYS[10:]))
        )
    return given or None


def _checked_colour(colour: str) -> str | None:
    given = colour.strip().lower()
    if given and not _COLOUR.fullmatch(given):
        raise BadInputError(
            translate(
                "Project", "{colour} is not a colour; write it as #rrggbb, for example #2a7f62."
            ).format(colour=repr(colour))
        )
    return given or None


def _refuse_parent(step: Recording, category_id: int, parent_id: int) -> None:
    parent = store.get(step.s, parent_id).category
    if parent.archived_at is not None:
        raise BadInputError(
            translate(
                "Project", "The category {category} is archived; restore it before it is a parent."
            ).format(category=repr(parent.name))
        )
    problem = Hierarchy(store.all_categories(step.s, archived=True)).problem(category_id, parent_id)
    if problem:
        raise BadInputError(problem)


def _refuse_taken_key(known: Sequence[Category], category_id: int, key: str) -> None:
    for other in known:
        if other.id != category_id and other.shortcut == key:
            raise BadInputError(
                translate(
                    "Project", "The key {key} belongs to the category {other}; choose a different one."
                ).format(key=key, other=repr(other.name))
            )


def archive(project: "Project", *category_ids: int) -> ChangeSet:
    """Hide categories, in one step; their labels stay. Later reviews do not cover them.

    Raises NotFoundError; then nothing is changed.
    """

    def words(s: Session) -> str:
        names = [store.get(s, one).category.name for one in category_ids]
        return f"Archive {names[0]!r}" if len(names) == 1 else f"Archive {len(names):,} categories"

    with recording(project.db, Source.HUMAN, words) as step:
        for one in category_ids:
            stored = store.get(step.s, one)
            if not stored.category.archived_at:
                store.record(step.s, step.batch, "archive", stored, store.archived(stored, step.batch))
    return step.change


def restore(project: "Project", category_id: int) -> ChangeSet:
    """Restore an archived category; images reviewed in between stay unknown for it.

    It loses its key if another category has that now.
    """

    def edit(step: Recording, stored: store.StoredCategory) -> store.StoredCategory:
        if not stored.category.archived_at:
            return stored
        taken = {other.shortcut for other in store.all_categories(step.s)}
        if stored.category.shortcut in taken:
            stored = replace(stored, category=replace(stored.category, shortcut=None))
        return store.restored(stored, step.batch)

    return _edit_in_step(project, category_id, "restore", "Restore {name}", edit)


def _edit_in_step(
    project: "Project",
    category_id: int,
    operation: str,
    words: str,
    edit: Callable[[Recording, store.StoredCategory], store.StoredCategory],
) -> ChangeSet:
    with project.db.read() as s:
        name = store.get(s, category_id).category.name
    with recording(project.db, Source.HUMAN, words.replace("{name}", repr(name))) as step:
        before = store.get(step.s, category_id)
        after = edit(step, before)
        if after != before:
            store.record(step.s, step.batch, operation, before, after)
    return step.change


def _taken_words(taken: str, other: Category) -> str:
    words = (
        translate(
            "Project",
            "The name {taken} already belongs to the category {other}, which is archived; choose a "
            "different one.",
        )
        if other.archived_at
        else translate(
            "Project", "The name {taken} already belongs to the category {other}; choose a different one."
        )
    )
    return words.format(taken=repr(taken), other=repr(other.name))


def _refuse_taken(known: Sequence[Category], category_id: int, names: Iterable[str]) -> None:
    keys = {name_key(name) for name in names}
    for other in known:
        if other.id != category_id:
            for taken in (other.name, *other.aliases):
                if name_key(taken) in keys:
                    raise BadInputError(_taken_words(taken, other))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
