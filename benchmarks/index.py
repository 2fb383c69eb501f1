"""Time indexing: the whole pipeline against the bare model and bare decoding, and torch against onnxruntime.

    python benchmarks/index.py [--json] [--backbone NAME] [--photos DIR] [--engines NAME ...]

Images are JPEGs of the size of a photograph, created in a temporary folder, or those in DIR. The engine is
the one that indexing as many images would use. All sides run alternately in this process. The upper bound of
the rate is 1 / (1 / model + 1 / decoding) on a CPU, which both share, and the slower of the two with a GPU.
Besides wall time, the CPU time of all threads is reported, which other programs affect less. On a CUDA
machine ViT-B-16 (random weights) is timed too: images per second, share of the peak of a matrix product, and
utilisation of the GPU.
"""

from __future__ import annotations

import os

# As the program itself does before torch is imported: spinning threads would take CPU time from the decoders.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ["KINETO_LOG_LEVEL"] = "99"
os.environ["TORCH_CPP_LOG_LEVEL"] = "ERROR"

import argparse
import json
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from index_models import load_encoder, random_backbone
from index_photos import make_photos, repeated

from cprfl_core.backbone.photo_models import PHOTO_MODELS
from cprfl_core.features.indexing import ImageEncoder, ImageItem, index_images
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import TokenCompression, plain_basis
from cprfl_core.images.decoding import read_pixels, thread_count
from cprfl_core.onnx.engine_choice import faster_encoder

GOAL = 0.9
Pixels = Sequence[np.ndarray]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Time indexing on this machine.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--backbone", default="bundled", help="a backbone, or random:NAME of open_clip")
    parser.add_argument("--device", default=None)
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--photos", type=Path, default=None, help="a folder of JPEGs, repeated as needed")
    parser.add_argument("--size", type=int, nargs=2, default=[1024, 768], metavar=("WIDTH", "HEIGHT"))
    parser.add_argument("--batch", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--engines", nargs="*", default=["bundled", *PHOTO_MODELS, "ViT-B-32", "ViT-B-16", "RN50"]
    )
    parser.add_argument("--engine-images", type=int, default=8)
    parser.add_argument("--gpu-images", type=int, default=4096)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="index-benchmark-") as name:
        folder = Path(name)
        if asked.photos is None:
            items = make_photos(folder / "photos", asked.images, (asked.size[0], asked.size[1]))
        else:
            items = repeated(asked.photos, asked.images)
        backbone = load_encoder(asked.backbone, asked.device)
        encoder, reason = faster_encoder(backbone, folder / "engine", asked.images)
        batch = asked.batch or (128 if encoder.device.startswith("cuda") else 16)
        report: dict[str, Any] = {
            "machine": machine(backbone),
            "backbone": backbone.key,
            "engine": reason,
            "images": {
                "count": asked.images,
                "size": None if asked.photos else asked.size,
                "mean_bytes": mean_bytes(items),
            },
            "pipeline": pipeline(encoder, items, folder, batch, asked.rounds),
            "engines": [
                engines(one, folder / "onnx", asked.engine_images, asked.rounds) for one in asked.engines
            ],
            "gpu": None,
        }
        if torch.cuda.is_available():
            from index_gpu import gpu_report

            report["gpu"] = gpu_report(items, folder, asked.gpu_images, asked.batch or 256)
    print(json.dumps(report) if asked.json else as_text(report))


