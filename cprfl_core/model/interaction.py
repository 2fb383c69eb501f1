"""The encoder layer of CPRFL, computed for the category rows only.

The paper passes patches and prompts together through one encoder layer and then uses only the category rows.
So patch rows need keys and values but no query, output projection or MLP. The rest has two sides:
`CategorySide` is independent of the image, `PatchSide` independent of the category.

In joint mode the prompts are keys too. Their logits against each other do not depend on the image, so for
each query they are equivalent to one extra key: its logit is the log-sum-exp of theirs, its value their
softmax-weighted mean. This is exact.

Shapes: B images, P patches, C categories, D joint width, H heads, K width of a head, M width of the MLP.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Order(NamedTuple):
    """The order of matrix multiplications; all orders give the same scores.

    `fold_keys`: multiply the key weight into the queries (True) or project every patch to a key (False).
    `values`: "pool" averages normalised patches and projects the mean, "project" averages values, "output"
    averages values after the output projection.
    """

    fold_keys: bool
    values: Literal["pool", "project", "output"]


class CategorySide(NamedTuple):
    """The layer's constants for C categories. `None` for parts that the mode does not have."""

    queries: Tensor  # [H, C, D] with keys folded in, else [H, C, K]; scaled
    prompt_logit: Tensor | None  # [H, C], joint mode
    prompt_value: Tensor | None  # [H, C, K], or [H, C, D] for the order "output"; joint mode
    entering: Tensor | None  # [C, D] prompts for the residual connection
    classifier: Tensor  # [C, D]
    readout: Tensor  # [C, M]: the classifier multiplied by the last linear layer
    readout_bias: Tensor  # [C]

    def of(self, category: int) -> CategorySide:
        """Return the constants of a single category; its scores stay the same."""
        here = slice(category, category + 1)
        logit, value, entering = self.prompt_logit, self.prompt_value, self.entering
        return CategorySide(
            queries=self.queries[:, here],
            prompt_logit=None if logit is None else logit[:, here],
            prompt_value=None if value is None else value[:, here],
            entering=None if entering is None else entering[here],
            classifier=self.classifier[here],
            readout=self.readout[here],
            readout_bias=self.readout_bias[here],
        )


class PatchSide(NamedTuple):
    """The layer's inputs for B images."""

    keys: Tensor  # [B, P, D] normalised patches if keys are folded, otherwise keys [B, P, H*K]
    values: Tensor  # normalised patches [B, P, D], values [B, P, H*K] or projected values [B, H*P, D]


def cheapest_order(
    *,
    batch: int,
    patches: int,
    categories: int,
    dim: int,
    heads: int,
    dim_head: int,
    joint: bool,
    folded: bool,
) -> Order:
    """Choose the order with the fewest multiplications per image.

    Work that does not depend on the image is shared by the batch, and free in a folded scorer.
    """
    inner = heads * dim_head
    once = 0.0 if folded else 1.0 / max(batch, 1)
    project = patches * dim * inner
    keys_folded = categories * heads * patches * dim + once * categories * inner * dim
    keys_projected = project + categories * patches * inner
    values: dict[Literal["pool", "project", "output"], float] = {
        "pool": categories * (heads * patches * dim + 2 * inner * dim),
        "project": project + categories * inner * (patches + dim),
        "output": 2 * project + categories * heads * patches * dim + once * joint * categories * inner * dim,
    }
    return Order(keys_folded <= keys_projected, min(values, key=lambda name: values[name]))


