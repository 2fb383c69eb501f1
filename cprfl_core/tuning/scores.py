"""Scores of a tuned head over a collection, in two files: the numbers, and their index. NumPy only.

``<name>.npy`` is float16 [categories, rows], so that one category is one contiguous read;
``<name>.index.safetensors`` names rows and categories and carries a digest of the numbers. The index is
written last: numbers without their index are not scores.

A score is standardised: its distance from the category's mean over the collection, in standard deviations.
For an image that the head was tuned on it is out of fold: that of a head which has not seen the image.
"""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.array_files import DamagedFileError, read_arrays, write_arrays, write_atomically
from cprfl_core.common.errors import ModelFileError

_LIMIT: Final = 60_000.0
LEAST_SPREAD: Final = 1e-6
"""A category whose logits hardly differ is not blown up."""


@dataclass(frozen=True, eq=False)
class TunedScores:
    """R images, C categories.

    ``image_ids`` int64 [R] ascending; ``category_ids`` int64 [C]; ``values`` float16 [C, R]; ``folds`` int8
    [R], the fold whose head gave the score, -1 for the head of all images.
    """

    image_ids: NDArray[np.int64]
    category_ids: NDArray[np.int64]
    values: NDArray[np.float16]
    folds: NDArray[np.int8]

    def save(self, path: Path) -> None:
        """Write ``path`` (a .npy) and its index. Until both are complete the old pair is not replaced.

        Raises FeatureStoreError when the disk is full.
        """
        packed = np.ascontiguousarray(self.values, dtype=np.float16)
        numbers = io.BytesIO()
        np.save(numbers, packed, allow_pickle=False)
        data = numbers.getvalue()
        arrays: dict[str, NDArray[np.generic]] = {
            "image_ids": self.image_ids,
            "category_ids": self.category_ids,
            "folds": self.folds,
        }
        write_atomically(path, data)
        write_arrays(index_path(path), arrays, {"digest": _digest(data)})

    @classmethod
    def load(cls, path: Path) -> "TunedScores":
        """Raises ModelFileError for files that are missing, damaged or do not belong together."""
        names = ("image_ids", "category_ids", "folds")
        try:
            arrays, metadata = read_arrays(index_path(path), names)
            data = path.read_bytes()
            image_ids, category_ids, folds = (arrays[name] for name in names)
        except FileNotFoundError as error:
            raise ModelFileError(f"The scores {error.filename or path} are gone.") from error
        except OSError as error:
            raise ModelFileError(f"{path} cannot be read ({error.strerror or error}).") from error
        except (DamagedFileError, KeyError) as error:
            raise ModelFileError(f"{index_path(path)} is damaged ({error}).") from error
        if _digest(data) != metadata.get("digest"):
            raise ModelFileError(f"The scores {path} are not what was written beside them.")
        values = np.load(io.BytesIO(data), allow_pickle=False)
        if values.shape != (len(category_ids), len(image_ids)) or len(folds) != len(image_ids):
            raise ModelFileError(f"The scores {path} have shape {values.shape}, which is not their index's.")
        return cls(image_ids, category_ids, values, folds)

    def matrix(self, image_ids: NDArray[np.int64], category_ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Scores float32 [N, K] of these images and categories, NaN where the head gave none."""
        found = np.full((len(category_ids), len(image_ids)), np.nan, np.float32)
        if len(self.image_ids):
            place = np.minimum(np.searchsorted(self.image_ids, image_ids), len(self.image_ids) - 1)
            known = self.image_ids[place] == image_ids
            row_of = {int(one): row for row, one in enumerate(self.category_ids)}
            for at, category_id in enumerate(category_ids.tolist()):
                if category_id in row_of:
                    found[at, known] = self.values[row_of[category_id], place[known]]
        return np.ascontiguousarray(found.T)


def standardised(
    values: NDArray[np.float32], mean: NDArray[np.float32], spread: NDArray[np.float32]
) -> NDArray[np.float16]:
    """Scores [..., C] in units of ``spread`` [C] from ``mean`` [C], as float16."""
    scaled = (values - mean) / np.maximum(spread, LEAST_SPREAD)
    return np.clip(scaled, -_LIMIT, _LIMIT).astype(np.float16)


def index_path(path: Path) -> Path:
    return path.with_suffix(".index.safetensors")


def remove(path: Path) -> None:
    """Delete both files, the index first. Raises OSError."""
    index_path(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
