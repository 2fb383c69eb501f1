"""Multi-label losses with three-state labels: 1 yes, 0 no, -1 unknown.

Unknown entries have weight 0. The loss is the mean over the known entries; without unknown ones this is the
authors' mean over B*C. Computed in float32 or higher.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from cprfl_core.common.errors import InputError


def asymmetric_loss(
    logits: Tensor,
    targets: Tensor,
    gamma_neg: float = 4.0,
    gamma_pos: float = 0.0,
    clip: float = 0.05,
    *,
    focusing_gradient: bool = False,
) -> Tensor:
    """Return the asymmetric loss (Ridnik et al., ICCV 2021) as used by CPRFL, a scalar.

    With p = sigmoid(logit) and pm = max(p - clip, 0): a yes costs -(1 - p)^gamma_pos log p, a no costs
    -pm^gamma_neg log(1 - pm). Like the authors' code, this function treats the focusing weights (the powers)
    as constants in the backward pass, unless `focusing_gradient` is set. This affects the optimum: with the
    default settings a true 1 % is learned as p = 0.41, with the full gradient as p = 0.32.

    The authors' code clips log p at log 1e-8; this one does not, so that a yes below logit -18 still learns.

    Args:
        logits: [B, C], any floating type.
        targets: [B, C] in {1, 0, -1}, any type.

    Raises:
        InputError: the shapes are not equal and [B, C], or empty; the logits are integers; a target is not
            1, 0 or -1; or a setting is out of range. Logits that are not finite give a loss that is not
            finite, which a gradient scaler needs.
    """
    _check(logits, targets)
    if not (0 <= gamma_neg < math.inf and 0 <= gamma_pos < math.inf and 0 <= clip < 1):
        raise InputError(
            f"gamma_neg={gamma_neg}, gamma_pos={gamma_pos}, clip={clip}: "
            "the gammas must be finite and not negative, and clip in [0, 1)."
        )
    logits = _widen(logits)
    yes = F.logsigmoid(logits)  # log p
    no = torch.log1p(-_shifted(logits, clip)) if clip > 0 else F.logsigmoid(-logits)  # log(1 - pm)
    focus = logits if focusing_gradient else logits.detach()
    yes_weight = _power(torch.sigmoid(-focus), gamma_pos)  # (1 - p)^gamma_pos
    no_weight = _power(_shifted(focus, clip), gamma_neg)  # pm^gamma_neg
    return _mean_of_known(-yes * yes_weight, -no * no_weight, targets)


def binary_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the binary cross-entropy over the known entries, a scalar; arguments and errors as above."""
    _check(logits, targets)
    logits = _widen(logits)
    return _mean_of_known(-F.logsigmoid(logits), -F.logsigmoid(-logits), targets)


def _mean_of_known(if_yes: Tensor, if_no: Tensor, targets: Tensor) -> Tensor:
    zero = if_yes.new_zeros(())
    losses = torch.where(targets == 1, if_yes, torch.where(targets == 0, if_no, zero))  # [B, C]
    known = (targets >= 0).sum().clamp(min=1)  # without known entries, loss and gradient are 0
    return losses.sum() / known


def _shifted(logits: Tensor, clip: float) -> Tensor:
    return (torch.sigmoid(logits) - clip).clamp(min=0)


def _power(base: Tensor, exponent: float) -> Tensor:
    """base^exponent for base >= 0 with gradient 0 at 0; that of pow is infinite for exponents below 1."""
    if exponent == 0:
        return torch.ones_like(base)
    positive = base > 0
    return torch.where(positive, torch.where(positive, base, 1.0).pow(exponent), 0.0)


def _widen(logits: Tensor) -> Tensor:
    return logits.float() if logits.dtype in (torch.float16, torch.bfloat16) else logits


def _check(logits: Tensor, targets: Tensor) -> None:
    if logits.shape != targets.shape or logits.ndim != 2 or logits.numel() == 0:
        raise InputError(
            f"The logits have shape {list(logits.shape)} and the targets {list(targets.shape)}; "
            "give both as [images, categories], neither empty."
        )
    if not logits.is_floating_point():
        raise InputError(f"The logits are {logits.dtype}; give a floating type.")
    if torch.compiler.is_compiling():
        return
    odd = (targets != 1) & (targets != 0) & (targets != -1)
    if odd.any():
        raise InputError(f"A target is {targets[odd][0].item()}; give 1 (yes), 0 (no) or -1 (unknown).")
