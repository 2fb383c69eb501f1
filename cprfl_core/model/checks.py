"""Checks a model's inputs: shapes, types and finite values."""

from __future__ import annotations

import torch
from torch import Tensor

from cprfl_core.common.errors import InputError


def check_patches(patches: Tensor, width: int, what: str = "patch features") -> None:
    """Raise InputError unless `patches` is a floating tensor [B, P >= 1, width]."""
    if patches.ndim != 3 or patches.shape[1] == 0 or patches.shape[2] != width:
        raise InputError(
            f"The {what} have shape {list(patches.shape)}; "
            f"give [images, patches, {width}] with at least one patch."
        )
    if not patches.is_floating_point():
        raise InputError(f"The {what} are {patches.dtype}; scale them to a floating type first.")


def check_text(text_features: Tensor, width: int) -> None:
    """Raise InputError unless `text_features` is a floating tensor [C >= 1, width]."""
    if text_features.ndim == 2 and len(text_features) == 0:
        raise InputError("There are no categories; give the text features of at least one.")
    if text_features.ndim != 2 or text_features.shape[1] != width:
        raise InputError(
            f"The text features have shape {list(text_features.shape)}; give [categories, {width}]."
        )
    if not text_features.is_floating_point():
        raise InputError(f"The text features are {text_features.dtype}; give a floating type.")


def check_finite(result: Tensor, **inputs: Tensor | None) -> None:
    """Raise InputError if a result is not finite because an input is not.

    NaN and infinity always propagate to the result, which is much smaller than the input; so the inputs are
    checked only if the result is not finite. Overflow of the result (half precision) is left to the caller.
    """
    if torch.compiler.is_compiling() or bool(torch.isfinite(result).all()):
        return
    for name, value in inputs.items():
        if value is None:
            continue
        bad = ~torch.isfinite(value)
        if bad.any():
            row = int(bad.flatten(1).any(1).nonzero()[0])
            raise InputError(
                f"{int(bad.sum())} of the {value.numel()} numbers in {name} are NaN or infinite, "
                f"the first in row {row}; compute these features again."
            )
