"""The inputs shared by all trainings of a benchmark (images, trunk, text features), training and scoring."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from cprfl_core.benchmark.options import BenchmarkOptions, Places
from cprfl_core.benchmark.progress import Watcher
from cprfl_core.benchmark.texts import TextFeatures, text_features
from cprfl_core.benchmark.trunks import RESNETS, TINY, Trunk, build_trunk
from cprfl_core.common.device import DeviceChoice, choose_device
from cprfl_core.common.errors import InputError
from cprfl_core.common.tensor_files import write_pair
from cprfl_core.datasets.lists import LongTailLists, read_lists
from cprfl_core.datasets.roots import check_images, find_images
from cprfl_core.datasets.torch_dataset import LabelledImages
from cprfl_core.datasets.transforms import Transform
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.training.events import TrainingEpoch, TrainingEvent
from cprfl_core.training.images import ImageData
from cprfl_core.training.options import TrainingPrecision
from cprfl_core.training.step import Memory
from cprfl_core.training.training import TrainingOptions, TrainingResult, TrainingStarted, train_end_to_end

_CHECKPOINT: Final = "checkpoint"


@dataclass(frozen=True, slots=True)
class Images:
    """Image files and their labels int8 [N,C]."""

    files: list[Path]
    labels: NDArray[np.int8]

    def some(self, chosen: NDArray[np.bool_]) -> "Images":
        """Those where ``chosen`` [N] is true."""
        return Images(
            [file for file, keep in zip(self.files, chosen, strict=True) if keep], self.labels[chosen]
        )


@dataclass(frozen=True, slots=True)
class Bench:
    """All inputs, read and checked."""

    options: BenchmarkOptions
    places: Places
    lists: LongTailLists
    train: Images
    test: Images
    trunk: Trunk
    text: TextFeatures
    device: DeviceChoice
    watcher: Watcher

    @property
    def precision(self) -> TrainingPrecision:
        """The chosen precision; "auto" is float16 on CUDA, as published, otherwise float32."""
        asked = self.options.precision
        if asked != "auto":
            return asked
        return "float16" if self.device.kind == "cuda" else "float32"

    def training_options(self, seed: int, *, keep_best: bool) -> TrainingOptions:
        """Options of one training."""
        asked = self.options
        return TrainingOptions(
            epochs=asked.schedule_epochs,
            batch_size=asked.batch_size,
            learning_rate=asked.learning_rate,
            weight_decay=asked.weight_decay,
            loss=asked.loss,
            focusing_gradient=asked.focusing_gradient,
            ema=asked.ema,
            clip_norm=asked.clip_norm,
            precision=self.precision,
            schedule=asked.schedule,
            warmup=asked.warmup,
            seed=seed,
            prompt_delta=asked.prompt_delta,
            trunk_rate=asked.trunk_rate,
            keep="best" if keep_best else "last",
        )

    def new_head(self, seed: int) -> CPRFL:
        """A CPRFL head with random weights that depend only on the seed."""
        asked = self.options
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            return CPRFL(
                self.trunk.width,
                self.text.values.shape[1],
                asked.dim,
                asked.heads,
                asked.dim_head,
                asked.mlp_dim,
                asked.dropout,
                asked.interaction,
            )

    def dataset(self, images: Images, *, training: bool) -> LabelledImages:
        """A dataset with the transforms of the trunk."""
        trunk = self.trunk
        augmentation = self.options.augmentation if training else "none"
        transform = Transform(trunk.size, augmentation, trunk.mean, trunk.std)
        return LabelledImages(images.files, images.labels, transform)


def prepare(options: BenchmarkOptions, places: Places, watcher: Watcher) -> Bench:
    """Read and check all inputs before training.

    Raises:
        DatasetError, BackboneError, DeviceError: lists, images, weights, text or device cannot be used.
        InputError: there are no text features, or options contradict each other.
    """
    device = choose_device(places.device)
    lists = read_lists(options.dataset, places.lists)
    paths = [*lists.train.paths, *lists.test.paths]
    watcher.write(
        f"{options.dataset}: {len(lists.train.paths)} training and {len(lists.test.paths)} test images"
    )
    files = find_images(places.images, paths)
    check_images(files)
    split = len(lists.train.paths)
    text = _texts(options, places, lists.categories)
    trunk = build_trunk(
        options.backbone, places.weights, size=options.size, normalisation=options.normalisation
    )
    if trunk.fingerprint == "random":
        watcher.write(
            f"No --weights: {trunk.name} starts from random weights; the paper's starts from ImageNet."
        )
    return Bench(
        options,
        places,
        lists,
        Images(files[:split], lists.train.labels),
        Images(files[split:], lists.test.labels),
        trunk,
        text,
        device,
        watcher,
    )


def train(
    bench: Bench,
    seed: int,
    folder: Path,
    images: Images,
    validation: Images | None,
    *,
    epochs: int,
    keep_best: bool = False,
) -> TrainingResult:
    """Train trunk and head for ``epochs`` of the schedule, resuming from the checkpoint in ``folder``."""
    done = 0

    def on_event(event: TrainingEvent) -> None:
        nonlocal done
        if isinstance(event, TrainingStarted):
            done = event.resumed_at // (event.steps // event.epochs)
        elif isinstance(event, TrainingEpoch):
            done = event.record.epoch
        bench.watcher.on_event(event, epochs)

    return train_end_to_end(
        bench.trunk.build(seed),
        bench.new_head(seed),
        bench.dataset(images, training=True),
        bench.text.values,
        options=bench.training_options(seed, keep_best=keep_best),
        validation=None if validation is None else bench.dataset(validation, training=False),
        train_positives=bench.lists.train_positives,
        workers=bench.places.workers,
        folder=folder,
        device=bench.device.device,
        on_event=on_event,
        should_stop=lambda: done >= epochs,
    )


def score(bench: Bench, result: TrainingResult, images: Images) -> NDArray[np.float32]:
    """Logits [N,C] of a trained network, in float32 like the published evaluation of averaged weights."""
    assert result.trunk is not None
    device = torch.device(bench.device.device)
    trunk, model = result.trunk.to(device), result.model.to(device)
    delta = None if result.prompt_delta is None else result.prompt_delta.to(device)
    scorer = model.fold(bench.text.values.to(device), delta, patches=bench.trunk.patches)
    data = ImageData(
        bench.dataset(images, training=False),
        categories=len(bench.lists.categories),
        batch_size=bench.options.batch_size,
        seed=0,
        pin=device.type == "cuda",
        workers=bench.places.workers,
        collate=None,
    )
    memory = Memory(device, bench.options.batch_size, bench.watcher.write)
    parts: list[torch.Tensor] = []
    for batch in data.in_order(bench.options.batch_size):

        def logits(size: int, inputs: torch.Tensor = batch.inputs) -> torch.Tensor:
            with torch.no_grad():
                pieces = [
                    scorer(trunk(piece.to(device))).float().cpu() for piece in torch.split(inputs, size)
                ]
            return torch.cat(pieces)

        parts.append(memory.within(logits))
        bench.watcher.scoring(sum(map(len, parts)), len(images.files))
    trunk.cpu()
    model.cpu()
    return torch.cat(parts).numpy()


def keep_network(bench: Bench, result: TrainingResult, folder: Path, epoch: int) -> None:
    """Write the trained weights as ``network.json`` and its safetensors: ``head.``, ``trunk.``, the texts."""
    assert result.trunk is not None
    tensors = {f"head.{name}": tensor for name, tensor in result.model.state_dict().items()}
    tensors |= {f"trunk.{name}": tensor for name, tensor in result.trunk.state_dict().items()}
    tensors["text_features"] = bench.text.values
    if result.prompt_delta is not None:
        tensors["prompt_delta"] = result.prompt_delta
    card = {"epoch": epoch, "architecture": result.model.arguments, "categories": bench.lists.categories}
    write_pair(folder, "network", tensors, {**card, "run": identity(bench)})


def drop_checkpoint(folder: Path) -> None:
    """Remove the checkpoint of a finished training: it is five times the size of the weights."""
    (folder / f"{_CHECKPOINT}.json").unlink(missing_ok=True)
    for file in folder.glob(f"{_CHECKPOINT}-*.safetensors"):
        file.unlink(missing_ok=True)


def identity(bench: Bench) -> dict[str, Any]:
    """The properties that a run must share with an earlier one to resume it."""
    return {
        **bench.options.as_json(),
        "precision": bench.precision,
        "lists": bench.lists.digests,
        "trunk": bench.trunk.fingerprint,
        "size": bench.trunk.size,
        "text": bench.text.digest,
    }


def _texts(options: BenchmarkOptions, places: Places, categories: tuple[str, ...]) -> TextFeatures:
    if places.text is not None:
        return text_features(places.text, categories)
    if options.backbone in (*RESNETS, TINY):
        raise InputError(
            f"{options.backbone} has no text encoder; give --text, a safetensors file [categories, width] "
            "or an open_clip model with weights, such as RN50-quickgelu@FILE."
        )
    return text_features(options.backbone, categories, places.weights)
