"""The projects for the screenshots: the demo, the demo without features, photographs."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.bootstrap import make_runner
from app.domain.images import Image
from app.domain.labels import Origin
from app.services.features.indexing import ensure_text_features, index
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.project.project import Project, open_project
from app.services.simulation.demo import COLLECTION, open_demo, pool_truth, prepare_demo
from app.services.simulation.simulation import Truth, random_order, simulate_reviews
from app.storage import categories as category_store
from app.storage import images as image_store
from cprfl_core.demo import collection

IMAGES: Final = 240
REVIEWS: Final = 60
TRAINED_IMAGES: Final = 400
TRAINED_REVIEWS: Final = 300
KNOWN: Final = 5
SEED: Final = 4
TRUTH: Final = "truth-of-pictures.json"


@dataclass(frozen=True, slots=True)
class Shown:
    """A project with the ground truth of its images and the ids of unreviewed ones."""

    folder: Path
    truth: Truth
    unreviewed: frozenset[int]

    def best_known_image(self) -> int:
        """The image with the most known categories among the first hundred unreviewed ones."""
        met = Counter(thing for one in self.truth.keys() - self.unreviewed for thing in self.truth[one])

        def telling(image_id: int) -> tuple[int, int]:
            return sum(met[thing] >= KNOWN for thing in self.truth.get(image_id, ())), -image_id

        return max(sorted(self.unreviewed)[:100], key=telling)


def make_demo(folder: Path) -> None:
    """The demo, indexed, with a few dozen reviews."""
    with prepare_demo(folder, make_runner(True), images=IMAGES) as project:
        _review(project, pool_truth(project, folder), REVIEWS)


def shown_demo(folder: Path) -> Shown:
    with open_demo(folder) as project:
        return _shown(project, pool_truth(project, folder))


def make_trainable(folder: Path) -> None:
    """A larger demo with enough reviews that every band has categories."""
    with prepare_demo(folder, make_runner(True), images=TRAINED_IMAGES) as project:
        _review(project, pool_truth(project, folder), TRAINED_REVIEWS)


def make_unindexed(folder: Path, demo: Path) -> Path:
    """A project with the demo's images and without features."""
    with open_demo(demo) as project, project.db.read() as s:
        names = [one.name for one in category_store.all_categories(s)]
    pool = collection.load(demo / COLLECTION)
    with create_project(folder, [pool.folder], names) as project:
        scan(project)
        return project.folder


def make_photographs(folder: Path, source: Path) -> None:
    """A project with the photographs in ``source``, if there are any."""
    listing = source / "annotations.json"
    if not listing.exists():
        print(f"There are no photographs in {source}; their screenshots are skipped.")
        return
    said = json.loads(listing.read_text(encoding="utf-8"))
    used = {one["category_id"] for one in said["annotations"]}
    names = {one["id"]: one["name"] for one in said["categories"] if one["id"] in used}
    with create_project(folder, [source / "images"], list(names.values())) as project:
        scan(project)
        runner = make_runner(True)
        index(project, runner)
        ensure_text_features(project, runner)
        truth = _truth_of(project, said, names)
        _review(project, truth, REVIEWS)
    shown = {number: sorted(present) for number, present in truth.items()}
    (folder / TRUTH).write_text(json.dumps(shown), encoding="utf-8")


def shown_photographs(folder: Path) -> Shown:
    said = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    with open_project(folder) as project:
        return _shown(project, {int(number): frozenset(present) for number, present in said.items()})


def _truth_of(project: Project, said: Mapping[str, list[dict]], names: Mapping[int, str]) -> Truth:
    images, categories = _known(project)
    numbers = {one.path: one.id for one in images}
    files = {one["id"]: one["file_name"] for one in said["images"]}
    truth: dict[int, set[int]] = {}
    for one in said["annotations"]:
        number = numbers.get(files[one["image_id"]])
        if number is not None:
            truth.setdefault(number, set()).add(categories[names[one["category_id"]]])
    return {number: frozenset(present) for number, present in truth.items()}


def _known(project: Project) -> tuple[list[Image], dict[str, int]]:
    with project.db.read() as s:
        images = image_store.all_images(s)
        categories = {one.name: one.id for one in category_store.all_categories(s)}
    return images, categories


def _review(project: Project, truth: Truth, reviews: int) -> None:
    order = random_order(sorted(truth), SEED)
    simulate_reviews(project, truth, order[:reviews], origin=Origin("random", reviews / len(order)))


def _shown(project: Project, truth: Truth) -> Shown:
    with project.db.read() as s:
        open_ones = [one.id for one in image_store.all_images(s) if one.reviewed_at is None]
    return Shown(project.folder, truth, frozenset(open_ones))
