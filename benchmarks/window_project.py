"""The synthetic project of the window benchmark: many image rows over a few hundred photos.

Rows, labels, features and thumbnails are created through the real repositories and services. The photos are
hard links to a few hundred files, so that 100,000 images fit in a temporary folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from app.domain.labels import Decision, LabelState, Source
from app.services.labelling.decisions import decide
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.storage import categories, images, settings
from app.storage.image_models import KEY_SETTING
from cprfl_core.features.store import FeatureStore

FORMAT = 4
PHOTOS = 256
PHOTO_SIZE = (1024, 768)
LABELS_EACH = 3
NO_SHARE = 0.1
WIDTH = 1280  # of the default photo model
SCENES = 400
NOISE = 0.025  # of each number: as long as 0.9 of a direction
ROWS_A_SHARD = 512
ROWS_A_STEP = 20_000
FEATURE_KEY = "synthetic"
SEED = 3


def prepared(place: Path, images_wanted: int, categories_wanted: int, *, features: bool = False) -> Path:
    """The project folder under ``place``, created if missing, otherwise reset to its initial state."""
    base = place / f"{images_wanted}x{categories_wanted}{'-features' if features else ''}-v{FORMAT}"
    done, project = base / "made.json", base / "project"
    if not done.is_file():
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        facts = _make(base, images_wanted, categories_wanted, features)
        shutil.copyfile(project / "project.db", base / "project.db.made")
        done.write_text(json.dumps(facts))
    for suffix in ("-wal", "-shm"):
        (project / f"project.db{suffix}").unlink(missing_ok=True)
    shutil.copyfile(base / "project.db.made", project / "project.db")
    return project


def facts_of(project: Path) -> dict[str, int]:
    """The numbers of images, labels and so on in the project."""
    return dict(json.loads((project.parent / "made.json").read_text()))


def _make(base: Path, count: int, category_count: int, features: bool) -> dict[str, int]:
    random = np.random.default_rng(SEED)
    photos = _photos(base / "photos", min(PHOTOS, max(8, count // 8)), random)
    names = [f"category {number:03}" for number in range(category_count)]
    labels = _labels(count, category_count, random)
    library = base / "library"
    library.mkdir()
    with create_project(base / "project", [library], names) as project:
        hashes = _add_images(project, library, photos, count)
        said = _add_labels(project, labels)
        if features:
            _add_features(project, hashes, labels, random)
    facts = {"images": count, "categories": category_count, "labels": said, "photos": len(photos)}
    facts |= {"photo_width": PHOTO_SIZE[0], "photo_height": PHOTO_SIZE[1]}
    return {**facts, "embedding_width": WIDTH if features else 0}


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


def _add_images(project: Project, library: Path, photos: list[Path], count: int) -> list[str]:
    hashes = [hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() for path in photos]
    stats = [path.stat() for path in photos]
    rows, of_image = [], []
    for number in range(count):
        which = number * 37 % len(photos)  # neighbours differ
        name = f"{number // 1000:03}/{number:06}.jpg"
        if number % 1000 == 0:
            (library / name).parent.mkdir()
        os.link(photos[which], library / name)
        of_image.append(hashes[which])
        rows.append(
            {
                "root_id": 1,
                "path": name,
                "size": stats[which].st_size,
                "mtime_ns": stats[which].st_mtime_ns,
                "width": PHOTO_SIZE[0],
                "height": PHOTO_SIZE[1],
                "content_hash": hashes[which],
                "state": "ok",
            }
        )
    with project.db.write() as s:
        images.add_many(s, rows)
    return of_image


def _labels(count: int, category_count: int, random: np.random.Generator) -> np.ndarray:
    """int8 [count, category_count] in {1, 0, -1}: a long tail, LABELS_EACH different categories an image."""
    weight = 1 / np.arange(1, category_count + 1)
    states = np.full((count, category_count), -1, np.int8)
    each = min(LABELS_EACH, category_count)
    for first in range(0, count, ROWS_A_STEP):
        block = states[first : first + ROWS_A_STEP]
        # The smallest of exponential waiting times are a draw without replacement by weight.
        waiting = random.exponential(size=block.shape) / weight
        drawn = np.argpartition(waiting, each - 1, axis=1)[:, :each]
        answers = (random.random(drawn.shape) >= NO_SHARE).astype(np.int8)
        block[np.arange(len(block))[:, None], drawn] = answers
    return states


def _add_labels(project: Project, labels: np.ndarray) -> int:
    """Import the labels; the numbers of images and categories count from 1."""
    said = 0
    for first in range(0, len(labels), ROWS_A_STEP):
        rows, columns = np.nonzero(labels[first : first + ROWS_A_STEP] >= 0)
        states = labels[first + rows, columns]
        decisions = [
            Decision(first + row + 1, column + 1, LabelState.YES if state else LabelState.NO)
            for row, column, state in zip(rows.tolist(), columns.tolist(), states.tolist(), strict=True)
        ]
        decide(project, decisions, source=Source.IMPORT)
        said += len(decisions)
    return said


def _add_features(
    project: Project, hashes: list[str], labels: np.ndarray, random: np.random.Generator
) -> None:
    """Embeddings near the sum of an image's category directions and one of SCENES common backgrounds, and
    category texts in the same space."""
    text = random.normal(size=(labels.shape[1], WIDTH)).astype(np.float32)
    text /= np.linalg.norm(text, axis=1, keepdims=True)
    scenes = random.normal(size=(SCENES, WIDTH)).astype(np.float32)
    scenes /= np.linalg.norm(scenes, axis=1, keepdims=True)
    store = FeatureStore(project.layout.features(FEATURE_KEY), key=FEATURE_KEY, embed_dim=WIDTH)
    stamps = np.array([int(one[:16], 16) for one in hashes], np.uint64)
    for first in range(0, len(labels), ROWS_A_SHARD):
        shown = (labels[first : first + ROWS_A_SHARD] == 1).astype(np.float32) @ text
        vectors = shown + scenes[random.integers(0, SCENES, len(shown))]
        vectors += random.normal(0, NOISE, (len(shown), WIDTH)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        ids = np.arange(first + 1, first + len(vectors) + 1)
        store.append(ids, stamps[first : first + len(vectors)], vectors.astype(np.float16))
    with project.db.write() as s:
        present = categories.all_categories(s)
        settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": FEATURE_KEY})
    store.save_text(["\n".join(one.prompts()) for one in present], text)
