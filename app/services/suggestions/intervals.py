"""90 % intervals of measured shares and precisions."""

from typing import Final

import numpy as np

from app.domain.review import Interval
from cprfl_core.calibration.logistic import sigmoid

_Z: Final = 1.6448536269514722


def precision_interval(ap: float, yes: int) -> Interval:
    """An average precision over ``yes`` positives with the logit interval of Boyd, Eng and Page (2013), which
    stays between 0 and 1."""
    inside = min(max(ap, 0.5 / yes), 1 - 0.5 / yes) if yes > 1 else 0.5
    wide = _Z / np.sqrt(yes * inside * (1 - inside))
    middle = np.log(inside) - np.log1p(-inside)
    low, high = (float(sigmoid(np.array(middle + side * wide))) for side in (-1, 1))
    return Interval(min(low, ap), ap, max(high, ap))


def share_interval(hits: int, of: int) -> Interval:
    """A share with the interval of Wilson (1927), which stays between 0 and 1."""
    share = hits / of
    spread = _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * float(np.sqrt(share * (1 - share) / of + spread / (4 * of)))
    return Interval(max(0.0, min(share, middle - half)), share, min(1.0, max(share, middle + half)))
