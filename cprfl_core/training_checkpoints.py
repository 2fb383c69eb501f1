"""Where a run stands, on the disk: everything that the next step needs, and which run it belongs to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from cprfl_core.errors import InputError, ModelFileError
from cprfl_core.tensor_files import read_pair, write_pair
from cprfl_core.training_options import EpochRecord
from cprfl_core.training_step import Stepper

NAME: Final = "checkpoint"
_VERSION: Final = 1
_MOMENTS: Final = ("exp_avg", "exp_avg_sq", "step")


@dataclass(slots=True)
class Position:
    """How far a run is.

    Of the epoch that is under way: `loss_sum` over `loss_steps`, `seconds`, and `skipped` images with
    nothing known; `skipped_before` are those of the epoch before.
    """

    step: int = 0
    loss_sum: float = 0.0
    loss_steps: int = 0
    seconds: float = 0.0
    skipped: int = 0
    skipped_before: int = 0
    history: list[EpochRecord] = field(default_factory=list)
    best_epoch: int | None = None
    best: dict[str, Tensor] | None = None


def save_checkpoint(folder: Path, run: dict[str, Any], stepper: Stepper, position: Position) -> None:
    """Write where the run stands; the checkpoint before it counts until this one is whole.

    Raises:
        ModelFileError: the place is full or cannot be written.
    """
    tensors = {f"network.{name}": tensor for name, tensor in stepper.network.state_dict().items()}
    if stepper.average.network is not stepper.network:
        averaged = stepper.average.network.state_dict()
        tensors |= {f"average.{name}": tensor for name, tensor in averaged.items()}
    for number, moments in stepper.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{name}": moments[name] for name in _MOMENTS}
    tensors |= {f"best.{name}": tensor for name, tensor in (position.best or {}).items()}
    write_pair(
        folder,
        NAME,
        tensors,
        {
            "version": _VERSION,
            "run": run,
            "position": _told(position),
            "updates": stepper.average.updates,
            "scaler": stepper.scaler.state_dict(),
            "images_at_once": stepper.memory.size,
            "halvings": stepper.memory.halvings,
        },
    )


def load_checkpoint(folder: Path, run: dict[str, Any], stepper: Stepper) -> Position | None:
    """Take a run up where it was left; None where the folder holds no checkpoint.

    Raises:
        InputError: the checkpoint belongs to another run; the sentence names the difference.
        ModelFileError: it is damaged.
    """
    if not (folder / f"{NAME}.json").exists():
        return None
    tensors, document = read_pair(folder, NAME)
    if document.get("version") != _VERSION:
        raise ModelFileError(
            f"{folder / NAME}.json has version {document.get('version')!r} and this program reads {_VERSION}."
        )
    _demand_same(folder, document.get("run", {}), run)
    try:
        return _take_up(tensors, document, stepper)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelFileError(f"The checkpoint in {folder} cannot be used ({error}); delete it.") from error


def _take_up(tensors: dict[str, Tensor], document: dict[str, Any], stepper: Stepper) -> Position:
    stepper.network.load_state_dict(_of("network", tensors))
    if stepper.average.network is not stepper.network:
        stepper.average.network.load_state_dict(_of("average", tensors))
    stepper.average.updates = document["updates"]
    _load_moments(stepper.optimiser, _of("optimiser", tensors))
    stepper.scaler.load_state_dict(document["scaler"])
    stepper.memory.size, stepper.memory.halvings = document["images_at_once"], document["halvings"]
    told = document["position"]
    history = [EpochRecord(**record) for record in told.pop("history")]
    return Position(**told, history=history, best=_of("best", tensors) or None)


def _told(position: Position) -> dict[str, Any]:
    names = ("step", "loss_sum", "loss_steps", "seconds", "skipped", "skipped_before", "best_epoch")
    told = {name: getattr(position, name) for name in names}
    return told | {"history": [asdict(record) for record in position.history]}


def _load_moments(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        number, _, name = key.partition(".")
        state.setdefault(int(number), {})[name] = tensor
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def _of(part: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(f"{part}."): tensor
        for name, tensor in tensors.items()
        if name.startswith(f"{part}.")
    }


def _demand_same(folder: Path, held: dict[str, Any], given: dict[str, Any]) -> None:
    for name in sorted(held.keys() | given.keys()):
        if held.get(name) != given.get(name):
            raise InputError(
                f"{folder} holds a run with another {name} ({held.get(name)} there, {given.get(name)} here); "
                "give another folder, or delete this one to begin anew."
            )
