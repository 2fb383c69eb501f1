"""Training of CPRFL: the head on cached patch features, or head and trunk end to end.

Both functions train copies and leave their arguments unchanged. On the same CPU with the same number of
threads, equal options, data and starting weights give bitwise equal results, also if a run was stopped or
killed and resumed from its folder. Some CUDA kernels sum in a varying order, particularly in the trunk; then
runs agree up to rounding unless `torch.use_deterministic_algorithms` is on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from cprfl_core.common.device import choose_device
from cprfl_core.common.errors import InputError
from cprfl_core.common.tensor_files import digest_of
from cprfl_core.model.checks import check_text
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.training.data import PatchData, Patches, PatchProvider, check_labels
from cprfl_core.training.events import (
    TrainingEpoch,
    TrainingEvent,
    TrainingFinished,
    TrainingProgress,
    TrainingStarted,
    TrainingWarning,
)
from cprfl_core.training.images import Collate, ImageData, ImageDataset
from cprfl_core.training.loop import Data, Loop, OnEvent
from cprfl_core.training.network import Network
from cprfl_core.training.options import EpochRecord, TrainingOptions
from cprfl_core.training.randomness import preserved_randomness
from cprfl_core.training.result import TrainingResult, result_of
from cprfl_core.training.step import Memory, Stepper

__all__ = [
    "EpochRecord",
    "PatchProvider",
    "TrainingEpoch",
    "TrainingEvent",
    "TrainingFinished",
    "TrainingOptions",
    "TrainingProgress",
    "TrainingResult",
    "TrainingStarted",
    "TrainingWarning",
    "train_end_to_end",
    "train_on_patches",
]

_SAMPLED: Final = 16
_SHORT: Final = 12


def train_on_patches(
    model: CPRFL,
    patches: Any,
    labels: ArrayLike | Tensor,
    text_features: ArrayLike | Tensor,
    *,
    options: TrainingOptions | None = None,
    prompt_delta: ArrayLike | Tensor | None = None,
    validation: tuple[Any, Any] | None = None,
    folder: Path | None = None,
    device: str | None = None,
    on_event: OnEvent | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> TrainingResult:
    """Train a head on patch features of a frozen backbone.

    Shapes: N images, P patches, W backbone channels, C categories, T text width, D joint width.

    Args:
        patches: [N, P, W], floating; or a pair of int8 patches and their scales; or a `PatchProvider`.
            Memory-mapped arrays stay on disk; only batches are loaded.
        labels: [N, C] in {1, 0, -1}. Unknown entries have no weight; images without known labels are skipped.
        text_features: [C, T], frozen.
        prompt_delta: [C, D], initial values; trained if `options.prompt_delta`, otherwise constant.
        validation: patches and labels of other images, evaluated after each epoch. Bands depend on the
            number of yes in `labels`.
        folder: for checkpoints, written after each epoch, every few minutes and at a stop. If it holds a
            checkpoint of this run, the run resumes from it.
        device: as for `choose_device`; default the best one.
        on_event: called from this thread with each event.
        should_stop: checked before each batch; after a stop the weights so far are the result.

    Raises:
        InputError: an argument is invalid, no label is known, or the folder holds another run.
        TrainingError: the loss is not finite. DeviceMemoryError: an eighth of a batch does not fit.
        ModelFileError: a checkpoint is damaged or cannot be written. DeviceError: no such device.
    """
    options = options or TrainingOptions()
    run = _Run(model, torch.device(choose_device(device).device), folder, on_event, should_stop)
    text = _text(text_features, model)
    load = partial(_patch_data, run=run, options=options, categories=len(text))
    data = load(patches, labels)
    if not data.images:
        raise InputError(f"No label is known on {len(data.labels)} images; label some first.")
    return _train(
        Network(model, text, _delta(prompt_delta), None, options),
        data,
        options,
        run,
        identity=lambda: {
            "patches": list(data.patches.shape),
            "patch values": _sample(data.patches),
            "labels": digest_of({"": torch.from_numpy(data.labels)})[:_SHORT],
        },
        validation=None if validation is None else load(validation[0], validation[1]),
        train_positives=(data.labels == 1).sum(axis=0),
    )


def train_end_to_end(
    trunk: nn.Module,
    model: CPRFL,
    dataset: ImageDataset,
    text_features: ArrayLike | Tensor,
    *,
    options: TrainingOptions | None = None,
    prompt_delta: ArrayLike | Tensor | None = None,
    validation: ImageDataset | None = None,
    train_positives: ArrayLike | None = None,
    collate: Collate | None = None,
    workers: int = 0,
    folder: Path | None = None,
    device: str | None = None,
    on_event: OnEvent | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> TrainingResult:
    """Train trunk and head together on images; the trunk at `options.trunk_rate` times the learning rate.

    If memory is short, a batch is processed in parts. The gradient is that of the whole batch, except that
    batch normalisation sees the parts.

    Args:
        trunk: images [B, 3, H, W] to patches [B, P, W] or a map [B, W, h, w].
        dataset: map-style, gives an image tensor and targets [C] in {1, 0, -1}. Before each image torch,
            `random` and NumPy are seeded from seed, epoch and index, so augmentation may use any of them.
        validation: a dataset of other images, evaluated after each epoch.
        train_positives: [C], the number of yes among the training images, which determines the bands;
            without it only the total is reported.
        collate: makes a batch (images, targets) from a list of samples; default stacking.
        workers: processes that load images; 0 loads in this one.
        Others: as for `train_on_patches`. A checkpoint does not identify the images: resume with the same.

    Raises:
        As `train_on_patches`; and what the dataset raises.
    """
    options = options or TrainingOptions()
    run = _Run(model, torch.device(choose_device(device).device), folder, on_event, should_stop)
    text = _text(text_features, model)
    positives = None if train_positives is None else np.asarray(train_positives)
    if positives is not None and positives.shape != (len(text),):
        raise InputError(f"train_positives has shape {list(positives.shape)}; give [{len(text)}].")
    network = Network(model, text, _delta(prompt_delta), trunk, options)
    sources = [source for source in (dataset, validation) if source is not None]
    with _opened(sources, options, run, categories=len(text), workers=workers, collate=collate) as data:
        return _train(
            network,
            data[0],
            options,
            run,
            identity=lambda: {"images": data[0].images},
            validation=data[1] if validation is not None else None,
            train_positives=positives,
        )


@dataclass(frozen=True, slots=True)
class _Run:
    """The given model, and where and how the run is executed."""

    model: CPRFL
    device: torch.device
    folder: Path | None
    on_event: OnEvent | None
    should_stop: Callable[[], bool] | None


def _train(
    network: Network,
    data: Data,
    options: TrainingOptions,
    run: _Run,
    *,
    identity: Callable[[], dict[str, Any]],
    validation: Data | None,
    train_positives: NDArray[np.int64] | None,
) -> TrainingResult:
    device, notify = run.device, run.on_event or (lambda _: None)
    if options.keep == "best" and validation is None:
        raise InputError('keep is "best"; give validation images to choose the best epoch by.')
    if device.type == "mps" and options.precision == "float16":
        notify(TrainingWarning("mps does not support float16 training; using float32."))
        options = replace(options, precision="float32")
    identification = {} if run.folder is None else identity() | _identity(network, options)
    with preserved_randomness(device):
        memory = Memory(device, options.batch_size, lambda sentence: notify(TrainingWarning(sentence)))
        stepper = Stepper(network.to(device), options, options.epochs * data.steps_per_epoch, memory)
        loop = Loop(
            stepper,
            data,
            validation=validation,
            train_positives=train_positives,
            folder=run.folder,
            run=identification,
            on_event=notify,
            should_stop=run.should_stop or (lambda: False),
        )
        loop.go()
    return result_of(loop, run.model.visual.weight.device)


def _patch_data(
    patches: Any, labels: ArrayLike | Tensor, *, run: _Run, options: TrainingOptions, categories: int
) -> PatchData:
    source = Patches(patches, run.model.backbone_dim)
    known = check_labels(labels, images=len(source), categories=categories)
    pin = run.device.type == "cuda"
    return PatchData(source, known, batch_size=options.batch_size, seed=options.seed, pin=pin)


@contextmanager
def _opened(
    datasets: list[ImageDataset],
    options: TrainingOptions,
    run: _Run,
    *,
    categories: int,
    workers: int,
    collate: Collate | None,
) -> Iterator[list[ImageData]]:
    """Batches of these datasets; their loading processes end with the block."""
    with ExitStack() as stack:
        opened = [
            ImageData(
                dataset,
                categories=categories,
                batch_size=options.batch_size,
                seed=options.seed,
                pin=run.device.type == "cuda",
                workers=workers,
                collate=collate,
            )
            for dataset in datasets
        ]
        for data in opened:
            stack.callback(data.close)
        yield opened


def _identity(network: Network, options: TrainingOptions) -> dict[str, Any]:
    """Identifies a run apart from its data; stored in checkpoints and compared when resuming."""
    settings = {f"option {name}": value for name, value in asdict(options).items()}
    start = {name: tensor.cpu() for name, tensor in network.state_dict().items()}
    return settings | {
        "architecture": network.head.arguments,
        "text features": digest_of({"": network.text_features.cpu()})[:_SHORT],
        "start": digest_of(start)[:_SHORT],
    }


def _sample(source: Patches) -> str:
    """A digest of a few images, because reading all of them could take minutes."""
    rows = np.unique(np.linspace(0, len(source) - 1, _SAMPLED).astype(np.int64))
    values, scales = source.gather(rows)
    tensors = {"values": values.cpu()} | ({} if scales is None else {"scales": scales})
    return digest_of(tensors)[:_SHORT]


def _text(given: ArrayLike | Tensor, model: CPRFL) -> Tensor:
    text = _floating(given, "text features")
    check_text(text, model.text_dim)
    return text


def _delta(given: ArrayLike | Tensor | None) -> Tensor | None:
    return None if given is None else _floating(given, "prompt deltas")


def _floating(given: ArrayLike | Tensor, what: str) -> Tensor:
    tensor = given if isinstance(given, Tensor) else torch.from_numpy(np.array(given))
    if not tensor.is_floating_point():
        raise InputError(f"The {what} are {str(tensor.dtype).removeprefix('torch.')}; give a floating type.")
    return tensor
