"""Image towers for end-to-end training, as modules from images [B,3,S,S] to patch tokens [B,P,W].

Nothing is downloaded: weights come from a file; without one a trunk starts from random weights.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from cprfl_core.benchmark.trunk_weights import load_trunk_weights
from cprfl_core.common.errors import BackboneError
from cprfl_core.datasets.transforms import NORMALISATIONS, Channels

RESNETS: Final = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")
TINY: Final = "tiny"
_SIZE: Final = 448
_TINY_SIZE: Final = 32


@dataclass(frozen=True, slots=True)
class Trunk:
    """``build(seed)`` returns the module with its initial weights; ``patches`` and ``width`` are P and W.

    ``mean`` and ``std`` are for channels in 0 to 1; ``fingerprint`` identifies the weights ("random" if none
    were given).
    """

    name: str
    build: Callable[[int], nn.Module]
    size: int
    mean: Channels
    std: Channels
    patches: int
    width: int
    fingerprint: str


def build_trunk(
    name: str, weights: Path | None = None, *, size: int | None = None, normalisation: str = "none"
) -> Trunk:
    """Build a trunk by name.

    ``name``: one of `RESNETS`, torchvision's architecture without pooling and classifier; "tiny", two
    convolutions for quick tests; or an image tower as for `load_backbone`. ``weights``: a complete state dict
    as safetensors or .pth, which is read without running code in it.

    Raises:
        BackboneError: no such model, or weights that are missing, damaged, unsafe or of another architecture.
    """
    if name in RESNETS:
        make, own, stamp = _resnet(name, weights)
        own_size = _SIZE
    elif name == TINY:
        if weights is not None:
            raise BackboneError(f"The tiny trunk has no weights; omit {weights} or use another backbone.")
        make, own, stamp, own_size = TinyTrunk, NORMALISATIONS["none"], "random", _TINY_SIZE
    else:
        make, own, stamp, own_size = _tower(name, weights)
    if normalisation != "backbone":
        if normalisation not in NORMALISATIONS:
            raise BackboneError(
                f"There is no normalisation {normalisation!r}; use {', '.join(NORMALISATIONS)} or backbone."
            )
        own = NORMALISATIONS[normalisation]
    side = size or own_size
    patches, width = _shape(name, _seeded(make, 0), side)
    return Trunk(name, lambda seed: _seeded(make, seed), side, own[0], own[1], patches, width, stamp)


class ResNetTrunk(nn.Module):
    """The convolutions of a torchvision ResNet: [B,3,S,S] -> [B,P,W], row by row."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        parts = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4")
        self.parts = nn.Sequential(*(getattr(network, part) for part in parts))

    def forward(self, images: Tensor) -> Tensor:
        """Return tokens [B,P,W]."""
        features: Tensor = self.parts(images)  # [B, W, h, w]
        return features.flatten(2).transpose(1, 2)


class TinyTrunk(nn.Module):
    """Two convolutions with stride 16 in total, for quick tests."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.parts = nn.Sequential(
            nn.Conv2d(3, 12, 3, stride=2, padding=1),
            nn.BatchNorm2d(12),
            nn.ReLU(),
            nn.Conv2d(12, width, 3, stride=2, padding=1),
            nn.ReLU(),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return tokens [B,P,W]."""
        features: Tensor = self.parts(images)
        return features.flatten(2).transpose(1, 2)


class TowerTrunk(nn.Module):
    """The image tower of an open_clip model: [B,3,S,S] -> [B,P,W]."""

    def __init__(self, visual: nn.Module, size: int) -> None:
        from cprfl_core.backbone.towers import find_extractor

        super().__init__()
        noise = torch.randn((2, 3, size, size), generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            self._extract = find_extractor(visual.eval(), noise)
        self.visual = visual

    def forward(self, images: Tensor) -> Tensor:
        """Return tokens [B,P,W]."""
        return self._extract(self.visual, images).tokens


_Made = tuple[Callable[[], nn.Module], tuple[Channels, Channels], str]


def _resnet(name: str, weights: Path | None) -> _Made:
    import torchvision

    def make() -> nn.Module:
        network = getattr(torchvision.models, name)(weights=None)
        if weights is not None:
            load_trunk_weights(network, weights, name)
        return ResNetTrunk(network)

    return make, NORMALISATIONS["imagenet"], _stamp(weights, name)


def _tower(
    name: str, weights: Path | None
) -> tuple[Callable[[], nn.Module], tuple[Channels, Channels], str, int]:
    from cprfl_core.backbone import architectures
    from cprfl_core.backbone.checkpoints import fingerprint, load_weights

    found = architectures.resolve(name, weights, allow_download=False)

    def make() -> nn.Module:
        model: Any = architectures.build(found, allow_download=False)[0]
        load_weights(model, found.weights, found.label)
        return TowerTrunk(model.visual, _square(name, model.visual.image_size))

    visual: Any = architectures.build(found, allow_download=False)[0].visual
    config = {**visual.preprocess_cfg, **found.preprocess}
    mean, std = (
        tuple(float(value) for value in config.get(key) or NORMALISATIONS["clip"][at])
        for at, key in enumerate(("mean", "std"))
    )
    own = ((mean[0], mean[1], mean[2]), (std[0], std[1], std[2]))
    return make, own, fingerprint(found.weights, found.config), _square(name, visual.image_size)


def _square(name: str, size: Any) -> int:
    height, width = (size, size) if isinstance(size, int) else size
    if height != width:
        raise BackboneError(f"{name} takes images of {height} x {width}; use one with square input.")
    return int(height)


def _stamp(weights: Path | None, name: str) -> str:
    if weights is None:
        return "random"
    from cprfl_core.backbone.checkpoints import fingerprint

    if not weights.is_file():
        raise BackboneError(f"The weights file {weights} does not exist.")
    return fingerprint(weights, {"architecture": name})


def _seeded(make: Callable[[], nn.Module], seed: int) -> nn.Module:
    """Build with random weights that depend only on the seed; the global generator is restored."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return make()


def _shape(name: str, module: nn.Module, size: int) -> tuple[int, int]:
    """P and W for images of ``size``, computed on the meta device; the module cannot be used afterwards."""
    try:
        with torch.no_grad():
            tokens = module.eval().to("meta")(torch.zeros(1, 3, size, size, device="meta"))
    except (RuntimeError, AssertionError, ValueError) as error:
        raise BackboneError(
            f"{name} cannot read images of {size} pixels ({str(error).splitlines()[0]})."
        ) from error
    return int(tokens.shape[1]), int(tokens.shape[2])
