"""The folded scorer: pay for the categories once, then score images cheaply."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from cprfl_core.interaction import CategorySide, PatchSide
from cprfl_core.model import CATEGORY_BLOCK, check_finite, check_patches

if TYPE_CHECKING:
    from cprfl_core.model import CPRFL

# What one step of the work may hold: enough rows for fast matrix products, and the bound on memory. Larger
# batches go through in groups of images, and very many categories in blocks of categories.
WORKING_NUMBERS = 32 * 2**20  # 128 MiB in float32


class FoldedScorer(nn.Module):
    """A trained CPRFL with its categories folded in, made by `CPRFL.fold`; no training, no gradients.

    Folded once: prompts, their normalised form, queries (with the key weights where that is cheaper), the
    share and value of the prompts in joint attention, and the classifier multiplied by the last linear layer.
    An image costs LayerNorm(fc(x)), the logits of C queries, the mix, the value and output projections and
    one layer of the MLP on C rows.

    Shapes: B images, P patches, C categories, W backbone channels, T text width, D joint width.
    """

    def __init__(
        self, model: CPRFL, text_features: Tensor, prompt_delta: Tensor | None = None, *, patches: int = 196
    ) -> None:
        super().__init__()
        snapshot = copy.deepcopy(model).eval().requires_grad_(False)
        self.visual, self.interaction = snapshot.visual, snapshot.interaction
        self.backbone_dim, self.dim = snapshot.backbone_dim, snapshot.dim
        with torch.no_grad():
            prompts = snapshot.prompts(text_features, prompt_delta)
            check_finite(prompts, text_features=text_features, prompt_delta=prompt_delta)
            self.categories = len(prompts)
            self.order = snapshot.order(self.categories, patches=patches, folded=True)
            between = (
                2 * self.interaction.heads * self.categories
            )  # logits of one prompt against all, and shares
            row = self._numbers_per_row(patches) + between
            parts = -(-self.categories * row // WORKING_NUMBERS)
            equal = -(-self.categories // parts)
            sides = snapshot.category_sides(prompts, self.order, joint_block=equal)
        self._block = equal if snapshot.joint else CATEGORY_BLOCK
        self._blocks = len(sides)
        for index, side in enumerate(sides):
            for field, value in side._asdict().items():
                if value is not None:  # a buffer that is None cannot be exported
                    self.register_buffer(f"{field}_{index}", value)
        # What the constants hold already is not kept a second time.
        del self.interaction.query, self.interaction.mlp_out
        if self.order.fold_keys:
            del self.interaction.key
        self.eval()

    def forward(self, patches: Tensor) -> Tensor:
        """Return the logits [B, C] of patch features [B, P, W], as the model in evaluation mode gives them.

        Raises:
            InputError: the shape does not fit, there is no patch, or a feature is not finite.
        """
        check_patches(patches, self.backbone_dim)
        with torch.no_grad():
            logits = torch.cat([self._logits(self._project(group)) for group in self._groups(patches)])
        check_finite(logits, patches=patches)
        return logits

    def from_tokens(self, tokens: Tensor) -> Tensor:
        """Return the logits [B, C] of cached visual tokens [B, P, D], the output of `tokens`.

        Raises:
            InputError: as `forward`.
        """
        check_patches(tokens, self.dim, "visual tokens")
        with torch.no_grad():
            logits = torch.cat([self._logits(group) for group in self._groups(tokens)])
        check_finite(logits, tokens=tokens)
        return logits

    def tokens(self, patches: Tensor) -> Tensor:
        """Return the visual tokens [B, P, D] of patch features [B, P, W], to be cached for `from_tokens`.

        Raises:
            InputError: as `forward`.
        """
        check_patches(patches, self.backbone_dim)
        with torch.no_grad():
            tokens = self._project(patches)
        check_finite(tokens, patches=patches)
        return tokens

    def attention(self, patches: Tensor) -> Tensor:
        """Return how much each category looks at each patch, [B, C, P]; see `CPRFL.attention`.

        Raises:
            InputError: as `forward`.
        """
        check_patches(patches, self.backbone_dim)
        with torch.no_grad():
            weights = torch.cat([self._attention(self._project(group)) for group in self._groups(patches)])
        check_finite(weights, patches=patches)
        return weights

    def train(self, mode: bool = True) -> FoldedScorer:  # noqa: ARG002 (the name is torch's)
        """Stay in evaluation mode: a scorer has nothing to train."""
        super().train(False)
        return self

    def _logits(self, tokens: Tensor) -> Tensor:
        images = self.interaction.patch_side(tokens, self.order)
        blocks = [self.interaction.logits(images, side, self.order) for side in self._sides()]
        return torch.cat(blocks, dim=1)[:, : self.categories]  # [B, C], padding cut off

    def _attention(self, tokens: Tensor) -> Tensor:
        images: PatchSide = self.interaction.patch_side(tokens, self.order)
        blocks = [self.interaction.attention(images, side, self.order).mean(0) for side in self._sides()]
        weights = torch.cat(blocks)[: self.categories, :, : tokens.shape[1]]  # [C, B, P]
        return weights.transpose(0, 1)  # [C, B, P] -> [B, C, P]

    def _project(self, patches: Tensor) -> Tensor:
        tokens: Tensor = self.visual(patches.to(self.visual.weight.dtype))  # [B, P, W] -> [B, P, D]
        return tokens

    def _sides(self) -> Iterator[CategorySide]:
        for index in range(self._blocks):
            yield CategorySide._make(
                getattr(self, f"{field}_{index}", None) for field in CategorySide._fields
            )

    def _groups(self, features: Tensor) -> tuple[Tensor, ...]:
        """Split [B, ...] into groups that fit the working memory; in cross mode this does not depend on C."""
        patches = features.shape[1]
        inner = self.interaction.heads * self.interaction.dim_head
        width = 3 * self.dim + inner  # tokens, normalised, keys, values
        if self.order.values == "output":
            width += self.interaction.heads * self.dim
        image = patches * width + self._block * self._numbers_per_row(patches)
        return torch.split(features, max(1, WORKING_NUMBERS // image))

    def _numbers_per_row(self, patches: int) -> int:
        """Count the intermediate numbers of one category on one image."""
        heads, dim_head = self.interaction.heads, self.interaction.dim_head
        return heads * (2 * patches + dim_head) + 3 * self.dim + self.interaction.mlp_in.out_features
