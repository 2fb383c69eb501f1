"""The map of the images: where each one is placed, and what colours it."""

import logging
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import KnownError
from app.domain.insights import ColourBy, ImageMap, MapColours, MapMethod, Table
from app.domain.language import translate
from app.domain.progress import ProgressCallback, StopCheck
from app.protocol import messages
from app.services.features.index_events import report_progress
from app.services.features.indexing import feature_key, indexed_ids
from app.services.project.project import Project
from app.services.query.context import QueryContext
from app.services.runner.runner import Runner, new_job_id, result_of
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage.disk import disk_error
from cprfl_core.common.array_files import DamagedFileError, read_arrays
from cprfl_core.features.projection import pca_steps

FILE: Final = "map-tsne.safetensors"
"""In the folder of the features."""
SHOWN_CATEGORIES: Final = 7
"""As many colours can be told apart."""

log = logging.getLogger(__name__)
Ints = NDArray[np.int64]
Codes = NDArray[np.int16]


class MapError(KnownError):
    """A map that cannot be made."""


def by_components(live: LiveSuggestions) -> Generator[None, None, ImageMap]:
    """The images by the first two principal components of their embeddings, in pieces."""
    count = len(live.image_ids)
    found: list[NDArray[np.float32]] = []
    for part in pca_steps(count, live.units):
        found.append(part)
        yield
    places = np.concatenate(found) if found else np.empty((0, 2), np.float32)
    return ImageMap(MapMethod.PCA, live.image_ids, places)


def kept_map(project: Project, known: Ints) -> ImageMap | None:
    """The map that :func:`make_map` kept for the features in use, for images that are among ``known``
    (ascending); None if there is none, or if its file is damaged."""
    key = feature_key(project)
    if key is None:
        return None
    file = project.layout.features(key) / FILE
    try:
        arrays, facts = read_arrays(file, ("ids", "places"))
        made_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
    except (DamagedFileError, OSError) as error:
        log.warning("the map %s is not used: %s", file, error)
        return None
    if facts.get("key") != key or "ids" not in arrays or "places" not in arrays:
        return None
    ids, places = arrays["ids"], arrays["places"]
    here = np.isin(ids, known)
    return ImageMap(MapMethod.TSNE, ids[here], places[here], len(known) - int(here.sum()), made_at)


def make_map(
    project: Project,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> int:
    """Compute a map by t-SNE and keep it beside the features; returns the number of images on it.

    Raises NotIndexedError, BusyError (another job runs), CancelledError, the runner's known errors or a
    CoreError; a map that was kept before stays.
    """
    key = feature_key(project)
    ids = indexed_ids(project)
    assert key is not None  # there are embeddings
    folder = project.layout.features(key)
    items = folder / ".map-items.npy"

    with project.job_lock("computing the map"):
        try:
            _save(items, ids)
            command = messages.MapImages(
                job=new_job_id(),
                features=str(folder),
                expected_key=key,
                items=str(items),
                out=str(folder / FILE),
            )
            run = runner.run(command, report_progress(on_progress), should_stop)
            return result_of(run, messages.MapResult).placed
        finally:
            items.unlink(missing_ok=True)


def _save(file: Path, ids: Ints) -> None:
    try:
        np.save(file, ids)
    except OSError as error:
        raise disk_error(f"{file} cannot be written", error) from error


def colours(
    context: QueryContext,
    live: LiveSuggestions | None,
    ids: Ints,
    by: ColourBy,
    category_id: int | None = None,
) -> MapColours:
    """What colours these images. ``category_id`` for the labels or the score of one category.

    Raises MapError where the category is gone or has no scores yet.
    """
    places = context.positions(ids)
    if by is ColourBy.REVIEW:
        marks = np.where(context.reviewed, 0, np.where(context.labelled, 1, 2)).astype(np.int16)
        return MapColours(by, ("reviewed", "labelled", "neither"), _at(marks, places))
    if by is ColourBy.CATEGORIES:
        return _by_category(context, places)
    if category_id is None or category_id not in context.rows:
        raise MapError(translate("Insights", "This category is gone; choose another one."))
    if by is ColourBy.LABELS:
        states = context.labels_of(category_id)
        codes = np.where(states == 1, 0, np.where(states == 0, 1, -1)).astype(np.int16)
        return MapColours(by, ("yes", "no"), _at(codes, places), category_id=category_id)
    if live is None or category_id not in live.category_ids:
        raise MapError(
            translate(
                "Insights", "This category has no scores yet; compute the features of the images first."
            )
        )
    scores = np.full(len(ids), np.nan, np.float32)
    at = np.minimum(np.searchsorted(live.image_ids, ids), max(0, len(live.image_ids) - 1))
    there = live.image_ids[at] == ids
    scores[there] = live.for_category(category_id)[at[there]]
    return MapColours(by, scores=scores, category_id=category_id)


def _by_category(context: QueryContext, places: NDArray[np.int64]) -> MapColours:
    """The rarest of the most frequent categories that an image has."""
    yes = context.counts[:, 1]
    order = sorted(np.flatnonzero(yes).tolist(), key=lambda row: (-yes[row], context.categories[row].name))
    codes = np.full(len(context.images), -1, np.int16)
    shown = order[:SHOWN_CATEGORIES]
    for code, row in enumerate(shown):
        codes[context.labels[row] == 1] = code
    names = tuple(context.categories[row].name for row in shown)
    return MapColours(ColourBy.CATEGORIES, names, _at(codes, places))


def _at(codes: Codes, places: NDArray[np.int64]) -> Codes:
    """-1 for an image that is not in the context."""
    return np.where(places < 0, np.int16(-1), codes[places])


def map_table(context: QueryContext, found: ImageMap) -> Table:
    """The names and coordinates of the images on a map, without those that are not in the context."""
    names, places = context.images.names, context.positions(found.ids)
    rows = [
        (names[place], round(x, 5), round(y, 5))
        for place, (x, y) in zip(places.tolist(), found.places.tolist(), strict=True)
        if place >= 0
    ]
    return Table(("image", "x", "y"), rows)
