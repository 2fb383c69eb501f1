"""What a training run says while it runs. No torch.

The first event is `TrainingStarted`, though a warning about the options may stand before it, and the last is
`TrainingFinished`; a run that raises has no last one.
"""

from dataclasses import dataclass

from cprfl_core.training_options import EpochRecord


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """`images` take part, `skipped` have no known label (0 where labels are not known beforehand).

    `steps` of the whole run, `resumed_at` the steps that a checkpoint had already, `trained` the number of
    weights that learn.
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
    """After a step, at most ten times a second.

    `loss` is the mean over the epoch so far, `rate` images a second over the last seconds, `remaining`
    seconds to the end of the run; both None until they are known.
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
    """Something that a person should know, in one sentence; the run goes on."""

    sentence: str


@dataclass(frozen=True, slots=True)
class TrainingFinished:
    """`stopped`: ended before its time by `should_stop`; what it had learned is the result."""

    epochs_done: int
    steps_done: int
    stopped: bool
    seconds: float


TrainingEvent = TrainingStarted | TrainingProgress | TrainingEpoch | TrainingWarning | TrainingFinished
