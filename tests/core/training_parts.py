"""Small heads, data and trunks for the tests of training."""

import random
from functools import cache

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from cprfl_core.model.cprfl import CPRFL
from cprfl_core.training.training import TrainingOptions, TrainingResult, train_on_patches

IMAGES, PATCHES, WIDTH, TEXT, CATEGORIES = 40, 5, 12, 10, 7
FAST = {"epochs": 3, "batch_size": 8, "learning_rate": 1e-2}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors gain nothing from threads, and on a busy machine they wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def head(seed: int = 0, **options) -> CPRFL:
    torch.manual_seed(seed)
    return CPRFL(WIDTH, TEXT, 16, 2, 6, 20, **options)


def data(seed: int = 0, images: int = IMAGES) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Patches, labels that the patches decide, text features."""
    rng = np.random.default_rng(seed)
    patches = rng.normal(size=(images, PATCHES, WIDTH)).astype(np.float32)
    labels = (patches.mean(1)[:, :CATEGORIES] > 0.3).astype(np.int8)
    return patches, labels, rng.normal(size=(CATEGORIES, TEXT)).astype(np.float32)


def train(model: CPRFL | None = None, given=None, options=None, **more) -> TrainingResult:
    patches, labels, text = given or data()
    chosen = TrainingOptions(**(FAST | (options or {})))
    return train_on_patches(model or head(), patches, labels, text, options=chosen, device="cpu", **more)


@cache
def uninterrupted() -> TrainingResult:
    """What `train()` gives; made once."""
    return train()


def weights(result: TrainingResult) -> dict[str, Tensor]:
    """All that a run learned, raw and averaged."""
    found = {f"model.{name}": value for name, value in result.model.state_dict().items()}
    found |= {f"raw.{name}": value for name, value in result.raw_model.state_dict().items()}
    for kind, trunk in (("trunk", result.trunk), ("raw_trunk", result.raw_trunk)):
        if trunk is not None:
            found |= {f"{kind}.{name}": value for name, value in trunk.state_dict().items()}
    for kind, delta in (("delta", result.prompt_delta), ("raw_delta", result.raw_prompt_delta)):
        if delta is not None:
            found[kind] = delta
    return found


def same(one: TrainingResult, other: TrainingResult) -> bool:
    """Whether two runs gave the same numbers to the last bit, times left aside."""
    mine, theirs = weights(one), weights(other)
    if mine.keys() != theirs.keys() or not all(torch.equal(mine[name], theirs[name]) for name in mine):
        return False
    return [numbers(record) for record in one.history] == [numbers(record) for record in other.history]


def numbers(record) -> tuple:
    return (record.epoch, record.loss, record.learning_rate, record.total, record.head, record.tail)


def stop_after(batches: int):
    """A `should_stop` that lets so many batches through."""
    asked = iter(range(10**9))
    return lambda: next(asked) >= batches


def small_trunk(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(3, WIDTH, 4, 4), nn.BatchNorm2d(WIDTH))


class Pictures:
    """A dataset that augments with torch's, Python's and NumPy's global generators."""

    def __init__(self, images: int = 20, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.pictures = torch.from_numpy(rng.normal(size=(images, 3, 8, 8)).astype(np.float32))
        self.targets = (rng.random((images, CATEGORIES)) < 0.4).astype(np.int8)

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Tensor, np.ndarray]:
        shift = torch.randn(1) + random.random() + np.random.rand()
        return (self.pictures[index] + 0.1 * shift).float(), self.targets[index]
