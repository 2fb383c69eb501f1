"""Synthetic projects of any size, for benchmarks and to try the program: many images of a few hundred photos.

Rows, labels, features and suggestions are created through the real repositories and services. The photos are
hard links to a few hundred files, so that a million images fit in a temporary folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from app.domain.labels import Decision, LabelState, Source
from app.services.images.file_content import read_content
from app.services.images.file_walk import FoundFile
from app.services.images.reading_revision import READING_SETTING
from app.services.labelling.decisions import decide
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.storage import categories, changes, images, pictures, predictions, settings
from app.storage.image_models import KEY_SETTING
from cprfl_core.features.store import FeatureStore
from cprfl_core.images.reading import LATEST_READING

FORMAT = 5
PHOTOS = 256
PHOTO_SIZE = (1024, 768)
NO_SHARE = 0.1
WIDTH = 1280  # of the default photo model
SCENES = 400
NOISE = 0.025  # of each number: as long as 0.9 of a direction
ROWS_A_SHARD = 512
ROWS_A_STEP = 20_000
FEATURE_KEY = "synthetic"
OTHER_MODEL = "another model"
SEED = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a synthetic project has.

    ``files``: whether the images have files. The first ``labelled`` share of the images have
    ``labels_each`` labels, all images ``scores_each`` suggestions of another model. ``width`` of the
    embeddings, 0 for none.
    """

    images: int
    categories: int
    files: bool = True
    labels_each: int = 3
    labelled: float = 1.0
    scores_each: int = 0
    width: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if min(self.images, self.categories) < 1 or min(self.labels_each, self.scores_each, self.width) < 0:
            raise ValueError("images and categories must be 1 or more, the other numbers 0 or more")
        if not 0 <= self.labelled <= 1:
            raise ValueError("the labelled share must be between 0 and 1")

    @property
    def name(self) -> str:
        """Of the folder that keeps such a project."""
        parts = [f"{self.images}x{self.categories}", "" if self.files else "nofiles"]
        parts += [f"{self.labels_each}labels", "" if self.labelled == 1 else f"{self.labelled:g}labelled"]
        parts += [
            f"{self.scores_each}scores" if self.scores_each else "",
            f"{self.width}wide" if self.width else "",
        ]
        return "-".join([*filter(None, parts), f"v{FORMAT}"])


def prepared(place: Path, wanted: Wanted) -> Path:
    """The project folder under ``place``, created if missing, otherwise reset to its initial state."""
    base = place / wanted.name
    done, project = base / "made.json", base / "project"
    if not done.is_file():
        shutil.rmtree(base, ignore_errors=True)
        facts = make(base, wanted)
        shutil.copyfile(project / "project.db", base / "project.db.made")
        done.write_text(json.dumps(facts))
    for suffix in ("-wal", "-shm"):
        (project / f"project.db{suffix}").unlink(missing_ok=True)
    shutil.copyfile(base / "project.db.made", project / "project.db")
    return project


def facts_of(project: Path) -> dict[str, Any]:
    """The numbers of images, labels and so on in the project."""
    return dict(json.loads((project.parent / "made.json").read_text()))


