"""Models for the indexing benchmark: backbones, and architectures with random weights, for timing only.

Also torch against onnxruntime for one of them.
"""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cprfl_core.backbone.photo_models import PHOTO_MODELS
from cprfl_core.backbone.transfers import transfers_for
from cprfl_core.common.device import DeviceChoice, choose_device
from cprfl_core.features.token_compression import TokenCompression, plain_basis
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


def engines(name: str, folder: Path, images: int, rounds: int) -> dict[str, Any]:
    """Torch against onnxruntime on the CPU; random weights for models of open_clip."""
    from cprfl_core.common.errors import CoreError
    from cprfl_core.onnx.engine_choice import difference
    from cprfl_core.onnx.export import export_tower
    from cprfl_core.onnx.runtime import OnnxEncoder, OnnxGraph, choose_provider

    with_weights = name in ("bundled", *PHOTO_MODELS)
    backbone = load_encoder(name, "cpu") if with_weights else random_backbone(name, "cpu")
    size = (images, 3, backbone.preprocessing.height, backbone.preprocessing.width)
    pixels = list(np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8))
    path = folder / f"{name}.onnx"
    begin = time.perf_counter()
    try:
        weights = export_tower(backbone, path)
        graph = OnnxGraph(
            path,
            key=backbone.key,
            weights=weights,
            provider=choose_provider(preferred="cpu"),
            threads=torch.get_num_threads(),
        )
    except CoreError as error:
        return {"model": name, "fault": error.sentence}
    exported = time.perf_counter() - begin
    sides = {
        "torch": backbone,
        "onnxruntime": OnnxEncoder(graph, backbone.preprocessing, backbone.grid, backbone.patch_width),
    }
    basis = plain_basis(backbone.grid, backbone.patch_width)
    wall, processor = {one: float("inf") for one in sides}, {one: float("inf") for one in sides}
    for turn in range(rounds + 1):
        for one, side in sides.items():
            begin, busy = time.perf_counter(), time.process_time()
            side.begin(pixels, basis)()
            if turn:  # the first warms up
                wall[one] = min(wall[one], (time.perf_counter() - begin) / images)
                processor[one] = min(processor[one], (time.process_time() - busy) / images)
    cosine, tokens = difference(backbone, sides["onnxruntime"], pixels[:3])
    path.unlink()
    return {
        "model": name,
        "batch": images,
        "export_seconds": round(exported, 1),
        "ms_an_image": {one: round(1e3 * seconds, 2) for one, seconds in wall.items()},
        "processor_ms_an_image": {one: round(1e3 * seconds, 2) for one, seconds in processor.items()},
        "onnxruntime_faster": round(wall["torch"] / wall["onnxruntime"], 3),
        "cosine_difference": cosine,
        "token_difference": tokens,
    }


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
