"""Penalised logistic regression by Newton's method: one, or many groups at once.

The problems are strictly convex, so the result does not depend on the start.

Shapes: E entries, F features, G groups.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_STEPS = 50
_TOLERANCE = 1e-11
_SMALLEST = 1e-8
_HALVINGS = 27


def sigmoid(logits: ArrayLike) -> Floats:
    """``1 / (1 + exp(-x))`` without overflow."""
    values = np.asarray(logits, dtype=np.float64)
    small = np.exp(-np.abs(values))
    result: Floats = np.where(values >= 0, 1.0, small) / (1.0 + small)
    return result


def fit_logistic(
    features: Floats, targets: Floats, weights: Floats, *, prior: Floats, strength: Floats, start: Floats
) -> Floats:
    """Weights [F] of a logistic regression with the normal prior N(``prior`` [F], 1 / ``strength`` [F]).

    ``features`` [E, F], ``targets`` [E] in {0, 1}, ``weights`` [E]; ``start`` [F] only speeds up convergence.
    """
    found = start.copy()
    now = _loss(features @ found, targets, weights) + _penalty(found, prior, strength)
    for _ in range(_STEPS):
        chance = sigmoid(features @ found)
        gradient = features.T @ (weights * (chance - targets)) + strength * (found - prior)
        hessian = (features * (weights * chance * (1 - chance))[:, None]).T @ features
        step = np.linalg.solve(hessian + np.diag(strength), gradient)
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
    """One small logistic regression for each group, [G, F], added to ``offsets`` [E].

    The prior is N(0, 1 / ``strength``), [F] for all or [G, F]. Entries are sorted by group; group g has those
    from ``bounds[g]`` to ``bounds[g + 1]``. The weights of a group without entries are 0.
    """
    if not len(features):
        return np.zeros_like(start)
    groups = _Groups(features, targets, weights, offsets=offsets, bounds=bounds, strength=strength)
    found = start.copy()
    now = groups.losses(found)
    # Groups that no step improves, because of rounding where the prior is nearly flat, keep their weights.
    stuck = np.zeros(len(found), dtype=np.bool_)
    for _ in range(_STEPS):
        step = groups.newton_step(found)
        step[stuck] = 0.0
        size = np.ones(len(found))
        for _ in range(_HALVINGS):
            then = groups.losses(found - size[:, None] * step)
            # A step below the tolerance may look worse because of rounding; halving it further is pointless.
            large = np.abs(size[:, None] * step).max(axis=1) > _TOLERANCE
            worse = (then > now + 1e-12 * np.abs(now)) & large
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


class _Groups:
    """The problem of ``fit_groups``: loss and Newton step of all groups at once."""

    def __init__(
        self,
        features: Floats,
        targets: Floats,
        weights: Floats,
        *,
        offsets: Floats,
        bounds: Ints,
        strength: Floats,
    ) -> None:
        self._features, self._targets, self._weights = features, targets, weights
        self._offsets, self._strength = offsets, strength
        self._filled = np.flatnonzero(np.diff(bounds) > 0)
        self._starts = bounds[self._filled]
        self._owner = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        width = features.shape[1]
        self._pairs = [(i, j) for i in range(width) for j in range(i, width)]
        self._products = np.stack([features[:, i] * features[:, j] for i, j in self._pairs], axis=1)

    def _logits(self, found: Floats) -> Floats:
        logits: Floats = self._offsets + np.einsum("ef,ef->e", self._features, found[self._owner])
        return logits

    def losses(self, found: Floats) -> Floats:
        """Penalised loss of each group, [G]."""
        logits = self._logits(found)
        total = np.zeros(len(found))
        each = self._weights * (np.logaddexp(0.0, logits) - self._targets * logits)
        total[self._filled] = np.add.reduceat(each, self._starts)
        summed: Floats = total + (self._strength * found**2).sum(axis=1) / 2
        return summed

    def newton_step(self, found: Floats) -> Floats:
        """Inverse Hessian times gradient of each group, [G, F]."""
        count, width = found.shape
        chance = sigmoid(self._logits(found))
        gradient = self._strength * found
        error = self._features * (self._weights * (chance - self._targets))[:, None]
        gradient[self._filled] += np.add.reduceat(error, self._starts, axis=0)
        curvature = self._products * (self._weights * chance * (1 - chance))[:, None]
        summed = np.add.reduceat(curvature, self._starts, axis=0)
        hessian = np.zeros((count, width, width))
        for at, (i, j) in enumerate(self._pairs):
            hessian[self._filled, i, j] = hessian[self._filled, j, i] = summed[:, at]
        hessian += np.atleast_2d(self._strength)[:, :, None] * np.eye(width)
        step = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        return step.astype(np.float64, copy=False)


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
    """Fit a common slope on ``scores`` [E] and a level for each group; returns the slope and levels [G].

    ``groups`` [E] are indices below G, the number of levels in ``start``. The priors of slope and level are
    N(``prior``, 1 / ``strength``) with positive strengths.
    """
    centre = prior[1]
    slope, levels = start[0], start[1].copy()
    count = len(levels)

    def objective(slope: float, levels: Floats) -> float:
        penalty = strength[0] * (slope - prior[0]) ** 2 + strength[1] * float(((levels - centre) ** 2).sum())
        return _loss(slope * scores + levels[groups], targets, weights) + penalty / 2

    now = objective(slope, levels)
    for _ in range(_STEPS):
        chance = sigmoid(slope * scores + levels[groups])
        error, curve = weights * (chance - targets), weights * chance * (1 - chance)
        level_gradient = np.bincount(groups, error, minlength=count) + strength[1] * (levels - centre)
        level_hessian = np.bincount(groups, curve, minlength=count) + strength[1]
        cross = np.bincount(groups, curve * scores, minlength=count)
        # The levels are eliminated: their block of the Hessian is diagonal.
        penalty = strength[0] * (slope - prior[0])
        slope_gradient = float(error @ scores) + penalty - float(cross @ (level_gradient / level_hessian))
        slope_hessian = float(curve @ scores**2) + strength[0] - float(cross @ (cross / level_hessian))
        step = slope_gradient / max(slope_hessian, strength[0])
        level_step = (level_gradient - cross * step) / level_hessian
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
