"""The image tower of the bundled backbone, as a timm model for open_clip.

A small residual network with a dilated last stage of stride 16, so that a 144-pixel image gives a 9 x 9 grid
of patch features: enough resolution for CPRFL, and fast enough for a laptop's CPU.
"""

from typing import Any

from timm.models import is_model, register_model
from timm.models.resnet import BasicBlock, ResNet

CHANNELS = (32, 64, 128, 256)
LAYERS = (1, 1, 2, 2)
NAME = "tailspotter_resnet_s16"


def register() -> None:
    """Register the tower with timm as ``NAME``; idempotent."""
    if not is_model(NAME):
        register_model(tailspotter_resnet_s16)


def tailspotter_resnet_s16(pretrained: bool = False, **options: Any) -> ResNet:
    """timm entry point. ``pretrained`` must be False: the weights are in the open_clip checkpoint."""
    if pretrained:
        raise ValueError("the bundled tower has no weights of its own; load the bundled checkpoint")
    for name in ("pretrained_cfg", "pretrained_cfg_overlay", "cache_dir"):
        options.pop(name, None)
    block: Any = BasicBlock  # timm's annotation says instance, but its code needs the class
    made: Any = ResNet(
        block,
        LAYERS,
        channels=CHANNELS,
        stem_type="deep",
        stem_width=16,
        output_stride=16,
        **options,
    )
    made.default_cfg = made.pretrained_cfg = {"pool_size": (9, 9), "input_size": (3, 144, 144)}
    model: ResNet = made
    return model
