"""Events of a training run. No torch.

The first event is `TrainingStarted`, possibly preceded by a warning about the options, and the last is
`TrainingFinished`, unless the run raises an error.
"""

from dataclasses import dataclass

from cprfl_core.training.options import EpochRecord


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """`images`: number used; `skipped`: number without known labels (0 if labels are not known in advance).

    `steps` of the whole run; `resumed_at`: steps completed in the checkpoint; `trained`: number of trainable
    weights.
    """

    images: int
    skipped: int
    categories: int
    epochs: int
    steps: int
    resumed_at: int
    batch_size: int
    device: str
    precision: str
    trained: int


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """After a step, at most ten times per second.

    `loss` is the mean over the epoch so far, `rate` recent images per second, `remaining` seconds to the end
    of the run; both None until known.
    """

    epoch: int
    step: int
    steps: int
    loss: float
    learning_rate: float
    rate: float | None
    remaining: float | None


@dataclass(frozen=True, slots=True)
class TrainingEpoch:
    """An epoch is complete."""

    record: EpochRecord


@dataclass(frozen=True, slots=True)
class TrainingWarning:
    """A warning for the user, one sentence; the run continues."""

    sentence: str


@dataclass(frozen=True, slots=True)
class TrainingFinished:
    """`stopped`: ended early by `should_stop`; the weights so far are the result."""

    epochs_done: int
    steps_done: int
    stopped: bool
    seconds: float


TrainingEvent = TrainingStarted | TrainingProgress | TrainingEpoch | TrainingWarning | TrainingFinished
