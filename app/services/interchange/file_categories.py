"""The project's category for each category of a file; those that are used and missing are created."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.domain.categories import Category, JoinedNames, NameIndex
from app.domain.counting import count
from app.domain.errors import BadInputError
from app.domain.language import translate
from app.services.interchange.statements import ImageStatement, LabelFile, LeftOut
from app.services.labelling.steps import Step


@dataclass(frozen=True, slots=True)
class FileCategories:
    """``ids``: the category of each position in ``LabelFile.categories``; None for one whose answers are not
    used: it is in ``left_out``, or in ``unused`` if no answer uses it and it is not in the project. ``names``
    has the name of each id.
    """

    ids: Sequence[int | None]
    names: dict[int, str]
    created: list[str]
    unused: list[str]
    joined: list[JoinedNames]
    left_out: list[LeftOut]


def find_or_create(
    collected: Step,
    file: LabelFile,
    entries: Collection[ImageStatement],
    stored: Sequence[Category],
    *,
    complete: bool,
) -> FileCategories:
    """``entries``: those that match images of the project; ``stored``: its categories, also archived ones.

    An archived category stays archived, and what the file says about it is left out.
    """
    used = _used(file, entries, complete)
    index = NameIndex(stored)
    usable, left_out = _usable(file, entries, index, used)
    by_name = collected.add_categories([file.categories[position] for position in usable])
    known = {category.id for category in stored}
    created = {category.id: category for category in by_name.values() if category.id not in known}
    active = NameIndex([*(one for one in stored if one.archived_at is None), *created.values()])
    left = set(used) - set(usable)
    found = [
        None if position in left or position in file.groups else _find(active, name)
        for position, name in enumerate(file.categories)
    ]
    unused = [
        name
        for position, (name, one) in enumerate(zip(file.categories, found, strict=True))
        if one is None and position not in left
    ]
    return FileCategories(
        ids=[None if one is None else one.id for one in found],
        names={one.id: one.name for one in found if one is not None},
        created=[category.name for category in created.values()],
        unused=list(dict.fromkeys(unused)),
        joined=_joined(file, found, set(usable)),
        left_out=left_out,
    )


def _usable(
    file: LabelFile, entries: Collection[ImageStatement], index: NameIndex[Category], used: Sequence[int]
) -> tuple[list[int], list[LeftOut]]:
    """The positions whose answers can be used, and those of archived categories and of wrong names."""
    usable, left_out = [], []
    for position in used:
        try:
            category = index.find(file.categories[position])
        except BadInputError as error:
            left_out.append(LeftOut(file.category_places[position], error.sentence.rstrip(".")))
            continue
        if category is None or category.archived_at is None:
            usable.append(position)
            continue
        answers = sum(position in entry.yes or position in entry.no for entry in entries)
        reason = translate(
            "Interchange",
            "the category {category} is archived, and {answers} of it not used; restore the category and "
            "import the file again to use them",
        ).format(category=repr(category.name), answers=count(answers, "answer"))
        left_out.append(LeftOut(file.category_places[position], reason))
    return usable, left_out


def _find(index: NameIndex[Category], name: str) -> Category | None:
    try:
        return index.find(name)
    except BadInputError:
        return None


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
