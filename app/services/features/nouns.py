"""The nouns that categories mean, for projects whose image model has ImageNet's classes in place of texts."""

from collections.abc import Sequence

from app.domain.categories import Category
from app.services.features.indexing import feature_key, feature_store
from app.services.project.project import Project
from app.storage import categories as category_store
from cprfl_core.backbone.names import text_side
from cprfl_core.nouns.dictionary import load_nouns
from cprfl_core.nouns.meaning import Meaning, find_meaning
from cprfl_core.nouns.scores import NounScores


def uses_nouns(project: Project) -> bool:
    """True if the text scores of the project's image model come from nouns."""
    return text_side(project.backbone) == "nouns"


def noun_scores(project: Project) -> NounScores | None:
    """None before the images are indexed. Raises FeatureStoreError (a CoreError)."""
    key = feature_key(project)
    classifier = None if key is None else feature_store(project, key).classifier()
    return None if classifier is None else NounScores(classifier)


def meanings_of(categories: Sequence[Category]) -> list[Meaning | None]:
    """What each category means; None if no word of it is known."""
    nouns = load_nouns()
    return [find_meaning(nouns, one.name, one.aliases, one.description, one.sense) for one in categories]


def store_noun_texts(project: Project, category: Category) -> str:
    """The key of a category's noun among the texts of the feature folder, where the worker finds them.

    Those of the other categories are stored with it. A read-only project stores nothing. Raises
    FeatureStoreError (a CoreError).
    """
    [meaning] = meanings_of([category])
    wanted = "" if meaning is None else meaning.sense
    key, nouns = feature_key(project), noun_scores(project)
    if key is None or nouns is None or project.read_only is not None:
        return wanted
    store = feature_store(project, key)
    stored = set(store.load_text()[0])
    with project.db.read() as s:
        present = category_store.all_categories(s)
    missing = {
        one.sense: one
        for one in (meaning, *meanings_of(present))
        if one is not None and one.sets and one.sense not in stored
    }
    if missing:
        store.save_text(list(missing), nouns.texts(list(missing.values())))
    return wanted
