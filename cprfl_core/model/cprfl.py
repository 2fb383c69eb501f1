"""CPRFL: category prompts refined by the patches of an image (Yan et al., ACM MM 2024, arXiv 2408.08125)."""

from __future__ import annotations

import copy
from typing import Literal

import torch
from torch import Tensor, nn

from cprfl_core.common.errors import InputError
from cprfl_core.model.checks import check_finite, check_patches, check_text
from cprfl_core.model.folded_scorer import FoldedScorer, block_size
from cprfl_core.model.interaction import CategorySide, Interaction, Order, cheapest_order

# Cross mode processes blocks of exactly this many categories, the last one padded: a matrix product with more
# rows may sum in a different order, and a new category would then change the last bit of other scores.
CATEGORY_BLOCK = 32
# For the same reason it chooses the order of multiplication as if there were this many categories.
NOMINAL_CATEGORIES = 200


class CPRFL(nn.Module):
    """The paper's head: from patch features and category texts to one logit per category.

    Shapes: B images, P patches, C categories, W backbone channels, T text width, D joint width.

    The default sizes are those of the paper: 49.3 M parameters.

    Args:
        backbone_dim: W. text_dim: T. dim: D, even.
        heads, dim_head: attention heads and the width of each.
        mlp_dim: hidden width of the MLP.
        dropout: after the attention's output projection and twice in the MLP.
        interaction: "joint" is the paper: prompts attend to patches and to each other. In "cross" they attend
            to patches only and categories are independent: in evaluation mode, appending a category leaves
            the scores of the others unchanged to the last bit (same images, same machine).
        attention_gradient: train prompts through the attention.
        classifier_gradient: train prompts as the classifier vectors that refined features are compared with.
            The paper does both; neither affects inference.
        residual: add a residual connection around attention and MLP. The paper's code has none.

    Raises:
        InputError: a size is not a positive integer, D is odd, dropout is outside [0, 1) or the mode is
            unknown.
    """

    def __init__(  # noqa: PLR0917 (flat arguments in the order of the paper's shapes)
        self,
        backbone_dim: int = 2048,
        text_dim: int = 1024,
        dim: int = 2048,
        heads: int = 8,
        dim_head: int = 512,
        mlp_dim: int = 2048,
        dropout: float = 0.1,
        interaction: Literal["joint", "cross"] = "joint",
        *,
        attention_gradient: bool = True,
        classifier_gradient: bool = True,
        residual: bool = False,
    ) -> None:
        super().__init__()
        sizes = {
            "backbone_dim": backbone_dim,
            "text_dim": text_dim,
            "dim": dim,
            "heads": heads,
            "dim_head": dim_head,
            "mlp_dim": mlp_dim,
        }
        _check_arguments(sizes, dropout, interaction)
        self.arguments: dict[str, int | float | str | bool] = {
            **sizes,
            "dropout": dropout,
            "interaction": interaction,
            "attention_gradient": attention_gradient,
            "classifier_gradient": classifier_gradient,
            "residual": residual,
        }
        self.backbone_dim, self.text_dim, self.dim = backbone_dim, text_dim, dim
        self.joint = interaction == "joint"
        self.attention_gradient, self.classifier_gradient = attention_gradient, classifier_gradient
        self.visual = nn.Linear(backbone_dim, dim)
        self.prompt_init = nn.Sequential(nn.Linear(text_dim, dim // 2), nn.GELU(), nn.Linear(dim // 2, dim))
        self.interaction = Interaction(
            dim, heads, dim_head, mlp_dim, dropout, joint=self.joint, residual=residual
        )

    def forward(self, patches: Tensor, text_features: Tensor, prompt_delta: Tensor | None = None) -> Tensor:
        """Score every category on every image.

        Args:
            patches: [B, P, W], row-major; any floating type, computed in the type of the weights.
            text_features: [C, T], not L2-normalised.
            prompt_delta: [C, D], added to the prompts: learned by tuning for each category.

        Returns:
            Logits [B, C].

        Raises:
            InputError: a shape is wrong, there is no category or no patch, or a feature is not finite.
        """
        check_patches(patches, self.backbone_dim)
        prompts = self.prompts(text_features, prompt_delta)
        tokens = self.visual(patches.to(self.visual.weight.dtype))  # [B, P, W] -> [B, P, D]
        order = self.order(len(prompts), patches=tokens.shape[1], batch=len(tokens))
        images = self.interaction.patch_side(tokens, order)
        parts = [self.interaction.logits(images, side, order) for side in self.category_sides(prompts, order)]
        logits = torch.cat(parts, dim=1)[:, : len(prompts)]  # [B, C], without padding
        check_finite(logits, patches=patches, text_features=text_features, prompt_delta=prompt_delta)
        return logits

    def prompts(self, text_features: Tensor, prompt_delta: Tensor | None = None) -> Tensor:
        """Return the category prompts [C, D] of text features [C, T], before the interaction.

        Raises:
            InputError: a shape is wrong or there is no category.
        """
        check_text(text_features, self.text_dim)
        blocks = self._blocks(text_features.to(self.visual.weight.dtype))
        prompts = torch.cat([self.prompt_init(block) for block in blocks])[: len(text_features)]
        if prompt_delta is None:
            return prompts
        if prompt_delta.shape != prompts.shape:
            raise InputError(
                f"The prompt deltas have shape {list(prompt_delta.shape)}; give one row of width {self.dim} "
                f"for each of the {len(prompts)} categories."
            )
        return prompts + prompt_delta

    def attention(self, patches: Tensor, text_features: Tensor, prompt_delta: Tensor | None = None) -> Tensor:
        """Return the attention of each category to each patch, [B, C, P], averaged over heads.

        A row sums to 1 in cross mode, to less in joint mode, where prompts also attend to prompts.

        Raises:
            InputError: as `forward`.
        """
        check_patches(patches, self.backbone_dim)
        prompts = self.prompts(text_features, prompt_delta)
        tokens = self.visual(patches.to(self.visual.weight.dtype))  # [B, P, W] -> [B, P, D]
        order = self.order(len(prompts), patches=tokens.shape[1], batch=len(tokens))
        images = self.interaction.patch_side(tokens, order)
        parts = [
            self.interaction.attention(images, side, order).mean(0)  # [H, C, B, P or P+1] -> [C, B, P or P+1]
            for side in self.category_sides(prompts, order)
        ]
        weights = torch.cat(parts)[: len(prompts), :, : tokens.shape[1]].transpose(0, 1)  # [B, C, P]
        check_finite(weights, patches=patches, text_features=text_features, prompt_delta=prompt_delta)
        return weights

    def fold(
        self, text_features: Tensor, prompt_delta: Tensor | None = None, *, patches: int = 196
    ) -> FoldedScorer:
        """Precompute everything that depends on the categories only, and return a scorer for images.

        The scorer is a snapshot: training the model further does not change it.

        Args:
            text_features, prompt_delta: as for `forward`.
            patches: expected P, for which the order of multiplication is optimised. Scores do not depend on
                it.

        Raises:
            InputError: as `forward`, or `patches` is not positive.
        """
        if patches < 1:
            raise InputError(f"The expected number of patches is {patches}; give a positive number.")
        snapshot = copy.deepcopy(self).eval().requires_grad_(False)
        with torch.no_grad():
            prompts = snapshot.prompts(text_features, prompt_delta)
            check_finite(prompts, text_features=text_features, prompt_delta=prompt_delta)
            order = snapshot.order(len(prompts), patches=patches, folded=True)
            block = block_size(snapshot.interaction, len(prompts), patches)
            sides = snapshot.category_sides(prompts, order, joint_block=block)
        return FoldedScorer(
            snapshot.visual,
            snapshot.interaction,
            sides,
            order,
            categories=len(prompts),
            block=block if snapshot.joint else CATEGORY_BLOCK,
        )

    def order(self, categories: int, *, patches: int, batch: int = 1, folded: bool = False) -> Order:
        """Choose the order of multiplication; in cross mode it does not depend on `categories`."""
        return cheapest_order(
            batch=batch,
            patches=patches,
            categories=categories if self.joint else NOMINAL_CATEGORIES,
            dim=self.dim,
            heads=self.interaction.heads,
            dim_head=self.interaction.dim_head,
            joint=self.joint,
            folded=folded,
        )

    def category_sides(
        self, prompts: Tensor, order: Order, joint_block: int | None = None
    ) -> list[CategorySide]:
        """Return the category side of the layer for prompts [C, D] in blocks; the last may contain padding.

        Args:
            joint_block: categories per block in joint mode, default all. Every block has the keys of all.
        """
        entering = prompts if self.attention_gradient else prompts.detach()
        classifier = prompts if self.classifier_gradient else prompts.detach()
        pairs = zip(self._blocks(entering, joint_block), self._blocks(classifier, joint_block), strict=True)
        keys = self.interaction.prompt_keys(entering)
        return [self.interaction.category_side(asking, against, keys, order) for asking, against in pairs]

    def _blocks(self, rows: Tensor, joint_block: int | None = None) -> tuple[Tensor, ...]:
        """Split rows [C, ...]; in cross mode into padded blocks of equal size, except in training mode."""
        if self.joint:
            return torch.split(rows, joint_block or len(rows))
        if self.training:
            return (rows,)
        padding = rows.new_zeros(-len(rows) % CATEGORY_BLOCK, rows.shape[1])
        # Copied even without padding: a slice may have another alignment, with which kernels sum differently.
        return torch.split(torch.cat([rows, padding]), CATEGORY_BLOCK)


def _check_arguments(sizes: dict[str, int], dropout: float, interaction: str) -> None:
    for name, size in sizes.items():
        if not isinstance(size, int) or size < 1:
            raise InputError(f"{name} is {size}; give a positive whole number.")
    if sizes["dim"] % 2:
        raise InputError(
            f"dim is {sizes['dim']}; give an even number, because the prompt network uses half of it."
        )
    if not 0.0 <= dropout < 1.0:
        raise InputError(f"dropout is {dropout}; give a number in [0, 1).")
    if interaction not in ("joint", "cross"):
        raise InputError(f'interaction is "{interaction}"; give "joint" or "cross".')
