"""Trying an image model on noise: are its features usable, and how many images a second does it compute?"""

import time
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.errors import BackboneError
from cprfl_core.features.indexing import ImageEncoder

if TYPE_CHECKING:
    from cprfl_core.backbone.backbone import Backbone

BATCH: Final = 8
MEASURED_SECONDS: Final = 2.0
_SAME: Final = 1e-6


def require_usable(backbone: "Backbone") -> None:
    """Raise BackboneError unless image features are finite, of the right width, and differ by image."""
    embeddings, _ = backbone.begin(_noise(backbone), None)()
    fault = ""
    if embeddings.shape != (BATCH, backbone.embed_dim):
        fault = f"have the shape {list(embeddings.shape)} and not {[BATCH, backbone.embed_dim]}"
    elif not np.isfinite(embeddings).all():
        fault = "are not finite"
    elif np.ptp(embeddings, axis=0).max() < _SAME:
        fault = "are the same for every image"
    if fault:
        raise BackboneError(
            f"Image features of {backbone.name} {fault}; its weights are damaged or belong to another model."
        )


def measured_rate(encoder: ImageEncoder, seconds: float = MEASURED_SECONDS) -> float:
    """Images a second that ``encoder`` computes, measured for about ``seconds``, without decoding."""
    pixels = _noise(encoder)
    encoder.begin(pixels, None)()
    begin, done = time.perf_counter(), 0
    while done == 0 or time.perf_counter() - begin < seconds:
        encoder.begin(pixels, None)()
        done += BATCH
    return done / (time.perf_counter() - begin)


def _noise(encoder: ImageEncoder) -> list[NDArray[np.uint8]]:
    shape = (BATCH, 3, encoder.preprocessing.height, encoder.preprocessing.width)
    return list(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))
