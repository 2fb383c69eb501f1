"""Batches for training: cached patch features, or a dataset of images.

Shapes: N images, P patches, W backbone channels, C categories, b images of a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from cprfl_core.common.errors import InputError

Rows = NDArray[np.int64]
Labels = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Batch:
    """Images on the host: inputs [b, ...] of any type, targets int8 [b, C], and their rows in the data.

    `scales`, if given, has as many dimensions as the inputs and multiplies them on the device, so that int8
    is transferred as int8.
    """

    rows: Rows
    inputs: Tensor
    targets: Tensor
    scales: Tensor | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, start: int, end: int) -> Batch:
        """Images `start` up to `end`."""
        scales = self.scales if self.scales is None or len(self.scales) == 1 else self.scales[start:end]
        return Batch(self.rows[start:end], self.inputs[start:end], self.targets[start:end], scales)

    def pinned(self) -> Batch:
        """The batch in pinned memory, so that copies to a CUDA device overlap with computation."""
        scales = None if self.scales is None else self.scales.pin_memory()
        return Batch(self.rows, self.inputs.pin_memory(), self.targets.pin_memory(), scales)

    def on(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Return floating inputs and the targets on a device."""
        inputs = self.inputs.to(device, non_blocking=True)
        if self.scales is not None:
            inputs = inputs.float() * self.scales.to(device, non_blocking=True)
        elif not inputs.is_floating_point():
            inputs = inputs.float()
        return inputs, self.targets.to(device, non_blocking=True)


@runtime_checkable
class PatchProvider(Protocol):
    """Patch features that are read in batches, such as those of a feature store. Need not be thread-safe."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(N, P, W)."""
        ...

    def batch(self, rows: Rows) -> Any:
        """Return float32 [b, P, W] of these rows, an array or a tensor."""
        ...


@runtime_checkable
class QuantisedProvider(PatchProvider, Protocol):
    """A provider that stores int8, which is a quarter of the bytes to transfer."""

    def raw(self, rows: Rows) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
        """Return int8 [b, P, W] and their scales [b, P]."""
        ...


