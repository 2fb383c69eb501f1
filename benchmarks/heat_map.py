"""Measure the localisation of heat maps: a small CPRFL on the bundled tower, generated scenes with boxes.

    python benchmarks/heat_map.py [--json]

A head is trained on scenes like the demo's. On other scenes each present category gets one map of each kind.
"points" is the share of maps whose hottest cell has its centre in a box of the category (pointing game);
"inside" is the share of heat, with the coldest cell as 0, in cells with their centre in a box. "text" is the
cosine of text and projected patch without CPRFL, "random" a map of random numbers.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cprfl_core.backbone.backbone import Backbone, load_backbone
from cprfl_core.demo.collection import SIZE, plan_scene
from cprfl_core.demo.scenes import compose_calm
from cprfl_core.demo.sprites import DEMO_STYLE, load_sprites
from cprfl_core.demo.themes import CATEGORIES
from cprfl_core.evaluation.metrics import mean_average_precision
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.heat_map import heat_grid
from cprfl_core.model.text_init import fit_projection
from cprfl_core.training.training import TrainingOptions, train_on_patches

KINDS = ("evidence", "attention", "without")


class Scenes(NamedTuple):
    """N scenes: patches [N, P, W], embeddings [N, D], labels [N, C], and boxes of each (scene, category)."""

    patches: Tensor
    embeddings: Tensor
    labels: NDArray[np.int64]
    boxes: dict[tuple[int, int], list[tuple[int, int, int, int]]]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the localisation of heat maps.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--train", type=int, default=1500, help="scenes to train on")
    parser.add_argument("--test", type=int, default=700, help="scenes to evaluate on")
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--interaction", nargs="+", choices=("cross", "joint"), default=["cross", "joint"])
    asked = parser.parse_args(arguments)
    backbone = load_backbone("bundled", device="cpu")
    texts = backbone.raw_text([[f"a photo of a {name}."] for name in CATEGORIES])
    known, judged = draw(backbone, asked.train, 1), draw(backbone, asked.test, 2)
    report: dict[str, Any] = {
        "train": asked.train,
        "test": asked.test,
        "maps": len(judged.boxes),
        "covered": round(float(np.mean([inside(boxes).mean() for boxes in judged.boxes.values()])), 3),
        "baselines": baselines(known, judged, texts, backbone.grid),
    }
    for interaction in asked.interaction:
        report[interaction] = measure(
            interaction, known, judged, texts, backbone=backbone, epochs=asked.epochs
        )
    print(json.dumps(report) if asked.json else as_text(report))


def draw(backbone: Backbone, count: int, seed: int) -> Scenes:
    sprites = load_sprites((DEMO_STYLE,))
    number = {name: i for i, name in enumerate(sprites.categories)}
    column = {number[name]: c for c, name in enumerate(CATEGORIES)}
    labels = np.zeros((count, len(CATEGORIES)), dtype=np.int64)
    boxes: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
    pixels = []
    for image in range(count):
        rng = np.random.default_rng((seed, image))
        plan = plan_scene(rng)
        cells = [int(rng.choice(sprites.cells_of(number[name]))) for name in plan.things]
        scene = compose_calm(rng, sprites, DEMO_STYLE, cells, SIZE, theme=plan.theme)
        for thing in scene.objects:
            labels[image, column[thing.category]] = 1
            boxes.setdefault((image, column[thing.category]), []).append(thing.box)
        pixels.append(backbone.preprocessing.to_uint8(scene.image))
    batches = np.array_split(np.stack(pixels), -(-count // 32))
    seen = [
        backbone.encode_images(torch.from_numpy(backbone.preprocessing.normalise(batch))) for batch in batches
    ]
    embeddings, patches = (torch.cat(parts) for parts in zip(*seen, strict=True))
    return Scenes(patches, embeddings, labels, boxes)


def measure(
    interaction: str, known: Scenes, judged: Scenes, texts: Tensor, *, backbone: Backbone, epochs: int
) -> dict[str, Any]:
    torch.manual_seed(0)
    fresh = CPRFL(known.patches.shape[2], texts.shape[1], 256, 4, 64, 256, interaction=interaction)  # type: ignore[arg-type]
    options = TrainingOptions(epochs=epochs, learning_rate=1e-3)
    trained = train_on_patches(fresh, known.patches, known.labels, texts, options=options, device="cpu")
    scorer = trained.model.fold(texts, patches=known.patches.shape[1])
    maps: dict[str, list[NDArray[np.float32]]] = {}
    seconds: dict[str, float] = dict.fromkeys(KINDS, 0.0)
    for image, category in judged.boxes:
        for kind in KINDS:
            started = time.perf_counter()
            heat = heat_grid(
                scorer,
                judged.patches[image],
                category,
                backbone.grid,
                backbone.preprocessing,
                SIZE,
                kind=kind,  # type: ignore[arg-type]
            )
            seconds[kind] += time.perf_counter() - started
            maps.setdefault(kind, []).append(heat.values)
    return {
        "mean_average_precision": round(mean_average_precision(scorer(judged.patches), judged.labels), 3),
        "milliseconds_a_map": {kind: round(1e3 * t / len(judged.boxes), 2) for kind, t in seconds.items()},
        **{kind: judge(found, judged) for kind, found in maps.items()},
    }


def baselines(known: Scenes, judged: Scenes, texts: Tensor, grid: tuple[int, int]) -> dict[str, Any]:
    weight, bias = fit_projection(known.patches, known.embeddings)
    seen = F.normalize(judged.patches @ weight.T + bias, dim=2) @ F.normalize(texts, dim=1).T  # [N, P, C]
    random = np.random.default_rng(0)
    found = {
        "text": [seen[image, :, category].reshape(grid).numpy() for image, category in judged.boxes],
        "random": [random.random(grid, dtype=np.float32) for _ in judged.boxes],
    }
    return {name: judge(maps, judged) for name, maps in found.items()}


def judge(maps: list[NDArray[np.float32]], scenes: Scenes) -> dict[str, float]:
    """Share of maps with the hottest cell in a box, its standard error, and share of the heat in boxes."""
    points, shares = [], []
    for heat, boxes in zip(maps, scenes.boxes.values(), strict=True):
        rows, columns = heat.shape
        down = ((np.arange(rows) + 0.5) / rows * SIZE[1]).astype(int)
        across = ((np.arange(columns) + 0.5) / columns * SIZE[0]).astype(int)
        there = inside(boxes)[np.ix_(down, across)]
        points.append(there.ravel()[int(heat.argmax())])
        warmth = heat - heat.min()
        shares.append(float((warmth * there).sum() / max(float(warmth.sum()), 1e-12)))
    share = float(np.mean(points))
    error = (share * (1 - share) / len(points)) ** 0.5
    return {"points": round(share, 3), "error": round(error, 3), "inside": round(float(np.mean(shares)), 3)}


def inside(boxes: list[tuple[int, int, int, int]]) -> NDArray[np.bool_]:
    covered = np.zeros(SIZE[::-1], dtype=np.bool_)
    for left, top, right, bottom in boxes:
        covered[top:bottom, left:right] = True
    return covered


def as_text(report: dict[str, Any]) -> str:
    lines = [
        f"{report['maps']} maps, boxes cover {report['covered']:.0%}",
        f"{'':24}{'points':>8}{'inside':>8}",
    ]
    for part in ("baselines", "cross", "joint"):
        for name, row in report.get(part, {}).items():
            if isinstance(row, dict) and "points" in row:
                lines.append(f"{part + ', ' + name:24}{row['points']:8.3f}{row['inside']:8.3f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
