"""The emoji sprites for scenes, in three drawing styles.

The atlases are in resources/sprites/ (written by tools/render_sprites.py, licences in resources/licences/).
Noto and Twemoji drawings are used to train the bundled backbone; Fluent drawings are reserved for the demo
collection, so that its images are new to the model.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SPRITE_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sprites"
TRAINING_STYLES = ("noto", "twemoji")
DEMO_STYLE = "fluent"


@dataclass(frozen=True, slots=True)
class SpriteSet:
    """All sprites of the given styles.

    ``images[style][i]`` is the RGBA drawing (cell x cell, uint8) of cell ``i``, ``cell_category[i]`` its
    category index into ``categories`` (sorted names).
    """

    categories: tuple[str, ...]
    cell_category: tuple[int, ...]
    images: dict[str, list[Image.Image]]

    def cells_of(self, category: int) -> list[int]:
        """The cells of one category; more than one if several emoji show the same thing."""
        return [i for i, c in enumerate(self.cell_category) if c == category]


@lru_cache(maxsize=4)
def load_sprites(styles: tuple[str, ...], folder: Path = SPRITE_FOLDER) -> SpriteSet:
    """Read the atlases of ``styles`` (about 0.3 s each)."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    categories = tuple(sorted({cell["category"] for cell in index["cells"]}))
    number = {name: i for i, name in enumerate(categories)}
    images = {}
    for style in styles:
        with Image.open(folder / f"{style}.webp") as sheet:
            images[style] = _cut(sheet.convert("RGBA"), index["cell"], index["columns"], len(index["cells"]))
    return SpriteSet(categories, tuple(number[cell["category"]] for cell in index["cells"]), images)


def _cut(sheet: Image.Image, cell: int, columns: int, count: int) -> list[Image.Image]:
    boxes = [(i % columns * cell, i // columns * cell) for i in range(count)]
    return [sheet.crop((x, y, x + cell, y + cell)) for x, y in boxes]


def recolour(sprite: Image.Image, rng: np.random.Generator, *, strength: float = 1.0) -> Image.Image:
    """A variation in hue, saturation, brightness and contrast; alpha is unchanged.

    ``strength`` scales all of them; 0 leaves the drawing as it is.
    """
    rgba = np.asarray(sprite).astype(np.float32)
    rgb: NDArray[np.float32] = rgba[..., :3]
    mean = rgb.mean(axis=2, keepdims=True)
    saturated = mean + (rgb - mean) * np.float32(1 + strength * (rng.uniform(0.55, 1.25) - 1))
    mix = np.eye(3, dtype=np.float32) + strength * rng.normal(0, 0.06, (3, 3)).astype(np.float32)
    contrast = np.float32(1 + strength * (rng.uniform(0.75, 1.2) - 1))
    brightness = np.float32(128 + strength * rng.uniform(-25, 25))
    rgba[..., :3] = np.clip((saturated - 128) * contrast @ mix + brightness, 0, 255)
    return Image.fromarray(rgba.astype(np.uint8), "RGBA")
