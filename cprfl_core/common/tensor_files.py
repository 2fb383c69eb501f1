"""Tensors and a JSON document that belong together, replaced atomically as a pair.

`<name>.json` names the tensor file `<name>-<digest>.safetensors` and has a digest over the document and every
tensor. It is written last, by renaming, which replaces the old pair. If the process is killed before that,
the old pair remains; after that, a stray file remains, which the next write removes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from cprfl_core.common.array_files import write_atomically
from cprfl_core.common.errors import FeatureStoreError, InputError, ModelFileError

_SHORT: Final = 12


def write_pair(folder: Path, name: str, tensors: Mapping[str, Tensor], document: Mapping[str, Any]) -> str:
    """Write the pair, durable on return, and return its digest.

    Raises:
        ModelFileError: the disk is full or cannot be written; the old pair is unchanged.
        InputError: the document cannot be written as JSON.
    """
    packed = _independent(tensors)
    digest = digest_of(packed, document)
    weights = f"{name}-{digest[:_SHORT]}.safetensors"
    text = json.dumps({**document, "weights": weights, "digest": digest}, indent=1, allow_nan=False)
    try:
        write_atomically(folder / weights, save(packed))
        write_atomically(folder / f"{name}.json", text.encode())
    except FeatureStoreError as error:
        raise ModelFileError(error.sentence) from error
    _remove_strays(folder, name, weights)
    return digest


def read_pair(folder: Path, name: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors, on the CPU, and the document, both verified.

    Raises:
        ModelFileError: a file is missing, damaged or altered; the sentence names it.
    """
    path = folder / f"{name}.json"
    document = read_document(path)
    weights, digest = document.pop("weights", None), document.pop("digest", None)
    if not isinstance(weights, str) or not isinstance(digest, str) or Path(weights).name != weights:
        raise ModelFileError(f"{path} does not name its tensor file and digest; it is damaged or altered.")
    tensors = read_tensors(folder / weights)
    found = digest_of(tensors, document)
    if found != digest:
        raise ModelFileError(
            f"{folder / weights} or {path.name} was damaged or altered (digest {found[:_SHORT]} instead of "
            f"{digest[:_SHORT]}); restore both files."
        )
    return tensors, document


def read_document(path: Path) -> dict[str, Any]:
    """Read a JSON object. Raises ModelFileError."""
    try:
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ModelFileError(f"{path} is missing; the tensors cannot be read without it.") from None
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{path} is damaged: it is not valid JSON ({error}).") from error
    if not isinstance(document, dict):
        raise ModelFileError(f"{path} is damaged: it is not a JSON object.")
    return document


def read_tensors(path: Path) -> dict[str, Tensor]:
    """All tensors of a safetensors file, on the CPU. Raises ModelFileError."""
    try:
        with safe_open(path, framework="pt") as file:
            # Copied, because a tensor would be a view of the file and change if the file is overwritten.
            return {key: file.get_tensor(key).clone() for key in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise ModelFileError(f"{path} is missing, although the JSON file next to it names it.") from None
    except SafetensorError as error:
        raise ModelFileError(f"{path} is truncated or not a safetensors file ({error}).") from error
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror or error}).") from error


def digest_of(tensors: Mapping[str, Tensor], document: Mapping[str, Any] | None = None) -> str:
    """64 hex digits over a document and names, types, shapes and bytes of tensors on the CPU.

    Independent of the order of keys and the layout of a file. Raises InputError if the document is not JSON.
    """
    try:
        text = json.dumps(document or {}, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"This cannot be written as JSON: {error}.") from error
    digest = hashlib.blake2b(text.encode(), digest_size=32)
    for key in sorted(tensors):
        tensor = tensors[key].detach().contiguous()
        digest.update(json.dumps([key, str(tensor.dtype), list(tensor.shape)]).encode())
        if tensor.numel():
            digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _independent(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """On the CPU, contiguous, and without shared memory, such as that of tied weights."""
    seen: set[int] = set()
    independent = {}
    for key, tensor in tensors.items():
        packed = tensor.detach().cpu().contiguous()
        place = packed.untyped_storage().data_ptr()
        independent[key] = packed.clone() if place in seen else packed
        seen.add(place)
    return independent


def _remove_strays(folder: Path, name: str, kept: str) -> None:
    # The number of digits must match: the pair `model-old` in the same folder is not a stray of `model`.
    weights = f"{name}-{'[0-9a-f]' * _SHORT}.safetensors"
    for pattern in (weights, f".{weights}.*.tmp", f".{name}.json.*.tmp"):
        for path in folder.glob(pattern):
            if path.name != kept:
                with suppress(OSError):
                    path.unlink()
