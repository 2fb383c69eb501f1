"""What a training run learned, taken from the loop that learned it."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cprfl_core.model import CPRFL
from cprfl_core.training_loop import Loop
from cprfl_core.training_options import EpochRecord


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What a run learned.

    `model`, `prompt_delta` [C, D] (None where there are none) and `trunk` (end to end) hold the averaged
    weights, those of the best epoch where `keep` asked for it; `raw_...` the weights of the last step. All
    are in evaluation mode, on the device of the model that was given. `history` has a record for each epoch
    that was completed, `stopped` tells of an end before the time, `batch_size` is the number of images that
    went through at once in the end, `skipped` the number of images with nothing known.
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
    """Take the result from a loop that has ended; the loop cannot go on after it."""
    position, raw = loop.position, loop.stepper.network
    # A copy, because weights that did not learn are shared between the two until here.
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
