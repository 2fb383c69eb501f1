"""Batches of images from a map-style dataset, optionally loaded by worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from cprfl_core.common.errors import CoreError, InputError
from cprfl_core.training.data import Batch, Rows, check_labels
from cprfl_core.training.randomness import seed_image

_VALIDATION_EPOCH = 0  # augmentation of validation images, if any, is the same in every epoch

Collate = Callable[[list[Any]], tuple[Tensor, Any]]


class ImageDataset(Protocol):
    """Map-style, like torch's: an image tensor [3, H, W] and targets [C] in {1, 0, -1}."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> tuple[Tensor, Any]: ...


class ImageData:
    """Shuffled batches of a dataset; the random state of an image depends on seed, epoch and index only."""

    def __init__(
        self,
        dataset: ImageDataset,
        *,
        categories: int,
        batch_size: int,
        seed: int,
        pin: bool,
        workers: int,
        collate: Collate | None,
    ) -> None:
        self.images, self.skipped = len(dataset), 0
        if not self.images:
            raise InputError("The dataset is empty; give at least one image.")
        self.steps_per_epoch = -(-self.images // batch_size)
        self._categories, self._seed = categories, seed
        self._groups = _Groups()
        self._loader: DataLoader[Any] = DataLoader(
            _Seeded(dataset, seed),  # type: ignore[arg-type]
            batch_sampler=self._groups,
            collate_fn=_Collate(collate or stack),
            num_workers=workers,
            persistent_workers=workers > 0,
            pin_memory=pin,
            generator=torch.Generator().manual_seed(seed),
        )

    def epoch(self, epoch: int, start: int) -> Iterator[Batch]:
        """The batches of an epoch, starting at number `start`; their sizes differ by at most one image."""
        order = np.random.default_rng([self._seed, epoch]).permutation(self.images)
        # Epoch 0 of the augmentation is the validation's.
        return self._load(np.array_split(order, self.steps_per_epoch)[start:], epoch + 1)

    def in_order(self, size: int) -> Iterator[Batch]:
        """All images once."""
        rows = np.arange(self.images)
        return self._load([rows[at : at + size] for at in range(0, len(rows), size)], _VALIDATION_EPOCH)

    def close(self) -> None:
        """End the worker processes; the data cannot be used afterwards."""
        del self._loader

    def _load(self, groups: list[Rows], epoch: int) -> Iterator[Batch]:
        self._groups.now = [[(epoch, int(row)) for row in rows] for rows in groups]
        for rows, loaded in zip(groups, self._loader, strict=True):
            if isinstance(loaded, CoreError):
                raise loaded
            inputs, targets = loaded
            if len(inputs) != len(rows):
                raise InputError(f"The collate function returned {len(inputs)} images for {len(rows)}.")
            labels = check_labels(targets, images=len(rows), categories=self._categories)
            yield Batch(rows, inputs, torch.from_numpy(labels))


def stack(samples: list[Any]) -> tuple[Tensor, Tensor]:
    """Join (image, targets) pairs into [b, 3, H, W] and [b, C]."""
    images, targets = zip(*samples, strict=True)
    return torch.stack(images), torch.stack([torch.as_tensor(target) for target in targets])


class _Groups:
    """A batch sampler whose batches can be replaced each epoch, so that worker processes are reused."""

    def __init__(self) -> None:
        self.now: list[list[tuple[int, int]]] = []

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        return iter(self.now)

    def __len__(self) -> int:
        return len(self.now)


class _Seeded:
    """Seeds all generators before an image is loaded. Known errors are returned as values, because a worker
    process would wrap their sentence in a traceback."""

    def __init__(self, dataset: ImageDataset, seed: int) -> None:
        self._dataset, self._seed = dataset, seed

    def __len__(self) -> int:
        return len(self._dataset)

    def __getitem__(self, place: tuple[int, int]) -> Any:
        epoch, index = place
        seed_image(self._seed, epoch, index)
        try:
            return self._dataset[index]
        except CoreError as error:
            return error


class _Collate:
    def __init__(self, collate: Collate) -> None:
        self._collate = collate

    def __call__(self, samples: Sequence[Any]) -> tuple[Tensor, Any] | CoreError:
        for sample in samples:
            if isinstance(sample, CoreError):
                return sample
        return self._collate(list(samples))
