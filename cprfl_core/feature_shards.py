"""One shard of a feature store: its index, and its patch tokens mapped into memory instead of read."""

import json
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.array_files import DamagedFileError, read_arrays
from cprfl_core.errors import FeatureStoreError

Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Int8 = NDArray[np.int8]
Float16 = NDArray[np.float16]

_DTYPES: Final[dict[str, Any]] = {"I8": np.dtype(np.int8), "F16": np.dtype("<f2")}


@dataclass(frozen=True, slots=True)
class Shard:
    """``basis``: key of the basis of its patch tokens, None where it has none."""

    path: Path
    ids: Int64
    stamps: UInt64
    basis: str | None


@dataclass(frozen=True, slots=True)
class MappedTokens:
    """Patch tokens int8 [n,p,R] and scales float16 [n,p] of a shard; pages are read when they are touched."""

    values: Int8
    scales: Float16


def take_in(path: Path) -> Shard:
    """Ids, stamps and kind of a shard. Raises DamagedFileError, FileNotFoundError, FeatureStoreError."""
    try:
        tensors, facts = read_arrays(path, ("ids", "stamps"))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FeatureStoreError(f"{path} cannot be read ({error.strerror or error}).") from error
    if tensors.keys() != {"ids", "stamps"} or tensors["ids"].shape != tensors["stamps"].shape:
        raise DamagedFileError("ids and stamps do not agree")
    return Shard(path, tensors["ids"], tensors["stamps"], facts.get("basis"))


def map_tokens(path: Path, shape: tuple[int, int, int], *, prove: bool) -> MappedTokens:
    """Map the patch tokens of a shard that should have this ``shape`` [n,p,R].

    ``prove``: compare the checksums, which reads all of them once. Raises DamagedFileError (truncated or
    another content) and OSError.
    """
    header, start = _header(path)
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    try:
        checksums = json.loads(header["__metadata__"]["crc32"])
        values = _view(whole, header["patches"], start)
        scales = _view(whole, header["patch_scales"], start)
        if values.shape != shape or scales.shape != shape[:2]:
            raise DamagedFileError("its tensors have other shapes than this folder's")
        for name, tensor in (("patches", values), ("patch_scales", scales)):
            if prove and zlib.crc32(tensor.reshape(-1).view(np.uint8).data) != checksums[name]:
                raise DamagedFileError(f"the checksum of {name} is wrong")
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedFileError(f"its header is wrong ({error})") from error
    return MappedTokens(values, scales)


def set_aside(path: Path) -> None:
    """Rename a damaged shard, so that nobody takes it in again; on a read-only place it stays."""
    with suppress(OSError):
        path.rename(path.with_name(path.name + ".damaged"))


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """Table of a safetensors file and where its data begin: 8 bytes of length, then JSON."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > 1 << 20:
            raise DamagedFileError("cannot be read as safetensors: its header is too long")
        try:
            found = json.loads(stream.read(length))
        except ValueError as error:
            raise DamagedFileError("cannot be read as safetensors: its header is no JSON") from error
    if not isinstance(found, dict):
        raise DamagedFileError("cannot be read as safetensors: its header is no table")
    return found, 8 + length


def _view(whole: NDArray[np.uint8], entry: dict[str, Any], start: int) -> Any:
    begin, end = (start + int(offset) for offset in entry["data_offsets"])
    if end > len(whole):
        raise DamagedFileError("truncated: the file ends early")
    return whole[begin:end].view(_DTYPES[entry["dtype"]]).reshape([int(side) for side in entry["shape"]])
