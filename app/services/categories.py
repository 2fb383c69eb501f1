"""Operations on categories. Each is one step of undo and returns what it changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.categories import Category, NameIndex, clean_name, name_key
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.labels import Source
from app.storage import categories as store
from app.storage.changes import Recording, recording

if TYPE_CHECKING:
    from app.services.project import Project

_Edit = Callable[[store.StoredCategory], store.StoredCategory]


def add_categories(
    project: "Project", names: Iterable[str], source: Source = Source.HUMAN, description: str = ""
) -> ChangeSet:
    """Create the categories that do not exist yet, by name or alias, in the order given.

    Raises BadInputError for an empty or overlong name and for the name of an archived category.
    """
    wanted = [clean_name(name) for name in names]
    words = description or f"Add {_listed(wanted)}"
    with recording(project.db, source, words) as step:
        create(step, wanted)
    return step.change


def create(step: Recording, names: Sequence[str]) -> dict[str, Category]:
    """Inside a step of undo: make sure that the categories exist; give each by the name asked for."""
    known = store.all_categories(step.s, archived=True)
    index = NameIndex(known)
    result: dict[str, Category] = {}
    for name in names:
        category = index.find(name)
        if category is None:
            category = store.record(step.s, step.batch, "create", None, store.new(name, step.batch))
            index.add(category)
        if category.archived_at is not None:
            raise BadInputError(f"The category {category.name!r} is archived; restore it instead.")
        result[name] = category
    return result


def rename(project: "Project", category_id: int, name: str) -> ChangeSet:
    """Give a category another name; its labels stay. Raises NotFoundError or BadInputError."""
    new_name = clean_name(name)

    def edit(stored: store.StoredCategory) -> store.StoredCategory:
        return replace(stored, category=replace(stored.category, name=new_name))

    return _edit(project, category_id, "rename", f"Rename {{name}} to {new_name!r}", edit, names=[new_name])


def set_templates(project: "Project", category_id: int, templates: Sequence[str]) -> ChangeSet:
    """Set the prompt templates; ``{name}`` in them is the name. Raises NotFoundError or BadInputError."""
    cleaned = tuple(dict.fromkeys(" ".join(template.split()) for template in templates))
    if not cleaned or not all(cleaned):
        raise BadInputError("A category needs at least one prompt, and none of its prompts may be empty.")

    def edit(stored: store.StoredCategory) -> store.StoredCategory:
        return replace(stored, category=replace(stored.category, templates=cleaned))

    return _edit(project, category_id, "templates", "Change the prompts of {name}", edit)


def set_aliases(project: "Project", category_id: int, aliases: Sequence[str]) -> ChangeSet:
    """Set the other names by which a category is found. Raises NotFoundError or BadInputError."""
    by_key = {name_key(alias): clean_name(alias) for alias in aliases}

    def edit(stored: store.StoredCategory) -> store.StoredCategory:
        own = name_key(stored.category.name)
        kept = tuple(alias for key, alias in by_key.items() if key != own)
        return replace(stored, category=replace(stored.category, aliases=kept))

    return _edit(
        project, category_id, "aliases", "Change the aliases of {name}", edit, names=list(by_key.values())
    )


def archive(project: "Project", category_id: int) -> ChangeSet:
    """Put a category out of sight; its labels stay. Reviews from now on say nothing about it."""

    def edit(step: Recording, stored: store.StoredCategory) -> store.StoredCategory:
        return stored if stored.category.archived_at else store.archived(stored, step.batch)

    return _edit_in_step(project, category_id, "archive", "Archive {name}", edit)


def restore(project: "Project", category_id: int) -> ChangeSet:
    """Bring an archived category back; images reviewed in between stay unknown for it."""

    def edit(step: Recording, stored: store.StoredCategory) -> store.StoredCategory:
        return store.restored(stored, step.batch) if stored.category.archived_at else stored

    return _edit_in_step(project, category_id, "restore", "Restore {name}", edit)


def _edit(
    project: "Project",
    category_id: int,
    operation: str,
    words: str,
    edit: _Edit,
    *,
    names: Sequence[str] = (),
) -> ChangeSet:
    def checked(step: Recording, stored: store.StoredCategory) -> store.StoredCategory:
        _refuse_taken(store.all_categories(step.s, archived=True), category_id, names)
        return edit(stored)

    return _edit_in_step(project, category_id, operation, words, checked)


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


def _refuse_taken(known: Sequence[Category], category_id: int, names: Iterable[str]) -> None:
    keys = {name_key(name) for name in names}
    for other in known:
        if other.id != category_id:
            for taken in (other.name, *other.aliases):
                if name_key(taken) in keys:
                    raise BadInputError(
                        f"The name {taken!r} belongs to the category {other.name!r} already"
                        f"{', which is archived' if other.archived_at else ''}; choose another one."
                    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
