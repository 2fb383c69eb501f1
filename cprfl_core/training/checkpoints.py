"""Checkpoints: the state of a training run on disk, and the identity of the run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from cprfl_core.common.errors import InputError, ModelFileError
from cprfl_core.common.tensor_files import read_pair, write_pair
from cprfl_core.training.options import EpochRecord
from cprfl_core.training.step import Stepper

NAME: Final = "checkpoint"
_VERSION: Final = 1
_MOMENTS: Final = ("exp_avg", "exp_avg_sq", "step")


@dataclass(slots=True)
class Position:
    """Progress of a run.

    Of the current epoch: `loss_sum` over `loss_steps`, `seconds`, and `skipped` images without known labels;
    `skipped_before` is the number in the previous epoch.
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
    """Write a checkpoint, replacing the previous one atomically.

    Raises:
        ModelFileError: the disk is full or cannot be written.
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
            "position": _position_fields(position),
            "updates": stepper.average.updates,
            "scaler": stepper.scaler.state_dict(),
            "images_at_once": stepper.memory.size,
            "halvings": stepper.memory.halvings,
        },
    )


def load_checkpoint(folder: Path, run: dict[str, Any], stepper: Stepper) -> Position | None:
    """Restore a run from its checkpoint; None if the folder has none.

    Raises:
        InputError: the checkpoint belongs to another run; the sentence names the difference.
        ModelFileError: it is damaged.
    """
    if not (folder / f"{NAME}.json").exists():
        return None
    tensors, document = read_pair(folder, NAME)
    if document.get("version") != _VERSION:
        raise ModelFileError(
            f"{folder / NAME}.json has version {document.get('version')!r}, but this program reads "
            f"{_VERSION}; delete it to start over."
        )
    _demand_same(folder, document.get("run", {}), run)
    try:
        return _restore(tensors, document, stepper)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelFileError(f"The checkpoint in {folder} cannot be used ({error}); delete it.") from error


def _restore(tensors: dict[str, Tensor], document: dict[str, Any], stepper: Stepper) -> Position:
    stepper.network.load_state_dict(_of("network", tensors))
    if stepper.average.network is not stepper.network:
        stepper.average.network.load_state_dict(_of("average", tensors))
    stepper.average.updates = document["updates"]
    _load_moments(stepper.optimiser, _of("optimiser", tensors))
    stepper.scaler.load_state_dict(document["scaler"])
    stepper.memory.size, stepper.memory.halvings = document["images_at_once"], document["halvings"]
    fields = document["position"]
    history = [EpochRecord(**record) for record in fields.pop("history")]
    return Position(**fields, history=history, best=_of("best", tensors) or None)


def _position_fields(position: Position) -> dict[str, Any]:
    names = ("step", "loss_sum", "loss_steps", "seconds", "skipped", "skipped_before", "best_epoch")
    fields = {name: getattr(position, name) for name in names}
    return fields | {"history": [asdict(record) for record in position.history]}


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
                f"{folder} holds a run with a different {name} ({held.get(name)}, not {given.get(name)}); "
                "give another folder, or delete this one to start over."
            )
