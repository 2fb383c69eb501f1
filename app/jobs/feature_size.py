"""What computing features takes, to be told before it begins."""

from typing import Final

from cprfl_core.feature_store import bytes_needed

WIDEST_EMBEDDING: Final = 1024
POOLED_TOKENS: Final = (49, 256)
"""Patch tokens of an image as they are kept at most: pooled to 7 x 7, reduced to 256 numbers."""


def feature_bytes_at_most(images: int) -> int:
    """Disk space for the features of so many images, whichever model computes them."""
    return bytes_needed(images, WIDEST_EMBEDDING, POOLED_TOKENS)
