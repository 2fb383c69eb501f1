"""Which engine computes features on a CPU: torch, or onnxruntime where it is faster, by measurement.

Both give features of one key. That is allowed because an exported tower is compared with torch each time it
is taken into use: TOLERANCE for embeddings, TOKEN_TOLERANCE for patch tokens.
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

from cprfl_core.array_files import write_atomically
from cprfl_core.backbone import Backbone
from cprfl_core.errors import CoreError, OnnxError
from cprfl_core.features import ImageEncoder
from cprfl_core.onnx_export import export_tower
from cprfl_core.onnx_runtime import OnnxEncoder, OnnxGraph, choose_provider
from cprfl_core.token_basis import plain_basis

TOLERANCE: Final = 1e-4
"""Largest allowed cosine difference between the two engines' embeddings of an image."""
TOKEN_TOLERANCE: Final = 1e-3
"""Largest allowed difference of a patch token, in parts of the token's length."""

# Exporting takes from ten seconds to a minute; a run that is shorter than this cannot win it back.
_WORTH_SECONDS: Final = 300.0
# Fewer are not even worth the few that are timed to find out.
_WORTH_IMAGES: Final = 64
# What the faster engine must gain, so that a draw does not change anything.
_GAIN: Final = 1.05
_TIMED_IMAGES: Final = 8
_ROUNDS: Final = 3

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured on one machine: seconds an image of each engine, None where it could not run."""

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
    """The engine for ``images`` images and the reason in words; ``folder`` keeps the graph and the verdict.

    On an accelerator it is torch. On a CPU a remembered verdict holds for the same versions, threads and
    processor; without one, a run that will take minutes begins with a trial (``on_trial`` is called first).
    Whatever goes wrong with the export, torch does the work and the reason says so.
    """
    if backbone.choice.kind != "cpu" or backbone.precision != "float32":
        return backbone, f"torch on {backbone.device}"
    known = _read(folder, backbone)
    if known is None:
        if images < _WORTH_IMAGES or _seconds_for(backbone, images) < _WORTH_SECONDS:
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
    """Largest cosine difference of embeddings, and largest difference of a token in parts of its length."""
    plain = plain_basis(backbone.grid, backbone.patch_width, "full")
    (embeddings, tokens), (others, other_tokens) = (one.begin(pixels, plain)() for one in (backbone, other))
    assert tokens is not None and other_tokens is not None
    cosine = 1.0 - float((embeddings.astype(np.float64) * others).sum(axis=1).min())
    apart = np.linalg.norm(tokens - other_tokens, axis=-1)
    return cosine, float((apart / np.maximum(np.linalg.norm(tokens, axis=-1), 1e-12)).max())


def _exported(backbone: Backbone, folder: Path) -> OnnxEncoder:
    """The exported tower, proven against torch on a batch of another size than it was exported with."""
    path = folder / "tower.onnx"
    weights = export_tower(backbone, path)
    graph = OnnxGraph(
        path,
        key=backbone.key,
        weights=weights,
        provider=choose_provider(preferred="cpu"),
        threads=torch.get_num_threads(),
    )
    encoder = OnnxEncoder(graph, backbone.preprocessing, backbone.grid, backbone.patch_width)
    embeddings, tokens = difference(backbone, encoder, _noise(backbone, 3))
    # Written so that a difference that is no number is refused as well.
    if not (embeddings < TOLERANCE and tokens < TOKEN_TOLERANCE):
        raise OnnxError(
            f"The exported tower differs from torch by {embeddings:.1e} in embeddings "
            f"(allowed {TOLERANCE:.0e}) and {tokens:.1e} in patch tokens (allowed {TOKEN_TOLERANCE:.0e})."
        )
    return encoder


def _trial(backbone: Backbone, folder: Path) -> Verdict:
    """Time both engines in turns on the same pixels; the shortest times count."""
    pixels, circumstances = _noise(backbone, _TIMED_IMAGES), _circumstances(backbone)
    try:
        encoder = _exported(backbone, folder)
    except CoreError as error:
        log.warning("onnxruntime is not used: %s", error)
        seconds = _seconds_an_image(backbone, pixels)
        return Verdict("torch", f"torch: {error.sentence}", seconds, None, circumstances)
    times = [
        (_seconds_an_image(backbone, pixels, rounds=1), _seconds_an_image(encoder, pixels, rounds=1))
        for _ in range(_ROUNDS)
    ]
    torch_seconds, onnx_seconds = (min(side) for side in zip(*times, strict=True))
    engine: Literal["torch", "onnxruntime"] = (
        "onnxruntime" if onnx_seconds * _GAIN < torch_seconds else "torch"
    )
    measured = f"{1e3 * torch_seconds:.1f} ms an image with torch, {1e3 * onnx_seconds:.1f} with onnxruntime"
    return Verdict(engine, f"{engine}: {measured}", torch_seconds, onnx_seconds, circumstances)


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
    """What a verdict depends on."""
    versions = [f"{name} {version(name)}" for name in ("torch", "onnxruntime")]
    return ", ".join([backbone.key, backbone.choice.name, f"{torch.get_num_threads()} threads", *versions])


def _read(folder: Path, backbone: Backbone) -> Verdict | None:
    try:
        found: dict[str, Any] = json.loads((folder / "engine.json").read_text("utf-8"))
        verdict = Verdict(**found)
    except (OSError, ValueError, TypeError):
        return None
    return verdict if verdict.circumstances == _circumstances(backbone) else None


def _remember(folder: Path, verdict: Verdict) -> Verdict:
    """A folder that cannot be written costs a trial next time, no more."""
    try:
        write_atomically(folder / "engine.json", json.dumps(asdict(verdict), indent=1).encode())
    except CoreError as error:
        log.warning("the choice of the engine is not remembered: %s", error)
    return verdict
