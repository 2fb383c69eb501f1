"""The result of a training run."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cprfl_core.model.cprfl import CPRFL
from cprfl_core.training.loop import Loop
from cprfl_core.training.options import EpochRecord


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """The result of a training run.

    `model`, `prompt_delta` [C, D] (None if there are none) and `trunk` (end to end) have the averaged
    weights, of the best epoch with `keep` "best"; `raw_...` have the weights of the last step. All are in
    evaluation mode, on the device of the given model. `history` has a record for each completed epoch;
    `stopped`: ended early; `batch_size`: the final number of images processed at once; `skipped`: the number
    of images without known labels.
    """

    model: CPRFL
    prompt_delta: Tensor | None
    trunk: nn.Module | None
    raw_model: CPRFL
    raw_prompt_delta: Tensor | None
    raw_trunk: nn.Module | None
    history: tuple[EpochRecord, ...]
    epochs_done: int
    stopped: bool
    batch_size: int
    skipped: int
    best_epoch: int | None


def result_of(loop: Loop, home: torch.device) -> TrainingResult:
    """Take the result from a loop that has ended; the loop cannot be used afterwards."""
    position, raw = loop.position, loop.stepper.network
    # Copied, because frozen weights are shared by the two networks.
    final = copy.deepcopy(loop.stepper.average.network)
    if position.best is not None:
        final.load_state_dict(position.best)
    for network in (final, raw):
        network.to(home).eval().thaw()
    return TrainingResult(
        model=final.head,
        prompt_delta=final.learned_delta(),
        trunk=final.trunk,
        raw_model=raw.head,
        raw_prompt_delta=raw.learned_delta(),
        raw_trunk=raw.trunk,
        history=tuple(position.history),
        epochs_done=len(position.history),
        stopped=loop.stopped,
        batch_size=loop.stepper.memory.size,
        skipped=max(loop.data.skipped, position.skipped, position.skipped_before),
        best_epoch=position.best_epoch,
    )
