"""One run of the live learner's scale benchmark: a synthetic collection, and the timed stages.

    python benchmarks/live_scale_parts.py '{"images": ..., "out": ...}'

is a separate process for each number of labelled images, so that memory is measured correctly.
Shapes: N images, D embedding width, C categories, n labelled images.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from peak_memory import peak_memory

from app.domain.categories import Category
from app.domain.changes import ChangeSet, LabelChange
from app.domain.labels import LabelState
from app.services.suggestions.suggestions import LiveSuggestions

SEED = 5
# Share of the labelled images with only a few single answers.
SINGLE_SHARE = 0.2
SINGLE_ANSWERS = 2
# One in this many decisions marks an image as reviewed: all its categories become known at once.
REVIEW_EVERY = 5
# Number of suggestions for one image in the window.
SHOWN = 30
# Signal-to-noise ratio of a category in an embedding; low, so that categories are hard to distinguish.
DISTINCT = 0.2
_BLOCK = 8192
_STATES = {1: LabelState.YES, 0: LabelState.NO, -1: LabelState.UNKNOWN}

Truth = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Collection:
    """``vectors`` float16 [N, D] and ``text`` float32 [C, D] of unit length, ``truth`` [N, C] in {1, 0}."""

    vectors: NDArray[np.float16]
    text: NDArray[np.float32]
    truth: Truth


class Watch:
    """Seconds since the last call: the smaller of wall and CPU time, so that other programs do not count."""

    def __init__(self) -> None:
        self._since = self._now()

    def seconds(self) -> float:
        since, self._since = self._since, self._now()
        return min(now - then for now, then in zip(self._since, since, strict=True))

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()


def collection(images: int, width: int, categories: int) -> Collection:
    """A long tail: from 15 % of the images down to 0.03 % by a power of the rank, at least 4 images each.

    An image's embedding is the sum of its categories' directions, a 24-dimensional style, noise, and a large
    common component, as in real image embeddings; a text is close to its category's direction.
    """
    random = np.random.default_rng(SEED)
    share = 0.15 * np.arange(1, categories + 1) ** (-np.log(500) / np.log(max(categories, 2)))
    truth = np.zeros((images, categories), np.int8)
    for category, part in enumerate(share):
        count = min(images, max(4, round(part * images)))
        truth[random.choice(images, count, replace=False), category] = 1
    things = random.standard_normal((categories, width)).astype(np.float32) / np.sqrt(width)
    styles = random.standard_normal((24, width)).astype(np.float32) / np.sqrt(width)
    shared = 1.5 * random.standard_normal(width).astype(np.float32) / np.sqrt(width)
    vectors = np.empty((images, width), np.float16)
    for start in range(0, images, _BLOCK):
        shown = truth[start : start + _BLOCK].astype(np.float32)
        style = random.standard_normal((len(shown), 24), dtype=np.float32) * 0.2
        rows = DISTINCT * (shown @ things) + style @ styles + shared
        rows += random.standard_normal(rows.shape, dtype=np.float32) / np.sqrt(width)
        vectors[start : start + _BLOCK] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    text = things + 1.5 * random.standard_normal(things.shape).astype(np.float32) / np.sqrt(width)
    return Collection(vectors, text / np.linalg.norm(text, axis=1, keepdims=True), truth)


def labels_of(truth: Truth, labelled: int) -> Truth:
    """States [N, C] of the first ``labelled`` images: most are reviewed, some have a few single answers."""
    random = np.random.default_rng(SEED + 1)
    states = np.full(truth.shape, -1, np.int8)
    states[:labelled] = truth[:labelled]
    for row in np.flatnonzero(random.random(labelled) < SINGLE_SHARE):
        # A user labels what is present, and rejects a suggestion now and then.
        yes = np.flatnonzero(truth[row])[:SINGLE_ANSWERS]
        told = np.unique(np.append(yes, random.integers(truth.shape[1])))
        states[row] = -1
        states[row, told] = truth[row, told]
    return states


def measure(made: Collection, labelled: int, steps: int) -> dict[str, Any]:
    """Time loading, first scores, decisions, undo and category scores, and measure the memory (MB, s, ms)."""
    process = psutil.Process()
    before = process.memory_info().rss
    vectors = made.vectors.copy()  # as a project's loading does, so that they count
    categories = [Category(c + 1, f"category {c}") for c in range(made.truth.shape[1])]
    states = labels_of(made.truth, labelled)
    ids = np.arange(1, len(vectors) + 1)
    watch = Watch()
    live = LiveSuggestions(ids, vectors, categories, made.text, states)
    loaded = watch.seconds()
    live.for_image(1, SHOWN)
    first = watch.seconds()
    del states, vectors
    found: dict[str, Any] = {
        "load_s": loaded,
        "first_scores_s": first,
        "loaded_memory_mb": (process.memory_info().rss - before) / 1e6,
    }
    found |= _decided(live, made.truth, labelled, steps)
    found["category_ms"] = _median(lambda turn: live.for_category(1 + turn), min(len(categories), 9), live)
    found["memory_mb"] = (process.memory_info().rss - before) / 1e6
    found["peak_memory_mb"] = (peak_memory() - before) / 1e6
    return found


def _decided(live: LiveSuggestions, truth: Truth, labelled: int, steps: int) -> dict[str, Any]:
    """Decisions on unlabelled images with the scores after each, then all undone in reverse."""
    random = np.random.default_rng(SEED + 2)
    probe = [1, labelled // 2 + 1, len(truth)]
    before = _chances(live, probe)
    done: list[tuple[ChangeSet, ChangeSet]] = []
    seconds: dict[str, list[float]] = {"decision": [], "review": [], "undo": []}
    for turn in range(steps):
        row = labelled + turn % (len(truth) - labelled)
        review = turn % REVIEW_EVERY == REVIEW_EVERY - 1
        told = np.arange(truth.shape[1]) if review else random.integers(truth.shape[1], size=1)
        if not review and turn % 2:
            told = np.append(np.flatnonzero(truth[row]), told)[:1]
        change, back = _change(row, told, truth[row, told])
        done.append((change, back))
        seconds["review" if review else "decision"].append(_step(live, change, row))
    for (_, back), turn in zip(reversed(done), reversed(range(steps)), strict=True):
        seconds["undo"].append(_step(live, back, labelled + turn % (len(truth) - labelled)))
    off = float(np.abs(_chances(live, probe) - before).max())
    every = [*seconds["decision"], *seconds["review"]]
    return {
        "decision_p95_ms": _quantile(every, 0.95),
        "decision_p50_ms": _quantile(every, 0.5),
        "decision_max_ms": 1e3 * max(every),
        "review_p50_ms": _quantile(seconds["review"], 0.5),
        "undo_p95_ms": _quantile(seconds["undo"], 0.95),
        "undo_error": off,
    }


def _change(row: int, told: NDArray[np.intp], states: Truth) -> tuple[ChangeSet, ChangeSet]:
    unknown = LabelState.UNKNOWN
    pairs = [(int(c) + 1, _STATES[int(s)]) for c, s in zip(told, states, strict=True)]
    change = tuple(LabelChange(row + 1, c, unknown, state) for c, state in pairs)
    back = tuple(LabelChange(row + 1, c, state, unknown) for c, state in pairs)
    return ChangeSet(labels=change), ChangeSet(labels=back)


def _step(live: LiveSuggestions, change: ChangeSet, row: int) -> float:
    watch = Watch()
    live.apply(change)
    live.for_image(row + 1, SHOWN)
    return watch.seconds()


def _chances(live: LiveSuggestions, image_ids: list[int]) -> NDArray[np.float64]:
    """[R, C], in the order of the categories."""
    found = []
    for image_id in image_ids:
        by_category = sorted(live.for_image(image_id), key=lambda one: one.category_id)
        found.append([one.probability for one in by_category])
    return np.array(found)


def _median(call: Callable[[int], object], times: int, live: LiveSuggestions) -> float:
    seconds = []
    for turn in range(times):
        live.apply(ChangeSet(labels=(LabelChange(-1, 1, LabelState.UNKNOWN, LabelState.UNKNOWN),)))
        watch = Watch()
        call(turn)
        seconds.append(watch.seconds())
    return 1e3 * statistics.median(seconds)


def _quantile(seconds: list[float], share: float) -> float:
    return 1e3 * float(np.quantile(seconds, share)) if seconds else 0.0


def main() -> None:
    asked = json.loads(sys.argv[1])
    made = collection(asked["images"], asked["width"], asked["categories"])
    found = measure(made, asked["labelled"], asked["steps"])
    Path(asked["out"]).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
