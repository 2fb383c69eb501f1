"""How good the suggestions are: by category now, and by the answers that people gave to them."""

from collections.abc import Generator
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.insights import (
    Agreement,
    AgreementBlock,
    CategoryQuality,
    Quality,
    Reliability,
    ReliabilityBin,
)
from app.services.insights.decision_log import DecisionLog
from app.services.query.context import QueryContext
from app.services.suggestions.intervals import precision_interval, share_interval
from app.services.suggestions.suggestions import LiveSuggestions
from cprfl_core.calibration.reliability import expected_calibration_error, reliability_curve

ENTRIES: Final = 8_000
"""The quality of all categories is computed from about this many labels, which bounds the time."""
LEAST_EACH: Final = 12
BINS: Final = 10
MOST_BLOCKS: Final = 30
LEAST_IN_BLOCK: Final = 20
EVEN: Final = 0.5
"""From this probability on, a yes agrees with the suggestion."""


def quality(context: QueryContext, live: LiveSuggestions) -> Generator[None, None, Quality]:
    """The average precision of each category with enough labels, in pieces.

    With many labels it is estimated from a part of them, which the intervals show.
    """
    rows, too_few = [], 0
    known = set(live.category_ids)
    most = None
    if live.labelled_entries > ENTRIES:
        most = max(LEAST_EACH, ENTRIES // (2 * max(1, len(known))))
    for (_, yes), one in zip(context.counts.tolist(), context.categories, strict=True):
        found = live.precision(one.id, most) if one.id in known else None
        if found is None:
            too_few += 1
        else:
            band = context.cuts.band(yes)
            rows.append(CategoryQuality(one.id, one.name, band, yes, precision_interval(*found)))
        yield
    rows.sort(key=lambda row: (-row.yes, row.name.casefold()))
    return Quality(rows, too_few, estimated=most is not None)


def reliability(log: DecisionLog) -> Reliability:
    """Suggested probabilities against the answers that people gave one by one."""
    said, chance, yes, images = _answers(log)[:4]
    if not said:
        return Reliability((), 0, None)
    edges = np.linspace(0, 1, BINS + 1)
    curve = reliability_curve(chance, yes, edges)
    bucket = np.clip(np.searchsorted(edges, chance, side="right") - 1, 0, BINS - 1)
    filled = np.flatnonzero(np.bincount(bucket, minlength=BINS))
    bins = [
        ReliabilityBin(
            float(predicted),
            share_interval(round(observed * count), int(count)),
            int(count),
            np.unique(images[bucket == place]).tolist(),
        )
        for place, predicted, observed, count in zip(
            filled, curve.predicted, curve.observed, curve.count, strict=True
        )
    ]
    return Reliability(bins, said, expected_calibration_error(chance, yes, BINS))


def agreement(log: DecisionLog) -> Agreement:
    """How often answers agreed with the suggestions, in blocks of equally many answers."""
    said, chance, yes, images, times = _answers(log)
    if not said:
        return Agreement((), 0)
    count = max(1, min(MOST_BLOCKS, said // LEAST_IN_BLOCK))
    ends = np.linspace(0, said, count + 1).round().astype(int)
    blocks = []
    for first, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        part = slice(first, end)
        suggested, positive = chance[part] >= EVEN, yes[part] == 1
        blocks.append(
            AgreementBlock(
                first=first + 1,
                last=end,
                since=datetime.fromtimestamp(times[first], UTC),
                until=datetime.fromtimestamp(times[end - 1], UTC),
                yes=int(positive.sum()),
                yes_suggested=int((positive & suggested).sum()),
                no=int((~positive).sum()),
                no_not_suggested=int((~positive & ~suggested).sum()),
                images=np.unique(images[part]).tolist(),
            )
        )
    return Agreement(blocks, said)


def _answers(
    log: DecisionLog,
) -> tuple[int, NDArray[np.float64], NDArray[np.int8], NDArray[np.int64], NDArray[np.float64]]:
    """Their number, and for each the probability suggested, the answer (1 or 0), its image, its time."""
    entries = log.entries
    chosen = log.kept & (entries.states >= 0) & np.isfinite(entries.scores)
    chance = np.clip(entries.scores[chosen].astype(np.float64), 0, 1)
    return (
        int(chosen.sum()),
        chance,
        entries.states[chosen],
        entries.image_ids[chosen],
        log.times[chosen],
    )
