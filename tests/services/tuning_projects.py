"""Small projects to tune on: what a category looks like shows in one patch and is lost in the mean."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from app.domain.labels import Decision, LabelState
from app.protocol import messages as m
from app.protocol.files import read_prompts
from app.services.features.indexing import feature_store
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, review
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.storage import categories, images, settings
from app.storage.image_models import KEY_SETTING
from app.worker.context import JobContext
from app.worker.inprocess import InProcessRunner
from app.worker.training_job import score_images, train_head
from cprfl_core.common.errors import BackboneError
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import plain_basis, quantise

KEY, WIDTH, PATCHES, NAMES = "patchy-1", 16, 9, tuple("abcdefgh")
THINGS = np.random.default_rng(7).normal(size=(len(NAMES), WIDTH)).astype(np.float32)
STRENGTH = 0.9


def patchy_project(
    folder: Path, *, count: int = 160, reviewed: int = 120, wrong: bool = False, seed: int = 0
) -> Project:
    """``count`` images with features, of which ``reviewed`` carry labels; shuffled ones where ``wrong``."""
    rng = np.random.default_rng(seed)
    pictures = folder / "images"
    pictures.mkdir(parents=True)
    for number in range(count):
        colour = tuple(int(value) for value in rng.integers(0, 255, 3))
        Image.new("RGB", (4, 4), colour).save(pictures / f"{number:04}.png")
    project = create_project(folder / "project", [pictures], [f"thing {name}" for name in NAMES])
    scan(project)
    truth = truth_of(count, seed)
    add_features(project, truth, seed)
    if reviewed:
        told = truth[rng.permutation(count)] if wrong else truth
        label(project, told, range(reviewed))
    return project


def truth_of(count: int, seed: int = 0) -> np.ndarray:
    """bool [N, C], from frequent to rare."""
    shares = np.geomspace(0.5, 0.08, len(NAMES))
    return np.random.default_rng(seed + 1).random((count, len(NAMES))) < shares


def tokens_of(truth: np.ndarray, seed: int = 0) -> np.ndarray:
    """Patches [N, P, W]: noise, and in one of them each thing that is there."""
    rng = np.random.default_rng(seed + 2)
    tokens = rng.normal(size=(len(truth), PATCHES, WIDTH)).astype(np.float32)
    for row, category in zip(*np.nonzero(truth), strict=True):
        tokens[row, rng.integers(PATCHES)] += STRENGTH * THINGS[category]
    return tokens


def add_features(project: Project, truth: np.ndarray, seed: int = 0) -> None:
    """Write what indexing would have written, for the project's images in the order of their paths."""
    tokens = tokens_of(truth, seed)
    vectors = tokens.mean(axis=1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with project.db.write() as s:
        settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": KEY})
    with project.db.read() as s:
        present = sorted(images.all_images(s), key=lambda image: image.path)
    store = feature_store(project, KEY)
    store.set_basis(plain_basis((3, 3), WIDTH))
    stamps = [int(str(image.content_hash)[:16], 16) for image in present]
    store.append([image.id for image in present], stamps, vectors, *quantise(tokens))


def label(project: Project, truth: np.ndarray, rows: range) -> None:
    """Review these images: the yes are said, everything else is implied."""
    with project.db.read() as s:
        present = sorted(images.all_images(s), key=lambda image: image.path)
        ids = [category.id for category in categories.all_categories(s)]
    decisions = [
        Decision(present[row].id, ids[category], LabelState.YES)
        for row in rows
        for category in np.flatnonzero(truth[row])
    ]
    decide(project, decisions)
    review(project, [present[row].id for row in rows])


def patchy_runner(**jobs: Callable) -> InProcessRunner:
    """The real jobs of tuning, and texts that are the things themselves; ``jobs`` by command replace some."""
    table = {
        m.DescribeBackbone: describe,
        m.EncodeText: encode,
        m.TrainHead: train_head,
        m.ScoreImages: score_images,
    }
    return InProcessRunner(table | {getattr(m, name): job for name, job in jobs.items()})


def describe(command: m.DescribeBackbone, context: JobContext) -> m.BackboneResult:
    return m.BackboneResult(
        key=KEY, embed_dim=WIDTH, patch_width=WIDTH, grid=(3, 3), device="cpu", precision="float32"
    )


def encode(command: m.EncodeText, context: JobContext) -> m.TextResult:
    if command.expected_key != KEY:
        raise BackboneError("The weights have changed.")
    lines = list(read_prompts(Path(command.prompts)))
    rows = np.stack([text_row(line.prompts[0]) for line in lines])
    if command.kind == "joint":
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    FeatureStore(Path(command.features), key=KEY).save_text([line.key for line in lines], rows, command.kind)
    return m.TextResult(encoded=len(lines), dim=WIDTH, seconds=0.0)


def encode_noise(command: m.EncodeText, context: JobContext) -> m.TextResult:
    """Texts that have nothing to do with the images."""
    lines = list(read_prompts(Path(command.prompts)))
    rows = np.stack([text_row(line.prompts[0][::-1]) for line in lines])
    FeatureStore(Path(command.features), key=KEY).save_text([line.key for line in lines], rows, command.kind)
    return m.TextResult(encoded=len(lines), dim=WIDTH, seconds=0.0)


def text_row(prompt: str) -> np.ndarray:
    """The thing that the prompt names, seen through some noise; noise alone for an unknown name."""
    name = prompt.removesuffix(".").rpartition(" ")[2]
    noise = np.random.default_rng(sum(prompt.encode())).normal(size=WIDTH)
    found = THINGS[NAMES.index(name)] + 0.5 * noise if name in NAMES else noise
    return found.astype(np.float32)
