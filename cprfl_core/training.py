"""Training of CPRFL: the head on cached patch features, or head and trunk end to end.

Both functions leave what they are given as it is and return trained copies. With one thread count on one CPU,
equal options, data and starting weights give equal numbers to the last bit, and a run that was stopped or
killed and is taken up from its folder gives those of a run that was not. On CUDA some kernels sum in an order
that varies, above all in the trunk; runs then agree to rounding unless
`torch.use_deterministic_algorithms` is on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from cprfl_core.device import choose_device
from cprfl_core.errors import InputError
from cprfl_core.model import CPRFL, check_text
from cprfl_core.tensor_files import digest_of
from cprfl_core.training_data import PatchData, Patches, PatchProvider, check_labels
from cprfl_core.training_events import (
    TrainingEpoch,
    TrainingEvent,
    TrainingFinished,
    TrainingProgress,
    TrainingStarted,
    TrainingWarning,
)
from cprfl_core.training_images import Collate, ImageData, ImageDataset
from cprfl_core.training_loop import Data, Loop, OnEvent
from cprfl_core.training_network import Network
from cprfl_core.training_options import EpochRecord, TrainingOptions
from cprfl_core.training_randomness import preserved_randomness
from cprfl_core.training_result import TrainingResult, result_of
from cprfl_core.training_step import Memory, Stepper

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
    """Train a head on patch features that a frozen backbone gave.

    Shapes: N images, P patches, W backbone channels, C categories, T text width, D joint width.

    Args:
        patches: [N, P, W], floating; or a pair of int8 ones and their scales; or a `PatchProvider`. What is
            memory-mapped stays on the disk, batches are gathered from it.
        labels: [N, C] in {1, 0, -1}. Unknown entries have no weight; images with nothing known are skipped.
        text_features: [C, T], frozen.
        prompt_delta: [C, D] to start from; it learns where `options.prompt_delta` says so, else it is kept.
        validation: patches and labels of other images, judged after each epoch. Bands go by the number of
            yes in `labels`.
        folder: where checkpoints go, after each epoch, every few minutes and at a stop. If it holds one of
            this run, the run goes on from there.
        device: as for `choose_device`; default the best one.
        on_event: called from this thread with each event.
        should_stop: asked before each batch. What was learned until then is the result.

    Raises:
        InputError: a shape, type or number does not fit, nothing is known, or the folder holds another run.
        TrainingError: the loss is not finite. DeviceMemoryError: an eighth of a batch does not fit.
        ModelFileError: a checkpoint is damaged or cannot be written. DeviceError: no such device.
    """
    options = options or TrainingOptions()
    place = torch.device(choose_device(device).device)
    text = _floating(text_features, "text features")
    check_text(text, model.text_dim)
    source = Patches(patches, model.backbone_dim)
    known = check_labels(labels, images=len(source), categories=len(text))
    pin = place.type == "cuda"
    data = PatchData(source, known, batch_size=options.batch_size, seed=options.seed, pin=pin)
    if not data.images:
        raise InputError(f"Not one label is known on {len(source)} images; say yes or no to some first.")
    held_out = None
    if validation is not None:
        other = Patches(validation[0], model.backbone_dim)
        truth = check_labels(validation[1], images=len(other), categories=len(text))
        held_out = PatchData(other, truth, batch_size=options.batch_size, seed=options.seed, pin=pin)
    return _train(
        Network(model, text, _delta(prompt_delta), None, options),
        data,
        options,
        identity=lambda: {
            "patches": list(source.shape),
            "patch values": _sample(source),
            "labels": digest_of({"": torch.from_numpy(known)})[:_SHORT],
        },
        home=model.visual.weight.device,
        device=place,
        validation=held_out,
        train_positives=(known == 1).sum(axis=0),
        folder=folder,
        on_event=on_event,
        should_stop=should_stop,
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

    Where memory is short a batch goes through in parts and the gradient is that of the whole batch, except
    that batch normalisation sees the parts.

    Args:
        trunk: images [B, 3, H, W] to patches [B, P, W] or a map [B, W, h, w].
        dataset: map-style, gives an image tensor and targets [C] in {1, 0, -1}. Before each image torch,
            `random` and NumPy are seeded from seed, epoch and index, so augmentation may use any of them.
        validation: a dataset of other images, judged after each epoch.
        train_positives: [C], the number of yes among the training images, which decides the bands; without
            it only the total is reported.
        collate: makes a batch (images, targets) of a list of samples; default stacking.
        workers: processes that load images; 0 loads in this one.
        Others: as for `train_on_patches`. The checkpoint does not know the images: resume with the same.

    Raises:
        As `train_on_patches`; and what the dataset raises.
    """
    options = options or TrainingOptions()
    place = torch.device(choose_device(device).device)
    text = _floating(text_features, "text features")
    check_text(text, model.text_dim)
    positives = None if train_positives is None else np.asarray(train_positives)
    if positives is not None and positives.shape != (len(text),):
        raise InputError(f"train_positives has shape {list(positives.shape)}; give [{len(text)}].")

    def images(source: ImageDataset) -> ImageData:
        return ImageData(
            source,
            categories=len(text),
            batch_size=options.batch_size,
            seed=options.seed,
            pin=place.type == "cuda",
            workers=workers,
            collate=collate,
        )

    network = Network(model, text, _delta(prompt_delta), trunk, options)
    with ExitStack() as ending:
        sources = [images(source) for source in (dataset, validation) if source is not None]
        for source in sources:
            ending.callback(source.close)
        return _train(
            network,
            sources[0],
            options,
            identity=lambda: {"images": sources[0].images},
            home=model.visual.weight.device,
            device=place,
            validation=sources[1] if validation is not None else None,
            train_positives=positives,
            folder=folder,
            on_event=on_event,
            should_stop=should_stop,
        )


