"""An encoder that is arithmetic, and images that tell which one they are."""

from pathlib import Path

import numpy as np
from PIL import Image

from cprfl_core.common.errors import DeviceMemoryError
from cprfl_core.features.indexing import ImageItem
from cprfl_core.images.preprocessing import Preprocessing


def red_images(folder: Path, count: int = 40) -> list[ImageItem]:
    """Image n has the colour (n, 0, 0), the id n and the stamp 1000 + n."""
    folder.mkdir()
    made = []
    for number in range(count):
        path = folder / f"{number}.png"
        Image.new("RGB", (20, 10), (number, 0, 0)).save(path)
        made.append(ImageItem(number, path, 1000 + number))
    return made


class MeanColour:
    """An encoder whose embedding is the mean colour, so that a row given to the wrong image shows."""

    device = "cpu"
    preprocessing = Preprocessing(16)
    grid = (8, 8)

    def __init__(
        self, *, room: int = 1000, broken_above: float = 1e9, width: int = 3, overlaps: bool = False
    ) -> None:
        self.room = room
        self.broken_above = broken_above
        self.patch_width = width
        self.overlaps = overlaps
        self.batches: list[int] = []
        self.reds: list[float] = []
        self.log: list[str] = []

    def begin(self, pixels, basis):
        if len(pixels) > self.room:
            raise DeviceMemoryError(f"A batch of {len(pixels)} images does not fit into cpu (test).")
        self.batches.append(len(pixels))
        self.log.append(f"begin {len(self.batches)}")
        means = np.stack(pixels).mean(axis=(2, 3), dtype=np.float32)
        self.reds += means[:, 0].tolist()
        embeddings = np.where(means[:, :1] > self.broken_above, np.nan, means)
        tokens = None if basis is None else basis.reduce(self.tokens(means[:, 0]))
        return lambda: self.log.append("end") or (embeddings, tokens)

    def tokens(self, red) -> np.ndarray:
        """Tokens [B,64,W] that tell the image and the place; ``red`` [B] is an image's amount of red."""
        wave = np.arange(64 * self.patch_width, dtype=np.float32).reshape(64, -1)
        return np.sin(wave + np.asarray(red, dtype=np.float32)[:, None, None] / 10)
