"""The images that fit a text best, before the text is stored."""

from typing import TYPE_CHECKING, Final

import numpy as np

from app.domain.categories import Category
from app.services.features.indexing import encode_texts, feature_key, text_key
from app.services.features.nouns import meanings_of, noun_scores, uses_nouns
from app.services.project.project import Project
from app.services.runner.runner import Runner
from app.services.suggestions.text_scores import CategoryTexts, NounTexts, PromptTexts

if TYPE_CHECKING:
    from app.services.suggestions.suggestions import LiveSuggestions

MOST_IMAGES: Final = 20_000
"""Of a larger collection, evenly spaced images are looked at: a preview must not take seconds."""


def top_images(
    project: Project, live: "LiveSuggestions", runner: Runner, category: Category, limit: int
) -> list[int]:
    """The ids of the images that fit the category's text best, best first; empty without a text.

    ``category`` need not be stored, and nothing is. Raises the runner's known errors, or FeatureStoreError.
    """
    texts = _texts(project, runner, category)
    if texts is None:
        return []
    step = -(-len(live.image_ids) // MOST_IMAGES)
    scores = live.text_scores(texts, step)[:, 0]
    usable = np.flatnonzero(~np.isnan(scores))
    best = usable[np.argsort(-scores[usable], kind="stable")[:limit]]
    found: list[int] = live.image_ids[::step][best].tolist()
    return found


def _texts(project: Project, runner: Runner, category: Category) -> CategoryTexts | None:
    if uses_nouns(project):
        nouns, [meaning] = noun_scores(project), meanings_of([category])
        return None if nouns is None or meaning is None or not meaning.sets else NounTexts(nouns, [meaning])
    key = feature_key(project)
    if key is None:
        return None
    name = text_key(category)
    rows = encode_texts(project, runner, key, {name: category.prompts()}, keep=False)
    return PromptTexts(rows[name][None, :])
