"""Measure the operations that users wait for: a decision, label states, queries, scores, completion.

    python benchmarks/operations.py [--json] [--quick]

Prints the median time of each operation and its goal, and exits with 1 if a goal is missed by more than
half. ``--quick`` uses small collections, to test the benchmark itself; its times are not compared.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from app.domain.categories import Band
from app.domain.labels import Decision, LabelState, Source
from app.domain.query import parse
from app.jobs.project.tag_completion import TagIndex
from app.jobs.values.session import CategoryInfo
from app.services.labelling.decisions import decide, label_states
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.services.query.evaluation import evaluate
from app.services.query.find import build_context
from app.storage import images
from cprfl_core.closed_form.discriminant import Discriminant

GOALS_MS = {
    "decision among 20,000 labelled images, on disk": 20.0,
    "label states of 20,000 images": 1000.0,
    "query of labels over 100,000 images": 50.0,
    "query of scores over 100,000 images": 50.0,
    "discriminant scores of one category, 100,000 images": 60.0,
    "completion among 3,000 categories": 20.0,
}
FAILING = 1.5
QUERIES = {
    "query of labels over 100,000 images": "c1 c2 -c3 OR no:c4 (c5 OR unknown:c6) is:unreviewed",
    "query of scores over 100,000 images": "suggested:c7 is:unreviewed sort:score:c7 limit:100",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure the operations that users wait for.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="small collections, for tests of the benchmark")
    asked = parser.parse_args(arguments)
    found = measured(scale=0.01 if asked.quick else 1.0)
    if asked.json:
        print(json.dumps({"milliseconds": found, "goals": GOALS_MS}))
    else:
        for name, took in found.items():
            print(f"{name:55} {took:8.1f} ms   goal {GOALS_MS[name]:g} ms")
    if asked.quick:
        return 0
    return int(any(took > FAILING * GOALS_MS[name] for name, took in found.items()))


def measured(scale: float) -> dict[str, float]:
    """Median milliseconds of each operation of GOALS_MS; ``scale`` shrinks the collections."""
    labelled, many = round(20_000 * scale), round(100_000 * scale)
    found: dict[str, float] = {}
    with project_of(labelled, ["cat", "dog", "bird"]) as project:
        numbers = itertools.cycle(range(1, labelled + 1))
        found["decision among 20,000 labelled images, on disk"] = median_ms(
            lambda: decide(project, [Decision(next(numbers), 2, LabelState.NO)]), 50
        )
        found["label states of 20,000 images"] = median_ms(lambda: label_states(project).matrix(), 5)
    with project_of(many, [f"c{number}" for number in range(1, 81)]) as project:
        context = build_context(project, Scores(many))
        for name, text in QUERIES.items():
            query = parse(text)
            found[name] = median_ms(lambda query=query: evaluate(context, query, 0.0), 5)
    rows = np.random.default_rng(0).standard_normal((many, 512), dtype=np.float32)
    learner = Discriminant(rows[: max(100, many // 50)], 1)
    learner.add(0, rows[:40])
    found["discriminant scores of one category, 100,000 images"] = median_ms(
        lambda: learner.score_category(0, rows), 9
    )
    tags = TagIndex(
        CategoryInfo(number, f"species {number:04} of the plain", Band.TAIL, 0, 0, ())
        for number in range(round(3000 * scale))
    )
    typed = itertools.cycle(("s", "species 12", "plain", "spceies 0100 of the plain"))
    found["completion among 3,000 categories"] = median_ms(lambda: tags.complete(next(typed)), 20)
    return {name: round(took, 2) for name, took in found.items()}


class Scores:
    """Scores of all images and categories, like those of live suggestions."""

    def __init__(self, images: int) -> None:
        self.image_ids = np.arange(1, images + 1)
        self._table = np.random.default_rng(3).random((81, images), np.float32)

    def for_category(self, category_id: int) -> np.ndarray:
        return self._table[category_id]

    def threshold(self, _category_id: int) -> float:
        return 0.9


@contextmanager
def project_of(count: int, names: list[str]) -> Iterator[Project]:
    """A project of ``count`` images without files, each labelled with three categories in rotation."""
    with tempfile.TemporaryDirectory(prefix="tailspotter-operations-") as folder:
        place = Path(folder)
        (place / "images").mkdir()
        with create_project(place / "project", [place / "images"], names) as project:
            row = {"root_id": 1, "size": 1, "mtime_ns": 1, "state": "ok"}
            with project.db.write() as s:
                images.add_many(s, [{**row, "path": f"cam{i % 9}/{i:06}.jpg"} for i in range(count)])
            labels = [Decision(i, 1 + i % 3, LabelState.YES) for i in range(1, count + 1)]
            decide(project, labels, source=Source.IMPORT)
            yield project


def median_ms(operation: Callable[[], object], rounds: int) -> float:
    """Median wall time of an operation in milliseconds, after one warm-up call."""
    operation()
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        operation()
        seconds.append(time.perf_counter() - begin)
    return 1000 * statistics.median(seconds)


if __name__ == "__main__":
    raise SystemExit(main())
