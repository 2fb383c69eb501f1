"""Learning rate and momentum as functions of the step, so that nothing has to be saved or restored."""

import math
from typing import Final, NamedTuple

from cprfl_core.training.options import Schedule

_START: Final = 1 / 25
_END: Final = _START / 1e4
_SLOW, _FAST = 0.85, 0.95  # AdamW's first beta at the highest and at the lowest rate
_CONSTANT_BETA: Final = 0.9


class Pace(NamedTuple):
    """`rate`: factor of the learning rate; `beta`: AdamW's first beta."""

    rate: float
    beta: float


def pace(schedule: Schedule, step: int, steps: int, warmup: float) -> Pace:
    """The pace of step 0 <= `step` < `steps`."""
    if schedule == "constant":
        return Pace(min(1.0, (step + 1) / max(warmup * steps, 1.0)), _CONSTANT_BETA)
    return one_cycle(step, steps, warmup)


def one_cycle(step: int, steps: int, warmup: float) -> Pace:
    """As torch's OneCycleLR with its defaults: from 1/25 up to 1 and down to 1/250000, along cosines.

    If the warm-up is shorter than a step, for which torch divides by zero, the run starts at the peak.
    """
    peak = max(warmup * steps - 1, 0.0)
    last = steps - 1
    if step <= peak and peak > 0:
        share = step / peak
        return Pace(_cosine(_START, 1.0, share), _cosine(_FAST, _SLOW, share))
    share = (step - peak) / (last - peak) if last > peak else 0.0
    return Pace(_cosine(1.0, _END, share), _cosine(_SLOW, _FAST, share))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
