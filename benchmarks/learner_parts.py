"""The learners that benchmarks/learner.py compares, each from labels to calibrated probabilities.

Shapes: N training images, M held-out ones, P patches, W width, C categories. Labels are 1, 0 and -1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from torch import nn
from torch.nn import functional

from cprfl_core import CPRFL, Suggester, train_on_patches
from cprfl_core.calibration.inverse_link import asymmetric_loss_inverse
from cprfl_core.calibration.logistic import sigmoid
from cprfl_core.calibration.platt import fit_calibration
from cprfl_core.closed_form.directions import centred_directions, signed_square_root
from cprfl_core.closed_form.discriminant import Discriminant
from cprfl_core.closed_form.gaussian_kernel import ALPHA, GAMMA
from cprfl_core.closed_form.kernel_ridge import KernelRidge
from cprfl_core.live.learner import LiveLearner
from cprfl_core.training.options import TrainingOptions
from cprfl_core.tuning.start import FRESH_SIZES as SIZES

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Split:
    """Training patches [N, P, W] with labels [N, C], held-out patches [M, P, W], texts [C, T]."""

    patches: Singles
    labels: NDArray[np.int8]
    held_out: Singles
    texts: Singles

    def means(self) -> tuple[Floats, Floats]:
        return self.patches.mean(axis=1, dtype=np.float64), self.held_out.mean(axis=1, dtype=np.float64)

    def standard_means(self) -> tuple[Floats, Floats]:
        train, other = self.means()
        spread = train.std(axis=0) + 1e-9
        return (train - train.mean(axis=0)) / spread, (other - train.mean(axis=0)) / spread


Learner = Callable[[Split, int], Floats]
"""A split and a seed to calibrated probabilities [M, C]."""


def published_cprfl(split: Split, seed: int) -> Floats:
    """The paper's network, slim, trained as published. Probabilities come from the exact inverse link of its
    loss; the logit breaks ties among those that are 0 or maximal."""
    torch.manual_seed(seed)
    model = CPRFL(split.patches.shape[2], split.texts.shape[1], 256, heads=4, dim_head=64, mlp_dim=512)
    logits = _trained(model, split, TrainingOptions(epochs=15, learning_rate=1e-3, seed=seed))
    told = asymmetric_loss_inverse(sigmoid(logits))
    return np.clip(told, 1e-6, 1 - 1e-6) * (1 - 1e-6) + 1e-7 * sigmoid(logits)


def residual_cprfl(split: Split, seed: int) -> Floats:
    """CPRFL that learns a residual of the live learner's leave-one-out log-odds, starting from a gain of 0 on
    its logits."""
    live = _live(split)
    begin = _log_odds(live.probabilities_rows(np.arange(len(split.labels))))
    torch.manual_seed(seed)
    sizes = dict(SIZES)
    model = CPRFL(split.patches.shape[2], split.texts.shape[1], interaction="cross", **sizes)
    gain = nn.Parameter(torch.zeros(()))
    optimiser = torch.optim.AdamW([*model.parameters(), gain], lr=1e-3)
    texts, offsets = torch.from_numpy(split.texts), torch.from_numpy(begin).float()
    labels = torch.from_numpy(split.labels).float()
    shuffled = torch.Generator().manual_seed(seed)
    model.train()
    for _ in range(8):
        for rows in torch.randperm(len(labels), generator=shuffled).split(32):
            logits = offsets[rows] + gain * model(torch.from_numpy(split.patches[rows.numpy()]), texts)
            known = labels[rows] >= 0
            loss = functional.binary_cross_entropy_with_logits(logits[known], labels[rows][known])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    more = _scored(model.eval(), split) * float(gain.detach())
    outside = _log_odds(live.probabilities_embeddings(split.means()[1]))
    return sigmoid(outside + more)


def linear_probe(split: Split, seed: int) -> Floats:
    """Class-balanced logistic regression on the pooled feature; Platt's curves on three inner folds."""
    train, other = split.standard_means()
    labels = split.labels
    left_out, scores = np.zeros(labels.shape), np.zeros((len(other), labels.shape[1]))
    for category in range(labels.shape[1]):
        known = labels[:, category] >= 0
        target = labels[known, category]
        if target.min(initial=1) == target.max(initial=0) or min(target.sum(), (1 - target).sum()) < 3:
            continue
        scores[:, category] = _probe(train[known], target).decision_function(other)
        inner = np.zeros(len(target))
        for fit, held in StratifiedKFold(3, shuffle=True, random_state=seed).split(train[known], target):
            inner[held] = _probe(train[known][fit], target[fit]).decision_function(train[known][held])
        left_out[known, category] = inner
    return fit_calibration(left_out, labels).probabilities(scores)


