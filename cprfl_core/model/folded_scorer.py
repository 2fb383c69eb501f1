"""The folded scorer: precomputes the category side once and scores images cheaply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from cprfl_core.common.errors import InputError
from cprfl_core.model.checks import check_finite, check_patches
from cprfl_core.model.interaction import CategorySide, Interaction, Order, PatchSide

# Maximum number of intermediate values at a time: enough for fast matrix products, and a bound on memory.
# Larger batches are processed in groups of images, and very many categories in blocks.
WORKING_NUMBERS = 32 * 2**20  # 128 MiB in float32


class FoldedScorer(nn.Module):
    """A trained CPRFL with precomputed categories, created by `CPRFL.fold`; inference only.

    Precomputed: prompts, their normalised form, queries (multiplied by the key weights if that is cheaper),
    logit and value of the prompts in joint attention, and the classifier multiplied by the last linear layer.
    Per image it computes LayerNorm(fc(x)), the logits of C queries, the weighted mean, the value and output
    projections and one layer of the MLP on C rows.

    Shapes: B images, P patches, C categories, W backbone channels, T text width, D joint width.
    """

    def __init__(
        self,
        visual: nn.Linear,
        interaction: Interaction,
        sides: Sequence[CategorySide],
        order: Order,
        *,
        categories: int,
        block: int,
    ) -> None:
        """Called by `CPRFL.fold` with a copy of its layers, whose query and last linear layer are deleted.

        ``sides`` are the category constants in blocks of ``block`` rows; the last may contain padding.
        """
        super().__init__()
        self.visual, self.interaction, self.order = visual, interaction, order
        self.backbone_dim, self.dim = visual.in_features, visual.out_features
        self.categories, self._block, self._blocks = categories, block, len(sides)
        for index, side in enumerate(sides):
            for field, value in side._asdict().items():
                if value is not None:
                    self.register_buffer(f"{field}_{index}", value)
        # Layers that are part of the constants are not needed.
        del self.interaction.query, self.interaction.mlp_out
        if order.fold_keys:
            del self.interaction.key
        self.eval()

    def forward(self, patches: Tensor) -> Tensor:
        """Return the logits [B, C] of patch features [B, P, W], equal to the model's in evaluation mode.

        Raises:
            InputError: the shape is wrong, there is no patch, or a feature is not finite.
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
        """Return the visual tokens [B, P, D] of patch features [B, P, W], to cache for `from_tokens`.

        Raises:
            InputError: as `forward`.
        """
        check_patches(patches, self.backbone_dim)
        with torch.no_grad():
            tokens = self._project(patches)
        check_finite(tokens, patches=patches)
        return tokens

    def attention(self, patches: Tensor) -> Tensor:
        """Return the attention of each category to each patch, [B, C, P]; see `CPRFL.attention`.

        Raises:
            InputError: as `forward`.
        """
        check_patches(patches, self.backbone_dim)
        with torch.no_grad():
            weights = torch.cat([self._attention(self._project(group)) for group in self._groups(patches)])
        check_finite(weights, patches=patches)
        return weights

    def masked_logits(self, patches: Tensor, category: int, visible: Tensor) -> Tensor:
        """Return the logits [M] of one category on one image with M different masks of visible patches.

        Equal to a forward pass without the hidden patches.

        Args:
            patches: [P, W], of one image.
            category: its index, 0 to C - 1.
            visible: bool [M, P], at least one patch in each row.

        Raises:
            InputError: as `forward`; there is no such category, or `visible` has a wrong shape or type or a
                row without a patch.
        """
        check_patches(patches[None], self.backbone_dim)
        _check_visible(visible, len(patches))
        side = self._side_of(category)
        with torch.no_grad():
            image = self.interaction.patch_side(self._project(patches[None]), self.order)
            row = self.interaction.heads * (2 * len(patches) + self.interaction.dim_head) + 4 * self.dim
            logits = torch.cat(
                [
                    self.interaction.logits(image, side, self.order, some)[:, 0]
                    for some in torch.split(visible, max(1, WORKING_NUMBERS // row))
                ]
            )
        check_finite(logits, patches=patches)
        return logits

    def attention_of(self, patches: Tensor, category: int) -> Tensor:
        """Return the attention of one category to each patch, [B, P]; as `attention`, for one category.

        Raises:
            InputError: as `forward`, or there is no such category.
        """
        check_patches(patches, self.backbone_dim)
        side = self._side_of(category)
        with torch.no_grad():
            parts = [
                self._attention_to(self.interaction.patch_side(self._project(group), self.order), side)
                for group in self._groups(patches)
            ]
        weights = torch.cat(parts, dim=1)[0]  # [1, B, P] -> [B, P]
        check_finite(weights, patches=patches)
        return weights

    def train(self, mode: bool = True) -> FoldedScorer:  # noqa: ARG002 (the name is torch's)
        """Stay in evaluation mode: a scorer is not trained."""
        super().train(False)
        return self

    def _logits(self, tokens: Tensor) -> Tensor:
        images = self.interaction.patch_side(tokens, self.order)
        blocks = [self.interaction.logits(images, side, self.order) for side in self._sides()]
        return torch.cat(blocks, dim=1)[:, : self.categories]  # [B, C], padding cut off

    def _attention(self, tokens: Tensor) -> Tensor:
        images = self.interaction.patch_side(tokens, self.order)
        blocks = [self._attention_to(images, side) for side in self._sides()]
        return torch.cat(blocks)[: self.categories].transpose(0, 1)  # [C, B, P] -> [B, C, P]

    def _attention_to(self, images: PatchSide, side: CategorySide) -> Tensor:
        weights = self.interaction.attention(images, side, self.order).mean(0)  # [C, B, P or P + 1]
        return weights[..., : images.keys.shape[1]]

    def _project(self, patches: Tensor) -> Tensor:
        tokens: Tensor = self.visual(patches.to(self.visual.weight.dtype))  # [B, P, W] -> [B, P, D]
        return tokens

    def _sides(self) -> Iterator[CategorySide]:
        return (self._side(index) for index in range(self._blocks))

    def _side(self, index: int) -> CategorySide:
        return CategorySide._make(getattr(self, f"{field}_{index}", None) for field in CategorySide._fields)

    def _side_of(self, category: int) -> CategorySide:
        if not 0 <= category < self.categories:
            raise InputError(
                f"There is no category {category}; this scorer has categories 0 to {self.categories - 1}."
            )
        return self._side(category // self._block).of(category % self._block)

    def _groups(self, features: Tensor) -> tuple[Tensor, ...]:
        """Split [B, ...] into groups that fit in the working memory; in cross mode independent of C."""
        patches = features.shape[1]
        inner = self.interaction.heads * self.interaction.dim_head
        width = 3 * self.dim + inner  # tokens, normalised, keys, values
        if self.order.values == "output":
            width += self.interaction.heads * self.dim
        image = patches * width + self._block * _numbers_per_row(self.interaction, patches)
        return torch.split(features, max(1, WORKING_NUMBERS // image))


def block_size(interaction: Interaction, categories: int, patches: int) -> int:
    """Categories per block of joint attention, so that one image fits in the working memory."""
    between = 2 * interaction.heads * categories  # logits of one prompt against all, and shares
    row = _numbers_per_row(interaction, patches) + between
    parts = -(-categories * row // WORKING_NUMBERS)
    return -(-categories // parts)


def _numbers_per_row(interaction: Interaction, patches: int) -> int:
    """Number of intermediate values of one category on one image."""
    dim, hidden = interaction.mlp_in.in_features, interaction.mlp_in.out_features
    return interaction.heads * (2 * patches + interaction.dim_head) + 3 * dim + hidden


def _check_visible(visible: Tensor, patches: int) -> None:
    """Raise InputError unless `visible` is a bool tensor [M, patches] with a patch in each row."""
    if visible.ndim != 2 or visible.shape[1] != patches or visible.dtype != torch.bool:
        raise InputError(
            f"The visible patches have shape {list(visible.shape)} and type {visible.dtype}; "
            f"give [masks, {patches}] of torch.bool."
        )
    if not visible.any(1).all():
        row = int((~visible.any(1)).nonzero()[0])
        raise InputError(f"Mask {row} shows no patch; show at least one.")
