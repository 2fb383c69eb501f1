"""A trained head on disk: a folder with `model.json`, the card, and one safetensors file. No pickle.

The card holds the architecture's arguments, the format version, the caller's data (names, dates, metrics) and
a digest over all of this and every tensor. `tensor_files` writes both files atomically.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from cprfl_core.common.errors import InputError, ModelFileError
from cprfl_core.common.tensor_files import read_document, read_pair, write_pair
from cprfl_core.model.cprfl import CPRFL

NAME: Final = "model"
_FORMAT: Final = "tailspotter-head"
_VERSION: Final = 1
_ARCHITECTURE: Final = "CPRFL"
_PICKLES: Final = frozenset({".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle"})
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """`model` in evaluation mode on the CPU; `text_features` [C, T] and `prompt_delta` [C, D] if saved;
    `card` as given; `digest`: 64 hex digits, equal only for equal content."""

    model: CPRFL
    text_features: Tensor | None
    prompt_delta: Tensor | None
    card: dict[str, Any]
    digest: str


def save_model(
    folder: Path,
    model: CPRFL,
    text_features: Tensor | None = None,
    prompt_delta: Tensor | None = None,
    card: Mapping[str, Any] | None = None,
) -> str:
    """Write a model to its own folder, durable on return, and return its digest.

    An existing model is replaced atomically. Shapes: C categories, T text width, D joint width.

    Args:
        text_features: [C, T] of the model's categories, so that no text tower is needed.
        prompt_delta: [C, D].
        card: any JSON-serialisable data.

    Raises:
        InputError: a shape is wrong, a weight is NaN or infinite, the card is not JSON-serialisable, or the
            folder's name is a file name.
        ModelFileError: the disk is full or cannot be written; an existing model is unchanged.
    """
    folder = Path(folder)
    if folder.suffix in _PICKLES | {".safetensors", ".json"} or folder.is_file():
        raise InputError(f"{folder} is a file name; give a folder, because a model consists of two files.")
    tensors = {f"weights.{name}": tensor for name, tensor in model.state_dict().items()}
    if text_features is not None:
        tensors["text_features"] = text_features
    if prompt_delta is not None:
        tensors["prompt_delta"] = prompt_delta
    fault = _misfit(model, tensors) or _not_finite(tensors)
    if fault:
        raise InputError(f"This model cannot be saved: {fault}.")
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "architecture": {"name": _ARCHITECTURE, "arguments": model.arguments},
        "card": dict(card or {}),
    }
    return write_pair(folder, NAME, tensors, document)


def load_model(path: Path, *, expected: Mapping[str, Any] | None = None) -> LoadedModel:
    """Read a model from its folder (or from one of the two files in it), without running code in it.

    Args:
        expected: arguments that the architecture must have, such as `{"backbone_dim": 256}`.

    Raises:
        ModelFileError: it is missing, a pickle, damaged, altered, of another architecture or a newer version,
            or a weight is NaN or infinite. The sentence names files and values.
    """
    folder = _folder(Path(path))
    digest = _check_document(folder, read_document(folder / f"{NAME}.json"), expected or {})
    tensors, document = read_pair(folder, NAME)
    # The digest can be forged together with the content, so the content is checked anyway.
    model = _build(folder, document["architecture"]["arguments"])
    fault = _misfit(model, tensors) or _not_finite(tensors)
    if fault:
        raise ModelFileError(f"The model in {folder} cannot be used: {fault}.")
    state = {
        name.removeprefix("weights."): tensor
        for name, tensor in tensors.items()
        if name.startswith("weights.")
    }
    model.load_state_dict(state, assign=True)
    card = document.get("card")
    return LoadedModel(
        model=model.eval(),
        text_features=tensors.get("text_features"),
        prompt_delta=tensors.get("prompt_delta"),
        card=card if isinstance(card, dict) else {},
        digest=digest,
    )


def _folder(path: Path) -> Path:
    """The folder of a model. Raises ModelFileError that explains anything else."""
    if path.suffix.lower() in _PICKLES and not path.is_dir():
        raise ModelFileError(
            f"{path} is a pickle, which may run code when it is opened, and is refused; "
            "save the model as safetensors instead."
        )
    if path.suffix.lower() in (".safetensors", ".json"):
        path = path.parent
    if not path.is_dir():
        raise ModelFileError(f"There is no model folder {path}.")
    if not (path / f"{NAME}.json").exists():
        held = sorted(file.name for file in path.iterdir())[:_SHOWN]
        pickles = [name for name in held if Path(name).suffix.lower() in _PICKLES]
        if pickles:
            raise ModelFileError(f"{path} holds {pickles[0]}, a pickle, which is refused; use safetensors.")
        shown = f"it holds {', '.join(held)}" if held else "it is empty"
        raise ModelFileError(f"{path} has no {NAME}.json, so it is not a model folder; {shown}.")
    return path


def _check_document(folder: Path, document: dict[str, Any], expected: Mapping[str, Any]) -> str:
    """Return the digest. Runs before the tensors are read, which a newer format may store differently."""
    path = folder / f"{NAME}.json"
    if document.get("format") != _FORMAT:
        raise ModelFileError(f"{path} has format {document.get('format')!r}, not {_FORMAT!r}.")
    version = document.get("version")
    if not isinstance(version, int) or version > _VERSION:
        raise ModelFileError(
            f"{path} has version {version!r} and this program reads up to {_VERSION}; update it."
        )
    architecture = document.get("architecture")
    name = architecture.get("name") if isinstance(architecture, dict) else None
    if name != _ARCHITECTURE:
        raise ModelFileError(f"{path} is a model of architecture {name!r}, not {_ARCHITECTURE!r}.")
    arguments = architecture.get("arguments") if isinstance(architecture, dict) else None
    if not isinstance(arguments, dict):
        raise ModelFileError(f"{path} lacks the arguments of the architecture.")
    for key, value in expected.items():
        if arguments.get(key) != value:
            raise ModelFileError(
                f"The model in {folder} has {key} {arguments.get(key)!r} where {value!r} is needed."
            )
    return str(document.get("digest"))


def _build(folder: Path, arguments: dict[str, Any]) -> CPRFL:
    """Build the architecture without allocating memory for weights, since a file may contain any sizes."""
    known = set(inspect.signature(CPRFL).parameters)
    if odd := sorted(known ^ set(arguments)):
        raise ModelFileError(
            f"The architecture in {folder} differs from this program's: {', '.join(odd)} "
            f"{'is' if len(odd) == 1 else 'are'} in only one of them."
        )
    try:
        with torch.device("meta"):
            return CPRFL(**arguments)
    except InputError as error:
        raise ModelFileError(f"The architecture in {folder} cannot be built: {error.sentence}") from error
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise ModelFileError(f"The architecture in {folder} cannot be built from {arguments}.") from error


def _misfit(model: CPRFL, tensors: Mapping[str, Tensor]) -> str:
    """How the tensors differ from the architecture, as a fragment; empty if they match."""
    wanted = {f"weights.{name}": list(tensor.shape) for name, tensor in model.state_dict().items()}
    rows = {len(tensors[name]) for name in ("text_features", "prompt_delta") if name in tensors}
    for name, width in (("text_features", model.text_dim), ("prompt_delta", model.dim)):
        if name in tensors:
            wanted[name] = [max(rows), width]
    found = {name: list(tensor.shape) for name, tensor in tensors.items()}
    faults = [
        f"{name} is {found[name]} instead of {shape}"
        for name, shape in wanted.items()
        if found.get(name, shape) != shape
    ]
    faults += [f"{name} is missing" for name in wanted if name not in found]
    faults += [f"{name} is not part of it" for name in found if name not in wanted]
    faults += [
        f"{name} is {str(tensor.dtype).removeprefix('torch.')}"
        for name, tensor in tensors.items()
        if not tensor.is_floating_point()
    ]
    rest = f", and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return ", ".join(faults[:_SHOWN]) + rest


def _not_finite(tensors: Mapping[str, Tensor]) -> str:
    for name, tensor in tensors.items():
        bad = int((~torch.isfinite(tensor)).sum())
        if bad:
            return f"{bad} of the {tensor.numel()} numbers in {name} are NaN or infinite"
    return ""
