"""A worker process whose "backbone" knows colours: of an image the mean, of a text those that it names.

The argument is the number of seconds that each image takes. Each image model has a key of its own; those
with "gone" in their name cannot be loaded.
"""

import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from app.protocol import messages as m
from app.protocol.files import read_items, read_prompts
from app.worker.execution import Stopped
from app.worker.main import main
from app.worker.map_job import map_images
from app.worker.training_job import score_images, train_head
from cprfl_core.common.errors import BackboneError, InputError
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import plain_basis, quantise

KEY = "colours-1"
WORDS = {"red": (1.0, 0.0, 0.0), "green": (0.0, 1.0, 0.0), "blue": (0.0, 0.0, 1.0)}
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0


def key_of(name):
    return KEY if name == "bundled" else f"colours of {name}"


def describe(command, context):
    if "gone" in command.backbone:
        raise BackboneError(f"There is no file {command.backbone}.")
    return m.BackboneResult(
        key=key_of(command.backbone),
        embed_dim=3,
        patch_width=3,
        grid=(2, 3),
        device="cpu",
        precision="float32",
    )


def index(command, context):
    key = key_of(command.backbone)
    context.started(key, "cpu", "float32")
    store, done, failed = FeatureStore(Path(command.features), key=key), 0, 0
    if command.patches:
        store.set_basis(plain_basis((1, 1), 3))
    items = list(read_items(Path(command.items)))
    for item in items:
        context.progress("embedding", done + failed, len(items))
        if context.should_stop():
            raise Stopped(m.IndexResult(embedded=done, failed=failed, seconds=0.1))
        time.sleep(SECONDS)
        try:
            with Image.open(item.path) as image:
                mean = np.asarray(image.convert("RGB"), np.float32).mean((0, 1))
        except OSError:
            failed += 1
            context.item_failed(item.id, "cannot be decoded")
            continue
        colour = unit(mean)[None]
        store.append([item.id], [item.stamp], colour, *(quantise(colour[:, None]) if command.patches else ()))
        done += 1
    context.progress("embedding", done + failed, len(items))
    return m.IndexResult(embedded=done, failed=failed, seconds=0.1)


def encode(command, context):
    lines = list(read_prompts(Path(command.prompts)))
    rows = []
    for line in lines:
        named = [colour for word, colour in WORDS.items() if word in str(line.prompts)]
        rows.append(unit(np.sum(named or [(0, 0, 0)], axis=0) + 0.1))
    FeatureStore(Path(command.features), key=key_of(command.backbone)).save_text(
        [line.key for line in lines], np.stack(rows), command.kind
    )
    return m.TextResult(encoded=len(lines), dim=3, seconds=0.1)


def heat(command, context):
    """Hotter to the right and down; nothing for images that the colour "blue" is asked for on."""
    if "blue" in command.text:
        raise InputError("There is no heat map for this category: the model has never seen it.")
    np.save(command.out, np.array([[0.0, 0.5, 0.8], [0.2, 0.6, 1.0]], np.float32))
    rectangle = (0.0, 0.0, float(command.width), float(command.height))
    return m.HeatResult(out=command.out, rectangle=rectangle, source="text")


def unit(values):
    return (values / np.linalg.norm(values)).astype(np.float32)


if __name__ == "__main__":
    jobs = {m.DescribeBackbone: describe, m.IndexImages: index, m.EncodeText: encode, m.ShowHeat: heat}
    jobs |= {m.TrainHead: train_head, m.ScoreImages: score_images, m.MapImages: map_images}
    sys.exit(main((), jobs=jobs))
