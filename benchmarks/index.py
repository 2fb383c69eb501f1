"""Time indexing: the program against the bare model and bare decoding, and torch against onnxruntime.

    python benchmarks/index.py [--json] [--backbones NAME ...] [--cores N ...] [--photos DIR]
        [--engines NAME ...]

Images are JPEGs of the size of a photograph, created in a temporary folder, or those in DIR. The engine is
the one that would index many images. For each model and number of cores all sides run alternately in this
process, so that other programs slow all of them down alike: bare decoding (and resizing), the bare model on
decoded pixels, the program, and the program that also makes thumbnails. The program already has the basis of
the patch tokens; fitting it in the first 256 images of a project is told beside. On a CPU decoding and model
share the cores, so the most that the program can reach is 1 / (1 / model + 1 / decoding), the *bound*; with a
GPU it is the slower of the two. Besides wall time, the processor time of all threads is reported. On a CUDA
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
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from index_models import engines, load_encoder
from index_photos import make_photos, repeated
from PIL import Image

from cprfl_core.features.indexing import ImageEncoder, ImageItem, index_images
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import TokenCompression, plain_basis
from cprfl_core.images.decoding import read_pixels, thread_count
from cprfl_core.images.thumbnail import encode_thumbnail
from cprfl_core.onnx.engine_choice import faster_encoder

GOAL = 0.9
BACKBONES = ("photo-lite2", "photo-lite0", "random:ViT-B-32", "random:ViT-B-16")
MANY = 10_000
"""The engine is the one for this many images."""
THUMBNAIL = 320
Pixels = Sequence[np.ndarray]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Time indexing on this machine.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--backbones", nargs="*", default=BACKBONES, help="backbones, or random:NAME of open_clip"
    )
    parser.add_argument("--cores", nargs="*", type=int, default=[], help="numbers of cores, ascending")
    parser.add_argument("--device", default=None)
    parser.add_argument("--images", type=int, default=504)
    parser.add_argument("--turn-seconds", type=float, default=20, help="fewer images for a slow model")
    parser.add_argument("--photos", type=Path, default=None, help="a folder of JPEGs, repeated as needed")
    parser.add_argument("--size", type=int, nargs=2, default=[1024, 768], metavar=("WIDTH", "HEIGHT"))
    parser.add_argument("--batch", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", nargs="*", default=[], help="compare torch with onnxruntime for these")
    parser.add_argument("--engine-images", type=int, default=8)
    parser.add_argument("--gpu-images", type=int, default=4096)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="index-benchmark-") as name:
        folder = Path(name)
        if asked.photos is None:
            items = make_photos(folder / "photos", asked.images, (asked.size[0], asked.size[1]))
        else:
            items = repeated(asked.photos, asked.images)
        report: dict[str, Any] = {
            "machine": machine(),
            "images": {
                "count": asked.images,
                "size": None if asked.photos else asked.size,
                "mean_bytes": mean_bytes(items),
            },
            "models": [],
            "engines": [],
            "gpu": None,
        }
        for cores in asked.cores or [thread_count()]:
            for backbone in asked.backbones:
                place = folder / backbone.replace(":", "-") / str(cores)
                with only_cores(cores):
                    report["models"].append(rates(backbone, items, place, asked))
        for one in asked.engines:
            report["engines"].append(engines(one, folder / "onnx", asked.engine_images, asked.rounds))
        if torch.cuda.is_available():
            from index_gpu import gpu_report

            report["gpu"] = gpu_report(items, folder, asked.gpu_images, asked.batch or 256)
        report["machine"]["load_after"] = load()
    print(json.dumps(report) if asked.json else as_text(report))


@contextmanager
def only_cores(count: int) -> Iterator[None]:
    """This thread, and those that it starts, on the first ``count`` cores that the process may use."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    usable, threads = os.sched_getaffinity(0), torch.get_num_threads()
    os.sched_setaffinity(0, sorted(usable)[:count])
    torch.set_num_threads(count)
    try:
        yield
    finally:
        os.sched_setaffinity(0, usable)
        torch.set_num_threads(threads)


