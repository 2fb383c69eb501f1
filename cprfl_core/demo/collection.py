"""The demo collection and its separate test set: generated scenes with ground truth.

Both sets come from the same generator with different seeds: the *pool* becomes the user's project, the *test*
set is for evaluation and never enters a project. Categories co-occur in themes and their counts have a long
tail (from a few hundred down to a handful).
"""

import json
import math
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.safe_path import safe_children
from cprfl_core.demo.scenes import compose_calm
from cprfl_core.demo.sprites import DEMO_STYLE, load_sprites
from cprfl_core.demo.themes import CATEGORIES, FREQUENCY_ORDER, THEMES

SIZE = (480, 360)
POOL_IMAGES = 1200
TEST_IMAGES = 1000
_CHUNK = 50
_STREAMS = {"pool": 0, "test": 1}


@dataclass(frozen=True, slots=True)
class DemoSet:
    """One generated set. ``truth`` is uint8 [N, C] in {0, 1}; rows follow ``paths`` (names in ``folder``)."""

    folder: Path
    paths: tuple[str, ...]
    categories: tuple[str, ...]
    truth: NDArray[np.uint8]


def expected_count(category: str, images: int = POOL_IMAGES) -> float:
    """Expected number of scenes with a category among ``images``: a power law with an exponential end."""
    rank = FREQUENCY_ORDER.index(category)
    return 0.42 * images * math.pow(rank + 1, -0.55) * math.exp(-0.055 * rank)


@dataclass(frozen=True, slots=True)
class ScenePlan:
    theme: str
    things: tuple[str, ...]


def plan_scene(rng: np.random.Generator) -> ScenePlan:
    """Theme and objects of one scene: mostly of that theme, sometimes one of another."""
    weight = {name: expected_count(name) for name in CATEGORIES}
    mass = np.array([sum(weight[n] for n in names) for names in THEMES.values()])
    theme = list(THEMES)[int(rng.choice(len(mass), p=mass / mass.sum()))]
    things = []
    for _ in range(1 + min(5, int(rng.poisson(1.5)))):
        choice = CATEGORIES if rng.random() < 0.15 else THEMES[theme]
        share = np.array([weight[n] for n in choice])
        things.append(choice[int(rng.choice(len(choice), p=share / share.sum()))])
    return ScenePlan(theme, tuple(things))


def generate(
    folder: Path,
    kind: str,
    *,
    images: int | None = None,
    seed: int = 0,
    processes: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> DemoSet:
    """Write the scenes of ``kind`` ("pool" or "test") and ``truth.json`` into ``folder``.

    The pixels depend on the seed but not on the number of processes: each scene has its own generator.
    Returns the set with its truth. Existing files are replaced.
    """
    count = images or (POOL_IMAGES if kind == "pool" else TEST_IMAGES)
    target = folder / "images"
    target.mkdir(parents=True, exist_ok=True)
    tasks = [(target, kind, seed, start, min(start + _CHUNK, count)) for start in range(0, count, _CHUNK)]
    truth = np.zeros((count, len(CATEGORIES)), dtype=np.uint8)
    done = 0
    for start, rows in _run(tasks, processes or os.cpu_count() or 1):
        truth[start : start + len(rows)] = rows
        done += len(rows)
        if on_progress is not None:
            on_progress(done, count)
    made = DemoSet(target, tuple(_name(i) for i in range(count)), CATEGORIES, truth)
    _write_truth(folder / "truth.json", made)
    return made


def load(folder: Path) -> DemoSet:
    """Read a set written by :func:`generate`."""
    data = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    categories = tuple(data["categories"])
    number = {name: i for i, name in enumerate(categories)}
    truth = np.zeros((len(data["images"]), len(categories)), dtype=np.uint8)
    for row, image in enumerate(data["images"]):
        truth[row, [number[name] for name in image["categories"]]] = 1
    return DemoSet(folder / "images", tuple(image["path"] for image in data["images"]), categories, truth)


_Task = tuple[Path, str, int, int, int]


def _run(tasks: list[_Task], processes: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    if processes == 1 or len(tasks) == 1:
        yield from map(_draw, tasks)
        return
    # "spawn", because a fork would break threads of the caller (a window, a progress display).
    with safe_children():  # starts the resource tracker and the drawing processes
        workers = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
        drawn = workers.map(_draw, tasks)
    try:
        yield from drawn
    finally:  # also if the caller stops early: pending tasks are cancelled
        workers.shutdown(cancel_futures=True)


def _draw(task: _Task) -> tuple[int, NDArray[np.uint8]]:
    folder, kind, seed, start, end = task
    sprites = load_sprites((DEMO_STYLE,))
    index = {name: i for i, name in enumerate(sprites.categories)}
    column = {index[name]: c for c, name in enumerate(CATEGORIES)}
    rows = np.zeros((end - start, len(CATEGORIES)), dtype=np.uint8)
    for i in range(start, end):
        rng = np.random.default_rng((seed, _STREAMS[kind], i))
        plan = plan_scene(rng)
        cells = [int(rng.choice(sprites.cells_of(index[name]))) for name in plan.things]
        scene = compose_calm(rng, sprites, DEMO_STYLE, cells, SIZE, theme=plan.theme)
        scene.image.save(folder / _name(i), quality=88)
        rows[i - start, [column[c] for c in scene.categories]] = 1
    return start, rows


def _name(i: int) -> str:
    return f"scene-{i + 1:04d}.jpg"


def _write_truth(path: Path, made: DemoSet) -> None:
    images = [
        {"path": name, "categories": [made.categories[c] for c in np.flatnonzero(row)]}
        for name, row in zip(made.paths, made.truth, strict=True)
    ]
    text = json.dumps({"categories": made.categories, "images": images}, ensure_ascii=False)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
