"""What a run would learn from, shown before it starts."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.language import number, translate
from app.domain.models import ModelVersion
from app.domain.training import Remedy, TrainingOverview
from app.services.features.indexing import feature_key, feature_store
from app.services.labelling.decisions import count_since, label_states
from app.services.project.project import Project
from app.services.training.snapshot import with_patches
from app.services.training.training import can_resume
from app.storage import images, model_versions
from cprfl_core.common.errors import CoreError
from cprfl_core.evaluation.gate import LEAST_CATEGORIES, LEAST_IMAGES, LEAST_POSITIVES, too_few, what_counts
from cprfl_core.tuning.limits import LEAST_IMAGES as LEAST_TUNED
from cprfl_core.tuning.limits import LEAST_YES, tuned_words

# Seconds for one labelled image and category, all folds together: two CPU cores, the bundled backbone
# (docs/benchmarks.md). Used until the project has a run of its own.
USUAL_SECONDS: Final = 0.007
# A new version is proposed from this many new decisions, or this share of the yes labels.
MANY_NEW, SHARE_NEW = 100, 0.2


def training_overview(project: Project, many_new: int = MANY_NEW) -> TrainingOverview:
    """What a run would learn from now, without starting a worker.

    A new version is proposed from ``many_new`` new answers and reviews.
    """
    table = label_states(project)
    states = table.matrix()
    known = np.asarray(table.image_ids, np.int64)[(states >= 0).any(axis=1)]
    by_band = {"head": 0, "medium": 0, "tail": 0}
    for count in (states == 1).sum(axis=0).tolist():
        by_band[project.cuts.band(count).value] += count
    with project.db.read() as s:
        newest, active = model_versions.newest(s), model_versions.active(s)
    new_labels, new_reviews = count_since(project, 0 if newest is None else newest.card.ledger_entry)
    usable_ids = _usable(project, known)
    usable = len(usable_ids)
    yes = sum(by_band.values())
    counted = what_counts(states[np.isin(np.asarray(table.image_ids, np.int64), usable_ids)])
    enough, hint = _hint(counted, new_labels + new_reviews, newest, many_new)
    estimate, measured = _estimate(usable, states.shape[1], newest)
    blocked, remedy = _blocked(project, states.shape[1], len(known), usable, yes)
    return TrainingOverview(
        images=len(known),
        usable=usable,
        yes=by_band,
        no=int((states == 0).sum()),
        categories=states.shape[1],
        new_labels=new_labels,
        new_reviews=new_reviews,
        newest=None if newest is None else newest.name,
        active=None if active is None else active.name,
        backbone=project.backbone,
        estimate=estimate,
        measured=measured,
        resumable=can_resume(project),
        enough=enough,
        hint=hint,
        reviewed=int(table.reviewed.sum()),
        blocked=blocked,
        remedy=remedy,
        tuned=tuned_words(usable, yes),
    )


def _blocked(project: Project, categories: int, labelled: int, usable: int, yes: int) -> tuple[str, Remedy]:
    """Why a run cannot start, and what would help."""
    if project.read_only is not None:
        return translate("Training", "This project is open read-only: training is not possible."), Remedy.NONE
    lacking = _lacking(project, categories)
    if lacking is not None:
        return lacking
    if not labelled:
        return translate("Training", "Nothing is labelled yet; review some images first."), Remedy.LABELS
    if not usable:
        return (
            translate(
                "Training",
                "The labelled images have no patch tokens, which training needs, or can no longer be read.",
            ),
            Remedy.PATCHES,
        )
    if usable < LEAST_TUNED or yes < LEAST_YES:
        return (
            translate(
                "Training",
                "There are labels on {usable} images with {yes} yes; training takes at least "
                "{least_tuned} images and {least_yes} yes. Review some more images first.",
            ).format(usable=usable, yes=yes, least_tuned=LEAST_TUNED, least_yes=LEAST_YES)
        ), Remedy.LABELS
    return "", Remedy.NONE


def _lacking(project: Project, categories: int) -> tuple[str, Remedy] | None:
    """What is missing before labels matter: images, categories, features."""
    with project.db.read() as s:
        counts = images.counts(s)
    if not counts.total:
        return translate("Training", "There are no images in this project yet."), Remedy.IMAGES
    if not counts.ok:
        return (
            translate(
                "Training",
                "None of the images in this project can be read; restore the files, then scan again.",
            ),
            Remedy.IMAGES,
        )
    if not categories:
        return translate(
            "Training", "There are no categories yet; name what you see in the first images."
        ), Remedy.LABELS
    if feature_key(project) is None:
        return translate(
            "Training", "The images have no features yet, which training needs."
        ), Remedy.FEATURES
    return None


def _usable(project: Project, known: NDArray[np.int64]) -> NDArray[np.int64]:
    """The readable images of these that have patch tokens."""
    none = np.empty(0, np.int64)
    key = feature_key(project)
    if key is None:
        return none
    with project.db.read() as s:
        known = np.setdiff1d(known, np.array(sorted(images.ids_not_ok(s)), np.int64))
    try:
        return known[np.isin(known, with_patches(feature_store(project, key)))]
    except CoreError:
        return none


def _estimate(images: int, categories: int, newest: ModelVersion | None) -> tuple[float | None, bool]:
    if not images or not categories:
        return None, False
    if newest is not None and newest.card.facts.images and newest.card.facts.seconds:
        facts = newest.card.facts
        return round(facts.seconds * images / facts.images, 1), True
    return round(USUAL_SECONDS * images * categories + 5.0, 1), False


def _hint(
    counted: tuple[int, int, int], fresh: int, newest: ModelVersion | None, many_new: int
) -> tuple[bool, str]:
    """Whether a new version would be judged and is worth it; ``counted``: see what_counts()."""
    usable, yes, categories = counted
    if too_few(usable, yes, categories) is not None:
        return False, (
            translate(
                "Training",
                "A new version can be judged with {least_images} labelled images and "
                "{least_positives} yes in {least_categories} categories that have several yes and "
                "no; there are {usable}, {yes} and {categories}.",
            ).format(
                least_images=LEAST_IMAGES,
                least_positives=LEAST_POSITIVES,
                least_categories=LEAST_CATEGORIES,
                usable=usable,
                yes=yes,
                categories=categories,
            )
        )
    if newest is None:
        return True, translate(
            "Training", "{usable} labelled images with {yes} yes are enough for a first version."
        ).format(usable=usable, yes=yes)
    return fresh >= max(many_new, round(SHARE_NEW * newest.card.yes)), _news(fresh, newest.name)


def _news(fresh: int, newest: str) -> str:
    words = (
        translate("Training", "{n} answers and reviews are new since {newest}.")
        if fresh > 1
        else translate("Training", "One answer or review is new since {newest}.")
        if fresh
        else translate("Training", "Nothing is new since {newest}.")
    )
    return words.format(n=number(fresh), newest=newest)
