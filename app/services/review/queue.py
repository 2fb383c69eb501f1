"""The queues of a review: which images to review next for one category, and why.

A queue is built from the current scores; after each page of labels the scores are updated, and the next page
comes from a new queue. Nothing here writes a label.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError
from app.domain.labels import Origin
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.domain.review import AUDIT as AUDITED
from app.domain.review import LABEL_CHECKS, Card, Queue
from app.domain.suggestions import UNSURE_WITHIN
from app.services.project.project import Project
from app.services.query.scores import DEFAULT_THRESHOLD
from app.services.suggestions.imported import imported_cards
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import images as image_store
from cprfl_core.evaluation import queues

ABOVE: Final = QT_TRANSLATE_NOOP("Review", "above the threshold")
CLOSE: Final = QT_TRANSLATE_NOOP("Review", "near the threshold")
LIKELIEST: Final = QT_TRANSLATE_NOOP("Review", "most likely of the rest")
NO_THRESHOLD: Final = QT_TRANSLATE_NOOP("Review", "most likely; too few examples for a threshold")
AUDIT: Final = QT_TRANSLATE_NOOP("Review", "random sample, to see what the scores miss")
DOUBTFUL: Final = QT_TRANSLATE_NOOP("Review", "most uncertain")
LABELLED_YES: Final = QT_TRANSLATE_NOOP("Review", "labelled yes, but the model disagrees")
LABELLED_NO: Final = QT_TRANSLATE_NOOP("Review", "labelled no, but probably yes")
RANDOM: Final = QT_TRANSLATE_NOOP("Review", "random")

# The share of uncertain images in a queue of likely positives: they teach most about the decision boundary.
_DOUBTFUL_SHARE: Final = 0.2
# The number of candidates for a diverse choice, per image wanted; and the most that are compared.
_CANDIDATES: Final = 4
_MOST_CANDIDATES: Final = 2000


def queue_named(name: str) -> Queue:
    """Raises BadInputError, naming the queues."""
    try:
        return Queue(name.lower())
    except ValueError:
        raise BadInputError(
            translate("Review", "There is no queue {name}; there is {names}.").format(
                name=repr(name), names=", ".join(Queue)
            )
        ) from None


@dataclass(frozen=True, slots=True)
class _CategoryScores:
    """The current scores of one category for all images [R]; ``usable``: the image can be shown."""

    chances: NDArray[np.float64]
    states: NDArray[np.int8]
    usable: NDArray[np.bool_]
    threshold: float | None

    @property
    def border(self) -> float:
        return DEFAULT_THRESHOLD if self.threshold is None else self.threshold


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Rows to show, best first, the value of every row, and the ``pool`` of rows that the queue is about."""

    rows: NDArray[np.intp]
    values: NDArray[np.float64]
    pool: NDArray[np.intp]


def category_queue(
    project: Project,
    live: LiveSuggestions,
    category_id: int,
    queue: Queue = Queue.LIKELY,
    *,
    limit: int = 40,
    seed: int | None = None,
    skip: Collection[int] = (),
    usable: NDArray[np.bool_] | None = None,
) -> list[Card]:
    """Up to ``limit`` cards of one category, in the order in which to show them.

    Likely and uncertain images are chosen to look different, near-duplicates are stacked behind one card, and
    one card of each page is a random sample. The imported queue is what other models suggest, in the order of
    their confidence. ``skip``: images that the person has skipped. ``usable``: whether each image of ``live``
    can be shown, read from the project if it is not given. The same ``seed`` gives the same queue. Raises
    NotFoundError.
    """
    usable = usable_images(project, live) if usable is None else usable
    usable = usable & ~live.mask(skip) if skip else usable
    if queue is Queue.IMPORTED:
        live.for_category(category_id)  # raises NotFoundError
        return imported_cards(project, category_id, live.image_ids[usable], limit)
    scored = _scores(live, category_id, usable)
    rng = np.random.default_rng(seed)
    found = _candidates(queue, live, scored)
    if queue is Queue.RANDOM:
        return _random_cards(live, scored, found.pool, rng, limit)
    rows, copies = _distinct(live, found, limit)
    if queue is Queue.LIKELY and scored.threshold is not None and len(rows) == limit:
        rows, copies = _with_doubtful(live, scored, found, rows, copies)
    shown = [*rows.tolist(), *(one for row in rows.tolist() for one in copies.get(row, ()))]
    picked = queues.with_audit(rows, _without(found.pool, shown, scored), rng, limit=limit)
    cards = []
    for row, inclusion, audit in zip(picked.rows, picked.inclusion, picked.audit, strict=True):
        reason = AUDIT if audit else _reason(queue, float(scored.chances[row]), scored.threshold)
        cards.append(
            Card(
                image_id=int(live.image_ids[row]),
                probability=float(scored.chances[row]),
                reason=translated("Review", reason),
                origin=Origin(f"{queue}{AUDITED if audit else ''}", float(inclusion)),
                copies=tuple(int(live.image_ids[one]) for one in copies.get(int(row), ())),
            )
        )
    return cards


