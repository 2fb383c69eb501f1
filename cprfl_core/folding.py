"""The folded scorer: pay for the categories once, then score images cheaply."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from cprfl_core.errors import InputError
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
        if patches < 1:
            raise InputError(f"The fold is planned for {patches} patches; give a positive number.")
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

    def partly_seen(self, patches: Tensor, category: int, visible: Tensor) -> Tensor:
        """Return the logits [M] of one category on one image of which it sees only some patches.

        Patches that are not seen are no keys of the attention; a forward pass without them gives the same.

        Args:
            patches: [P, W], of one image.
            category: its number, 0 to C - 1.
            visible: [M, P] of type bool, at least one patch in each row.

        Raises:
            InputError: as `forward`; there is no such category, or `visible` has another shape or type or a
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
        """Return how much one category looks at each patch, [B, P]; as `attention`, without the others.

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
        """Stay in evaluation mode: a scorer has nothing to train."""
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
                f"There is no category {category}; this scorer has {self.categories}, from 0 on."
            )
        return self._side(category // self._block).of(category % self._block)

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