def discriminant(split: Split, _seed: int) -> Floats:
    """Gaussian discriminant with a shared shrunk covariance; Platt's curves leave-one-out."""
    train, other = split.means()
    learner = Discriminant(train, split.labels.shape[1], shrinkage=1.0, prior_count=0.0)
    for category in range(split.labels.shape[1]):
        learner.add(category, train[split.labels[:, category] == 1])
    plain = learner.scores(train)
    without = learner.leave_one_out_scores(plain, learner.self_scores(train)[:, None], learner.counts)
    left_out = np.where(split.labels == 1, without, plain)
    return fit_calibration(left_out, split.labels).probabilities(learner.scores(other))


def raw_kernel_ridge(split: Split, _seed: int) -> Floats:
    """In the published space; Platt's curves leave-one-out."""
    train, other = split.means()
    left_out, scores = _kernel_ridge(
        signed_square_root(train), split.labels, signed_square_root(other), gamma=1.5, alpha=0.1
    )
    return fit_calibration(left_out, split.labels).probabilities(scores)


def standardised_kernel_ridge(split: Split, _seed: int) -> Floats:
    """The same with leave-one-out standardisation, under one curve for all categories."""
    train, other = split.means()
    return _standardised(
        split.labels,
        *_kernel_ridge(
            signed_square_root(train), split.labels, signed_square_root(other), gamma=1.5, alpha=0.1
        ),
    )


def centred_kernel_ridge(split: Split, _seed: int) -> Floats:
    """In the product's space, with leave-one-out standardisation, under one curve for all categories."""
    train, other = split.means()
    space = centred_directions(train)
    train, other = (space.transform(rows).astype(np.float64) for rows in (train, other))
    found = _kernel_ridge(train, split.labels, other, gamma=GAMMA, alpha=ALPHA)
    return _standardised(split.labels, *found)


def closed_form_blend(split: Split, seed: int) -> Floats:
    """The product's blend without CPRFL."""
    learner = Suggester(cprfl=False).fit(split.patches, split.labels, split.texts, seed=seed)
    return learner.predict_proba(split.held_out)


def blend(split: Split, seed: int) -> Floats:
    """The product's blend."""
    learner = Suggester().fit(split.patches, split.labels, split.texts, seed=seed)
    return learner.predict_proba(split.held_out)


def _live(split: Split) -> LiveLearner:
    learner = LiveLearner(split.means()[0], categories=split.labels.shape[1])
    row, category = np.nonzero(split.labels >= 0)
    learner.set_labels(row, category, split.labels[row, category])
    return learner


def _trained(model: CPRFL, split: Split, options: TrainingOptions) -> Floats:
    result = train_on_patches(model, split.patches, split.labels, split.texts, options=options, device="cpu")
    return _scored(result.model.eval(), split)


def _scored(model: CPRFL, split: Split) -> Floats:
    with torch.no_grad():
        scorer = model.fold(torch.from_numpy(split.texts))
        return (
            torch.cat([scorer(part) for part in torch.from_numpy(split.held_out).split(256)]).double().numpy()
        )


def _probe(rows: Floats, target: NDArray[np.int8]) -> LogisticRegression:
    return LogisticRegression(C=0.01, class_weight="balanced", max_iter=500).fit(rows, target)


def _kernel_ridge(
    train: Floats, labels: NDArray[np.int8], other: Floats, *, gamma: float, alpha: float
) -> tuple[Floats, Floats]:
    """Prior plus kernel regression: leave-one-out [N, C] (0 where unknown), and outside [M, C]."""
    ridge = KernelRidge.from_rows(train, labels, gamma=gamma, alpha=alpha)
    known = labels >= 0
    prior = (labels == 1).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    targets, _, ones = ridge.predict(ridge.kernel(other))
    rows, categories = np.nonzero(known)
    left = ridge.leave_one_out(rows, categories)
    left_out = np.zeros(labels.shape)
    left_out[rows, categories] = left[:, 0] + prior[categories] * (1 - left[:, 2])
    return left_out, targets + prior * (1 - ones)


def _standardised(labels: NDArray[np.int8], left_out: Floats, scores: Floats) -> Floats:
    known = np.where(labels >= 0, 1.0, np.nan)
    mean, spread = np.nanmean(left_out * known, axis=0), np.nanstd(left_out * known, axis=0) + 1e-9
    seen = ((left_out - mean) / spread).reshape(-1, 1)
    curve = fit_calibration(seen, labels.reshape(-1, 1))
    return curve.probabilities(((scores - mean) / spread).reshape(-1, 1)).reshape(scores.shape)


def _log_odds(chance: Floats) -> Floats:
    return np.log(chance) - np.log1p(-chance)
