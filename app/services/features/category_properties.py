"""The properties of one category, with the meanings from which a person may choose."""

from dataclasses import replace

from app.domain.categories import Category
from app.domain.category_properties import (
    AUTOMATIC,
    CategoryEdit,
    CategoryProperties,
    MeaningUse,
    PossibleMeaning,
)
from app.domain.language import translate
from app.services.features.nouns import uses_nouns
from app.services.project.project import Project
from app.storage import categories as store
from cprfl_core.nouns.dictionary import Nouns, load_nouns
from cprfl_core.nouns.meaning import find_meaning, meaning_of, possible_senses

NAMES_SHOWN = 3
"""Synonyms of a meaning."""


def category_properties(
    project: Project, category_id: int, edit: CategoryEdit | None = None
) -> CategoryProperties:
    """The properties as stored, or as they would be after ``edit``, which is not checked.

    The dictionary of nouns is loaded on first use, which takes up to a second. Raises NotFoundError.
    """
    with project.db.read() as s:
        category = store.get(s, category_id).category
    if edit is not None:
        category = _edited(category, edit)
    return _with_meanings(category) if uses_nouns(project) else CategoryProperties(category, by_nouns=False)


def _with_meanings(category: Category) -> CategoryProperties:
    nouns = load_nouns()
    texts = category.name, category.aliases, category.description
    used, automatic = find_meaning(nouns, *texts, category.sense), find_meaning(nouns, *texts)
    senses = [one.id for one in possible_senses(nouns, category.name, category.aliases)]
    # A noun of the description, or one chosen before the name was changed, is not among those of the name.
    found = dict.fromkeys([*senses, *(one.sense for one in (automatic, used) if one is not None)])
    meanings = {one: _possible(nouns, one) for one in found}
    problem = translate(
        "Features",
        "The image model does not know the word {category}; add another name for it, or label a few images.",
    ).format(category=repr(category.name))
    return CategoryProperties(
        category,
        by_nouns=True,
        meanings=list(meanings.values()),
        used=None if used is None else meanings[used.sense],
        automatic=None if automatic is None else meanings[automatic.sense],
        problem=problem if used is None else "",
    )


def _possible(nouns: Nouns, sense_id: str) -> PossibleMeaning:
    sense, meaning = nouns.sense(sense_id), meaning_of(nouns, "", sense_id)
    assert sense is not None  # it comes from the same dictionary
    names, classes = ", ".join(sense.synonyms[:NAMES_SHOWN]), len(nouns.classes_beneath(sense_id))
    use = MeaningUse.DIRECT if classes else MeaningUse.RELATED if meaning.sets else MeaningUse.NONE
    return PossibleMeaning(sense_id, names, sense.definition, use, classes)


def _edited(category: Category, edit: CategoryEdit) -> Category:
    return replace(
        category,
        name=category.name if edit.name is None else edit.name,
        aliases=category.aliases if edit.aliases is None else edit.aliases,
        description=category.description if edit.description is None else edit.description,
        templates=category.templates if edit.templates is None else edit.templates,
        sense=category.sense if edit.sense is None else None if edit.sense == AUTOMATIC else edit.sense,
    )
