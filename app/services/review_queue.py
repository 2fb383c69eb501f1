"""The queues of a review: which images to look at next for one category, and why.

A queue is made from the learners' scores at one moment; a page is decided, the learners follow, and the next
page comes from a new queue. Nothing here writes a label.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError
from app.domain.labels import Origin
from app.domain.review import LABEL_CHECKS, Card, Queue
from app.services.project import Project
from app.services.query_scores import DEFAULT_THRESHOLD, UNSURE_WITHIN
from app.services.suggestions import LiveSuggestions
from app.storage import images as image_store
from cprfl_core import queues

ABOVE, CLOSE, LIKELIEST = "above the threshold", "near the threshold", "likeliest of the rest"
NO_THRESHOLD: Final = "likeliest; too few examples for a threshold"
AUDIT: Final = "random sample, to see what the scores miss"
DOUBTFUL: Final = "most doubtful"
SAID_YES: Final = "labelled yes, and little speaks for it"
SAID_NO: Final = "labelled no, and much speaks for a yes"
BY_CHANCE: Final = "random"

# A queue of likely positives holds this share of doubtful images: they teach most about the border.
_DOUBTFUL_SHARE: Final = 0.2
# How many candidates diversity may choose among, for each image wanted; and the most that are compared.
_CANDIDATES: Final = 4
_MOST_CANDIDATES: Final = 2000


def queue_named(name: str) -> Queue:
    """Raises BadInputError, naming the queues there are."""
    try:
        return Queue(name.lower())
    except ValueError:
        raise BadInputError(f"There is no queue {name!r}; there is {', '.join(Queue)}.") from None


@dataclass(frozen=True, slots=True)
class _Scored:
    """One category at this moment, over the rows of the learner; ``usable`` can be shown."""

    chances: NDArray[np.float64]
    states: NDArray[np.int8]
    usable: NDArray[np.bool_]
    threshold: float | None

    @property
    def border(self) -> float:
        return DEFAULT_THRESHOLD if self.threshold is None else self.threshold


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows worth showing, best first, and all rows that the queue is about."""

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
) -> list[Card]:
    """Up to ``limit`` cards of one category, in the order in which to show them.

    Likely and doubtful images are spread over what they look like, near-duplicates stand behind one card, and
    one card of each page is a random sample. ``skip`` are images that the person has passed over. The same
    ``seed`` gives the same queue. Raises NotFoundError for a category that takes no part.
    """
    scored = _scored(project, live, category_id, skip)
    rng = np.random.default_rng(seed)
    found = _candidates(queue, live, scored)
    if queue is Queue.RANDOM:
        return _random_cards(live, scored, found.pool, rng, limit)
    rows, copies = _distinct(live, found, limit)
    if queue is Queue.LIKELY and scored.threshold is not None and len(rows) == limit:
        rows, copies = _with_doubtful(live, scored, found, rows, copies)
    shown = [*rows.tolist(), *(one for row in rows.tolist() for one in copies.get(row, ()))]
    picked = queues.with_audit(rows, np.setdiff1d(found.pool, shown), rng, limit=limit)
    cards = []
    for row, inclusion, audit in zip(picked.rows, picked.inclusion, picked.audit, strict=True):
        reason = AUDIT if audit else _reason(queue, float(scored.chances[row]), scored.threshold)
        cards.append(
            Card(
                image_id=int(live.image_ids[row]),
                probability=float(scored.chances[row]),
                reason=reason,
                origin=Origin(f"{queue}{' audit' if audit else ''}", float(inclusion)),
                copies=tuple(int(live.image_ids[one]) for one in copies.get(int(row), ())),
            )
        )
    return cards