def rates(name: str, items: list[ImageItem], folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Rates of all sides, measured alternately; the shares are medians over the turns."""
    backbone = load_encoder(name, asked.device)
    encoder, reason = faster_encoder(backbone, folder / "engine", MANY)
    batch, threads = asked.batch or (128 if encoder.device.startswith("cuda") else 16), thread_count()
    basis = plain_basis(encoder.grid, encoder.patch_width)
    few = decode_all(encoder, items[: min(batch, 8)], threads)
    embed_all(encoder, few, basis, batch)
    begin = time.perf_counter()
    embed_all(encoder, few, basis, batch)
    fitting = asked.turn_seconds * len(few) / (time.perf_counter() - begin)
    items = items[: max(batch, int(fitting) // batch * batch)]
    pixels = decode_all(encoder, items, threads)
    first = FeatureStore(folder / "first")
    busy = time.process_time()
    index_images(encoder, items, first, patches="pooled", batch_size=batch, threads=threads)
    first_run, fitted = time.process_time() - busy, first.basis

    def program(turn: int, *, thumbnails: bool = False) -> object:
        made: deque[bytes] = deque()

        def make(_item: int, picture: Image.Image) -> None:
            if max(picture.size) >= THUMBNAIL:
                made.append(encode_thumbnail(picture, THUMBNAIL))

        store = FeatureStore(folder / f"store-{turn}-{thumbnails}")
        if fitted is not None:
            store.set_basis(fitted)
        callback = make if thumbnails else None
        return index_images(
            encoder, items, store, patches="pooled", batch_size=batch, on_picture=callback, threads=threads
        )

    sides: dict[str, Callable[[int], object]] = {
        "decoding": lambda _: decode_all(encoder, items, threads),
        "model": lambda _: embed_all(encoder, pixels, basis, batch),
        "program": program,
        "with_thumbnails": lambda turn: program(turn, thumbnails=True),
    }
    wall: dict[str, list[float]] = {side: [] for side in sides}
    processor: dict[str, list[float]] = {side: [] for side in sides}
    for turn in range(asked.rounds):
        for side, work in sides.items():
            begin, busy = time.perf_counter(), time.process_time()
            work(turn)
            wall[side].append((time.perf_counter() - begin) / len(items))
            processor[side].append((time.process_time() - busy) / len(items))
    shared = encoder.device == "cpu"
    pairs = list(zip(wall["model"], wall["decoding"], strict=True))
    used = {side: min(times) for side, times in processor.items()}
    return {
        "backbone": name,
        "cores": threads,
        "engine": reason,
        "device": encoder.device,
        "images": len(items),
        "batch": batch,
        "images_per_second": {side: round(1 / min(times), 2) for side, times in wall.items()},
        "median_per_second": {side: round(1 / statistics.median(times), 2) for side, times in wall.items()},
        "share_of_slower": shares([max(pair) for pair in pairs], wall["program"]),
        "share_of_bound": shares([(sum if shared else max)(pair) for pair in pairs], wall["program"]),
        "processor_ms_an_image": {side: round(1e3 * seconds, 2) for side, seconds in used.items()},
        "processor_share": round((used["model"] + used["decoding"]) / used["program"], 3),
        "basis_processor_seconds": round(max(0.0, first_run - used["program"] * len(items)), 1),
    }


def shares(least: Sequence[float], real: Sequence[float]) -> dict[str, Any]:
    """Seconds that are needed at least as a share of the real ones: each turn, and the median."""
    turns = [round(one / other, 3) for one, other in zip(least, real, strict=True)]
    return {"median": round(statistics.median(turns), 3), "turns": turns}


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


def machine() -> dict[str, Any]:
    return {
        "processors": thread_count(),
        "load_before": load(),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }


def load() -> list[float] | None:
    """Load averages of 1, 5 and 15 minutes, where the system tells them."""
    return [round(one, 1) for one in os.getloadavg()] if hasattr(os, "getloadavg") else None


def as_text(report: dict[str, Any]) -> str:
    lines = [
        "{count} JPEGs of size {size}, {mean_bytes:,} bytes each".format(**report["images"]),
        str(report["machine"]),
        "",
        f"Images a second, best turn; shares are medians of the turns (goal: {GOAL:.0%} of the bound).",
        "",
        "| model | cores | decoding | model | program | with thumbnails | program / slower of the two "
        "| program / bound | processor ms: decoding, model, program, with thumbnails |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in report["models"]:
        rate, busy = row["images_per_second"], row["processor_ms_an_image"]
        cells = [
            row["backbone"],
            row["cores"],
            *(rate[side] for side in rate),
            f"{row['share_of_slower']['median']:.2f}",
            f"{row['share_of_bound']['median']:.2f}",
            ", ".join(str(busy[side]) for side in busy),
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines.append("")
    for row in report["models"]:
        fitting = f"basis of the patch tokens {row['basis_processor_seconds']} s of processor time"
        lines.append(f"{row['backbone']}, {row['cores']} cores: {row['engine']}; {fitting}")
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
