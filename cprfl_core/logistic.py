"""Penalised logistic regression by Newton steps: one, or one for each of many groups at once.

Both problems are strictly convex: the result is a function of the entries alone, whatever the start.

Shapes: E entries, F features, G groups.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_STEPS = 50
_TOLERANCE = 1e-11
_SMALLEST = 1e-8


def sigmoid(logits: ArrayLike) -> Floats:
    """``1 / (1 + exp(-x))`` without overflow."""
    values = np.asarray(logits, dtype=np.float64)
    small = np.exp(-np.abs(values))
    result: Floats = np.where(values >= 0, 1.0, small) / (1.0 + small)
    return result


def fit_logistic(
    features: Floats, targets: Floats, weights: Floats, *, prior: Floats, strength: Floats, start: Floats
) -> Floats:
    """Logistic regression [F] with the normal prior N(``prior`` [F], 1 / ``strength`` [F]), by Newton steps.

    ``features`` [E, F], ``targets`` [E] in {0, 1}, ``weights`` [E]; ``start`` [F] only saves steps.
    """
    found = start.copy()
    now = _loss(features @ found, targets, weights) + _penalty(found, prior, strength)
    for _ in range(_STEPS):
        chance = sigmoid(features @ found)
        gradient = features.T @ (weights * (chance - targets)) + strength * (found - prior)
        curve = (features * (weights * chance * (1 - chance))[:, None]).T @ features
        step = np.linalg.solve(curve + np.diag(strength), gradient)
        size, then = 1.0, np.inf
        while size > _SMALLEST:
            trial = found - size * step
            then = _loss(features @ trial, targets, weights) + _penalty(trial, prior, strength)
            if then <= now + 1e-12 * abs(now):
                break
            size /= 2
        found, now = found - size * step, min(then, now)
        if float(np.abs(size * step).max()) < _TOLERANCE:
            break
    return found


def fit_groups(
    features: Floats,
    targets: Floats,
    weights: Floats,
    *,
    offsets: Floats,
    bounds: Ints,
    strength: Floats,
    start: Floats,
) -> Floats:
    """One small logistic regression for each group, [G, F], on top of ``offsets`` [E].

    The prior is N(0, 1 / ``strength``), [F] for all or [G, F]. Entries are sorted by group; group g owns
    those from ``bounds[g]`` to ``bounds[g + 1]``, which may be none: then its weights are 0.
    """
    found = start.copy()
    count, width = found.shape
    filled = np.flatnonzero(np.diff(bounds) > 0)
    if not filled.size:
        return np.zeros((count, width))
    owner = np.repeat(np.arange(count), np.diff(bounds))
    starts = bounds[filled]
    pairs = [(i, j) for i in range(width) for j in range(i, width)]
    products = np.stack([features[:, i] * features[:, j] for i, j in pairs], axis=1)

    def losses(at: Floats) -> Floats:
        logits = offsets + np.einsum("ef,ef->e", features, at[owner])
        each = weights * (np.logaddexp(0.0, logits) - targets * logits)
        total = np.zeros(count)
        total[filled] = np.add.reduceat(each, starts)
        summed: Floats = total + (strength * at**2).sum(axis=1) / 2
        return summed

    now = losses(found)
    # A group that no step makes better, for rounding where nearly nothing holds it, stays where it is.
    stuck = np.zeros(count, dtype=np.bool_)
    for _ in range(_STEPS):
        chance = sigmoid(offsets + np.einsum("ef,ef->e", features, found[owner]))
        gradient = strength * found
        error = features * (weights * (chance - targets))[:, None]
        gradient[filled] += np.add.reduceat(error, starts, axis=0)
        curves = np.zeros((count, width, width))
        summed = np.add.reduceat(products * (weights * chance * (1 - chance))[:, None], starts, axis=0)
        for at, (i, j) in enumerate(pairs):
            curves[filled, i, j] = curves[filled, j, i] = summed[:, at]
        curves += np.atleast_2d(strength)[:, :, None] * np.eye(width)
        step = np.linalg.solve(curves, gradient[:, :, None])[:, :, 0]
        step[stuck] = 0.0
        size = np.ones(count)
        for _ in range(27):
            then = losses(found - size[:, None] * step)
            # A step below the tolerance may look worse by rounding alone; halving it further is idle.
            moved = np.abs(size[:, None] * step).max(axis=1) > _TOLERANCE
            worse = (then > now + 1e-12 * np.abs(now)) & moved
            if not worse.any():
                break
            size[worse] /= 2
        stuck |= worse
        found = found - size[:, None] * step
        now = np.minimum(then, now)
        if float(np.abs(size[:, None] * step).max()) < _TOLERANCE:
            break
    found[np.diff(bounds) == 0] = 0.0
    return found


def fit_one_slope(
    scores: Floats,
    targets: Floats,
    weights: Floats,
    *,
    groups: Ints,
    prior: tuple[float, float],
    strength: tuple[float, float],
    start: tuple[float, Floats],
) -> tuple[float, Floats]:
    """A common slope on ``scores`` [E] and a level for each group; returns the slope and the levels [G].

    ``groups`` [E] lie below the length of ``start``'s levels. The priors of slope and level are
    N(``prior``, 1 / ``strength``), strengths positive.
    """
    centre = prior[1]
    slope, levels = start[0], start[1].copy()
    count = len(levels)

    def objective(slope: float, levels: Floats) -> float:
        drawn = strength[0] * (slope - prior[0]) ** 2 + strength[1] * float(((levels - centre) ** 2).sum())
        return _loss(slope * scores + levels[groups], targets, weights) + drawn / 2

    now = objective(slope, levels)
    for _ in range(_STEPS):
        chance = sigmoid(slope * scores + levels[groups])
        error, curve = weights * (chance - targets), weights * chance * (1 - chance)
        level_gradient = np.bincount(groups, error, minlength=count) + strength[1] * (levels - centre)
        level_curve = np.bincount(groups, curve, minlength=count) + strength[1]
        cross = np.bincount(groups, curve * scores, minlength=count)
        # The levels are eliminated: their block of the Hessian is diagonal.
        pull = strength[0] * (slope - prior[0])
        slope_gradient = float(error @ scores) + pull - float(cross @ (level_gradient / level_curve))
        slope_curve = float(curve @ scores**2) + strength[0] - float(cross @ (cross / level_curve))
        step = slope_gradient / max(slope_curve, strength[0])
        level_step = (level_gradient - cross * step) / level_curve
        size, then = 1.0, np.inf
        while size > _SMALLEST:
            then = objective(slope - size * step, levels - size * level_step)
            if then <= now + 1e-12 * abs(now):
                break
            size /= 2
        slope, levels, now = slope - size * step, levels - size * level_step, min(then, now)
        if max(abs(step), float(np.abs(level_step).max())) * size < _TOLERANCE:
            break
    return slope, levels


def _loss(logits: Floats, targets: Floats, weights: Floats) -> float:
    return float((weights * (np.logaddexp(0.0, logits) - targets * logits)).sum())


def _penalty(found: Floats, prior: Floats, strength: Floats) -> float:
    return float((strength * (found - prior) ** 2).sum()) / 2
