"""Training options and the record of an epoch. No torch."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from cprfl_core.common.errors import InputError

Loss = Literal["asymmetric", "bce"]
Schedule = Literal["onecycle", "constant"]
Tune = Literal["all", "prompts"]
Keep = Literal["last", "best"]
TrainingPrecision = Literal["float32", "bfloat16", "float16"]


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Options of one run; runs with equal options, data and starting weights give equal results.

    Args:
        epochs: passes over the images.
        batch_size: images per step. If memory is short, a step is computed in parts.
        learning_rate: of the head; the peak if the schedule is "onecycle".
        weight_decay: AdamW's, for matrices only, not for biases and norms.
        loss: "asymmetric" with `gamma_neg`, `gamma_pos`, `clip` and `focusing_gradient` as in
            `asymmetric_loss`, or "bce".
        ema: decay of the averaged weights, which are the result; 0 for none. It warms up, so that short
            runs do not keep the initial weights: see `WeightAverage`.
        clip_norm: maximum norm of the gradient over all parameters; None for no limit.
        precision: with "bfloat16" and "float16" matrix products use that type (autocast), while weights, loss
            and averages stay float32; "float16" scales the loss.
        schedule: "onecycle" as torch's OneCycleLR, or "constant".
        warmup: fraction of all steps in which the learning rate increases.
        seed: order of the images, dropout and augmentation.
        tune: "all", or "prompts" for the prompt network and the prompt deltas only.
        prompt_delta: learn one vector per category that is added to its prompt.
        trunk_rate: learning rate of the trunk relative to the head's, end to end; 0 freezes it.
        keep: "last", or "best": the averaged weights of the epoch with the highest validation total. With
            the test set for validation this is the paper's protocol, which is optimistically biased.

    Raises:
        InputError: an option is out of range.
    """

    epochs: int = 20
    batch_size: int = 32
    learning_rate: float = 1e-4
    weight_decay: float = 1e-4
    loss: Loss = "asymmetric"
    gamma_neg: float = 4.0
    gamma_pos: float = 0.0
    clip: float = 0.05
    focusing_gradient: bool = False
    ema: float = 0.998
    clip_norm: float | None = 1.0
    precision: TrainingPrecision = "float32"
    schedule: Schedule = "onecycle"
    warmup: float = 0.2
    seed: int = 0
    tune: Tune = "all"
    prompt_delta: bool = False
    trunk_rate: float = 0.1
    keep: Keep = "last"

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            _demand(getattr(self, name) >= 1, name, getattr(self, name), "a positive number")
        _demand(0 < self.learning_rate < math.inf, "learning_rate", self.learning_rate, "a positive number")
        for name in ("weight_decay", "trunk_rate", "gamma_neg", "gamma_pos"):
            value = getattr(self, name)
            _demand(0 <= value < math.inf, name, value, "a non-negative number")
        for name in ("clip", "ema"):
            value = getattr(self, name)
            _demand(0 <= value < 1, name, value, "a number in [0, 1)")
        _demand(0 <= self.warmup <= 1, "warmup", self.warmup, "a number from 0 to 1")
        _demand(self.seed >= 0, "seed", self.seed, "a non-negative number")
        _demand(
            self.clip_norm is None or self.clip_norm > 0,
            "clip_norm",
            self.clip_norm,
            "a positive number or None",
        )
        for name, kind in _CHOICES.items():
            _demand(getattr(self, name) in get_args(kind), name, getattr(self, name), _either(kind))


_CHOICES = {"loss": Loss, "precision": TrainingPrecision, "schedule": Schedule, "tune": Tune, "keep": Keep}


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One completed epoch, counted from 1.

    `loss` is the mean over the steps, `learning_rate` the head's in the last step. The validation numbers are
    mean average precisions of the averaged weights; None without validation images, or if no category of the
    band has a yes among them. `absent` is the number of categories excluded for this reason.
    """

    epoch: int
    loss: float
    learning_rate: float
    seconds: float
    total: float | None = None
    head: float | None = None
    medium: float | None = None
    tail: float | None = None
    absent: int | None = None


def _either(kind: object) -> str:
    return " or ".join(f'"{value}"' for value in get_args(kind))


def _demand(holds: bool, name: str, value: object, wanted: str) -> None:
    if not holds:
        raise InputError(f"The training option {name} is {value!r}; give {wanted}.")
