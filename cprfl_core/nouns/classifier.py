"""The ImageNet classifier of a photo model, stored with its features. NumPy only."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.array_files import DamagedFileError, read_arrays, write_arrays

Float32 = NDArray[np.float32]

TEXT_WIDTH: Final = 256
"""Width of CPRFL's texts. Its size grows with the square: in the full width of the features it would have 50
million weights."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """``weight`` [K,D] and ``bias`` [K], float32, of the K = 1,000 classes of ImageNet in their usual order.

    Stored embeddings have unit length, but the classifier was trained on features that have not; ``norm`` is
    their typical length. ``stored_axes`` are the axes of a classifier that was read from disk. Raises
    ValueError if the shapes do not agree or a number is not finite.
    """

    weight: Float32
    bias: Float32
    norm: float
    stored_axes: Float32 | None = None

    def __post_init__(self) -> None:
        if self.weight.ndim != 2 or self.bias.shape != self.weight.shape[:1]:
            raise ValueError(f"a weight of {self.weight.shape} and a bias of {self.bias.shape} do not agree")
        finite = np.isfinite(self.weight).all() and np.isfinite(self.bias).all() and np.isfinite(self.norm)
        if not finite or self.norm <= 0:
            raise ValueError("the weights and the norm must be finite, and the norm positive")
        axes = self.stored_axes
        if axes is not None and (axes.ndim != 2 or axes.shape[1] != self.weight.shape[1]):
            raise ValueError(f"axes of {axes.shape} and a weight of {self.weight.shape} do not agree")

    @cached_property
    def axes(self) -> Float32:
        """The space of CPRFL's texts [T,D]: orthonormal axes along which the classes differ most.

        A tuned head depends on them, so they are stored; finding them takes a third of a second.
        """
        return _main_axes(self.weight) if self.stored_axes is None else self.stored_axes

    def logits(self, embeddings: Float32) -> Float32:
        """Approximate logits [N,K] of embeddings of unit length, [N,D]."""
        return np.asarray(self.norm * (embeddings @ self.weight.T) + self.bias, dtype=np.float32)


def _main_axes(weight: Float32) -> Float32:
    """The first TEXT_WIDTH principal axes of the rows [K,D]; their largest component is positive."""
    centred = weight.astype(np.float64) - weight.mean(axis=0, dtype=np.float64)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:TEXT_WIDTH]
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    return np.asarray(axes * np.sign(largest), dtype=np.float32)


def save_classifier(path: Path, classifier: Classifier) -> None:
    """Write ``path`` atomically. Raises FeatureStoreError."""
    tensors = {"weight": classifier.weight, "bias": classifier.bias, "axes": classifier.axes}
    write_arrays(path, tensors, {"norm": repr(classifier.norm)})


def read_classifier(path: Path) -> Classifier:
    """Read ``path``. Raises DamagedFileError, and OSError from the file system."""
    tensors, facts = read_arrays(path, ("weight", "bias", "axes"))
    try:
        return Classifier(tensors["weight"], tensors["bias"], float(facts["norm"]), tensors["axes"])
    except (KeyError, ValueError) as error:
        raise DamagedFileError(f"is not a classifier ({error})") from error
