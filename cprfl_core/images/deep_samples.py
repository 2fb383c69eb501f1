"""Converts samples of more than 8 bits to 8 bits such that the content is visible.

10- and 12-bit, X-ray and thermal cameras write 16-bit files that use a small part of the range; the high
bytes alone would be black or flat grey. docs/decisions/0241 has the rule and its reasons.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

NO_VALUE: Final = 128
"""Grey level of a missing sample: not a number, or declared as missing in the file."""

_ENOUGH: Final = 2_000_000
_FEW: Final = 100
_OUTLIERS: Final = 1_000

Samples = NDArray[Any]


def integers_to_8_bit(
    samples: Samples, lowest: int, bits: int, missing: float | None = None
) -> NDArray[np.uint8]:
    """Scale samples of ``bits`` bits, starting at ``lowest``, to 0 to 255; ``missing`` marks missing values.

    If they use at least half of that range, or are all equal: their high 8 bits. Otherwise the used range is
    stretched to black and white. Any shape.
    """
    most = lowest + (1 << bits) - 1
    known = _known(samples, missing)
    values = samples.ravel() if known is None else samples[known]
    if not len(values):
        return np.full(samples.shape, NO_VALUE, dtype=np.uint8)
    low, high = _range(values)
    if low == high or high - low >= (most - lowest) / 2:
        whole = samples.astype(np.int32, copy=False) - lowest
        grey = (whole.clip(0, most - lowest) >> (bits - 8)).astype(np.uint8)
    else:
        table = _stretched(np.arange(lowest, most + 1), low, high)
        grey = table[samples if lowest == 0 else samples - lowest]
    if known is not None:
        grey[~known] = NO_VALUE
    return grey


def numbers_to_8_bit(samples: Samples, missing: float | None = None) -> NDArray[np.uint8]:
    """Scale numbers without a fixed range to 0 to 255; ``missing`` marks missing values. Any shape.

    If they are within 0 to 1 and use at least half of it, that is the range; otherwise as for integers.
    """
    known = np.isfinite(samples)
    if (present := _known(samples, missing)) is not None:
        known &= present
    values = samples[known]
    if not len(values):
        return np.full(samples.shape, NO_VALUE, dtype=np.uint8)
    low, high = _range(values)
    real = samples.dtype.kind == "f"
    if real and values.min() >= 0.0 and values.max() <= 1.0 and (low == high or high - low >= 0.5):
        low, high = 0.0, 1.0
    if low == high:
        return np.full(samples.shape, NO_VALUE, dtype=np.uint8)
    grey = _stretched(np.where(known, samples, samples.dtype.type(0)), low, high)
    grey[~known] = NO_VALUE
    if real:
        grey[np.isposinf(samples)], grey[np.isneginf(samples)] = 255, 0
    return grey


def _known(samples: Samples, missing: float | None) -> NDArray[np.bool_] | None:
    """Mask of the samples that are not missing; None if all are present."""
    if missing is None:
        return None
    with np.errstate(over="ignore"):
        return np.not_equal(samples, missing)


def _range(values: Samples) -> tuple[float, float]:
    """Range of the values without outliers. The two most extreme values often mark missing samples."""
    sample = values[:: max(1, len(values) // _ENOUGH)]
    low, high = _without_outliers(sample)
    above, below = sample != sample.min(), sample != sample.max()
    for kept in (above, below, above & below):
        inner = sample[kept]
        if len(inner) and 2 * len(inner) >= len(sample):
            inner_low, inner_high = _without_outliers(inner)
            if 0 < 4 * (inner_high - inner_low) < high - low:
                return inner_low, inner_high
    return low, high


def _without_outliers(sample: Samples) -> tuple[float, float]:
    """Range without a thousandth at each end: a single hot pixel would make all others black."""
    count = len(sample)
    spare = -(-count // _OUTLIERS) if count >= _FEW else 0
    ordered = np.partition(sample, (spare, count - 1 - spare))
    low, high = float(ordered[spare]), float(ordered[count - 1 - spare])
    return (low, high) if low < high else (float(sample.min()), float(sample.max()))


def _stretched(samples: Samples, low: float, high: float) -> NDArray[np.uint8]:
    """Map ``low`` to 0 and ``high`` to 255; in blocks, because float64 takes eight times the memory."""
    grey = np.empty(samples.shape, dtype=np.uint8)
    rows = max(1, _ENOUGH // max(1, samples[:1].size))
    for start in range(0, len(samples), rows):
        part = (samples[start : start + rows].astype(np.float64) - low) * (255.0 / (high - low))
        grey[start : start + rows] = part.clip(0.0, 255.0) + 0.5
    return grey