def usable_images(project: Project, live: LiveSuggestions) -> NDArray[np.bool_]:
    """Whether each image of ``live`` can be shown, bool [R]."""
    with project.db.read() as s:
        return ~live.mask(image_store.ids_not_ok(s))


def _scores(live: LiveSuggestions, category_id: int, usable: NDArray[np.bool_]) -> _CategoryScores:
    return _CategoryScores(
        chances=np.asarray(live.for_category(category_id), np.float64),
        states=live.states(category_id),
        usable=usable,
        threshold=live.threshold(category_id),
    )


def _candidates(queue: Queue, live: LiveSuggestions, scored: _CategoryScores) -> _Candidates:
    if queue in LABEL_CHECKS:
        label = 1 if queue is Queue.WRONG else 0
        pool = np.flatnonzero(scored.usable & (scored.states == label))
        # A label with which the model agrees is never offered, even if the queue stays short.
        agrees = (scored.chances >= scored.border) == (label == 1)
        rows = pool[~agrees[pool]]
        known = np.flatnonzero(scored.states >= 0)
        values = np.zeros(len(scored.states))
        values[known] = queues.label_surprise(scored.chances[known], scored.states[known], live.units(known))
    else:
        rows = pool = np.flatnonzero(scored.usable & (scored.states == -1))
        unsure = queue is Queue.UNSURE
        values = queues.doubt(scored.chances, scored.border) if unsure else scored.chances
    return _Candidates(rows[np.argsort(-values[rows], kind="stable")], values, pool)


def _distinct(
    live: LiveSuggestions, found: _Candidates, limit: int
) -> tuple[NDArray[np.intp], dict[int, list[int]]]:
    """The best rows that look different from each other, and the near-duplicates of each."""
    best = found.rows[: min(_MOST_CANDIDATES, _CANDIDATES * max(limit, queues.PAGE))]
    units = live.units(best)
    leader = queues.near_duplicates(units)
    leading = np.flatnonzero(leader == np.arange(len(best)))
    order = queues.spread_out(found.values[best[leading]], units[leading], limit)
    rows = best[leading[np.sort(order)]]  # chosen for diversity, then shown best first
    copies: dict[int, list[int]] = {row: [] for row in rows.tolist()}
    for row, leads in zip(best.tolist(), best[leader].tolist(), strict=True):
        if row != leads and leads in copies:
            copies[leads].append(row)
    return rows, copies


def _with_doubtful(
    live: LiveSuggestions,
    scored: _CategoryScores,
    found: _Candidates,
    rows: NDArray[np.intp],
    copies: dict[int, list[int]],
) -> tuple[NDArray[np.intp], dict[int, list[int]]]:
    """Replace the last of the likely rows by the most uncertain ones."""
    count = round(_DOUBTFUL_SHARE * len(rows))
    kept = rows[: len(rows) - count]
    taken = [*kept.tolist(), *(one for row in kept.tolist() for one in copies[row])]
    rest = _without(np.sort(found.rows), taken, scored)
    doubt = queues.doubt(scored.chances, scored.border)
    most = _Candidates(rest[np.argsort(-doubt[rest], kind="stable")], doubt, found.pool)
    doubtful, more = _distinct(live, most, count)
    return np.concatenate([kept, doubtful]), copies | more


def _without(rows: NDArray[np.intp], some: Sequence[int], scored: _CategoryScores) -> NDArray[np.intp]:
    """These rows but some, in their order; NumPy's setdiff1d takes half a second for a million."""
    kept = np.ones(len(scored.states), np.bool_)
    kept[some] = False
    return rows[kept[rows]]


def _random_cards(
    live: LiveSuggestions,
    scored: _CategoryScores,
    pool: NDArray[np.intp],
    rng: np.random.Generator,
    limit: int,
) -> list[Card]:
    rows = rng.permutation(pool)[:limit]
    reason = translated("Review", RANDOM)
    origin = Origin(Queue.RANDOM, len(rows) / max(1, len(pool)))
    return [Card(int(live.image_ids[row]), float(scored.chances[row]), reason, origin) for row in rows]


def _reason(queue: Queue, probability: float, threshold: float | None) -> str:
    if queue is Queue.WRONG:
        return LABELLED_YES
    if queue is Queue.MISSING:
        return LABELLED_NO
    if queue is Queue.UNSURE:
        return DOUBTFUL
    if threshold is None:
        return NO_THRESHOLD
    if probability >= threshold:
        return ABOVE
    return CLOSE if threshold - probability <= UNSURE_WITHIN else LIKELIEST
