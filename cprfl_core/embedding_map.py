"""The map of a collection by t-SNE: images with similar embeddings are placed close to each other.

Shapes: N images, D embedding width.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.errors import InputError
from cprfl_core.features.projection import Projection

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

Floats = NDArray[np.float32]
OnProgress = Callable[[str, int, int], None]
"""(stage, done, total)"""

TSNE_SAMPLE: Final = 5_000
"""Images that t-SNE places itself; the others go to their nearest neighbours among them."""
TSNE_WIDTH: Final = 50
"""Principal components that t-SNE sees, as its authors advise (van der Maaten and Hinton 2008)."""
PERPLEXITY: Final = 30.0
NEIGHBOURS: Final = 5
STAGES: Final = 4
STEPS: Final = 250
"""Descent steps of one stage; between stages the work can be stopped."""
ALONE_BELOW: Final = 1_500
"""Fewer images are placed by one thread."""
LEAST: Final = 5
"""Fewer images make no map."""
_ROWS: Final = 4_096
_QUERY_ROWS: Final = 512


class StoppedError(Exception):
    """``should_stop`` returned True."""


def tsne(
    vectors: NDArray[np.floating],
    on_progress: OnProgress = lambda *_: None,
    should_stop: Callable[[], bool] = lambda: False,
    *,
    sample: int = TSNE_SAMPLE,
    seed: int = 0,
) -> Floats:
    """Coordinates [N, 2] by t-SNE of the embeddings [N, D].

    The same embeddings give the same map. Raises InputError for fewer than 5 images, and StoppedError.
    """
    count = len(vectors)
    if count < LEAST:
        raise InputError(f"A map needs at least {LEAST} images with features.")
    projection = Projection(count, lambda rows: vectors[rows], min(TSNE_WIDTH, vectors.shape[1]))
    reduced = np.concatenate([projection.of(vectors[i : i + _ROWS]) for i in range(0, count, _ROWS)])
    chosen = np.arange(count)
    if count > sample:
        chosen = np.sort(np.random.default_rng(seed).choice(count, sample, replace=False))
    placed = _descend(reduced[chosen], on_progress, should_stop, seed)
    if len(chosen) == count:
        return placed
    found = np.empty((count, 2), np.float32)
    found[chosen] = placed
    rest = np.setdiff1d(np.arange(count), chosen)
    found[rest] = _beside_neighbours(reduced[rest], reduced[chosen], placed, on_progress, should_stop)
    return found


def _descend(points: Floats, on_progress: OnProgress, should_stop: Callable[[], bool], seed: int) -> Floats:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = min(PERPLEXITY, (len(points) - 1) / 3)
    graph = _neighbour_graph(points, perplexity, on_progress, should_stop)
    spread = points[:, 0].std()
    places = np.pad(points[:, :2], ((0, 0), (0, max(0, 2 - points.shape[1]))))
    places = places / max(float(spread), 1e-12) * 1e-4
    # Copies of one image would never leave each other.
    places += np.random.default_rng(seed).normal(scale=1e-6, size=places.shape).astype(np.float32)
    # Threads would wait for each other more than they work.
    threads = 1 if len(points) < ALONE_BELOW else None
    for stage in range(STAGES):
        on_progress("Placing images on the map", stage, STAGES)
        if should_stop():
            raise StoppedError
        # From stage to stage the descent continues from the places that were found; only the first one pulls
        # groups apart (early exaggeration).
        model = TSNE(
            perplexity=perplexity,
            metric="precomputed",
            init=places,
            early_exaggeration=12.0 if stage == 0 else 1.0,
            max_iter=STEPS,
            random_state=seed,
        )
        with threadpool_limits(threads, user_api="openmp"):
            places = model.fit_transform(graph).astype(np.float32)
    on_progress("Placing images on the map", STAGES, STAGES)
    found: Floats = np.asarray(places, np.float32)
    return found


def _neighbour_graph(
    points: Floats, perplexity: float, on_progress: OnProgress, should_stop: Callable[[], bool]
) -> "csr_matrix":
    """The distances of each point to its nearest ones, as many as t-SNE looks at."""
    from scipy.sparse import csr_matrix

    near = min(len(points) - 1, int(3 * perplexity + 1)) + 1
    places, distances = [], []
    for found, far in _nearest(points, points, near, on_progress, should_stop):
        places.append(found)
        distances.append(far)
    ends = np.arange(0, len(points) * near + 1, near)
    columns, values = np.concatenate(places).ravel(), np.concatenate(distances).ravel()
    return csr_matrix((values, columns, ends), shape=(len(points), len(points)))


def _beside_neighbours(
    rest: Floats,
    points: Floats,
    placed: Floats,
    on_progress: OnProgress,
    should_stop: Callable[[], bool],
) -> Floats:
    """Each of ``rest`` at the mean of its nearest points, the nearer ones weighing more."""
    found = []
    for near, far in _nearest(rest, points, min(NEIGHBOURS, len(points)), on_progress, should_stop):
        weight = 1 / np.maximum(far, 1e-6)
        weight /= weight.sum(axis=1, keepdims=True)
        found.append((placed[near] * weight[:, :, None]).sum(axis=1).astype(np.float32))
    return np.concatenate(found)


def _nearest(
    rows: Floats, points: Floats, near: int, on_progress: OnProgress, should_stop: Callable[[], bool]
) -> Iterator[tuple[NDArray[Any], Floats]]:
    """For blocks of rows: the ``near`` nearest points, nearest first, and their distances."""
    lengths = np.einsum("nd,nd->n", points, points)
    for start in range(0, len(rows), _QUERY_ROWS):
        if should_stop():
            raise StoppedError
        on_progress("Looking for similar images", start, len(rows))
        part = rows[start : start + _QUERY_ROWS]
        squares = lengths - 2 * (part @ points.T) + np.einsum("nd,nd->n", part, part)[:, None]
        places = np.argpartition(squares, near - 1, axis=1)[:, :near]
        chosen = np.take_along_axis(squares, places, axis=1)
        order = np.argsort(chosen, axis=1, kind="stable")
        places = np.take_along_axis(places, order, axis=1)
        far = np.sqrt(np.maximum(np.take_along_axis(chosen, order, axis=1), 0))
        yield places, far.astype(np.float32)
