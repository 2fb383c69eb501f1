"""Models for the indexing benchmark: backbones, and architectures with random weights, for timing only."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from cprfl_core.backbone.transfers import transfers_for
from cprfl_core.common.device import DeviceChoice, choose_device
from cprfl_core.features.token_compression import TokenCompression
from cprfl_core.images.preprocessing import Preprocessing

RANDOM = "random:"


def load_encoder(name: str, device: str | None) -> Any:
    """A backbone by name, or ``random:NAME`` for an architecture of open_clip with random weights."""
    if name.startswith(RANDOM):
        return random_backbone(name.removeprefix(RANDOM), device)
    from cprfl_core.backbone.backbone import load_backbone

    return load_backbone(name, device=device)


def random_backbone(name: str, device: str | None) -> Any:
    """Without open_clip, timm's ViT-B/16 with the same steps around it."""
    choice = choose_device(device)
    torch.manual_seed(0)
    try:
        import open_clip

        from cprfl_core.backbone.backbone import Backbone
        from cprfl_core.backbone.prompts import PromptEncoder
    except ImportError:
        return TimmVit(choice)
    logging.disable(logging.WARNING)  # it warns about random weights, which are intended
    try:
        model = open_clip.create_model(name, load_weights=False, pretrained_text=False)
    finally:
        logging.disable(logging.NOTSET)
    model = model.eval().requires_grad_(False).to(choice.device)
    if name.startswith("RN"):
        model = model.to(memory_format=torch.channels_last)
    size = model.visual.image_size
    return Backbone(
        model.visual,
        Preprocessing(size if isinstance(size, int) else tuple(size)),
        choice,
        name=name,
        key=f"{name}-random",
        text=PromptEncoder(model, open_clip.get_tokenizer(name), choice.device),
    )


class TimmVit:
    """timm's vit_base_patch16_224, read as Backbone reads a transformer."""

    grid = (14, 14)
    patch_width = 768
    key = "vit_base_patch16_224-random"
    preprocessing = Preprocessing(224)

    def __init__(self, choice: DeviceChoice) -> None:
        import timm

        self.choice = choice
        self.device = choice.device
        self.overlaps = choice.kind == "cuda"
        self._tower: Any = timm.create_model("vit_base_patch16_224", num_classes=0).eval().to(choice.device)
        self._transfers = transfers_for(choice.device)
        self._pooling: torch.Tensor | None = None

    def begin(
        self, pixels: Sequence[np.ndarray], basis: TokenCompression | None
    ) -> Callable[[], tuple[np.ndarray, np.ndarray | None]]:
        enabled = self.choice.precision != "float32"
        with torch.inference_mode(), torch.autocast(self.choice.kind, self.choice.dtype, enabled=enabled):
            batch = self._transfers.upload(pixels).float() / 127.5 - 1.0
            features = self._tower.forward_features(batch)
            results = [torch.nn.functional.normalize(features[:, 0].float(), dim=-1)]
        if basis is not None:
            if self._pooling is None:
                self._pooling = torch.from_numpy(basis.pooling).to(self.device)
            results.append(self._pooling @ features[:, 1:].float())
        download = self._transfers.download(results)

        def wait() -> tuple[np.ndarray, np.ndarray | None]:
            arrays = download()
            return arrays[0], arrays[1] if basis is not None else None

        return wait