def _train(
    network: Network,
    data: Data,
    options: TrainingOptions,
    *,
    identity: Callable[[], dict[str, Any]],
    home: torch.device,
    device: torch.device,
    validation: Data | None,
    train_positives: NDArray[np.int64] | None,
    folder: Path | None,
    on_event: OnEvent | None,
    should_stop: Callable[[], bool] | None,
) -> TrainingResult:
    tell = on_event or (lambda _: None)
    if options.keep == "best" and validation is None:
        raise InputError('keep is "best"; give validation images to choose the best epoch by.')
    if device.type == "mps" and options.precision == "float16":
        tell(TrainingWarning("mps cannot scale the loss of float16; training in float32."))
        options = replace(options, precision="float32")
    run = {} if folder is None else identity() | _identity(network, options)
    with preserved_randomness(device):
        memory = Memory(device, options.batch_size, lambda sentence: tell(TrainingWarning(sentence)))
        stepper = Stepper(network.to(device), options, options.epochs * data.steps_per_epoch, memory)
        loop = Loop(
            stepper,
            data,
            validation=validation,
            train_positives=train_positives,
            folder=folder,
            run=run,
            on_event=tell,
            should_stop=should_stop or (lambda: False),
        )
        loop.go()
    return result_of(loop, home)


def _identity(network: Network, options: TrainingOptions) -> dict[str, Any]:
    """Which run this is, beside its data; told in a checkpoint and compared when it is taken up."""
    settings = {f"option {name}": value for name, value in asdict(options).items()}
    start = {name: tensor.cpu() for name, tensor in network.state_dict().items()}
    return settings | {
        "architecture": network.head.arguments,
        "text features": digest_of({"": network.text_features.cpu()})[:_SHORT],
        "start": digest_of(start)[:_SHORT],
    }


def _sample(source: Patches) -> str:
    """A digest of a few images: reading all of them could take minutes."""
    rows = np.unique(np.linspace(0, len(source) - 1, _SAMPLED).astype(np.int64))
    values, scales = source.gather(rows)
    told = {"values": values.cpu()} | ({} if scales is None else {"scales": scales})
    return digest_of(told)[:_SHORT]


def _delta(given: ArrayLike | Tensor | None) -> Tensor | None:
    return None if given is None else _floating(given, "prompt deltas")


def _floating(given: ArrayLike | Tensor, what: str) -> Tensor:
    tensor = given if isinstance(given, Tensor) else torch.from_numpy(np.array(given))
    if not tensor.is_floating_point():
        raise InputError(f"The {what} are {str(tensor.dtype).removeprefix('torch.')}; give a floating type.")
    return tensor
