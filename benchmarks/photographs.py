"""How useful the whole program is on photographs: two image models, from no label to many, on other images.

    python benchmarks/photographs.py --images DIR --annotations FILE.json [--models photo-lite2 bundled]
        [--labelled 0 0.5] [--seeds 3] [--json]

FILE is a COCO file that names every category of every image. For each model a project is created with the
categories and indexed; then some images get all their labels, drawn at random, and the suggestions are judged
on the others. A share below 1 is of the images, a larger number a count. mAP over the categories that occur
among the judged images, in total and by band; bands by the number of images with the category in the whole
file, in proportion to 1,500 images (tail below 20, head from 100 on). Mean over the seeds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.services.features.indexing import embeddings_to_learn_from, index
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.services.runner.subprocess_runner import SubprocessRunner
from app.services.suggestions.text_scores import scores_and_trust, texts_of
from app.storage import categories, images
from cprfl_core.evaluation.metrics import average_precision, long_tail_report
from cprfl_core.live.learner import LiveLearner

BANDS = ("total", "head", "medium", "tail")
REFERENCE, MEDIUM, HEAD = 1500, 20, 100


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--images", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--annotations", type=Path, required=True, help="COCO file with all their categories")
    parser.add_argument("--models", nargs="+", default=["photo-lite2", "photo-lite0", "bundled"])
    parser.add_argument("--labelled", type=float, nargs="+", default=[0.0, 0.25, 0.5])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    truth = Truth(asked.annotations)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="tailspotter-") as folder, SubprocessRunner() as runner:
        for model in asked.models:
            found[model] = measured(Path(folder) / model, truth, model, runner, asked)
            if not asked.json:
                for row in found[model]["rows"]:
                    numbers = "  ".join(f"{band} {row[band]:.3f}" for band in BANDS if row[band] is not None)
                    print(f"{model:12s} {row['labelled']:5d} labelled, {row['judged']} judged  {numbers}")
                rate = found[model]["images_per_second"]
                print(f"{model:12s} indexed {rate:.1f} images a second", flush=True)
    if asked.json:
        print(json.dumps(found))
    return 0


class Truth:
    """The categories of each image of a COCO file, by file name."""

    def __init__(self, path: Path) -> None:
        data = json.loads(path.read_text("utf-8"))
        names = {one["id"]: one["name"] for one in data["categories"]}
        files = {one["id"]: Path(one["file_name"]).name for one in data["images"]}
        self.of: dict[str, set[str]] = {name: set() for name in files.values()}
        for one in data["annotations"]:
            self.of[files[one["image_id"]]].add(names[one["category_id"]])
        self.names = sorted({name for held in self.of.values() for name in held})

    def matrix(self, files: list[str], names: list[str]) -> NDArray[np.int8]:
        """[images, categories] in {0, 1}."""
        return np.array([[name in self.of[file] for name in names] for file in files], dtype=np.int8)


def measured(
    folder: Path, truth: Truth, model: str, runner: SubprocessRunner, asked: argparse.Namespace
) -> dict[str, Any]:
    """The rows of one image model, and its speed while indexing, start of the worker included."""
    with create_project(folder, [asked.images], truth.names, model) as project:
        scan(project)
        begin = time.perf_counter()
        report = index(project, runner)
        seconds = time.perf_counter() - begin
        vectors, scores, trust, labels = read(project, truth, runner)
    rows = []
    for labelled in asked.labelled:
        count = round(labelled * len(labels)) if labelled < 1 else int(labelled)
        draws = [judged(vectors, scores, trust, labels, count=count, seed=s) for s in range(asked.seeds)]
        bands = {
            band: round(float(np.mean(held)), 4)
            if (held := [d[band] for d in draws if d[band] is not None])
            else None
            for band in BANDS
        }
        rows.append({"labelled": count, "judged": len(labels) - count, **bands})
    return {"rows": rows, "images_per_second": round(report.embedded / seconds, 2)}


def read(
    project: Project, truth: Truth, runner: SubprocessRunner
) -> tuple[NDArray[Any], NDArray[np.float32] | None, NDArray[np.float64] | None, NDArray[np.int8]]:
    """Embeddings, text scores and the trust in them, and the truth, of the images that the file names."""
    ids, vectors = embeddings_to_learn_from(project)
    with project.db.read() as s:
        present = categories.all_categories(s)
        files = {one.id: Path(str(one.path)).name for one in images.all_images(s)}
    texts = texts_of(project, runner, present)
    known = [at for at, image_id in enumerate(ids.tolist()) if files[image_id] in truth.of]
    labels = truth.matrix([files[int(ids[at])] for at in known], [one.name for one in present])
    vectors = vectors[known]
    return vectors, *scores_and_trust(texts, vectors), labels


def judged(
    vectors: NDArray[Any],
    scores: NDArray[np.float32] | None,
    trust: NDArray[np.float64] | None,
    labels: NDArray[np.int8],
    *,
    count: int,
    seed: int,
) -> dict[str, float | None]:
    """mAP on the images without labels, after ``count`` images were labelled completely."""
    drawn = np.random.default_rng(seed).permutation(len(labels))
    states = np.full(labels.shape, -1, dtype=np.int8)
    states[drawn[:count]] = labels[drawn[:count]]
    learner = LiveLearner(vectors, scores, categories=labels.shape[1], trust=trust)
    learner.set_states(states)
    others = drawn[count:]
    chances = np.stack([learner.probabilities(c)[others] for c in range(labels.shape[1])], axis=1)
    positives = np.round(labels.sum(axis=0) * REFERENCE / len(labels)).astype(np.int64)
    report = long_tail_report(average_precision(chances, labels[others]), positives, (MEDIUM, HEAD))
    return {band: report[band] for band in BANDS}


if __name__ == "__main__":
    sys.exit(main())
