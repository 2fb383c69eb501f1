"""A torch dataset of image files: decoded, transformed, with labels."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from cprfl_core.common.errors import DatasetError, ImageError
from cprfl_core.datasets.transforms import Transform
from cprfl_core.images.reading import open_image


class LabelledImages(Dataset[tuple[Tensor, Tensor]]):
    """Returns float32 [3,S,S] and int8 targets [C] of each file.

    The augmentation uses the module ``random``, whose generator training seeds for each image from seed,
    epoch and index, so that it does not depend on order or number of worker processes.

    ``__getitem__`` raises DatasetError if a file has become unreadable.
    """

    def __init__(self, files: Sequence[Path], labels: NDArray[np.int8], transform: Transform) -> None:
        if len(files) != len(labels):
            raise ValueError(f"{len(files)} files and {len(labels)} rows of labels")
        self.files = list(files)
        self.labels = torch.from_numpy(np.ascontiguousarray(labels))
        self.transform = transform

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        try:
            image = open_image(self.files[index])
        except ImageError as error:
            raise DatasetError(f"{self.files[index]} cannot be read: {error.reason}.") from error
        draw = random.Random(random.getrandbits(64))
        return torch.from_numpy(self.transform(image, draw)), self.labels[index]
