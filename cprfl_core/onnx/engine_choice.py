"""Chooses the engine for features on a CPU: torch, or onnxruntime if it is measurably faster.

Features of both have the same key, because an exported tower is compared with torch before each use, with
TOLERANCE for embeddings and TOKEN_TOLERANCE for patch tokens.
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from cprfl_core.backbone.backbone import Backbone
from cprfl_core.common.array_files import write_atomically
from cprfl_core.common.errors import CoreError, OnnxError
from cprfl_core.features.indexing import ImageEncoder
from cprfl_core.features.token_compression import plain_basis
from cprfl_core.onnx.export import export_tower, exports_at_once
from cprfl_core.onnx.runtime import OnnxEncoder, OnnxGraph, choose_provider

TOLERANCE: Final = 1e-4
"""Maximum cosine distance between the two engines' embeddings of an image."""
TOKEN_TOLERANCE: Final = 1e-3
"""Maximum difference of a patch token, relative to its length."""

# Exporting takes ten seconds to a minute, which does not pay off in shorter runs.
_MIN_SECONDS: Final = 300.0
# For a graph that is written at once, only the measurement has to pay off.
_MIN_SECONDS_AT_ONCE: Final = 3.0
# For fewer images even the measurement does not pay off.
_MIN_IMAGES: Final = 64
# Minimum speed-up, so that noise does not change the engine.
_MIN_SPEEDUP: Final = 1.05
_TIMED_IMAGES: Final = 8
_ROUNDS: Final = 3

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The engine chosen on one machine, with the measured seconds per image; None if it could not run."""

    engine: Literal["torch", "onnxruntime"]
    reason: str
    torch_seconds: float
    onnx_seconds: float | None
    circumstances: str


def faster_encoder(
    backbone: Backbone,
    folder: Path,
    images: int,
    *,
    on_trial: Callable[[], None] | None = None,
) -> tuple[ImageEncoder, str]:
    """The engine for ``images`` images and the reason in words; ``folder`` stores the graph and the choice.

    On an accelerator it is torch. On a CPU an earlier choice is valid for the same versions, threads and
    processor; without one, a run that will take minutes starts with a trial (``on_trial`` is called first).
    Seconds suffice for a photo model, whose graph is written at once. If the export fails, torch is used and
    the reason says so.
    """
    if backbone.choice.kind != "cpu" or backbone.precision != "float32":
        return backbone, f"torch on {backbone.device}"
    known = _read(folder, backbone)
    if known is None:
        least = _MIN_SECONDS_AT_ONCE if exports_at_once(backbone) else _MIN_SECONDS
        if images < _MIN_IMAGES or _seconds_for(backbone, images) < least:
            return backbone, "torch: too few images to try another engine"
        if on_trial is not None:
            on_trial()
        known = _remember(folder, _trial(backbone, folder))
    if known.engine == "torch":
        return backbone, known.reason
    try:
        return _exported(backbone, folder), known.reason
    except CoreError as error:
        log.warning("the exported tower is not used: %s", error)
        return backbone, f"torch: {error.sentence}"


def difference(backbone: ImageEncoder, other: ImageEncoder, pixels: Sequence[Pixels]) -> tuple[float, float]:
    """Maximum cosine distance of embeddings, and maximum difference of a token relative to its length."""
    plain = plain_basis(backbone.grid, backbone.patch_width, "full")
    (embeddings, tokens), (others, other_tokens) = (one.begin(pixels, plain)() for one in (backbone, other))
    assert tokens is not None and other_tokens is not None
    cosine = 1.0 - float((embeddings.astype(np.float64) * others).sum(axis=1).min())
    apart = np.linalg.norm(tokens - other_tokens, axis=-1)
    return cosine, float((apart / np.maximum(np.linalg.norm(tokens, axis=-1), 1e-12)).max())


def _exported(backbone: Backbone, folder: Path) -> OnnxEncoder:
    """The exported tower, verified against torch with another batch size than in the export."""
    path, threads = folder / "tower.onnx", torch.get_num_threads()
    lanes = threads if exports_at_once(backbone) else None
    weights = export_tower(backbone, path)
    graph = OnnxGraph(
        path,
        key=backbone.key,
        weights=weights,
        provider=choose_provider(preferred="cpu"),
        threads=threads if lanes is None else 1,
    )
    encoder = OnnxEncoder(graph, backbone.preprocessing, backbone.grid, backbone.patch_width, lanes=lanes)
    embeddings, tokens = difference(backbone, encoder, _noise(backbone, 3))
    # Also true for NaN.
    if not (embeddings < TOLERANCE and tokens < TOKEN_TOLERANCE):
        raise OnnxError(
            f"The exported tower differs from torch by {embeddings:.1e} in embeddings "
            f"(allowed {TOLERANCE:.0e}) and {tokens:.1e} in patch tokens (allowed {TOKEN_TOLERANCE:.0e})."
        )
    return encoder


def _trial(backbone: Backbone, folder: Path) -> EngineChoice:
    """Time both engines alternately on the same pixels; the shortest times count."""
    pixels, circumstances = _noise(backbone, _TIMED_IMAGES), _circumstances(backbone)
    try:
        encoder = _exported(backbone, folder)
    except CoreError as error:
        log.warning("onnxruntime is not used: %s", error)
        seconds = _seconds_an_image(backbone, pixels)
        return EngineChoice("torch", f"torch: {error.sentence}", seconds, None, circumstances)
    times = [
        (_seconds_an_image(backbone, pixels, rounds=1), _seconds_an_image(encoder, pixels, rounds=1))
        for _ in range(_ROUNDS)
    ]
    torch_seconds, onnx_seconds = (min(side) for side in zip(*times, strict=True))
    engine: Literal["torch", "onnxruntime"] = (
        "onnxruntime" if onnx_seconds * _MIN_SPEEDUP < torch_seconds else "torch"
    )
    measured = f"{1e3 * torch_seconds:.1f} ms per image with torch, {1e3 * onnx_seconds:.1f} with onnxruntime"
    return EngineChoice(engine, f"{engine}: {measured}", torch_seconds, onnx_seconds, circumstances)


def _seconds_for(backbone: Backbone, images: int) -> float:
    return images * _seconds_an_image(backbone, _noise(backbone, _TIMED_IMAGES // 2), rounds=1)


def _seconds_an_image(encoder: ImageEncoder, pixels: Sequence[Pixels], rounds: int = _ROUNDS) -> float:
    encoder.begin(pixels[:1], None)()
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        encoder.begin(pixels, None)()
        times.append(time.perf_counter() - begin)
    return min(times) / len(pixels)


def _noise(backbone: ImageEncoder, count: int) -> list[Pixels]:
    size = (3, backbone.preprocessing.height, backbone.preprocessing.width)
    return list(np.random.default_rng(0).integers(0, 256, (count, *size), dtype=np.uint8))


def _circumstances(backbone: Backbone) -> str:
    """The conditions under which a choice is valid."""
    versions = [f"{name} {version(name)}" for name in ("torch", "onnxruntime")]
    return ", ".join([backbone.key, backbone.choice.name, f"{torch.get_num_threads()} threads", *versions])


def _read(folder: Path, backbone: Backbone) -> EngineChoice | None:
    try:
        found: dict[str, Any] = json.loads((folder / "engine.json").read_text("utf-8"))
        choice = EngineChoice(**found)
    except (OSError, ValueError, TypeError):
        return None
    return choice if choice.circumstances == _circumstances(backbone) else None


def _remember(folder: Path, choice: EngineChoice) -> EngineChoice:
    """Store the choice; if the folder cannot be written, the next run repeats the trial."""
    try:
        write_atomically(folder / "engine.json", json.dumps(asdict(choice), indent=1).encode())
    except CoreError as error:
        log.warning("the choice of the engine could not be saved: %s", error)
    return choice
