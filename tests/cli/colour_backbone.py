"""Jobs with a "backbone" that knows colours: of an image the mean, of a text those that it names."""

from pathlib import Path

import numpy as np
from PIL import Image

from app.protocol import messages as m
from app.protocol.files import read_items, read_prompts
from app.worker.context import JobContext
from app.worker.execution import Stopped
from app.worker.inprocess import InProcessRunner
from app.worker.map_job import map_images
from app.worker.training_job import score_images, train_head
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import plain_basis, quantise

KEY = "colours-1"
WORDS = {"red": (1.0, 0.0, 0.0), "green": (0.0, 1.0, 0.0), "blue": (0.0, 0.0, 1.0)}


def colour_runner() -> InProcessRunner:
    jobs = {m.DescribeBackbone: _describe, m.IndexImages: _index, m.EncodeText: _encode}
    return InProcessRunner(
        jobs | {m.TrainHead: train_head, m.ScoreImages: score_images, m.MapImages: map_images}
    )


def _describe(command: m.DescribeBackbone, context: JobContext) -> m.BackboneResult:
    return m.BackboneResult(
        key=KEY, embed_dim=3, patch_width=3, grid=(2, 3), device="cpu", precision="float32"
    )


def _index(command: m.IndexImages, context: JobContext) -> m.IndexResult:
    context.started(KEY, "cpu", "float32")
    store, done, failed = FeatureStore(Path(command.features), key=KEY), 0, 0
    if command.patches:
        store.set_basis(plain_basis((1, 1), 3))
    items = list(read_items(Path(command.items)))
    for item in items:
        context.progress("embedding", done + failed, len(items))
        if context.should_stop():
            raise Stopped(m.IndexResult(embedded=done, failed=failed, seconds=0.1))
        try:
            with Image.open(item.path) as image:
                mean = np.asarray(image.convert("RGB"), np.float32).mean((0, 1))
        except OSError:
            failed += 1
            context.item_failed(item.id, "cannot be decoded")
            continue
        colour = _unit(mean)[None]
        store.append([item.id], [item.stamp], colour, *(quantise(colour[:, None]) if command.patches else ()))
        done += 1
    context.progress("embedding", done + failed, len(items))
    return m.IndexResult(embedded=done, failed=failed, seconds=0.1)


def _encode(command: m.EncodeText, context: JobContext) -> m.TextResult:
    lines = list(read_prompts(Path(command.prompts)))
    rows = [_unit(_named_in(str(line.prompts))) for line in lines]
    FeatureStore(Path(command.features), key=KEY).save_text(
        [line.key for line in lines], np.stack(rows), command.kind
    )
    return m.TextResult(encoded=len(lines), dim=3, seconds=0.1)


def _named_in(text: str) -> np.ndarray:
    return np.sum([colour for word, colour in WORDS.items() if word in text] or [(0, 0, 0)], axis=0) + 0.1


def _unit(values: np.ndarray) -> np.ndarray:
    return (values / np.linalg.norm(values)).astype(np.float32)
