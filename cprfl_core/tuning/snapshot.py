"""What a head is tuned on, in one file: labels, texts and folds as they were at the start. NumPy only.

It is a copy: decisions made during a run belong to the next run.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.array_files import DamagedFileError, read_arrays, write_arrays
from cprfl_core.common.errors import InputError

VERSION = 1
_ARRAYS = ("image_ids", "labels", "category_ids", "text", "folds", "groups", "weights")


@dataclass(frozen=True, eq=False)
class TuningSnapshot:
    """N labelled images, C categories, T text width.

    ``image_ids`` int64 [N] ascending; ``labels`` int8 [N, C] in {1, 0, -1}; ``category_ids`` int64 [C] and
    their ``names``; ``text`` float32 [C, T], not normalised; ``folds`` int64 [N], -1 for none, and ``groups``
    int64 [N] of near-duplicates, both from `evidence.persistent_folds`; ``weights`` float64 [N] from
    `evidence.inclusion_weights`; ``cuts`` of the bands.
    """

    image_ids: NDArray[np.int64]
    labels: NDArray[np.int8]
    category_ids: NDArray[np.int64]
    names: tuple[str, ...]
    text: NDArray[np.float32]
    folds: NDArray[np.int64]
    groups: NDArray[np.int64]
    weights: NDArray[np.float64]
    cuts: tuple[int, int] = (20, 100)

    def __post_init__(self) -> None:
        images, categories = len(self.image_ids), len(self.category_ids)
        wrong = (
            self.labels.shape != (images, categories)
            or self.text.ndim != 2
            or not (len(self.text) == len(self.names) == categories)
            or not (len(self.folds) == len(self.groups) == len(self.weights) == images)
        )
        if wrong:
            raise InputError(
                f"A snapshot of {images} images and {categories} categories has labels {self.labels.shape}, "
                f"texts {self.text.shape}, {len(self.names)} names and {len(self.folds)} folds; "
                "these do not belong together."
            )

    @property
    def fold_numbers(self) -> list[int]:
        """The folds that hold images, ascending."""
        return [int(fold) for fold in np.unique(self.folds) if fold >= 0]

    @property
    def positives(self) -> NDArray[np.int64]:
        """Yes labels of each category, [C]."""
        found: NDArray[np.int64] = (self.labels == 1).sum(axis=0, dtype=np.int64)
        return found

    def save(self, path: Path) -> None:
        """Write the file, complete or not at all. Raises FeatureStoreError when the disk is full."""
        document = {"version": VERSION, "names": list(self.names), "cuts": list(self.cuts)}
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        write_arrays(path, arrays, {"snapshot": json.dumps(document)})

    @classmethod
    def load(cls, path: Path) -> "TuningSnapshot":
        """Raises InputError for a file that is missing, damaged or of a newer version."""
        try:
            arrays, metadata = read_arrays(path, _ARRAYS)
            document = json.loads(metadata["snapshot"])
            version = int(document["version"])
            names, cuts = tuple(map(str, document["names"])), tuple(map(int, document["cuts"]))
            given = [arrays[name] for name in _ARRAYS]
        except OSError as error:
            raise InputError(f"The snapshot {path} cannot be read ({error.strerror or error}).") from error
        except DamagedFileError as error:
            raise InputError(f"The snapshot {path} {error}; start training again.") from error
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path} is not a snapshot of labels; start training again.") from error
        if version > VERSION or len(cuts) != 2:
            raise InputError(f"The snapshot {path} has version {version}; this program reads {VERSION}.")
        image_ids, labels, category_ids, text, folds, groups, weights = given
        return cls(image_ids, labels, category_ids, names, text, folds, groups, weights, (cuts[0], cuts[1]))