class Interaction(nn.Module):
    """LayerNorm, multi-head attention, LayerNorm, MLP.

    As in the authors' code, queries, keys and values have no bias, dropout follows the output projection and
    both layers of the MLP, and there is no residual connection unless `residual` is set.
    """

    def __init__(
        self,
        dim: int,
        heads: int,
        dim_head: int,
        mlp_dim: int,
        dropout: float,
        *,
        joint: bool,
        residual: bool,
    ) -> None:
        super().__init__()
        inner = heads * dim_head
        self.dim, self.heads, self.dim_head = dim, heads, dim_head
        self.joint, self.residual = joint, residual
        self.norm_in = nn.LayerNorm(dim)
        self.query = nn.Linear(dim, inner, bias=False)
        self.key = nn.Linear(dim, inner, bias=False)
        self.value = nn.Linear(dim, inner, bias=False)
        self.output = nn.Linear(inner, dim)
        self.norm_mlp = nn.LayerNorm(dim)
        self.mlp_in = nn.Linear(dim, mlp_dim)
        self.mlp_out = nn.Linear(mlp_dim, dim)
        self.dropout = nn.Dropout(dropout)

    def prompt_keys(self, prompts: Tensor) -> tuple[Tensor, Tensor] | None:
        """Return keys and values [H, C, K] of all prompts [C, D] in joint mode; None in cross mode."""
        if not self.joint:
            return None
        rows = self.norm_in(prompts)
        return self._by_head(self.key(rows)), self._by_head(self.value(rows))

    def category_side(
        self, prompts: Tensor, classifier: Tensor, prompt_keys: tuple[Tensor, Tensor] | None, order: Order
    ) -> CategorySide:
        """Compute the constants of C categories, which may be a subset of those of `prompt_keys`.

        Args:
            prompts: [C, D], for the queries.
            classifier: [C, D], the vectors that refined features are compared with.
            prompt_keys: the result of the method of that name for all prompts.
        """
        queries = self._by_head(self.query(self.norm_in(prompts))) * self.dim_head**-0.5  # [H, C, K]
        prompt_logit = prompt_value = None
        if prompt_keys is not None:
            keys, values = prompt_keys
            between = queries @ keys.transpose(1, 2)  # [H, C, all C]
            prompt_logit = between.logsumexp(-1)
            prompt_value = between.softmax(-1) @ values  # [H, C, K]
            if order.values == "output":
                prompt_value = prompt_value @ self._output_by_head()  # [H, C, D]
        if order.fold_keys:
            queries = queries @ self.key.weight.view(self.heads, self.dim_head, self.dim)  # [H, C, D]
        return CategorySide(
            queries=queries,
            prompt_logit=prompt_logit,
            prompt_value=prompt_value,
            entering=prompts if self.residual else None,
            classifier=classifier,
            readout=classifier @ self.mlp_out.weight,
            readout_bias=classifier @ self.mlp_out.bias,
        )

    def patch_side(self, tokens: Tensor, order: Order) -> PatchSide:
        """Compute the inputs of B images from their tokens [B, P, D]."""
        rows = self.norm_in(tokens)
        keys = rows if order.fold_keys else self.key(rows)
        if order.values == "pool":
            return PatchSide(keys, rows)
        values = self.value(rows)  # [B, P, H*K]
        if order.values == "output":
            values = self._by_head(values.flatten(0, 1)) @ self._output_by_head()  # [H, B*P, D]
            values = torch.unflatten(values, 1, tokens.shape[:2])  # [H, B, P, D]
            values = values.transpose(0, 1).flatten(1, 2)  # [B, H*P, D]
        return PatchSide(keys, values)

    def attention(
        self, images: PatchSide, categories: CategorySide, order: Order, visible: Tensor | None = None
    ) -> Tensor:
        """Return the weights [H, C, B, P]; in joint mode [H, C, B, P + 1], the last for all prompts together.

        With bool masks `visible` [M, P] of the patches of a single image, M takes the place of B. In cross
        mode each mask needs at least one patch.
        """
        batch, patches, _ = images.keys.shape
        count = categories.queries.shape[1]
        keys = images.keys.flatten(0, 1)  # [B*P, D or H*K]
        if order.fold_keys:
            logits = categories.queries.flatten(0, 1) @ keys.T  # [H*C, B*P]
        else:
            logits = categories.queries @ self._by_head(keys).transpose(1, 2)  # [H, C, B*P]
        logits = logits.view(self.heads, count, batch, patches)
        if visible is not None:
            logits = torch.where(visible, logits, -torch.inf)  # [H, C, 1, P] -> [H, C, M, P]
        if categories.prompt_logit is not None:
            extra = categories.prompt_logit[:, :, None, None].expand(-1, -1, logits.shape[2], 1)
            logits = torch.cat([logits, extra], dim=-1)  # [H, C, B, P + 1]
        return logits.softmax(-1)

    def logits(
        self, images: PatchSide, categories: CategorySide, order: Order, visible: Tensor | None = None
    ) -> Tensor:
        """Return <refined feature, classifier> for every image and category, [B, C].

        With `visible` [M, P] those of one image with M masks of its patches, [M, C]; see `attention`.
        """
        mixed = self.dropout(self._mix(images, categories, order, visible))  # [B, C, D]
        if categories.entering is not None:
            mixed = mixed + categories.entering
        hidden = self.dropout(F.gelu(self.mlp_in(self.norm_mlp(mixed))))  # [B, C, M]
        if self.training and self.dropout.p > 0:
            # The last dropout acts on the refined feature, so it has to be computed explicitly.
            refined = self.dropout(self.mlp_out(hidden))  # [B, C, D]
            logits: Tensor = (refined * categories.classifier).sum(-1)
        else:
            logits = (hidden * categories.readout).sum(-1) + categories.readout_bias
        if categories.entering is not None:
            logits = logits + (mixed * categories.classifier).sum(-1)
        return logits

    def _mix(
        self, images: PatchSide, categories: CategorySide, order: Order, visible: Tensor | None
    ) -> Tensor:
        """Attend and project: [B, C, D], without dropout."""
        patches = images.keys.shape[1]
        weights = self.attention(images, categories, order, visible)
        shares = weights[..., :patches]  # [H, C, B, P]
        prompt_shares = weights[..., patches:].transpose(1, 2)  # [H, B, C, 1], in cross mode [H, B, C, 0]
        if order.values == "output":
            return self._mix_outputs(shares, prompt_shares, images.values, categories.prompt_value)
        value_weights = torch.split(self.value.weight, self.dim_head)  # H times [K, D]
        pool = order.values == "pool"
        values = [images.values] * self.heads if pool else torch.split(images.values, self.dim_head, dim=-1)
        mixes = []
        for head, share in enumerate(shares.transpose(1, 2).unbind(0)):  # [B, C, P]
            mix = share @ values[head]  # [B, C, K], or pooled patches [B, C, D]
            if pool:
                mix = F.linear(mix, value_weights[head])  # [B, C, D] -> [B, C, K]
            if categories.prompt_value is not None:
                mix = torch.addcmul(mix, prompt_shares[head], categories.prompt_value[head])
            mixes.append(mix)
        projected: Tensor = self.output(torch.cat(mixes, dim=-1))  # [B, C, H*K] -> [B, C, D]
        return projected

    def _mix_outputs(
        self, shares: Tensor, prompt_shares: Tensor, values: Tensor, prompt_value: Tensor | None
    ) -> Tensor:
        """Average projected values, all heads in one product: [B, C, D]."""
        shares = shares.permute(2, 1, 0, 3).flatten(2)  # [H, C, B, P] -> [B, C, H*P]
        start: Tensor = self.output.bias
        if prompt_value is not None:
            start = start + torch.einsum("hbc,hcd->bcd", prompt_shares[..., 0], prompt_value)
        return torch.baddbmm(start, shares, values.expand(shares.shape[0], -1, -1))

    def _by_head(self, rows: Tensor) -> Tensor:
        return torch.unflatten(rows, -1, (self.heads, -1)).transpose(0, 1)  # [C, H*K] -> [H, C, K]

    def _output_by_head(self) -> Tensor:
        by_head: Tensor = torch.unflatten(self.output.weight.T, 0, (self.heads, -1))
        return by_head  # [H*K, D] -> [H, K, D]
