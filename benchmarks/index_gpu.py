"""The part of the indexing benchmark that needs a CUDA device: rate, share of the peak, utilisation."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from index_models import random_backbone
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from cprfl_core.features.indexing import ImageItem, index_images
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import plain_basis

MODEL = "ViT-B-16"
_SQUARE = 8192


def gpu_report(items: list[ImageItem], folder: Path, images: int, batch: int) -> dict[str, Any]:
    """Images per second of model and pipeline, TFLOP/s and their share of the measured peak, utilisation."""
    encoder = random_backbone(MODEL, "cuda")
    peak = peak_flops(encoder.choice.dtype)
    flops = flops_an_image(encoder)
    alone = images / model_seconds(encoder, images, batch)
    many = [ImageItem(number, items[number % len(items)].path, 1 + number) for number in range(images)]
    index_images(encoder, many[: 2 * batch], FeatureStore(folder / "gpu-warm"), patches="pooled")
    seconds = index_images(
        encoder, many, FeatureStore(folder / "gpu"), patches="pooled", batch_size=batch
    ).seconds
    return {
        "model": MODEL,
        "device": torch.cuda.get_device_name(),
        "precision": encoder.choice.precision,
        "batch": batch,
        "model_images_per_second": round(alone, 1),
        "pipeline_images_per_second": round(images / seconds, 1),
        "tflops": round(alone * flops / 1e12, 1),
        "peak_tflops": round(peak / 1e12, 1),
        "share_of_peak": round(alone * flops / peak, 3),
        "pipeline_busy_share": round(busy_share(encoder, many, folder, batch), 3),
    }


def peak_flops(dtype: torch.dtype) -> float:
    """FLOP/s of a large matrix product in the model's precision, the best of ten."""
    a, b = (torch.randn(_SQUARE, _SQUARE, device="cuda", dtype=dtype) for _ in range(2))
    best = float("inf")
    for _ in range(10):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        a @ b
        end.record()
        end.synchronize()
        best = min(best, begin.elapsed_time(end) / 1e3)
    return 2.0 * _SQUARE**3 / best


def flops_an_image(encoder: Any) -> float:
    """Multiplications and additions of the tower for one image."""
    counter = FlopCounterMode(display=False)
    with counter:
        encoder.begin(noise(encoder, 1), None)()
    return float(counter.get_total_flops())


def model_seconds(encoder: Any, images: int, batch: int) -> float:
    """Time of the model on pixels in host memory, including transfers, one batch ahead."""
    pixels, basis = noise(encoder, batch), plain_basis(encoder.grid, encoder.patch_width)
    for _ in range(3):
        encoder.begin(pixels, basis)()
    begin, before = time.perf_counter(), None
    for _ in range(images // batch):
        pending = encoder.begin(pixels, basis)
        if before is not None:
            before()
        before = pending
    if before is not None:
        before()
    return (time.perf_counter() - begin) * images / (images // batch * batch)


def busy_share(encoder: Any, items: list[ImageItem], folder: Path, batch: int) -> float:
    """Time in kernels, without copies, as a share of the wall time of an indexing run."""
    with profile(activities=[ProfilerActivity.CUDA]) as profiler:
        summary = index_images(
            encoder, items, FeatureStore(folder / "gpu-busy"), patches="pooled", batch_size=batch
        )
    kernels = [
        event.self_device_time_total
        for event in profiler.key_averages()
        if not event.key.lower().startswith(("memcpy", "memset"))
    ]
    return float(sum(kernels)) / 1e6 / summary.seconds


def noise(encoder: Any, count: int) -> list[np.ndarray]:
    size = (count, 3, encoder.preprocessing.height, encoder.preprocessing.width)
    return list(np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8))