class Patches:
    """A common interface to all forms of patch features; only the rows of a batch are copied.

    Args:
        patches: a floating array or tensor [N, P, W], possibly memory-mapped; a pair of int8 patches and
            their scales (a scalar, one per image [N], per patch [N, P] or per channel [1, 1, W], or anything
            that broadcasts against [N, P, W]); or a `PatchProvider`.
        width: the expected W.

    Raises:
        InputError: a shape or type is wrong.
    """

    def __init__(self, patches: Any, width: int) -> None:
        self._scales: NDArray[np.float32] | None = None
        if isinstance(patches, tuple) and len(patches) == 2:
            patches, scales = patches
            self._scales = np.asarray(scales, dtype=np.float32)
        self._values: Any = patches if hasattr(patches, "shape") else np.asarray(patches)
        shape = tuple(int(size) for size in self._values.shape)
        if len(shape) != 3 or min(shape) == 0 or shape[2] != width:
            raise InputError(
                f"The patches have shape {list(shape)}; give [images, patches, {width}], none of them 0."
            )
        self.shape = shape
        self._provided = isinstance(self._values, PatchProvider)
        self._check_type()

    def __len__(self) -> int:
        return self.shape[0]

    def gather(self, rows: Rows) -> tuple[Tensor, Tensor | None]:
        """Return [b, P, W] as stored, and its scales or None."""
        if isinstance(self._values, QuantisedProvider):
            quantised, by_patch = self._values.raw(rows)
            return torch.from_numpy(quantised), torch.from_numpy(by_patch.astype(np.float32)[..., None])
        if self._provided:
            values = self._values.batch(rows)
        elif isinstance(self._values, Tensor):
            values = self._values[torch.from_numpy(rows)]
        else:
            values = np.ascontiguousarray(self._values[rows])
        values = values if isinstance(values, Tensor) else torch.from_numpy(np.asarray(values))
        if tuple(values.shape) != (len(rows), *self.shape[1:]):
            raise InputError(
                f"The provider returned patches of shape {list(values.shape)} for {len(rows)} images; "
                f"it should be {[len(rows), *self.shape[1:]]}."
            )
        if self._scales is None:
            return values, None
        scales = self._scales[rows] if len(self._scales) == len(self) > 1 else self._scales
        return values, torch.from_numpy(scales)

    def _check_type(self) -> None:
        if self._provided:
            return
        kind = str(self._values.dtype).removeprefix("torch.")
        if self._scales is not None:
            if kind != "int8":
                raise InputError(f"Patches with scales are int8, but these are {kind}.")
            self._scales = self._broadcastable(self._scales)
        elif kind not in ("float16", "bfloat16", "float32", "float64"):
            raise InputError(
                f"The patches are {kind}; give a floating type, or a pair of int8 and its scales."
            )

    def _broadcastable(self, scales: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scales with three dimensions; missing dimensions are appended, as for those of a feature store."""
        given = scales.shape
        if scales.size == 1:
            scales = scales.reshape(1, 1, 1)
        elif scales.ndim < 3:
            scales = scales.reshape(given + (1,) * (3 - scales.ndim))
        wrong = scales.ndim != 3 or any(
            size not in (1, whole) for size, whole in zip(scales.shape, self.shape, strict=True)
        )
        if wrong:
            raise InputError(
                f"The scales have shape {list(given)}, which does not match patches of {list(self.shape)}; "
                "give a scalar, one per image or one per patch."
            )
        if not np.isfinite(scales).all():
            raise InputError("The scales of the patches contain NaN or infinite numbers.")
        return np.ascontiguousarray(scales)


class PatchData:
    """Labelled patch features: shuffled batches of the images with at least one known label."""

    def __init__(self, patches: Patches, labels: Labels, *, batch_size: int, seed: int, pin: bool) -> None:
        self.patches, self.labels = patches, labels
        self._seed, self._pin = seed, pin
        self._usable = np.flatnonzero((labels >= 0).any(axis=1))
        self.images = len(self._usable)
        self.skipped = len(labels) - self.images
        self.steps_per_epoch = -(-self.images // batch_size)

    def epoch(self, epoch: int, start: int) -> Iterator[Batch]:
        """The batches of an epoch, starting at number `start`; their sizes differ by at most one image."""
        order = np.random.default_rng([self._seed, epoch]).permutation(self._usable)
        # Sorted, so that neighbours on disk are read together; the order within a batch does not matter.
        rows = [np.sort(part) for part in np.array_split(order, self.steps_per_epoch)]
        return self._batches(rows[start:])

    def in_order(self, size: int) -> Iterator[Batch]:
        """All images once, including those without known labels."""
        rows = np.arange(len(self.labels))
        return self._batches([rows[at : at + size] for at in range(0, len(rows), size)])

    def _batches(self, groups: list[Rows]) -> Iterator[Batch]:
        return _ahead(map(self._batch, groups)) if self._pin else map(self._batch, groups)

    def _batch(self, rows: Rows) -> Batch:
        inputs, scales = self.patches.gather(rows)
        batch = Batch(rows, inputs, torch.from_numpy(self.labels[rows]), scales)
        return batch.pinned() if self._pin and inputs.device.type == "cpu" else batch


def check_labels(labels: ArrayLike | Tensor, *, images: int, categories: int) -> Labels:
    """Return labels as int8 [N, C].

    Raises:
        InputError: the shape is wrong, or an entry is not 1, 0 or -1; the first one is named.
    """
    given = labels.detach().cpu().numpy() if isinstance(labels, Tensor) else np.asarray(labels)
    if given.shape != (images, categories):
        raise InputError(
            f"The labels have shape {list(given.shape)}; give [{images}, {categories}], a row for each image "
            "and a column for each category."
        )
    odd = ~np.isin(given, (1, 0, -1))
    if odd.any():
        row, column = (int(place) for place in np.argwhere(odd)[0])
        raise InputError(
            f"The label of image {row} and category {column} is {given[row, column]}; "
            "give 1 (yes), 0 (no) or -1 (unknown)."
        )
    return given.astype(np.int8)


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches, each loaded in a thread while the previous one is in use."""
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as pool:
        waiting = pool.submit(next, batches, None)
        while (batch := waiting.result()) is not None:
            waiting = pool.submit(next, batches, None)
            yield batch
