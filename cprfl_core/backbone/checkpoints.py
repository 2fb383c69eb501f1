"""Finds, fingerprints and loads weights files, with one sentence for each kind of fault."""

import hashlib
import json
import pickle  # noqa: TID251 - for the name of torch's error
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch
from open_clip.factory import load_checkpoint, load_state_dict
from safetensors import SafetensorError
from torch import nn

from cprfl_core.backbone.hub_cache import CONFIG_NAME
from cprfl_core.backbone.weights_files import refuse_transformers
from cprfl_core.common.errors import BackboneError

_PREFERRED: Final = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "model.safetensors",
)
_SHOWN: Final = 3


def find_weights(folder: Path) -> Path:
    """The safetensors file of a model folder. Raises BackboneError if there is none or more than one."""
    try:
        for name in _PREFERRED:
            if (folder / name).is_file():
                return folder / name
        found = sorted(folder.glob("*.safetensors"))
    except OSError as error:
        raise BackboneError(f"The model folder {folder} cannot be read: {error.strerror}.") from error
    if len(found) != 1:
        held = f"{len(found)} of them" if found else "none"
        raise BackboneError(f"{folder} should hold one safetensors file with the weights, but holds {held}.")
    return found[0]


def read_config(folder: Path) -> dict[str, Any]:
    """``open_clip_config.json`` of a model folder, with at least ``model_cfg``. Raises BackboneError."""
    path = folder / CONFIG_NAME
    try:
        config = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        other = ", and its config.json is for the transformers library" if _has_other(folder) else ""
        raise BackboneError(
            f"{folder} is not a model folder: it has no {CONFIG_NAME}{other}; use the open_clip version."
        ) from None
    except (OSError, ValueError) as error:
        raise BackboneError(f"{path} cannot be read: {error}.") from error
    model = config.get("model_cfg") if isinstance(config, dict) else None
    for part, kind in (("embed_dim", int), ("vision_cfg", dict), ("text_cfg", dict)):
        if not isinstance(model, dict) or not isinstance(model.get(part), kind):
            raise BackboneError(f"model_cfg.{part} in {path} is missing or not an object; use another copy.")
    if not isinstance(config.get("preprocess_cfg") or {}, dict):
        raise BackboneError(f"preprocess_cfg in {path} is not a JSON object; use another copy.")
    return dict(config)


def _has_other(folder: Path) -> bool:
    return (folder / "config.json").is_file()


def fingerprint(weights: Path, config: Mapping[str, Any]) -> str:
    """Twelve hex digits that identify these weights in this architecture."""
    try:
        with weights.open("rb") as stream:
            digest = hashlib.file_digest(stream, "blake2b")
    except OSError as error:
        raise BackboneError(f"The weights file {weights} cannot be read: {error.strerror}.") from error
    digest.update(json.dumps(config, sort_keys=True, default=str).encode())
    return digest.hexdigest()[:12]


def load_weights(model: nn.Module, weights: Path, label: str) -> None:
    """Load a complete checkpoint into an open_clip model without running code in it. Raises BackboneError."""
    with warnings.catch_warnings():
        # Torch warns about the pickle protocol of files, which it then reads or refuses with an error.
        warnings.simplefilter("ignore", UserWarning)
        try:
            load_checkpoint(model, str(weights), strict=True, weights_only=True)
        except Exception as error:  # the type depends on where open_clip fails
            raise BackboneError(_explain(model, weights, label, error)) from error


def _explain(model: nn.Module, weights: Path, label: str, error: Exception) -> str:
    if isinstance(error, pickle.UnpicklingError) or "TorchScript" in str(error):
        return (
            f"{weights} cannot be loaded without running code in it, which is refused; "
            "convert it to safetensors if you trust it."
        )
    try:
        state = load_state_dict(str(weights), weights_only=True)
        found = {name: tuple(tensor.shape) for name, tensor in state.items()}
    except (SafetensorError, RuntimeError, OSError, EOFError, ValueError) as fault:
        return (
            f"The weights file {weights} is truncated or damaged ({_first_line(fault)}); download it again."
        )
    except Exception:
        return f"{weights} is not a dictionary of tensors; give a state dict."
    refuse_transformers(weights, found)
    return f"The weights in {weights} do not fit {label}: {_differences(model, found) or _first_line(error)}."


def _differences(model: nn.Module, found: Mapping[str, tuple[int, ...]]) -> str:
    wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    shapes = [
        f"{name} is {list(found[name])} in the file and {list(shape)} in the model"
        for name, shape in wanted.items()
        if name in found and found[name] != shape
    ]
    missing = [f"{name} is missing" for name in wanted if name not in found]
    extra = [f"{name} is not part of the model" for name in found if name not in wanted]
    all_of_them = [*shapes, *missing, *extra]
    rest = len(all_of_them) - _SHOWN
    return ", ".join(all_of_them[:_SHOWN]) + (f", and {rest} more" if rest > 0 else "")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def to_device(model: nn.Module, device: str, *, channels_last: bool) -> nn.Module:
    """Move a model for inference to its device."""
    try:
        model = model.eval().requires_grad_(False).to(device)
    except torch.OutOfMemoryError as error:
        raise BackboneError(f"The backbone does not fit in the memory of {device}; use cpu.") from error
    return model.to(memory_format=torch.channels_last) if channels_last else model
