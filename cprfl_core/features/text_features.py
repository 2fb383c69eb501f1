"""Text features of category prompts, stored with the image features of the same backbone. NumPy only."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.array_files import DamagedFileError, read_arrays, write_arrays
from cprfl_core.common.errors import FeatureStoreError

Float32 = NDArray[np.float32]

KINDS: Final = {"joint": "text.safetensors", "raw": "text_raw.safetensors"}


def save_text(folder: Path, keys: Sequence[str], matrix: Float32, kind: str) -> None:
    """Add or replace rows: matrix [C,T], one row per key. Raises FeatureStoreError if the width differs."""
    if matrix.ndim != 2 or len(matrix) != len(keys):
        raise ValueError(f"text features have shape {matrix.shape} for {len(keys)} keys")
    if not np.isfinite(matrix).all():
        raise ValueError("text features must be finite")
    if not keys:
        return
    old_keys, old = load_text(folder, kind)
    if old_keys and old.shape[1] != matrix.shape[1]:
        raise FeatureStoreError(
            f"{folder} holds text features of width {old.shape[1]}, not {matrix.shape[1]}; "
            "use another folder."
        )
    rows = dict(zip(old_keys, old, strict=True)) | dict(zip(keys, matrix, strict=True))
    write_arrays(
        folder / KINDS[kind], {"features": np.stack(list(rows.values()))}, {"keys": json.dumps(list(rows))}
    )


def load_text(folder: Path, kind: str) -> tuple[list[str], Float32]:
    """Keys and features [C,T]; a damaged file is set aside and counts as empty, since it is only a cache."""
    path = folder / KINDS[kind]
    nothing: tuple[list[str], Float32] = [], np.zeros((0, 0), dtype=np.float32)
    try:
        tensors, metadata = read_arrays(path, ("features",))
        keys, matrix = list(json.loads(metadata["keys"])), tensors["features"]
        if matrix.ndim != 2 or len(keys) != len(matrix):
            raise DamagedFileError("keys and rows do not agree")
    except FileNotFoundError:
        return nothing
    except (DamagedFileError, KeyError, ValueError):
        with suppress(OSError):
            path.replace(path.with_name(path.name + ".damaged"))
        return nothing
    return keys, np.asarray(matrix, dtype=np.float32)
