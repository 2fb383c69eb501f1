"""How fast people decide: by day, and in sessions without a long pause."""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.insights import Day, Pace, WorkSession
from app.services.insights.decision_log import DecisionLog

PAUSE_SECONDS: Final = 300
"""A longer pause ends a session."""
_SLOT: Final = 900
"""Every zone's offset from UTC is a multiple of a quarter of an hour, so a slot lies within one day."""


def pace(log: DecisionLog) -> Pace:
    """Decisions and reviews that people made one by one, in the zone of this machine."""
    times, images = log.times[log.kept], log.entries.image_ids[log.kept]
    order = np.argsort(times, kind="stable")
    times, images = times[order], images[order]
    if not len(times):
        return Pace((), ())
    days = _days(times)
    gaps = np.diff(times)
    breaks = np.flatnonzero(gaps > PAUSE_SECONDS) + 1
    sessions = [
        WorkSession(
            _moment(times[start]),
            _moment(times[end - 1]),
            end - start,
            len(own := np.unique(images[start:end]).tolist()),
            own,
        )
        for start, end in _parts(breaks, len(times))
    ]
    worked = np.where((gaps <= PAUSE_SECONDS) & (days[1:] == days[:-1]), gaps, 0)
    by_day = [
        Day(
            date.fromordinal(int(days[start])),
            end - start,
            len(own := np.unique(images[start:end]).tolist()),
            float(worked[start : end - 1].sum()) / 60,
            own,
        )
        for start, end in _parts(np.flatnonzero(np.diff(days)) + 1, len(times))
    ]
    return Pace(by_day, sessions)


def _parts(breaks: NDArray[np.intp], count: int) -> list[tuple[int, int]]:
    places = [0, *breaks.tolist(), count]
    return list(pairwise(places))


def _days(times: NDArray[np.float64]) -> NDArray[np.int64]:
    """The local day of each time, as its ordinal number."""
    slots, place = np.unique(np.floor(times / _SLOT), return_inverse=True)
    days = [datetime.fromtimestamp(slot * _SLOT, UTC).astimezone().toordinal() for slot in slots.tolist()]
    return np.array(days, np.int64)[place]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