def pipeline(
    encoder: ImageEncoder, items: list[ImageItem], folder: Path, batch: int, rounds: int
) -> dict[str, Any]:
    """Rates of the three sides, measured alternately; the share of the bound is the median over rounds."""
    threads = thread_count()
    pixels = decode_all(encoder, items, threads)
    basis = plain_basis(encoder.grid, encoder.patch_width)
    sides: dict[str, Callable[[int], object]] = {
        "decoding": lambda _: decode_all(encoder, items, threads),
        "model": lambda _: embed_all(encoder, pixels, basis, batch),
        "pipeline": lambda turn: index_images(
            encoder, items, FeatureStore(folder / f"store-{turn}"), patches="pooled", batch_size=batch
        ),
    }
    embed_all(encoder, pixels[:batch], basis, batch)
    wall: dict[str, list[float]] = {name: [] for name in sides}
    processor: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds):
        for name, work in sides.items():
            begin, busy = time.perf_counter(), time.process_time()
            work(turn)
            wall[name].append((time.perf_counter() - begin) / len(items))
            processor[name].append((time.process_time() - busy) / len(items))
    shared = encoder.device == "cpu"
    bounds = [(sum if shared else max)(pair) for pair in zip(wall["model"], wall["decoding"], strict=True)]
    shares = [bound / real for bound, real in zip(bounds, wall["pipeline"], strict=True)]
    best = {name: min(times) for name, times in wall.items()}
    best_bound = best["model"] + best["decoding"] if shared else max(best["model"], best["decoding"])
    used = {name: min(times) for name, times in processor.items()}
    return {
        "batch": batch,
        "decoding_threads": threads,
        "images_per_second": {name: round(1 / seconds, 1) for name, seconds in best.items()},
        "bound": round(1 / best_bound, 1),
        "share_of_bound": {
            "median": round(statistics.median(shares), 3),
            "of_best": round(best_bound / best["pipeline"], 3),
            "turns": [round(share, 3) for share in shares],
        },
        "processor_ms_an_image": {name: round(1e3 * seconds, 2) for name, seconds in used.items()},
        "processor_share": round((used["model"] + used["decoding"]) / used["pipeline"], 3),
        "goal": GOAL,
    }


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


def decode_all(encoder: ImageEncoder, items: Sequence[ImageItem], threads: int) -> list[np.ndarray]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda item: read_pixels(item.path, encoder.preprocessing), items))


def embed_all(encoder: ImageEncoder, pixels: Pixels, basis: TokenCompression, batch: int) -> None:
    """Call the model like the pipeline: if it is asynchronous, one batch ahead of the result."""
    before: Callable[[], object] | None = None
    for start in range(0, len(pixels), batch):
        pending = encoder.begin(pixels[start : start + batch], basis)
        if before is not None:
            before()
        before = pending
    if before is not None:
        before()


def mean_bytes(items: Sequence[ImageItem]) -> int:
    return sum(item.path.stat().st_size for item in items) // len(items)


def machine(encoder: Any) -> dict[str, Any]:
    return {
        "device": encoder.device,
        "name": getattr(getattr(encoder, "choice", None), "name", ""),
        "processors": thread_count(),
        "threads": torch.get_num_threads(),
        "load": [round(load, 1) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "torch": torch.__version__,
        "python": platform.python_version(),
    }


def as_text(report: dict[str, Any]) -> str:
    found, rates = report["pipeline"], report["pipeline"]["images_per_second"]
    share = found["share_of_bound"]
    lines = [
        "{count} JPEGs of size {size}, {mean_bytes:,} bytes each".format(**report["images"]),
        str(report["machine"]),
        f"{report['backbone']}, {report['engine']}",
        f"decoding {rates['decoding']}/s, model {rates['model']}/s, bound {found['bound']}/s, "
        f"pipeline {rates['pipeline']}/s",
        f"share of the bound: median {share['median']:.1%}, of the best times {share['of_best']:.1%}, "
        f"of processor time {found['processor_share']:.1%} (goal {GOAL:.0%})",
    ]
    for row in report["engines"]:
        if "fault" in row:
            lines.append(f"{row['model']}: {row['fault']}")
            continue
        times = row["ms_an_image"]
        lines.append(
            f"{row['model']}: torch {times['torch']} ms, onnxruntime {times['onnxruntime']} ms an image, "
            f"{row['onnxruntime_faster']:.2f} times as fast; cosine difference {row['cosine_difference']:.0e}"
        )
    lines.append(f"GPU: {report['gpu'] or 'no CUDA device, this part did not run'}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
