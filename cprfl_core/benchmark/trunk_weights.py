"""Loads weights of a ResNet trunk from a torchvision or timm file, without running code in it."""

import pickle  # noqa: TID251 - for the name of torch's error
import warnings
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from cprfl_core.common.errors import BackboneError

_SUFFIXES: Final = (".safetensors", ".pth", ".pt", ".bin")
_CLASSIFIER: Final = "fc."
_COUNTERS: Final = "num_batches_tracked"
_WRAPPERS: Final = ("state_dict", "model")
_SHOWN: Final = 3


def load_trunk_weights(network: nn.Module, file: Path, name: str) -> None:
    """Load a complete state dict into a torchvision ResNet; the classifier may be missing or of another size.

    Old torchvision files have no batch counters; these start at 0 and are not used. Raises BackboneError if
    the file is missing, of another kind, damaged, needs to run code, does not match ``network``, or contains
    NaN or infinity.
    """
    state = {key.removeprefix("module."): value for key, value in _read(file).items()}
    state = {key: value for key, value in state.items() if not key.startswith(_CLASSIFIER)}
    wanted = {key: value for key, value in network.state_dict().items() if not key.startswith(_CLASSIFIER)}
    faults = _differences(wanted, state)
    if faults:
        rest = f", and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise BackboneError(
            f"The weights in {file} are not those of a {name}: {', '.join(faults[:_SHOWN])}{rest}."
        )
    broken = [key for key, value in state.items() if not torch.isfinite(value).all()]
    if broken:
        raise BackboneError(
            f"The weights in {file} contain NaN or infinite numbers: {', '.join(broken[:_SHOWN])}."
        )
    network.load_state_dict(state, strict=False)


def _read(file: Path) -> dict[str, Tensor]:
    if not file.is_file():
        raise BackboneError(f"The weights file {file} does not exist.")
    if file.suffix.lower() not in _SUFFIXES:
        raise BackboneError(f"{file} is not a weights file: use {', '.join(_SUFFIXES)}.")
    try:
        if file.suffix.lower() == ".safetensors":
            return load_file(file)
        with warnings.catch_warnings():
            # Torch warns about old formats, which it then reads or refuses with an error.
            warnings.simplefilter("ignore", UserWarning)
            found = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise BackboneError(
            f"{file} is damaged or cannot be loaded without running code in it, which is refused; "
            "convert it to safetensors if you trust it."
        ) from error
    except (SafetensorError, RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise BackboneError(
            f"The weights file {file} is truncated or damaged ({first}); download it again."
        ) from error
    return _unwrapped(found, file)


def _unwrapped(found: Any, file: Path) -> dict[str, Tensor]:
    for key in _WRAPPERS:
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            found = found[key]
    if not isinstance(found, dict) or not all(isinstance(value, Tensor) for value in found.values()):
        raise BackboneError(f"{file} is not a dictionary of tensors; give a state dict.")
    return found


def _differences(wanted: dict[str, Tensor], found: dict[str, Tensor]) -> list[str]:
    shapes = [
        f"{key} is {list(found[key].shape)} in the file and {list(value.shape)} in the model"
        for key, value in wanted.items()
        if key in found and found[key].shape != value.shape
    ]
    missing = [f"{key} is missing" for key in wanted if key not in found and not key.endswith(_COUNTERS)]
    return [*shapes, *missing, *(f"{key} is not part of the model" for key in found if key not in wanted)]
