"""What a run would learn from, shown before it starts."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Band
from app.domain.language import translate
from app.domain.models import ModelVersion
from app.domain.training import Basis, Remedy, TrainingOverview
from app.services.features.indexing import feature_key, feature_store
from app.services.labelling.decisions import count_since, label_states
from app.services.project.project import Project
from app.services.training import speed
from app.services.training.readiness import Readiness, readiness
from app.services.training.snapshot import with_patches
from app.services.training.training import can_resume
from app.storage import images, model_versions
from cprfl_core.common.errors import CoreError
from cprfl_core.tuning.limits import tuned_words

# Seconds for one labelled image and category, all folds together: two CPU cores, the bundled backbone
# (docs/benchmarks.md). Used until the project has a run of its own.
USUAL_SECONDS: Final = 0.007
# A new version is proposed from this many new decisions, or this share of the yes labels.
MANY_NEW, SHARE_NEW = 100, 0.2


def training_overview(
    project: Project, many_new: int = MANY_NEW, device: str | None = None
) -> TrainingOverview:
    """What a run would learn from now, without starting a worker.

    A new version is proposed from ``many_new`` new answers and reviews. ``device``: where it would be
    trained, for the estimate; None if unknown.
    """
    table = label_states(project)
    states = table.matrix()
    image_ids = np.asarray(table.image_ids, np.int64)
    known = image_ids[(states >= 0).any(axis=1)]
    usable_ids = _usable(project, known)
    learned = states[np.isin(image_ids, usable_ids)]
    ready = readiness(learned)
    with project.db.read() as s:
        newest, active = model_versions.newest(s), model_versions.active(s)
    new_labels, new_reviews = count_since(project, 0 if newest is None else newest.card.ledger_entry)
    blocked, remedy = _blocked(project, states.shape[1], len(known), len(usable_ids), ready)
    estimate, basis = _estimate(len(usable_ids), states.shape[1], newest, device)
    return TrainingOverview(
        images=len(known),
        usable=len(usable_ids),
        yes=_yes_by_band(project, states),
        no=int((states == 0).sum()),
        categories=states.shape[1],
        new_labels=new_labels,
        new_reviews=new_reviews,
        newest=None if newest is None else newest.name,
        active=None if active is None else active.name,
        backbone=project.backbone,
        estimate=estimate,
        basis=basis,
        resumable=can_resume(project),
        enough=not blocked and _enough(ready, new_labels + new_reviews, newest, many_new),
        reviewed=int(table.reviewed.sum()),
        needs=ready.needs,
        one_sided=ready.one_sided,
        blocked=blocked,
        remedy=remedy,
        tuned=tuned_words(len(usable_ids), int((learned == 1).sum())),
    )


def _yes_by_band(project: Project, states: NDArray[np.int8]) -> dict[str, int]:
    by_band = {band.value: 0 for band in Band}
    for count in (states == 1).sum(axis=0).tolist():
        by_band[project.cuts.band(count).value] += count
    return by_band


def _blocked(
    project: Project, categories: int, labelled: int, usable: int, ready: Readiness
) -> tuple[str, Remedy]:
    """Why a run cannot start, and what would help."""
    if project.read_only is not None:
        return translate("Training", "This project is open read-only: training is not possible."), Remedy.NONE
    lacking = _lacking(project, categories)
    if lacking is not None:
        return lacking
    if not labelled:
        return translate("Training", "Nothing is labelled yet. Review some images first."), Remedy.LABELS
    if not usable:
        words = translate(
            "Training", "The labelled images lack the details that training needs, or can no longer be read."
        )
        return words, Remedy.PATCHES
    return ready.refusal, Remedy.LABELS if ready.refusal else Remedy.NONE


def _lacking(project: Project, categories: int) -> tuple[str, Remedy] | None:
    """What is missing before labels matter: images, categories, features."""
    with project.db.read() as s:
        counts = images.counts(s)
    if not counts.total:
        return translate("Training", "There are no images in this project yet."), Remedy.IMAGES
    if not counts.ok:
        words = translate("Training", "None of the images can be read. Restore the files, then scan again.")
        return words, Remedy.IMAGES
    if not categories:
        words = translate("Training", "There are no categories yet. Name what you see in the first images.")
        return words, Remedy.LABELS
    if feature_key(project) is None:
        words = translate("Training", "The images have no features yet, which training needs.")
        return words, Remedy.FEATURES
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


def _estimate(
    images: int, categories: int, newest: ModelVersion | None, device: str | None
) -> tuple[float | None, Basis]:
    """Seconds, from the last run of this project, else from the last one on this computer, else a guess."""
    if not images or not categories:
        return None, Basis.GUESS
    if newest is not None and newest.card.facts.images and newest.card.facts.seconds:
        facts = newest.card.facts
        return round(facts.seconds * images / facts.images, 1), Basis.PROJECT
    seconds = speed.known(device)
    each, basis = (USUAL_SECONDS, Basis.GUESS) if seconds is None else (seconds, Basis.COMPUTER)
    return round(each * images * categories + speed.OVERHEAD_SECONDS, 1), basis


def _enough(ready: Readiness, fresh: int, newest: ModelVersion | None, many_new: int) -> bool:
    """Whether a new version would be judged, and is worth it."""
    if newest is None or not ready.enough:
        return ready.enough
    return fresh >= max(many_new, round(SHARE_NEW * newest.card.yes))
