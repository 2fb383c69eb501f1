"""Options of a benchmark run, and the two published set-ups. No torch."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from cprfl_core.common.errors import InputError

Protocol = Literal["paper", "honest"]
Selection = Literal["cross-validation", "holdout"]
Setup = Literal["code", "paper"]

EXPECTED: Final[dict[str, dict[str, float]]] = {
    "voc-lt": {"total": 0.8628, "head": 0.8184, "medium": 0.9051, "tail": 0.8643},
    "coco-lt": {"total": 0.6669, "head": 0.6635, "medium": 0.7099, "tail": 0.6133},
}
"""Mean average precision from the paper's table."""


@dataclass(frozen=True, slots=True)
class BenchmarkOptions:
    """Everything that the results depend on, except images, lists, weights and text features.

    Args:
        dataset: "voc-lt" or "coco-lt".
        protocol: "paper" trains on the whole training list and selects the best epoch on the test set, as
            published. "honest" selects within the training list and uses the test set once.
        selection, folds: the selection of "honest": over all folds, or on the first only ("holdout").
        schedule_epochs: length of the learning rate cycle; training ends after `epochs` of it.
        backbone: see `trunks.build_trunk`. size: input size, None for the trunk's.
        normalisation: "none", "imagenet", "clip", or "backbone" for an open_clip model's own.
        augmentation: "published" (Cutout and RandAugment) or "none".
        dim, heads, dim_head, mlp_dim, dropout, interaction: of the CPRFL head.
        batch_size to prompt_delta: as in `TrainingOptions`.
        seeds: one run of the whole protocol for each.
    """

    dataset: str
    protocol: Protocol = "paper"
    selection: Selection = "cross-validation"
    folds: int = 5
    setup: Setup = "code"
    epochs: int = 79
    schedule_epochs: int = 80
    batch_size: int = 16
    learning_rate: float = 1e-5
    weight_decay: float = 1e-4
    schedule: Literal["onecycle", "constant"] = "onecycle"
    warmup: float = 0.1
    ema: float = 0.998
    clip_norm: float | None = None
    loss: Literal["asymmetric", "bce"] = "asymmetric"
    focusing_gradient: bool = False
    trunk_rate: float = 1.0
    prompt_delta: bool = False
    precision: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    backbone: str = "resnet101"
    size: int | None = None
    normalisation: str = "none"
    augmentation: Literal["published", "none"] = "published"
    dim: int = 2048
    heads: int = 8
    dim_head: int = 512
    mlp_dim: int = 2048
    dropout: float = 0.1
    interaction: Literal["joint", "cross"] = "joint"
    seeds: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        if self.dataset not in EXPECTED:
            raise InputError(f"There is no benchmark {self.dataset!r}; use {' or '.join(EXPECTED)}.")
        if not 1 <= self.epochs <= self.schedule_epochs:
            raise InputError(
                f"{self.epochs} epochs are not possible in a schedule of {self.schedule_epochs}; "
                "use at least 1 epoch and at most the whole schedule."
            )
        if self.folds < 2:
            raise InputError(f"{self.folds} folds are too few; use at least 2.")
        if self.size is not None and self.size < 1:
            raise InputError(f"The image size is {self.size} pixels; use a positive size.")
        if not self.seeds or min(self.seeds) < 0 or len(set(self.seeds)) < len(self.seeds):
            raise InputError(f"The seeds are {list(self.seeds)}; give different non-negative numbers.")

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the report and for comparison with an earlier run."""
        return {**asdict(self), "seeds": list(self.seeds)}


def published(dataset: str, setup: Setup) -> BenchmarkOptions:
    """The set-up of the authors' code or of the paper's text; they differ (docs/reproduce.md)."""
    if dataset not in EXPECTED:
        raise InputError(f"There is no benchmark {dataset!r}; use {' or '.join(EXPECTED)}.")
    rate = 5e-5 if dataset == "voc-lt" else 1e-5
    # The code has a cycle of 80 epochs and stops with an assertion before the 80th, on VOC-LT before the
    # 30th.
    code = BenchmarkOptions(dataset, learning_rate=rate, epochs=29 if dataset == "voc-lt" else 79)
    if setup == "code":
        return code
    return replace(
        code,
        setup="paper",
        epochs=30,
        schedule_epochs=30,
        batch_size=32,
        schedule="constant",
        warmup=0.0,
        ema=0.0,
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Paths, device and workers, which affect only the speed of a run.

    ``weights`` of the trunk; ``text``: a safetensors file or an open_clip model, None for the trunk's own.
    """

    images: Path
    lists: Path
    out: Path
    weights: Path | None = None
    text: str | None = None
    device: str | None = None
    workers: int = 0
    resume: bool = False
