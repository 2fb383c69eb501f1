"""Exact and near duplicates among the readable images of a project."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from app.domain.duplicates import LIKE_FEATURES, DuplicateGroup, DuplicateKind
from app.domain.errors import CancelledError
from app.domain.language import translate, translated
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.domain.query.paths import natural_keys
from app.services.features.indexing import feature_key, feature_store
from app.services.images.relinking import STOPPED, compute_looks
from app.storage import images, pictures
from app.storage.pictures import KnownPicture
from cprfl_core.common.errors import CoreError
from cprfl_core.images.look import PLAIN, SAME_LOOK, distances

if TYPE_CHECKING:
    from app.services.project.project import Project

Int64 = NDArray[np.int64]
Pairs = tuple[Int64, Int64]

_BANDS: Final = SAME_LOOK + 1
"""Looks that differ in at most SAME_LOOK bits are equal in one of so many bands of bits."""
_SIGN_BANDS: Final = 12
_SIGN_BITS: Final = 16
_SAMPLE: Final = 20_000
_BLOCK: Final = 8_192


def find_duplicates(
    project: "Project",
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
    *,
    near: bool = False,
) -> list[DuplicateGroup]:
    """The groups, the closest kind first; an image is in one group.

    ``near``: also images that look alike or have similar features. Reads the files of images that were not
    compared yet. Raises CancelledError; what was computed is kept.
    """
    with project.db.read() as s:
        known = pictures.of_readable(s)
    at = np.arange(len(known), dtype=np.int64)
    by_file = _labels([one.content_hash for one in known])
    by_picture = _labels([one.data_hash or one.content_hash for one in known])
    links: list[Pairs] = [_chain(at, by_file), _chain(at, by_picture)]
    if near:
        links += _near_links(project, known, on_progress, should_stop)
    groups = _components(len(known), links)
    order = np.argsort(groups, kind="stable")
    found = []
    for members in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        if len(members) > 1:
            kind = (
                DuplicateKind.SAME_FILE
                if (by_file[members] == by_file[members[0]]).all()
                else DuplicateKind.SAME_PICTURE
                if (by_picture[members] == by_picture[members[0]]).all()
                else DuplicateKind.LOOKS_ALIKE
            )
            found.append((kind, [known[place].image_id for place in members.tolist()]))
    return _named(project, found)


def _named(project: "Project", found: Sequence[tuple[DuplicateKind, list[int]]]) -> list[DuplicateGroup]:
    with project.db.read() as s:
        shown = images.get_many(s, [number for _, ids in found for number in ids])
    groups = []
    for kind, ids in found:
        names = [shown[number].name for number in ids]
        ranked = [place for _, place in sorted(zip(natural_keys(names), range(len(ids)), strict=True))]
        groups.append(DuplicateGroup(kind, [ids[one] for one in ranked], [names[one] for one in ranked]))
    kinds = list(DuplicateKind)
    return sorted(groups, key=lambda group: (kinds.index(group.kind), group.ids[0]))


def _labels(values: Sequence[str]) -> Int64:
    """A number for each distinct value."""
    numbers: dict[str, int] = {}
    return np.fromiter((numbers.setdefault(one, len(numbers)) for one in values), np.int64, len(values))


def _chain(at: Int64, labels: Int64) -> Pairs:
    """Link each to the next with the same label."""
    order = np.argsort(labels, kind="stable")
    same = labels[order][1:] == labels[order][:-1]
    return at[order][:-1][same], at[order][1:][same]


def _components(count: int, links: Sequence[Pairs]) -> Int64:
    one, other = (np.concatenate([pair[side] for pair in links]) for side in (0, 1))
    graph = coo_array((np.ones(len(one), np.bool_), (one, other)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


def _near_links(
    project: "Project",
    known: Sequence[KnownPicture],
    on_progress: ProgressCallback | None,
    should_stop: StopCheck | None,
) -> Iterator[Pairs]:
    looks = {place: one.look for place, one in enumerate(known) if one.look is not None}
    lacking = [one.image_id for one in known if one.look is None]
    if lacking:
        with project.db.read() as s:
            some, roots = images.get_many(s, lacking), images.roots(s)
        computed = compute_looks(project, list(some.values()), roots, on_progress, should_stop)
        at = {one.image_id: place for place, one in enumerate(known)}
        looks |= {at[number]: look for number, look in computed.items()}
    places = np.array([place for place, look in looks.items() if look != PLAIN], np.int64)
    values = np.array([look for look in looks.values() if look != PLAIN], np.int64)
    first, second = alike(values, on_progress, should_stop)
    yield places[first], places[second]
    yield from _feature_links(project, known, on_progress, should_stop)


def alike(
    looks: Int64, on_progress: ProgressCallback | None = None, should_stop: StopCheck | None = None
) -> Pairs:
    """Places of looks [N] that differ in at most SAME_LOOK bits; equal ones are only linked in a chain.

    Two of them are equal in at least one of _BANDS bands of bits, so only those are compared.
    """
    values, inverse = np.unique(looks, return_inverse=True)
    at = np.arange(len(looks), dtype=np.int64)
    first_of = np.full(len(values), -1, np.int64)
    first_of[inverse[::-1]] = at[::-1]
    ones, others = [_chain(at, inverse.ravel())[0]], [_chain(at, inverse.ravel())[1]]
    edges = np.linspace(0, 64, _BANDS + 1).astype(int)
    bits = values.view(np.uint64)
    meter = RateMeter(translate("Images", "Looking for similar pictures"), _BANDS)
    for band, (low, high) in enumerate(pairwise(edges.tolist())):
        if should_stop is not None and should_stop():
            raise CancelledError(translated("Images", STOPPED))
        key = (bits >> np.uint64(low)) & np.uint64((1 << (high - low)) - 1)
        for one, other in _within_buckets(key):
            near = distances(values[one], values[other]) <= SAME_LOOK
            ones.append(first_of[one[near]])
            others.append(first_of[other[near]])
        if on_progress is not None:
            on_progress(meter.progress(band + 1))
    return np.concatenate(ones), np.concatenate(others)


def _within_buckets(key: NDArray[np.uint64]) -> Iterator[Pairs]:
    """All pairs of places with the same key, in arrays of at most N pairs each."""
    order = np.argsort(key, kind="stable").astype(np.int64)
    ranked = key[order]
    step = 1
    left = np.arange(len(key), dtype=np.int64)
    while True:
        left = left[left + step < len(key)]
        left = left[ranked[left] == ranked[left + step]]
        if not len(left):
            return
        yield order[left], order[left + step]
        step += 1


def _feature_links(
    project: "Project",
    known: Sequence[KnownPicture],
    on_progress: ProgressCallback | None,
    should_stop: StopCheck | None,
) -> Iterator[Pairs]:
    """Images with nearly the same embedding, where the project is indexed."""
    key = feature_key(project)
    if key is None or len(known) < 2:
        return
    try:
        store = feature_store(project, key)
        table = store.table()
    except CoreError:  # doctor reports it; the looks are compared all the same
        return
    there = set(table.ids.tolist())
    places = np.array([place for place, one in enumerate(known) if one.image_id in there], np.int64)
    if len(places) < 2:
        return
    vectors = store.embeddings([known[place].image_id for place in places.tolist()])
    for one, other in alike_features(vectors, on_progress, should_stop):
        yield places[one], places[other]


def alike_features(
    vectors: NDArray[np.float16],
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> Iterator[Pairs]:
    """Places of unit vectors [N,D] with a cosine of at least LIKE_FEATURES; a few pairs may be missed.

    Compared are those that lie on one side of the same _SIGN_BITS random planes, for _SIGN_BANDS draws.
    """
    middle = vectors[:_SAMPLE].astype(np.float32).mean(axis=0)
    rng = np.random.default_rng(0)
    meter = RateMeter(translate("Images", "Comparing features"), _SIGN_BANDS)
    weights = np.uint64(1) << np.arange(_SIGN_BITS, dtype=np.uint64)
    for band in range(_SIGN_BANDS):
        planes = rng.standard_normal((vectors.shape[1], _SIGN_BITS), dtype=np.float32)
        above = [(part.astype(np.float32) - middle) @ planes > 0 for part in _blocks(vectors)]
        for one, other in _within_buckets(np.concatenate(above) @ weights):
            if should_stop is not None and should_stop():
                raise CancelledError(translated("Images", STOPPED))
            cosines = [
                np.einsum("nd,nd->n", vectors[a].astype(np.float32), vectors[b].astype(np.float32))
                for a, b in zip(_blocks(one), _blocks(other), strict=True)
            ]
            near = np.concatenate(cosines) >= LIKE_FEATURES
            yield one[near], other[near]
        if on_progress is not None:
            on_progress(meter.progress(band + 1))


def _blocks(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    return (values[start : start + _BLOCK] for start in range(0, len(values), _BLOCK))
