"""Axes: where values are, and which of them have a label. No Qt."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_FEW_POWERS: Final = 3
"""With so few powers of ten, 2 and 5 times these have labels too."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``low`` to ``high``. ``log``: in steps of ten, with zero at the beginning (log of 1 + value)."""

    title: str
    low: float
    high: float
    words: Callable[[float], str]
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value is, 0 to 1 along the axis."""
        low, high, at = self.low, self.high, value
        if self.log:
            low, high, at = math.log1p(low), math.log1p(high), math.log1p(value)
        return (at - low) / (high - low) if high > low else 0.0

    def ticks(self, most: int) -> list[float]:
        """Round values, at most about ``most``."""
        if self.log:
            powers = [10.0**n for n in range(math.floor(math.log10(max(1.0, self.high))) + 1)]
            if len(powers) <= _FEW_POWERS:
                powers = [power * times for power in powers for times in (1, 2, 5)]
            steps = [0.0, *powers] if self.low <= 0 else powers
            return [value for value in steps[:: max(1, -(-len(steps) // max(1, most)))] if value <= self.high]
        step = nice((self.high - self.low) / max(1, most))
        first = math.ceil(self.low / step - 1e-9)
        return [step * n for n in range(first, math.floor(self.high / step + 1e-9) + 1)]


def nice(step: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least ``step``."""
    if step <= 0 or not math.isfinite(step):
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= step * (1 - 1e-9))


def rounded_up(value: float, most: int = 5) -> float:
    """The end of an axis from zero that has ``value`` on it and a tick at its end."""
    step = nice(value / most)
    return step * max(1, math.ceil(value / step - 1e-9))