def _scored(project: Project, live: LiveSuggestions, category_id: int, skip: Collection[int]) -> _Scored:
    with project.db.read() as s:
        hidden = image_store.ids_not_ok(s) | set(skip)
    return _Scored(
        chances=np.asarray(live.for_category(category_id), np.float64),
        states=live.states(category_id),
        usable=~np.isin(live.image_ids, np.fromiter(hidden, np.int64, len(hidden))),
        threshold=live.threshold(category_id),
    )


def _candidates(queue: Queue, live: LiveSuggestions, scored: _Scored) -> _Found:
    if queue in LABEL_CHECKS:
        label = 1 if queue is Queue.WRONG else 0
        pool = np.flatnonzero(scored.usable & (scored.states == label))
        # A label that the machine would have given too is no suspect, however few there are.
        agrees = (scored.chances >= scored.border) == (label == 1)
        rows = pool[~agrees[pool]]
        values = queues.label_surprise(scored.chances, scored.states, _units(live))
    else:
        rows = pool = np.flatnonzero(scored.usable & (scored.states == -1))
        unsure = queue is Queue.UNSURE
        values = queues.doubt(scored.chances, scored.border) if unsure else scored.chances
    return _Found(rows[np.argsort(-values[rows], kind="stable")], values, pool)


def _units(live: LiveSuggestions, rows: NDArray[np.intp] | slice = slice(None)) -> NDArray[np.float32]:
    return live.units(rows)


def _distinct(
    live: LiveSuggestions, found: _Found, limit: int
) -> tuple[NDArray[np.intp], dict[int, list[int]]]:
    """The best rows, unlike each other, and the near-duplicates behind each."""
    best = found.rows[: min(_MOST_CANDIDATES, _CANDIDATES * max(limit, queues.PAGE))]
    units = _units(live, best)
    leader = queues.near_duplicates(units)
    leading = np.flatnonzero(leader == np.arange(len(best)))
    order = queues.spread_out(found.values[best[leading]], units[leading], limit)
    rows = best[leading[np.sort(order)]]  # spread decides who takes part; the best of them come first
    copies: dict[int, list[int]] = {row: [] for row in rows.tolist()}
    for row, leads in zip(best.tolist(), best[leader].tolist(), strict=True):
        if row != leads and leads in copies:
            copies[leads].append(row)
    return rows, copies


def _with_doubtful(
    live: LiveSuggestions,
    scored: _Scored,
    found: _Found,
    rows: NDArray[np.intp],
    copies: dict[int, list[int]],
) -> tuple[NDArray[np.intp], dict[int, list[int]]]:
    """Give the last places of the likely rows to the most doubtful ones."""
    count = round(_DOUBTFUL_SHARE * len(rows))
    kept = rows[: len(rows) - count]
    taken = [*kept.tolist(), *(one for row in kept.tolist() for one in copies[row])]
    rest = np.setdiff1d(found.rows, taken)
    doubt = queues.doubt(scored.chances, scored.border)
    most = _Found(rest[np.argsort(-doubt[rest], kind="stable")], doubt, found.pool)
    doubtful, more = _distinct(live, most, count)
    return np.concatenate([kept, doubtful]), copies | more


def _random_cards(
    live: LiveSuggestions,
    scored: _Scored,
    pool: NDArray[np.intp],
    rng: np.random.Generator,
    limit: int,
) -> list[Card]:
    rows = rng.permutation(pool)[:limit]
    origin = Origin(Queue.RANDOM, len(rows) / max(1, len(pool)))
    return [Card(int(live.image_ids[row]), float(scored.chances[row]), BY_CHANCE, origin) for row in rows]


def _reason(queue: Queue, probability: float, threshold: float | None) -> str:
    if queue is Queue.WRONG:
        return SAID_YES
    if queue is Queue.MISSING:
        return SAID_NO
    if queue is Queue.UNSURE:
        return DOUBTFUL
    if threshold is None:
        return NO_THRESHOLD
    if probability >= threshold:
        return ABOVE
    return CLOSE if threshold - probability <= UNSURE_WITHIN else LIKELIEST
