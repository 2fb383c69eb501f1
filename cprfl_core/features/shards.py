"""The shards of a feature store: written once, loaded, set aside when damaged; patch tokens are mapped."""

import json
import secrets
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.array_files import (
    Array,
    DamagedFileError,
    read_arrays,
    verify_arrays,
    write_arrays,
)
from cprfl_core.common.errors import FeatureStoreError

Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Int8 = NDArray[np.int8]
Float16 = NDArray[np.float16]

_STALE_SECONDS: Final = 3600.0
_DTYPES: Final[dict[str, Any]] = {"I8": np.dtype(np.int8), "F16": np.dtype("<f2")}


@dataclass(frozen=True, slots=True)
class DamagedShard:
    """A shard that was set aside: its file name and the reason. Its images have to be indexed again."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shard:
    """``basis``: key of the basis of its patch tokens, None if it has none."""

    path: Path
    ids: Int64
    stamps: UInt64
    basis: str | None


@dataclass(frozen=True, slots=True)
class MappedTokens:
    """Patch tokens int8 [n,p,R] and scales float16 [n,p] of a shard, memory-mapped."""

    values: Int8
    scales: Float16


class ShardFolder:
    """The shards in one folder, oldest first, as of the last :meth:`refresh` or :meth:`write`."""

    def __init__(self, folder: Path) -> None:
        self.damaged: list[DamagedShard] = []
        """Shards set aside since this object was created."""
        self._folder = folder
        self._shards: dict[str, Shard] = {}
        self._cleaned = False

    def ordered(self) -> list[Shard]:
        return [self._shards[name] for name in sorted(self._shards)]

    def refresh(self) -> bool:
        """Load shards that other processes have written since; returns True if anything changed."""
        names = {path.name for path in self._folder.glob("*.safetensors")}
        before = self._shards.keys()
        kept = {name: shard for name, shard in self._shards.items() if name in names}
        fresh = {name: shard for name in names - before if (shard := self._take_in(name)) is not None}
        changed = bool(fresh) or len(kept) < len(before)
        self._shards = kept | fresh
        return changed

    def write(self, tensors: Mapping[str, Array], key: str, basis: str | None) -> None:
        """Add a shard; it is on disk when this returns. Raises FeatureStoreError."""
        self._remove_stale_parts()
        path = self._folder / f"{self._next_number():08d}-{secrets.token_hex(4)}.safetensors"
        write_arrays(path, tensors, {"key": key} | ({"basis": basis} if basis is not None else {}))
        self._shards[path.name] = Shard(path, tensors["ids"], tensors["stamps"], basis)

    def embeddings(self, shard: Shard, width: int) -> Float16:
        """All embeddings of a shard, [n,D]. Sets a damaged shard aside and raises FeatureStoreError."""
        try:
            tensors, _ = read_arrays(shard.path, ("embeddings",))
            found = tensors.get("embeddings")
            if found is not None and found.shape == (len(shard.ids), width):
                return found
            reason = "its tensors have other shapes than this folder's"
        except FileNotFoundError:
            reason = "it has been removed"
        except DamagedFileError as error:
            reason = str(error)
        self._set_aside(shard.path, reason)
        del self._shards[shard.path.name]
        raise lost(shard, reason)

    def _take_in(self, name: str) -> Shard | None:
        path = self._folder / name
        try:
            tensors, facts = read_arrays(path, ("ids", "stamps"))
            if tensors.keys() != {"ids", "stamps"} or tensors["ids"].shape != tensors["stamps"].shape:
                raise DamagedFileError("ids and stamps do not agree")
        except FileNotFoundError:
            return None
        except DamagedFileError as error:
            self._set_aside(path, str(error))
            return None
        except OSError as error:
            raise FeatureStoreError(f"{path} cannot be read ({error.strerror or error}).") from error
        return Shard(path, tensors["ids"], tensors["stamps"], facts.get("basis"))

    def _set_aside(self, path: Path, reason: str) -> None:
        # It is dropped from the index even if it cannot be renamed (read-only, or another process was first).
        self.damaged.append(DamagedShard(path.name, reason))
        set_aside(path)

    def _next_number(self) -> int:
        names = [path.name for path in self._folder.glob("*.safetensors*")]
        return max((int(name[:8]) for name in names if name[:8].isdigit()), default=0) + 1

    def _remove_stale_parts(self) -> None:
        """Remove temporary files of killed writers; recent ones may belong to a running writer."""
        if self._cleaned:
            return
        self._cleaned = True
        for part in self._folder.glob(".*.tmp"):
            if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                part.unlink(missing_ok=True)


def examine(path: Path) -> tuple[Int64, int]:
    """The ids in a shard, int64 [n], and the width of its embeddings; all of it is read.

    Raises DamagedFileError, OSError. Nothing is set aside.
    """
    verify_arrays(path)
    tensors, _ = read_arrays(path, ("ids", "stamps", "embeddings"))
    if tensors.keys() != {"ids", "stamps", "embeddings"}:
        raise DamagedFileError("lacks ids, stamps or embeddings")
    ids, embeddings = tensors["ids"], tensors["embeddings"]
    if ids.ndim != 1 or tensors["stamps"].shape != ids.shape or embeddings.shape[:1] != ids.shape:
        raise DamagedFileError("has tensors of different lengths")
    return ids, int(embeddings.shape[1])


def lost(shard: Shard, reason: str) -> FeatureStoreError:
    """The error for a shard that was set aside."""
    return FeatureStoreError(
        f"{shard.path} was set aside ({reason}); index again to restore its {len(shard.ids)} images."
    )


def map_tokens(path: Path, shape: tuple[int, int, int], *, verify: bool) -> MappedTokens:
    """Map the patch tokens of a shard with the expected ``shape`` [n,p,R].

    ``verify``: compare the checksums, which reads all tokens once. Raises DamagedFileError and OSError.
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
            if verify and zlib.crc32(tensor.reshape(-1).view(np.uint8).data) != checksums[name]:
                raise DamagedFileError(f"the checksum of {name} is wrong")
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedFileError(f"its header is wrong ({error})") from error
    return MappedTokens(values, scales)


def set_aside(path: Path) -> None:
    """Rename a damaged shard, so that it is not loaded again; on a read-only disk it stays."""
    with suppress(OSError):
        path.rename(path.with_name(path.name + ".damaged"))


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """Header of a safetensors file and the offset of its data: 8 bytes of length, then JSON."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > 1 << 20:
            raise DamagedFileError("cannot be read as safetensors: its header is too long")
        try:
            found = json.loads(stream.read(length))
        except ValueError as error:
            raise DamagedFileError("cannot be read as safetensors: its header is not JSON") from error
    if not isinstance(found, dict):
        raise DamagedFileError("cannot be read as safetensors: its header is not an object")
    return found, 8 + length


def _view(whole: NDArray[np.uint8], entry: dict[str, Any], start: int) -> Any:
    begin, end = (start + int(offset) for offset in entry["data_offsets"])
    if end > len(whole):
        raise DamagedFileError("truncated: the file ends early")
    return whole[begin:end].view(_DTYPES[entry["dtype"]]).reshape([int(side) for side in entry["shape"]])
