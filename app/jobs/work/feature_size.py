"""The disk space for features, shown before they are computed."""

from typing import Final

WIDEST_EMBEDDING: Final = 1024
POOLED_TOKENS: Final = (49, 256)
"""Patch tokens of an image by default: pooled to 7 x 7, compressed to 256 values."""


def feature_size(images: int) -> str:
    """Disk space for the features of this many images, as text, for the widest common model."""
    from app.domain.sizes import size_words
    from cprfl_core.features.store import bytes_needed  # loads NumPy: not while the window starts

    return size_words(bytes_needed(images, WIDEST_EMBEDDING, POOLED_TOKENS))
