"""Extracts patch tokens and the global embedding of any image tower, in one pass.

Shapes: images [B,3,H,W] -> pooled [B,D] (the tower's output, not normalised), tokens [B,P,W] in row-major
order, and the grid (rows, columns) with rows * columns = P.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from open_clip.modified_resnet import ModifiedResNet
from open_clip.timm_model import TimmModel
from open_clip.transformer import VisionTransformer
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn


class TowerOutput(NamedTuple):
    """pooled [B,D], tokens [B,P,W], grid (rows, columns)."""

    pooled: Tensor
    tokens: Tensor
    grid: tuple[int, int]


Extract = Callable[[Any, Tensor], TowerOutput]


def find_extractor(visual: nn.Module, images: Tensor) -> Extract:
    """The extractor for this tower, verified on ``images``: its pooled output must equal the tower's.

    The extractor of its class is tried first. If that fails, or the class is unknown, hooks are used. Raises
    ValueError if they find no patch grid.
    """
    expected = _first(visual(images))
    if not expected.isfinite().all():
        raise ValueError("its output is not finite, so its weights are damaged")
    for extract in _candidates(visual):
        try:
            found = extract(visual, images)
        except torch.OutOfMemoryError:
            raise
        except (AttributeError, TypeError, ValueError, RuntimeError, IndexError):
            continue
        if _same(found.pooled, expected) and found.tokens.shape[1] == found.grid[0] * found.grid[1]:
            return extract
    raise ValueError(f"no patch grid found in a {type(visual).__name__}")


def _candidates(visual: nn.Module) -> list[Extract]:
    known: dict[type[nn.Module], Extract] = {
        VisionTransformer: from_vision_transformer,
        ModifiedResNet: from_modified_resnet,
        TimmModel: from_timm,
        EfficientNet: from_efficientnet,
    }
    return [*(extract for kind, extract in known.items() if isinstance(visual, kind)), from_hooks]


def from_vision_transformer(visual: VisionTransformer, images: Tensor) -> TowerOutput:
    """Tokens of the last block without the class token, with the same final norm as the pooled output."""
    normed = visual.attn_pool is None and not visual.final_ln_after_pool
    output = visual.forward_intermediates(
        images, indices=1, normalize_intermediates=normed, output_fmt="NLC", output_extra_tokens=False
    )
    return TowerOutput(output["image_features"], output["image_intermediates"][-1], visual.grid_size)


def from_modified_resnet(visual: ModifiedResNet, images: Tensor) -> TowerOutput:
    """The input of the attention pool."""
    features = visual.stem(images)
    for layer in (visual.layer1, visual.layer2, visual.layer3, visual.layer4):
        features = layer(features)
    return TowerOutput(visual.attnpool(features), *_from_map(features))


def from_timm(visual: TimmModel, images: Tensor) -> TowerOutput:
    """The trunk's unpooled features: a map in either layout, or a sequence after prefix tokens."""
    trunk = visual.trunk
    features = trunk.forward_features(images)
    pooled = visual.head(trunk.forward_head(features))
    if features.ndim == 4:
        return TowerOutput(pooled, *_from_map(_channels_first(features, trunk)))
    tokens = features[:, int(getattr(trunk, "num_prefix_tokens", 0)) :]
    grid = getattr(getattr(trunk, "patch_embed", None), "grid_size", None)
    if grid is None or grid[0] * grid[1] != tokens.shape[1]:
        grid = grid_like(tokens.shape[1], images.shape[-2], images.shape[-1])
    return TowerOutput(pooled, tokens, (int(grid[0]), int(grid[1])))


def from_efficientnet(visual: EfficientNet, images: Tensor) -> TowerOutput:
    """The feature map before pooling, and its mean."""
    features = visual.forward_features(images)
    return TowerOutput(visual.forward_head(features), *_from_map(features))


def from_hooks(visual: nn.Module, images: Tensor) -> TowerOutput:
    """The last map or token sequence that any submodule outputs before pooling."""
    last: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: object, output: object) -> None:
        if isinstance(output, Tensor) and _is_grid(output, len(images)):
            last[:] = [output]

    handles = [module.register_forward_hook(keep) for module in visual.modules() if module is not visual]
    try:
        pooled = _first(visual(images))
    finally:
        for handle in handles:
            handle.remove()
    if not last:
        raise ValueError("no module returns a feature map or a sequence")
    features = last[0]
    if features.ndim == 4:
        return TowerOutput(pooled, *_from_map(features))
    for prefix in range(3):
        count = features.shape[1] - prefix
        rows, columns = grid_like(count, images.shape[-2], images.shape[-1])
        # With a class token, no grid of the image's shape has this many cells.
        if abs(rows / columns - images.shape[-2] / images.shape[-1]) < 0.1:
            return TowerOutput(pooled, features[:, prefix:], (rows, columns))
    raise ValueError("the sequence is not a grid")


def grid_like(count: int, height: int, width: int) -> tuple[int, int]:
    """Rows and columns with ``count`` cells whose ratio is closest to the image's."""
    pairs = [(rows, count // rows) for rows in range(1, count + 1) if count % rows == 0]
    return min(pairs, key=lambda pair: abs(pair[0] * width - pair[1] * height))


def _first(output: Any) -> Tensor:
    """The pooled output; CoCa towers return (pooled, tokens)."""
    pooled = output[0] if isinstance(output, tuple) else output
    if not isinstance(pooled, Tensor) or pooled.ndim != 2:
        raise ValueError("the tower returns no pooled embedding")
    return pooled


def _same(found: Tensor, expected: Tensor) -> bool:
    if found.shape != expected.shape:
        return False
    difference = (found.float() - expected.float()).norm()
    return bool(difference <= 1e-3 * expected.float().norm())


def _is_grid(output: Tensor, batch: int) -> bool:
    if output.ndim not in (3, 4) or len(output) != batch:
        return False
    return output.shape[1] > 1 if output.ndim == 3 else min(output.shape[2:]) > 1


def _from_map(features: Tensor) -> tuple[Tensor, tuple[int, int]]:
    rows, columns = features.shape[-2:]
    return features.flatten(2).transpose(1, 2), (int(rows), int(columns))  # [B,C,h,w] -> [B,h*w,C]


def _channels_first(features: Tensor, trunk: nn.Module) -> Tensor:
    """Swin-like towers have channels last; the layout is recognised by the trunk's width."""
    width = int(getattr(trunk, "num_features", 0))
    first, last = features.shape[1] == width, features.shape[-1] == width
    channels_last = last if first != last else getattr(trunk, "output_fmt", "NCHW") == "NHWC"
    return features.permute(0, 3, 1, 2) if channels_last else features
