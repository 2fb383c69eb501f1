"""Safetensors files, written atomically, with a checksum for each tensor. NumPy only."""

import glob
import json
import os
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from cprfl_core.common.disk import fault_and_remedy, is_full, size_words
from cprfl_core.common.errors import FeatureStoreError

Array = NDArray[Any]

STALE_SECONDS: Final = 3600
_CHECKSUM: Final = "crc32"


class DamagedFileError(Exception):
    """A file whose content is not what was written; the text is a fragment that follows its name."""


def write_arrays(path: Path, tensors: Mapping[str, Array], metadata: Mapping[str, str]) -> None:
    """Write ``path`` atomically: readers see the old or the new file, even after a power failure.

    Raises FeatureStoreError if the disk is full or cannot be written.
    """
    packed = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    checksums = {name: zlib.crc32(tensor.data) for name, tensor in packed.items()}
    write_atomically(path, save(packed, metadata={**metadata, _CHECKSUM: json.dumps(checksums)}))


def write_atomically(path: Path, data: bytes) -> None:
    """Write to a temporary file, flush it to disk, rename it. Raises as :func:`write_arrays`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        _flush_folder(path.parent)
        _remove_stale(path)
    except OSError as error:
        raise _write_fault(path, len(data), error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _remove_stale(path: Path) -> None:
    """Remove what killed writers of ``path`` left; recent files may belong to a running writer."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_SECONDS:
                part.unlink()


def read_arrays(path: Path, names: tuple[str, ...]) -> tuple[dict[str, Array], dict[str, str]]:
    """Those of the named tensors that the file has, with verified checksums, and the file's metadata.

    Raises DamagedFileError, and OSError from the file system.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata: dict[str, str] = file.metadata() or {}
            present = set(file.keys())
            tensors = {name: file.get_tensor(name) for name in names if name in present}
    except SafetensorError as error:
        raise DamagedFileError(f"cannot be read as safetensors: {error}") from error
    _verify(tensors, metadata)
    return tensors, metadata


def verify_arrays(path: Path) -> None:
    """Read all tensors of a file and compare their checksums. Raises DamagedFileError, OSError."""
    try:
        with safe_open(path, framework="numpy") as file:
            names = tuple(file.keys())
    except SafetensorError as error:
        raise DamagedFileError(f"cannot be read as safetensors: {error}") from error
    read_arrays(path, names)


def _verify(tensors: Mapping[str, Array], metadata: Mapping[str, str]) -> None:
    try:
        checksums = json.loads(metadata[_CHECKSUM])
    except (KeyError, ValueError) as error:
        raise DamagedFileError("has no checksums") from error
    for name, tensor in tensors.items():
        if zlib.crc32(np.ascontiguousarray(tensor).data) != checksums.get(name):
            raise DamagedFileError(f"the checksum of {name} is wrong")


def _flush_folder(folder: Path) -> None:
    """Make the rename durable; not possible on Windows, and not necessary there."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_fault(path: Path, size: int, error: OSError) -> FeatureStoreError:
    if is_full(error):
        return FeatureStoreError(
            f"The disk of {path.parent} is full ({size_words(size)} more are needed); "
            "free some space and try again. Everything written before is kept."
        )
    return FeatureStoreError(f"{path.parent} cannot be written ({fault_and_remedy(error)}).")
