"""The real jobs: adapters from the protocol to cprfl_core. The only place of the app that loads torch."""

import importlib
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.protocol.files import PromptLine, read_items, read_prompts
from app.protocol.messages import (
    BackboneResult,
    DescribeBackbone,
    DeviceInfo,
    EncodeText,
    IndexImages,
    IndexResult,
    ScoreImages,
    ShowHeat,
    TextResult,
    TrainHead,
)
from app.worker.context import JobContext, Send
from app.worker.execution import JobTable, Stopped
from app.worker.heat_job import HeatJob
from app.worker.training_job import score_images, train_head
from cprfl_core.disk import size_words
from cprfl_core.errors import BackboneError
from cprfl_core.feature_store import FeatureStore, bytes_needed
from cprfl_core.token_basis import PatchChoice, kept_shape

if TYPE_CHECKING:
    from cprfl_core.backbone import Backbone

TEXT_BATCH = 64

log = logging.getLogger(__name__)


def job_table() -> JobTable:
    """The jobs of one process; they share the backbone that was loaded last."""
    jobs = _CoreJobs()
    return {
        DescribeBackbone: jobs.describe,
        IndexImages: jobs.index,
        EncodeText: jobs.encode,
        TrainHead: train_head,
        ScoreImages: score_images,
        ShowHeat: HeatJob().show,
    }


def preload(send: Send) -> None:
    """Load torch and open_clip ahead of the first job; tell the device that jobs without a wish will use."""
    from cprfl_core.device import choose_device

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
    importlib.import_module("cprfl_core.backbone")


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
        )

    def index(self, command: IndexImages, context: JobContext) -> IndexResult:
        from cprfl_core.features import ImageItem, index_images
        from cprfl_core.tower_engine import faster_encoder

        backbone = self._load(command, context, command.expected_key)
        items = [ImageItem(line.id, Path(line.path), line.stamp) for line in read_items(Path(command.items))]
        stage = f"Embedding images ({_size(backbone, len(items), command.patches)})"
        encoder, reason = faster_encoder(
            backbone,
            Path(command.features) / "onnx",
            len(items),
            on_trial=lambda: context.progress("Looking for the fastest way to compute", 0),
        )
        log.info("features are computed by %s", reason)
        summary = index_images(
            encoder,
            items,
            FeatureStore(Path(command.features), key=backbone.key),
            patches=command.patches,
            batch_size=command.batch_size,
            on_progress=lambda done, total, *_: context.progress(stage, done, total),
            on_failed=context.item_failed,
            on_warning=context.warn,
            should_stop=context.should_stop,
        )
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
        command: DescribeBackbone | IndexImages | EncodeText,
        context: JobContext,
        expected_key: str | None = None,
    ) -> "Backbone":
        """The backbone of ``command``, loaded or from the last job. Raises BackboneError for another key."""
        from cprfl_core.backbone import load_backbone

        wanted = (command.backbone, command.weights, command.device)
        if self._backbone is None or self._wanted != wanted:
            self._backbone = None  # two at once may not fit into the memory
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


def _batches(lines: list[PromptLine], size: int) -> Iterator[list[PromptLine]]:
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def _size(backbone: "Backbone", images: int, patches: PatchChoice | None) -> str:
    """Disk space that the features of so many images will take, in words."""
    shape = None if patches is None else kept_shape(backbone.grid, backbone.patch_width, patches)
    return size_words(bytes_needed(images, backbone.embed_dim, shape))


def _text_result(encoded: int, backbone: "Backbone", begin: float) -> TextResult:
    return TextResult(encoded=encoded, dim=backbone.embed_dim, seconds=time.perf_counter() - begin)
