"""What computing features takes, to be told before it begins."""

from typing import Final

WIDEST_EMBEDDING: Final = 1024
POOLED_TOKENS: Final = (49, 256)
"""Patch tokens of an image as they are usually kept: pooled to 7 x 7, reduced to 256 numbers."""


def feature_size(images: int) -> str:
    """Disk space for the features of so many images, in words: of the widest usual model."""
    from cprfl_core.disk import size_words
    from cprfl_core.feature_store import bytes_needed  # loads NumPy: not while the window starts

    return size_words(bytes_needed(images, WIDEST_EMBEDDING, POOLED_TOKENS))
