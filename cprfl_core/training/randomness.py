"""Random state as a function of seed, epoch, step and image, so that nothing has to be saved or restored.

Generators are seeded for each step and each image. So a resumed run draws the same numbers, augmentation does
not depend on the number of worker processes, and a callback that draws random numbers changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def preserved_randomness(device: torch.device) -> Iterator[None]:
    """Restore the global generators of torch, `random` and NumPy at the end of the block."""
    numbers, python, legacy = torch.get_rng_state(), random.getstate(), np.random.get_state()
    on_device = _device_state(device)
    try:
        yield
    finally:
        torch.set_rng_state(numbers)
        random.setstate(python)
        np.random.set_state(legacy)
        if on_device is not None:
            _set_device_state(device, on_device)


def seed_step(device: torch.device, seed: int, step: int, part: int) -> None:
    """Seed torch's generators, of the CPU and of the device, for one part of a step."""
    number = _number(seed, step, part)
    torch.default_generator.manual_seed(number)
    if device.type == "cuda":
        with torch.cuda.device(device):
            torch.cuda.manual_seed(number)
    elif device.type == "mps":
        torch.mps.manual_seed(number)


def seed_image(seed: int, epoch: int, index: int) -> None:
    """Seed all global generators of the CPU, because augmentation may use any of them."""
    number = _number(seed, epoch, index)
    torch.default_generator.manual_seed(number)
    random.seed(number)
    np.random.seed(number & 0xFFFFFFFF)


def _number(*place: int) -> int:
    return int(np.random.SeedSequence(place).generate_state(1, np.uint64)[0]) >> 1


def _device_state(device: torch.device) -> torch.Tensor | None:
    if device.type == "cuda":
        return torch.cuda.get_rng_state(device)
    return torch.mps.get_rng_state() if device.type == "mps" else None


def _set_device_state(device: torch.device, state: torch.Tensor) -> None:
    if device.type == "cuda":
        torch.cuda.set_rng_state(state, device)
    else:
        torch.mps.set_rng_state(state)
