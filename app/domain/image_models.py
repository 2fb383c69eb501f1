"""The image models of a project: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelFeatures:
    """What is stored of one image model: ``images`` with current features, of all readable ones.

    ``bytes``: the disk space of its folder, ``size`` in words. ``complete``: no readable image lacks
    features.
    """

    name: str
    images: int
    bytes: int
    size: str
    complete: bool


@dataclass(frozen=True, slots=True)
class ImageModels:
    """``used`` for the suggestions now; ``wanted``: what the project is changing to, None for no change.

    ``kept``: features of other models that are still stored. ``readable`` counts the images.
    """

    used: ModelFeatures
    wanted: ModelFeatures | None
    kept: Sequence[ModelFeatures]
    readable: int
