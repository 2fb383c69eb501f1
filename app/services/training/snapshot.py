"""Exports what the worker tunes on: a copy of the present labels, texts and folds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.errors import KnownError
from app.domain.language import number, translate
from app.services.features.indexing import (
    embeddings_to_learn_from,
    encode_texts,
    feature_key,
    feature_store,
    text_key,
)
from app.services.features.nouns import meanings_of, noun_scores, uses_nouns
from app.services.labelling.decisions import label_states, last_entry
from app.services.project.project import Project
from app.services.runner.runner import Runner
from app.services.versions import files as version_files
from app.storage import categories, images, model_versions
from cprfl_core.common.errors import ModelFileError
from cprfl_core.evaluation.evidence import inclusion_weights, persistent_folds
from cprfl_core.evaluation.queues import centred_units
from cprfl_core.features.store import FeatureStore
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.snapshot import TuningSnapshot


class NothingToTuneError(KnownError):
    """There are too few labels, or the features that tuning needs are missing."""


@dataclass(frozen=True, slots=True)
class Exported:
    """``left_out`` labelled images have no current features; ``ledger_entry`` is the newest decision."""

    snapshot: TuningSnapshot
    key: str
    left_out: int
    ledger_entry: int


def take_snapshot(project: Project, runner: Runner) -> Exported:
    """Export the project's labels; ``runner`` encodes category texts that are not cached yet.

    Raises NothingToTuneError, NotIndexedError, the runner's known errors, or FeatureStoreError.
    """
    ids, vectors = embeddings_to_learn_from(project)
    key = feature_key(project)
    assert key is not None
    entry = last_entry(project)
    table = label_states(project)
    states = table.matrix()
    if not table.category_ids:
        raise NothingToTuneError(
            translate(
                "Training",
                "There are no categories yet, so there is nothing to learn; add some in the window, "
                "or with 'tailspotter import'.",
            )
        )
    known = np.asarray(table.image_ids, np.int64)[(states >= 0).any(axis=1)]
    if not len(known):
        raise NothingToTuneError(
            translate("Training", "Nothing is labelled yet; review some images, then train.")
        )
    store = feature_store(project, key)
    usable = np.intersect1d(np.intersect1d(known, ids), with_patches(store))
    _demand_tokens(store, known, ids, usable)
    with project.db.read() as s:
        present = {one.id: one for one in categories.all_categories(s)}
        content = {image.id: image.content_hash or "" for image in images.all_images(s)}
        inclusion = model_versions.inclusions(s)
    order = [present[category_id] for category_id in table.category_ids]
    units = centred_units(vectors[np.searchsorted(ids, usable)], vectors.mean(axis=0, dtype=np.float64))
    folds, groups = persistent_folds([content[int(one)] for one in usable], units)
    chances = [inclusion.get(int(one), np.nan) for one in usable]
    snapshot = TuningSnapshot(
        image_ids=usable,
        labels=np.ascontiguousarray(states[np.searchsorted(table.image_ids, usable)]),
        category_ids=np.asarray(table.category_ids, np.int64),
        names=tuple(one.name for one in order),
        text=raw_text(project, runner, key, order),
        folds=_lasting(project, usable, folds.astype(np.int64)),
        groups=groups.astype(np.int64),
        weights=inclusion_weights(chances),
        cuts=(project.cuts.medium, project.cuts.head),
    )
    return Exported(snapshot, key, len(known) - len(usable), entry)


def with_patches(store: FeatureStore) -> NDArray[np.int64]:
    """Images that have patch tokens, ascending."""
    found: NDArray[np.int64] = store.ids()[store.has_patches()]
    return found


def raw_text(project: Project, runner: Runner, key: str, order: Sequence[Category]) -> NDArray[np.float32]:
    """Category texts as the input of CPRFL, float32 [C,T]. Without a known noun a text is zero."""
    if uses_nouns(project):
        nouns = noun_scores(project)
        if nouns is None:
            raise NothingToTuneError(
                translate("Training", "The features of this project are incomplete; run 'tailspotter index'.")
            )
        return nouns.texts(meanings_of(order))
    keys = [text_key(one) for one in order]
    cached, width = _cached(project, key)
    missing = {at: one for at, one in zip(keys, order, strict=True) if at not in cached}
    if missing:
        texts = {at: one.prompts() for at, one in missing.items()}
        cached |= encode_texts(project, runner, key, texts, "raw")
    return np.stack([cached[at] for at in keys]) if keys else np.zeros((0, width), np.float32)


def _cached(project: Project, key: str) -> tuple[dict[str, NDArray[np.float32]], int]:
    """The cached rows by text key, and their width."""
    keys, matrix = feature_store(project, key).load_text("raw")
    return dict(zip(keys, matrix, strict=True)), matrix.shape[1]


def _demand_tokens(
    store: FeatureStore, known: NDArray[np.int64], current: NDArray[np.int64], usable: NDArray[np.int64]
) -> None:
    """Raise NothingToTuneError if no image is ``usable``.

    ``known`` images have labels, ``current`` ones features, ``usable`` ones both, and patch tokens.
    """
    if len(usable):
        return
    images = (
        translate("Training", "1 image carries labels")
        if len(known) == 1
        else translate("Training", "{n} images carry labels").format(n=number(len(known)))
    )
    if not np.isin(known, current).any():
        raise NothingToTuneError(
            translate(
                "Training",
                "{images}, but no current features; restore missing or unreadable "
                "files, then run 'tailspotter index'.",
            ).format(images=images)
        )
    why = (
        translate("Training", "this project keeps no patch tokens")
        if store.patch_shape is None
        else translate("Training", "none has patch tokens")
    )
    raise NothingToTuneError(
        translate("Training", "{images}, but {why}; run 'tailspotter index --patches' first.").format(
            images=images, why=why
        )
    )


def _lasting(project: Project, image_ids: NDArray[np.int64], folds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The folds, but images that the active version held out keep theirs: its heads have seen the others."""
    with project.db.read() as s:
        version = model_versions.active(s)
    if version is None:
        return folds
    try:
        scores = TunedScores.load(version_files.scores_path(project, version.id))
    except ModelFileError:
        return folds
    place = np.minimum(np.searchsorted(scores.image_ids, image_ids), max(len(scores.image_ids) - 1, 0))
    then = np.where(scores.image_ids[place] == image_ids, scores.folds[place], -1)
    return np.where(then >= 0, then, folds)
