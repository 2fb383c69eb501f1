"""A data set in the layout of VOC-LT or COCO-LT that is drawn in a second: three shapes, one of them rare."""

import random
from pathlib import Path

import torch
from PIL import Image, ImageDraw
from safetensors.torch import save_file

CATEGORIES = ("red disc", "blue box", "green bar")
SMALL = [
    "--backbone",
    "tiny",
    "--dim",
    "16",
    "--heads",
    "2",
    "--dim-head",
    "8",
    "--mlp-dim",
    "16",
    "--batch-size",
    "10",
    "--device",
    "cpu",
]
SHORT = ["--epochs", "3", "--schedule-epochs", "4", "--learning-rate", "0.01", "--ema", "0.5"]
COLOURS = ((220, 30, 30), (30, 40, 220), (20, 190, 60))
SIDE = 48
# Positives in training: 22 discs (a medium category), 9 boxes, 4 bars.
TRAIN = [(0,)] * 16 + [(0, 1)] * 5 + [(1,)] * 3 + [(2,), (0, 2), (1, 2), (2,), ()]
TEST = [(0,), (1,), (2,), (0, 1), (0, 2), (), (1, 2), (0,), (1,), (2,), (0, 1, 2), ()]
STEMS = {"voc-lt": "voc", "coco-lt": "coco"}
FOLDERS = {
    "voc-lt": ("VOCdevkit/VOC2012/JPEGImages", "VOCdevkit/VOC2007/JPEGImages"),
    "coco-lt": ("train2017", "val2017"),
}


def drawing(labels: tuple[int, ...], seed: int) -> Image.Image:
    draw = random.Random(seed)
    image = Image.new("RGB", (SIDE, SIDE), (draw.randrange(90, 130),) * 3)
    pen = ImageDraw.Draw(image)
    for label in labels:
        x, y = draw.randrange(0, SIDE - 20), draw.randrange(0, SIDE - 20)
        if label == 0:
            pen.ellipse((x, y, x + 18, y + 18), fill=COLOURS[0])
        elif label == 1:
            pen.rectangle((x, y, x + 16, y + 16), fill=COLOURS[1])
        else:
            pen.rectangle((x, y, x + 19, y + 6), fill=COLOURS[2])
    return image


def write_miniature(folder: Path, name: str = "voc-lt") -> tuple[Path, Path]:
    """Write the images and the lists, CRLF in the label names as published; return both folders."""
    images, lists = folder / "images", folder / "lists"
    lists.mkdir(parents=True, exist_ok=True)
    stem = STEMS[name]
    lines = [f"{category} {index}" for index, category in enumerate(CATEGORIES)]
    (lists / f"{stem}_labels.txt").write_bytes("\r\n".join(lines).encode())
    for part, rows, place in zip(("train", "test"), (TRAIN, TEST), FOLDERS[name], strict=True):
        (images / place).mkdir(parents=True, exist_ok=True)
        listed = []
        for number, labels in enumerate(rows):
            path = f"{place}/{part}_{number:06d}.jpg"
            drawing(labels, seed=len(rows) * 1000 + number).save(images / path, quality=95)
            listed.append(" ".join([path, *map(str, labels)]))
        (lists / f"{stem}_lt_{part}.txt").write_text("\n".join(listed))
    return images, lists


def write_text_features(file: Path, width: int = 8, categories: int = len(CATEGORIES)) -> Path:
    generator = torch.Generator().manual_seed(0)
    save_file({"text_features": torch.randn(categories, width, generator=generator)}, file)
    return file


def arguments(source: Path, out: Path, *more: str) -> list[str]:
    """Arguments of a benchmark run over what `write_miniature` and `write_text_features` left in a folder."""
    places = ["--images", source / "images", "--lists", source / "lists"]
    text = ["--text", source / "text.safetensors"]
    return ["voc-lt", *map(str, [*places, *text, "--out", out]), *SMALL, *SHORT, *more]