def make(base: Path, wanted: Wanted) -> dict[str, Any]:
    """Make ``base`` with the folders project, library and photos; returns its facts. ``base`` must not exist
    or be empty."""
    base.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    photos = _photos(base / "photos", min(PHOTOS, max(8, wanted.images // 8)), random) if wanted.files else []
    names = [f"category {number:03}" for number in range(wanted.categories)]
    labels = _labels(wanted, random)
    library = base / "library"
    library.mkdir()
    with create_project(base / "project", [library], names) as project:
        stamps = _add_images(project, library, photos, wanted.images)
        _note_pictures(project, photos)
        said = _add_labels(project, labels)
        if wanted.scores_each:
            _add_scores(project, wanted, random)
        if wanted.width:
            _add_features(project, stamps, labels, wanted.width, random)
    facts = {**asdict(wanted), "labels": said, "photos": len(photos)}
    return facts | {"photo_width": PHOTO_SIZE[0], "photo_height": PHOTO_SIZE[1]}


def _photos(folder: Path, count: int, random: np.random.Generator) -> list[Path]:
    """JPEGs with as much detail as a downscaled photo."""
    folder.mkdir()
    paths = []
    for number in range(count):
        coarse = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        smooth = Image.fromarray(coarse).resize(PHOTO_SIZE, Image.Resampling.BICUBIC)
        grain = random.normal(0, 12, (PHOTO_SIZE[1] // 2, PHOTO_SIZE[0] // 2, 1))
        fine = np.repeat(np.repeat(grain, 2, axis=0), 2, axis=1)
        path = folder / f"{number:03}.jpg"
        Image.fromarray((np.asarray(smooth) + fine).clip(0, 255).astype(np.uint8)).save(path, quality=85)
        paths.append(path)
    return paths


def _add_images(project: Project, library: Path, photos: list[Path], count: int) -> np.ndarray:
    """Add the rows, and the files if there are photos; returns the stamp of each content, uint64 [N]."""
    contents = [(path.read_bytes(), path.stat()) for path in photos]
    known = [
        {"content_hash": _hash(data), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
        for data, stat in contents
    ]
    stamps = np.empty(count, np.uint64)
    common = {"root_id": 1, "width": PHOTO_SIZE[0], "height": PHOTO_SIZE[1], "state": "ok"}
    for first in range(0, count, ROWS_A_STEP):
        rows = []
        for number in range(first, min(first + ROWS_A_STEP, count)):
            name = f"{number // 1000:03}/{number:06}.jpg"
            if photos:
                which = number * 37 % len(photos)  # neighbours differ
                if number % 1000 == 0:
                    (library / name).parent.mkdir()
                os.link(photos[which], library / name)
                file = known[which]
            else:
                file = {"content_hash": _hash(name.encode()), "size": 100_000, "mtime_ns": number + 1}
            stamps[number] = int(str(file["content_hash"])[:16], 16)
            rows.append({**common, **file, "path": name})
        with project.db.write() as s:
            images.add_many(s, rows)
    return stamps


def _note_pictures(project: Project, photos: list[Path]) -> None:
    """What a scan keeps beside the images, so that the next one has nothing left to read."""
    found = []
    for path in photos:
        stat = path.stat()
        content = read_content(FoundFile(1, path.name, str(path), stat.st_size, stat.st_mtime_ns))
        found.append(pictures.Picture(content.content_hash or "", content.data_hash, note=content.note))
    with project.db.write() as s:
        pictures.add(s, found)
        settings.set(s, READING_SETTING, LATEST_READING)


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _labels(wanted: Wanted, random: np.random.Generator) -> np.ndarray:
    """int8 [images, categories] in {1, 0, -1}: a long tail, different categories on each image."""
    weight = 1 / np.arange(1, wanted.categories + 1)
    states = np.full((wanted.images, wanted.categories), -1, np.int8)
    each, labelled = min(wanted.labels_each, wanted.categories), round(wanted.images * wanted.labelled)
    for first in range(0, labelled if each else 0, ROWS_A_STEP):
        block = states[first : min(first + ROWS_A_STEP, labelled)]
        # The smallest of exponential waiting times are a draw without replacement by weight.
        waiting = random.standard_exponential(size=block.shape, dtype=np.float32) / weight
        drawn = np.argpartition(waiting, each - 1, axis=1)[:, :each]
        answers = (random.random(drawn.shape) >= NO_SHARE).astype(np.int8)
        block[np.arange(len(block))[:, None], drawn] = answers
    return states


def _add_labels(project: Project, labels: np.ndarray) -> int:
    """Import the labels; the numbers of images and categories count from 1."""
    said = 0
    for first in range(0, len(labels), ROWS_A_STEP):
        rows, columns = np.nonzero(labels[first : first + ROWS_A_STEP] >= 0)
        if not len(rows):
            break
        states = labels[first + rows, columns]
        decisions = [
            Decision(first + row + 1, column + 1, LabelState.YES if state else LabelState.NO)
            for row, column, state in zip(rows.tolist(), columns.tolist(), states.tolist(), strict=True)
        ]
        decide(project, decisions, source=Source.IMPORT)
        said += len(decisions)
    return said


def _add_scores(project: Project, wanted: Wanted, random: np.random.Generator) -> None:
    """Suggestions of another model, as an import records them."""
    each = min(wanted.scores_each, wanted.categories)
    for first in range(0, wanted.images, ROWS_A_STEP):
        count = min(ROWS_A_STEP, wanted.images - first)
        order = np.argpartition(random.random((count, wanted.categories)), each - 1, axis=1)[:, :each] + 1
        values = random.random((count, each)).round(3)
        found = {
            first + row + 1: dict(zip(order[row].tolist(), values[row].tolist(), strict=True))
            for row in range(count)
        }
        with changes.recording(project.db, Source.IMPORT, "Import suggestions") as step:
            predictions.add(step.s, step.batch, OTHER_MODEL, found)
            step.kept = True


def _add_features(
    project: Project, stamps: np.ndarray, labels: np.ndarray, width: int, random: np.random.Generator
) -> None:
    """Embeddings near the sum of an image's category directions and one of SCENES common backgrounds, and
    category texts in the same space."""
    text = _directions(random, labels.shape[1], width)
    scenes = _directions(random, SCENES, width)
    store = FeatureStore(project.layout.features(FEATURE_KEY), key=FEATURE_KEY, embed_dim=width)
    for first in range(0, len(labels), ROWS_A_SHARD):
        shown = (labels[first : first + ROWS_A_SHARD] == 1).astype(np.float32) @ text
        vectors = shown + scenes[random.integers(0, SCENES, len(shown))]
        vectors += np.float32(NOISE) * random.standard_normal((len(shown), width), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        ids = np.arange(first + 1, first + len(vectors) + 1)
        store.append(ids, stamps[first : first + len(vectors)], vectors.astype(np.float16))
    with project.db.write() as s:
        present = categories.all_categories(s)
        settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": FEATURE_KEY})
    store.save_text(["\n".join(one.prompts()) for one in present], text)


def _directions(random: np.random.Generator, count: int, width: int) -> np.ndarray:
    """float32 [count, width] of unit length."""
    found = random.standard_normal((count, width), dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)
