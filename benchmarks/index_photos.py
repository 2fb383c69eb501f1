"""Images for the indexing benchmark: those in a folder, or JPEGs with the entropy of photographs."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from cprfl_core.features.indexing import ImageItem


def make_photos(folder: Path, count: int, size: tuple[int, int]) -> list[ImageItem]:
    """``count`` files, at most 64 of them different, because the cost of decoding is the same."""
    folder.mkdir(parents=True)
    items = []
    for number in range(count):
        path = folder / f"{number:05d}.jpg"
        if number < 64:
            _photo(np.random.default_rng(number), size).save(path, quality=88)
        else:
            path.write_bytes((folder / f"{number % 64:05d}.jpg").read_bytes())
        items.append(ImageItem(number, path, number + 1))
    return items


def repeated(folder: Path, count: int) -> list[ImageItem]:
    """``count`` items of the JPEGs in ``folder``, in the order of their names, repeated as needed."""
    found = sorted(folder.glob("*.jpg"))
    if not found:
        raise SystemExit(f"There are no JPEGs (*.jpg) in {folder}.")
    return [ImageItem(number, found[number % len(found)], number + 1) for number in range(count)]


def _photo(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    width, height = size
    coarse = Image.fromarray(rng.integers(0, 256, (4, 5, 3), dtype=np.uint8))
    image = coarse.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(20):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        radius = int(rng.integers(max(2, width // 40), max(3, width // 6)))
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape((x - radius, y - radius, x + radius, y + radius), fill=colour)
    texture = rng.normal(0, 6, (height, width, 1)) + rng.normal(0, 3, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + texture, 0, 255).astype(np.uint8))
