"""The real jobs: adapters from the protocol to cprfl_core. The only place of the app that loads torch."""

import importlib
import logging
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.protocol.files import ItemLine, PromptLine, read_items, read_prompts
from app.protocol.messages import (
    BackboneResult,
    CheckBackbone,
    CheckResult,
    DescribeBackbone,
    DeviceInfo,
    EncodeText,
    IndexImages,
    IndexResult,
    MapImages,
    ScoreImages,
    ShowHeat,
    TextResult,
    TrainHead,
)
from app.worker.context import JobContext, Send
from app.worker.execution import JobTable, Stopped
from app.worker.heat_job import HeatJob
from app.worker.map_job import map_images
from app.worker.training_job import score_images, train_head
from cprfl_core.common.disk import size_words
from cprfl_core.common.errors import BackboneError
from cprfl_core.features.store import FeatureStore, bytes_needed
from cprfl_core.features.token_compression import PatchChoice, kept_shape
from cprfl_core.images.thumbnail import encode_thumbnail

if TYPE_CHECKING:
    from PIL.Image import Image

    from cprfl_core.backbone.backbone import Backbone

TEXT_BATCH = 64
CHECKED_FOR = 1_000
"""The speed of a model is measured with the engine that would index this many images."""

log = logging.getLogger(__name__)


def job_table() -> JobTable:
    """The jobs of one process; they share the backbone loaded last."""
    jobs = _CoreJobs()
    return {
        DescribeBackbone: jobs.describe,
        CheckBackbone: jobs.check,
        IndexImages: jobs.index,
        EncodeText: jobs.encode,
        TrainHead: train_head,
        ScoreImages: score_images,
        ShowHeat: HeatJob().show,
        MapImages: map_images,
    }


def preload(send: Send) -> None:
    """Load torch and open_clip before the first job, and send the device used where none is asked for."""
    from cprfl_core.common.device import choose_device

    choice = choose_device()
    send(
        DeviceInfo(
            device=choice.device,
            precision=choice.precision,
            reason=choice.reason,
            name=choice.name,
            memory=choice.memory,
        )
    )
    importlib.import_module("cprfl_core.backbone.backbone")


