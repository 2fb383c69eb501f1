"""Initialises a CPRFL such that its scores equal the text score of its backbone, as a start for tuning.

The paper's architecture is unchanged. Four facts make this possible (docs/decisions/0142):

- LayerNorm of [y, -y] is y / |y|, up to a constant, because the mean is 0. With a joint width of twice the
  text's, LayerNorm is the L2 normalisation of a cosine.
- GELU(x) - GELU(-x) = x, so an MLP of twice the width can be initialised as a linear layer.
- GELU(x + 6) - 6 = x for small x, to 1e-6. The prompt network, too narrow for the pairs, starts like this.
- Attention with logits of temperature times cosine selects the best patches; attention to a constant that
  marks one token selects that token.

Shapes: N images, P patches, W patch width, C categories, n width of text features and embeddings.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cprfl_core.common.errors import InputError
from cprfl_core.model.checks import check_finite, check_patches, check_text
from cprfl_core.model.cprfl import CPRFL

_SHIFT = 6.0  # where GELU is the identity
_GAP = 24.0  # difference of attention logits that leaves only exp(-24) for the lower one
_LINEAR = 20.0  # a constant this much longer than the patches makes LayerNorm nearly linear in them
_PROMPT = 0.3  # root mean square of a prompt
_CONSTANT = 0.05  # the component that all prompts share, relative to the length of a prompt
_REFITS = 200


def aligned_start(
    patches: Tensor,
    embeddings: Tensor,
    text_features: Tensor,
    *,
    global_token: bool = True,
    best: float = 0.0,
    temperature: float = 20.0,
    spread: float = 1.0,
    offset: float = 0.0,
    dropout: float = 0.1,
) -> CPRFL:
    """Return a CPRFL in cross mode whose scores equal the text score of the backbone.

    In evaluation mode the logit of category c on an image is a_c * cos(m, t_c) + b_c with a_c > 0, which
    ranks within a category like the text score. m = (1 - best) * g + best * s: g is the global embedding, s
    the mean of the patches weighted by softmax(temperature * cosine).

    With `global_token` the model takes `with_global(patches, embeddings)` and g is the embedding: exact up to
    rounding for every backbone. Without, g is the mean of the projected patches: rank correlation 0.9999 if
    the tower projects and averages its patches, like the bundled one, otherwise a linear approximation.

    The joint width is 2n + 2, with two heads of width n + 1 and an MLP of 2n. New categories immediately
    score like their text. Tune at a learning rate of 1e-4, the default of `TrainingOptions`; 1e-3 destroys
    the initialisation before anything is learned (docs/decisions/0142).

    Args:
        patches: [N, P, W] of a few hundred images, in the form the model will get them.
        embeddings: [N, n] of the same images, in the space of the texts.
        text_features: [C, n], not normalised; used for scaling only, so categories may be added later.
        best: weight of the best patches, 0 to 1.
        spread: standard deviation of the logits over the sample, `offset` their mean. The defaults suit the
            asymmetric loss, whose optimum for a category on 3.6 % of the images is logit 0.
        dropout: as for `CPRFL`; in training mode it perturbs the scores.

    Raises:
        InputError: a shape is wrong, a number is not finite or out of range, or all scores are equal.
    """
    _check(patches, embeddings, text_features, best=best, temperature=temperature, spread=spread)
    patches, embeddings, text = patches.float(), embeddings.float(), text_features.float()
    width, joint = patches.shape[2], text.shape[1]
    weight, bias = fit_projection(patches, embeddings)
    model = CPRFL(
        backbone_dim=width + joint + 1 if global_token else width,
        text_dim=joint,
        dim=2 * joint + 2,
        heads=2,
        dim_head=joint + 1,
        mlp_dim=2 * joint,
        dropout=dropout,
        interaction="cross",
    ).eval()
    tokens = with_global(patches, embeddings) if global_token else patches
    with torch.no_grad():
        _set_visual(model, weight, bias, _length(patches @ weight.T + bias), global_token)
        _set_prompts(model, text)
        _set_attention(model, best, temperature, global_token)
        _set_readout(model)
        _set_scale(model, tokens, embeddings, text, spread=spread, offset=offset)
    return model


def with_global(patches: Tensor, embeddings: Tensor) -> Tensor:
    """Return the tokens [B, P + 1, W + n + 1] of an aligned start: patches [B, P, W], then embeddings [B, n].

    Raises:
        InputError: the numbers of images differ or a shape is wrong.
    """
    if patches.ndim != 3 or embeddings.ndim != 2 or len(patches) != len(embeddings):
        raise InputError(
            f"Patches {list(patches.shape)} and embeddings {list(embeddings.shape)} do not match; "
            "give [images, patches, width] and [images, width] of the same images."
        )
    (images, count, width), joint = patches.shape, embeddings.shape[1]
    tokens = patches.new_zeros(images, count + 1, width + joint + 1)
    tokens[:, :count, :width] = patches
    tokens[:, count, width:-1] = torch.nn.functional.normalize(embeddings.to(patches.dtype), dim=-1)
    tokens[:, count, -1] = 1.0
    return tokens


class GlobalTokens:
    """A `PatchProvider` of `with_global` tokens: patches in memory or a provider, and embeddings [N, n]."""

    def __init__(self, patches: Any, embeddings: NDArray[np.floating[Any]] | Tensor) -> None:
        self._patches = patches
        self._embeddings = torch.as_tensor(embeddings).float()
        if len(patches.shape) != 3 or self._embeddings.ndim != 2 or len(self._embeddings) != patches.shape[0]:
            raise InputError(
                f"Patches {list(patches.shape)} and embeddings {list(self._embeddings.shape)} do not match; "
                "give [images, patches, width] and [images, width] of the same images."
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """(N, P + 1, W + n + 1)."""
        images, count, width = self._patches.shape
        return images, count + 1, width + self._embeddings.shape[1] + 1

    def batch(self, rows: NDArray[np.int64]) -> Tensor:
        """Return float32 [b, P + 1, W + n + 1] of these rows."""
        gathered = self._patches.batch(rows) if hasattr(self._patches, "batch") else self._patches[rows]
        return with_global(torch.as_tensor(gathered).float(), self._embeddings[torch.as_tensor(rows)])


def fit_projection(patches: Tensor, embeddings: Tensor, ridge: float = 1e-6) -> tuple[Tensor, Tensor]:
    """Fit weight [n, W] and bias [n] that map the mean patch of an image to the direction of its embedding.

    Only the direction of an embedding is known, so its length and the map are fitted alternately. If the
    tower averages and projects, and there are more images than W, this recovers its projection, even from
    tokens that were pooled and reduced. Raises InputError without images or patches.
    """
    if not len(patches) or not patches.shape[1]:
        raise InputError(
            f"The patches have shape {list(patches.shape)}; give [images, patches, width], none of them 0."
        )
    means = patches.double().mean(1)  # [N, W]
    rays = torch.nn.functional.normalize(embeddings.double(), dim=-1)
    rows = torch.cat([means, torch.ones_like(means[:, :1])], dim=1)  # [N, W + 1]
    gram = rows.T @ rows
    gram.diagonal().add_(ridge * gram.diagonal().mean())
    factor = torch.linalg.cholesky(gram)
    lengths = torch.ones_like(rays[:, :1])
    for _ in range(_REFITS):
        before = lengths
        solved = torch.cholesky_solve(rows.T @ (lengths * rays), factor)  # [W + 1, n]
        lengths = ((rows @ solved) * rays).sum(1, keepdim=True)
        lengths = lengths / lengths.mean()
        if float((lengths - before).abs().max()) < 1e-6:
            break
    weight, bias = solved[:-1].T, solved[-1]
    return weight.float().contiguous(), bias.float()


def _set_visual(model: CPRFL, weight: Tensor, bias: Tensor, length: float, global_token: bool) -> None:
    """Tokens become [y, c, -y, -c], y about unit length; c marks the global token or makes LN linear."""
    joint = len(bias)
    half, half_bias = torch.zeros(joint + 1, model.backbone_dim), torch.zeros(joint + 1)
    half[:joint, : weight.shape[1]] = weight / length
    half_bias[:joint] = bias / length
    if global_token:
        half[:joint, weight.shape[1] : -1] = torch.eye(joint)
        half[:joint, -1] = -bias / length
        half[joint, -1] = 1.0
    else:
        half_bias[joint] = _LINEAR
    model.visual.weight.copy_(torch.cat([half, -half]))
    model.visual.bias.copy_(torch.cat([half_bias, -half_bias]))


def _set_prompts(model: CPRFL, text: Tensor) -> None:
    """A text t becomes [t, r, -t, -r] times a constant; r is the same small number for all texts."""
    joint = text.shape[1]
    scale = _PROMPT * joint**0.5 / _length(text)
    narrow = float(text.abs().max())  # brings the numbers of a text into the linear part of the shifted GELU
    half, half_bias = torch.zeros(joint + 1, joint + 1), torch.zeros(joint + 1)
    half[:joint, :joint] = torch.eye(joint) * scale * narrow
    half_bias[:joint] = -_SHIFT * scale * narrow
    half_bias[joint] = _CONSTANT * _PROMPT * joint**0.5
    first, _, second = model.prompt_init
    assert isinstance(first, torch.nn.Linear)
    assert isinstance(second, torch.nn.Linear)
    first.weight.copy_(torch.eye(joint + 1, joint) / narrow)
    first.bias.fill_(_SHIFT)
    second.weight.copy_(torch.cat([half, -half]))
    second.bias.copy_(torch.cat([half_bias, -half_bias]))


def _set_attention(model: CPRFL, best: float, temperature: float, global_token: bool) -> None:
    """Head 0 selects the global token, or averages; head 1 the best patches. Values are the tokens' y.

    Products that must be 0 at the start keep one random factor, so that they can learn.
    """
    layer, joint = model.interaction, model.text_dim
    unit = (joint + 1) ** 0.5  # the length of one half of a row after LayerNorm
    shrink = 1.0 if global_token else (_LINEAR**2 + 1) ** 0.5  # how much the constant shortens a patch
    query, key = layer.query.weight, layer.key.weight
    first, second = slice(0, joint), slice(joint + 1, 2 * joint + 1)  # rows of y in head 0 and head 1
    query.zero_()
    query[second, :joint] = torch.eye(joint) * (temperature / unit) ** 0.5
    key[joint + 1 :] = 0.0
    key[second, :joint] = torch.eye(joint) * (temperature / unit) ** 0.5 * shrink
    if global_token:
        for row, gap in ((joint, _GAP), (2 * joint + 1, -_GAP - temperature)):
            strength = (abs(gap) * 2**0.5 / (_CONSTANT * unit)) ** 0.5
            query[row, joint] = strength
            key[row] = 0.0
            key[row, joint] = strength if gap > 0 else -strength
    values = layer.value.weight
    values[first] = values[second] = 0.0
    values[first, :joint] = torch.eye(joint) * (2**0.5 if global_token else shrink) / unit
    values[second, :joint] = torch.eye(joint) * shrink / unit
    half = torch.zeros(joint + 1, 2 * joint + 2)
    half[:joint, first] = torch.eye(joint) * (1.0 - best) * unit
    half[:joint, second] = torch.eye(joint) * best * unit
    layer.output.weight.copy_(torch.cat([half, -half]))
    layer.output.bias.zero_()


def _set_readout(model: CPRFL) -> None:
    """The MLP outputs the first half of a row as [x, 0, -x, 0]."""
    layer, joint = model.interaction, model.text_dim
    through = torch.eye(joint, joint + 1)
    layer.mlp_in.weight.zero_()
    layer.mlp_in.weight[:, : joint + 1] = torch.cat([through, -through])
    layer.mlp_in.bias.zero_()
    half = torch.cat([through.T, -through.T], dim=1)  # [n + 1, 2n]
    layer.mlp_out.weight.copy_(torch.cat([half, -half]))
    layer.mlp_out.bias.zero_()


def _set_scale(
    model: CPRFL, tokens: Tensor, embeddings: Tensor, text: Tensor, *, spread: float, offset: float
) -> None:
    """Scale the logits of the sample to mean `offset` and standard deviation `spread`.

    The mean embedding is subtracted before the comparison with the text. This shifts each category by a
    constant, also those added later.
    """
    layer, joint = model.interaction, model.text_dim
    scores = model.fold(text, patches=tokens.shape[1])(tokens)
    deviation = float(scores.var(dim=0).mean().sqrt())
    if not deviation > 1e-6 * float(scores.abs().max()):
        raise InputError(
            f"The {len(tokens)} images have equal text scores; "
            "give different images, and texts that are not 0."
        )
    centre = torch.nn.functional.normalize(embeddings, dim=-1).mean(0) * (joint + 1) ** 0.5
    layer.mlp_out.weight.mul_(spread / deviation)
    _add(layer.mlp_out.bias, slice(0, joint), -centre * spread / deviation)
    mean = float(model.fold(text, patches=tokens.shape[1])(tokens).mean())
    constant = _CONSTANT * _PROMPT * joint**0.5
    _add(layer.mlp_out.bias, slice(joint, joint + 1), torch.tensor([(offset - mean) / (2 * constant)]))


def _add(row: Tensor, where: slice, values: Tensor) -> None:
    """Add values to the first half of a row and subtract them from the second."""
    first, second = row.chunk(2)
    first[where] += values
    second[where] -= values


def _length(rows: Tensor) -> float:
    return float(rows.square().sum(-1).mean().sqrt())


def _check(
    patches: Tensor, embeddings: Tensor, text: Tensor, *, best: float, temperature: float, spread: float
) -> None:
    check_patches(patches, patches.shape[-1] if patches.ndim else 0)
    if embeddings.ndim != 2 or len(embeddings) != len(patches) or len(patches) < 2:
        raise InputError(
            f"The embeddings have shape {list(embeddings.shape)} for patches {list(patches.shape)}; "
            "give [images, width] of the same images, at least two."
        )
    check_text(text, embeddings.shape[1])
    for what, given in (("patches", patches), ("embeddings", embeddings), ("text_features", text)):
        check_finite(given, **{what: given})
    if not text.any():
        raise InputError("text_features are all 0; compute them again.")
    if not 0 <= best <= 1 or not 0 < temperature < 1e4 or not 0 < spread < 1e4:
        raise InputError(
            f"best={best}, temperature={temperature}, spread={spread}: "
            "best must be in 0 to 1, the others positive and below 10,000."
        )
