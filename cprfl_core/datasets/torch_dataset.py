"""A list of image files as a torch data set: decoded, transformed, with its labels."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from cprfl_core.datasets.transforms import Transform
from cprfl_core.errors import DatasetError, ImageError
from cprfl_core.images import open_image


class LabelledImages(Dataset[tuple[Tensor, Tensor]]):
    """Gives float32 [3,S,S] and int8 targets [C] of each file.

    The augmentation of an image follows from ``seed``, the epoch and the place of the image alone: not from
    the order in which images are asked for, the number of loading processes or any global generator.

    Raises DatasetError from ``__getitem__`` when a file has become unreadable.
    """

    def __init__(
        self, files: Sequence[Path], labels: NDArray[np.int8], transform: Transform, seed: int = 0
    ) -> None:
        if len(files) != len(labels):
            raise ValueError(f"{len(files)} files and {len(labels)} rows of labels")
        self.files = list(files)
        self.labels = torch.from_numpy(np.ascontiguousarray(labels))
        self.transform = transform
        self.seed = seed
        # In shared memory, so that loading processes which outlive an epoch see the next one.
        self._epoch = torch.zeros((), dtype=torch.int64)
        self._epoch.share_memory_()  # type: ignore[no-untyped-call]

    def set_epoch(self, epoch: int) -> None:
        """Choose the augmentation of this epoch, counted from 0."""
        self._epoch.fill_(epoch)

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        draw = random.Random(f"{self.seed}/{int(self._epoch)}/{index}")
        try:
            image = open_image(self.files[index])
        except ImageError as error:
            raise DatasetError(f"{self.files[index]} cannot be read: {error.reason}.") from error
        return torch.from_numpy(self.transform(image, draw)), self.labels[index]