class _CoreJobs:
    def __init__(self) -> None:
        self._wanted: tuple[object, ...] | None = None
        self._backbone: Backbone | None = None

    def describe(self, command: DescribeBackbone, context: JobContext) -> BackboneResult:
        backbone = self._load(command, context)
        return BackboneResult(
            key=backbone.key,
            embed_dim=backbone.embed_dim,
            patch_width=backbone.patch_width,
            grid=backbone.grid,
            device=backbone.device,
            precision=backbone.precision,
            text_side=backbone.text_side,
        )

    def check(self, command: CheckBackbone, context: JobContext) -> CheckResult:
        from cprfl_core.backbone.checking import measured_rate, require_usable
        from cprfl_core.onnx.engine_choice import faster_encoder

        backbone = self._load(command, context)
        if context.should_stop():
            raise Stopped
        require_usable(backbone)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            encoder, reason = faster_encoder(backbone, Path(folder), CHECKED_FOR)
            log.info("the speed is that of %s", reason)
            rate = measured_rate(encoder)
        return CheckResult(
            key=backbone.key,
            embed_dim=backbone.embed_dim,
            image_size=(backbone.preprocessing.height, backbone.preprocessing.width),
            images_per_second=rate,
            device=backbone.device,
            precision=backbone.precision,
        )

    def index(self, command: IndexImages, context: JobContext) -> IndexResult:
        from cprfl_core.features.indexing import ImageItem, index_images
        from cprfl_core.onnx.engine_choice import faster_encoder

        backbone = self._load(command, context, command.expected_key)
        if context.should_stop():  # the trial of another engine takes seconds
            raise Stopped
        lines = list(read_items(Path(command.items)))
        items = [ImageItem(line.id, Path(line.path), line.stamp) for line in lines]
        thumbnails = _Thumbnails(context, lines)
        in_run = command.run or len(items)
        stage = f"Reading images ({_size(backbone, in_run, command.patches)} of features)"
        encoder, reason = faster_encoder(
            backbone,
            Path(command.features) / "onnx",
            in_run,
            on_trial=lambda: context.progress("Looking for the fastest way to compute", 0),
        )
        log.info("features are computed by %s", reason)

        def told(done: int, total: int, *_: float | None) -> None:
            thumbnails.send()
            context.progress(stage, done, total)

        summary = index_images(
            encoder,
            items,
            FeatureStore(Path(command.features), key=backbone.key),
            patches=command.patches,
            classifier=backbone.classifier,
            batch_size=command.batch_size,
            accept_cut=command.accept_cut,
            on_progress=told,
            on_failed=context.item_failed,
            on_warning=context.warn,
            # Beside an accelerator decoding is what takes longest, and encoding holds the interpreter.
            on_picture=thumbnails.make if encoder.device == "cpu" else None,
            should_stop=context.should_stop,
        )
        thumbnails.send()
        result = IndexResult(embedded=summary.embedded, failed=summary.failed, seconds=summary.seconds)
        if summary.stopped:
            raise Stopped(result)
        return result

    def encode(self, command: EncodeText, context: JobContext) -> TextResult:
        begin = time.perf_counter()
        backbone = self._load(command, context, command.expected_key)
        lines = list(read_prompts(Path(command.prompts)))
        store = FeatureStore(Path(command.features), key=backbone.key)
        encoded = 0
        for batch in _batches(lines, TEXT_BATCH):
            if context.should_stop():
                raise Stopped(_text_result(encoded, backbone, begin))
            encode = backbone.encode_text if command.kind == "joint" else backbone.raw_text
            features = encode([line.prompts for line in batch])
            store.save_text([line.key for line in batch], features.numpy(), command.kind)
            encoded += len(batch)
            context.progress("Encoding categories", encoded, len(lines))
        return _text_result(encoded, backbone, begin)

    def _load(
        self,
        command: DescribeBackbone | CheckBackbone | IndexImages | EncodeText,
        context: JobContext,
        expected_key: str | None = None,
    ) -> "Backbone":
        """The backbone of ``command``, loaded or kept. Raises BackboneError if its key differs."""
        from cprfl_core.backbone.backbone import load_backbone

        wanted = (command.backbone, command.weights, command.device)
        if self._backbone is None or self._wanted != wanted:
            self._backbone = None  # two at once may not fit into memory
            self._backbone = load_backbone(
                command.backbone,
                weights=command.weights,
                device=command.device,
                allow_download=command.allow_download,
            )
            self._wanted = wanted
        backbone = self._backbone
        context.started(backbone.key, backbone.device, backbone.precision)
        if expected_key is not None and backbone.key != expected_key:
            raise BackboneError(
                f"The weights of the backbone {command.backbone} are no longer those of the cached features; "
                "index again."
            )
        return backbone


class _Thumbnails:
    """Makes the thumbnails that a job asks for, in the threads that decode; the job's own sends them."""

    def __init__(self, context: JobContext, lines: Sequence[ItemLine]) -> None:
        self._context = context
        self._sides = {line.id: line.thumbnail for line in lines if line.thumbnail}
        self._made: deque[tuple[int, bytes]] = deque()

    def make(self, item: int, picture: "Image") -> None:
        """Nothing if the picture was decoded at less than the size of the thumbnail."""
        side = self._sides.get(item)
        if side is not None and max(picture.size) >= side:
            self._made.append((item, encode_thumbnail(picture, side)))

    def send(self) -> None:
        while self._made:
            self._context.thumbnail(*self._made.popleft())


def _batches(lines: list[PromptLine], size: int) -> Iterator[list[PromptLine]]:
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def _size(backbone: "Backbone", images: int, patches: PatchChoice | None) -> str:
    """Disk space that the features of ``images`` images will take, in words."""
    shape = None if patches is None else kept_shape(backbone.grid, backbone.patch_width, patches)
    return size_words(bytes_needed(images, backbone.embed_dim, shape))


def _text_result(encoded: int, backbone: "Backbone", begin: float) -> TextResult:
    return TextResult(encoded=encoded, dim=backbone.embed_dim, seconds=time.perf_counter() - begin)
