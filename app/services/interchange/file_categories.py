"""The project's category for each category of a file; those that are used and missing are created."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.categories import Category, JoinedNames, NameIndex
from app.domain.errors import BadInputError
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.labelling.steps import Step


@dataclass(frozen=True, slots=True)
class FileCategories:
    """``ids``: the category of each position in ``LabelFile.categories``; None for one that is not used and
    not in the project, whose name is in ``unused``. ``names`` has the name of each id.
    """

    ids: Sequence[int | None]
    names: dict[int, str]
    created: list[str]
    unused: list[str]
    joined: list[JoinedNames]


def find_or_create(
    collected: Step,
    file: LabelFile,
    entries: Iterable[ImageStatement],
    stored: Sequence[Category],
    path: Path,
    *,
    complete: bool,
) -> FileCategories:
    """``entries``: those that match images of the project; ``stored``: its categories, also archived ones.

    Raises BadInputError for an archived category that is used.
    """
    used = _used(file, entries, complete)
    index = NameIndex(stored)
    for position in used:
        category = index.find(file.categories[position])
        if category is not None and category.archived_at is not None:
            raise BadInputError(
                f"{path}: {file.category_places[position]}: the category {category.name!r} is archived; "
                "restore it first, or remove it from the file."
            )
    by_name = collected.add_categories([file.categories[position] for position in used])
    known = {category.id for category in stored}
    created = {category.id: category for category in by_name.values() if category.id not in known}
    active = NameIndex([*(one for one in stored if one.archived_at is None), *created.values()])
    found = [
        None if position in file.groups else active.find(name)
        for position, name in enumerate(file.categories)
    ]
    return FileCategories(
        ids=[None if one is None else one.id for one in found],
        names={one.id: one.name for one in found if one is not None},
        created=[category.name for category in created.values()],
        unused=list(
            dict.fromkeys(name for name, one in zip(file.categories, found, strict=True) if one is None)
        ),
        joined=_joined(file, found, set(used)),
    )


def _used(file: LabelFile, entries: Iterable[ImageStatement], complete: bool) -> list[int]:
    """Positions of the categories with an answer or a suggestion. A review answers for all categories."""
    used: set[int] = set()
    for entry in entries:
        if (complete and entry.answered) or entry.reviewed:
            return [one for one in range(len(file.categories)) if one not in file.groups]
        used |= entry.yes | entry.no | entry.suggested.keys()
    return sorted(used)


def _joined(file: LabelFile, found: Sequence[Category | None], used: set[int]) -> list[JoinedNames]:
    """Entries that are one category of the project, or spelled differently from it."""
    groups: dict[int, tuple[Category, list[int]]] = {}
    for position, category in enumerate(found):
        if category is not None:
            groups.setdefault(category.id, (category, []))[1].append(position)
    return [
        JoinedNames(
            category.name,
            tuple(file.categories[position] for position in positions),
            tuple(file.category_places[position] for position in positions),
        )
        for category, positions in groups.values()
        if used.intersection(positions)
        and (len(positions) > 1 or file.categories[positions[0]] != category.name)
    ]
