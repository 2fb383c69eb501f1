"""What is kept of each image: embeddings, and which patch tokens; how much disk that takes."""

import logging
import shutil
from typing import Literal

from app.domain.errors import ProjectError
from app.protocol.messages import BackboneResult
from app.services.project import Project
from app.storage import settings
from cprfl_core.disk import size_words
from cprfl_core.feature_store import FeatureStore, bytes_needed
from cprfl_core.token_basis import PatchChoice, kept_shape

PATCHES_SETTING = "patch_tokens"

PatchWish = Literal["pooled", "full", "none"]
"""Patch tokens: small ones (the default), every one as the model gives it, or embeddings alone."""

log = logging.getLogger(__name__)


def patch_wish(project: Project) -> PatchWish:
    """Which patch tokens this project keeps."""
    with project.db.read() as s:
        wish: PatchWish = settings.get(s, PATCHES_SETTING, "pooled")
    return wish


def settle_wish(project: Project, wish: PatchWish | None) -> PatchWish:
    """Remember a wish for this project; None asks for the one it has."""
    before = patch_wish(project)
    if wish is None or wish == before:
        return before
    with project.db.write() as s:
        settings.set(s, PATCHES_SETTING, wish)
    return wish


def choice_of(wish: PatchWish) -> PatchChoice | None:
    """The wish as the core takes it."""
    return None if wish == "none" else wish


def explained(store: FeatureStore, wish: PatchWish) -> float | None:
    """Share of the variance of patch tokens that the store keeps; None where it keeps none."""
    return None if wish == "none" or store.basis is None else store.basis.explained


def require_space(project: Project, count: int, backbone: BackboneResult, wish: PatchWish) -> int:
    """Bytes that the features of so many images will take. Raises ProjectError where they do not fit."""
    choice = choice_of(wish)
    shape = None if choice is None else kept_shape(backbone.grid, backbone.patch_width, choice)
    needed, disk = bytes_needed(count, backbone.embed_dim, shape), shutil.disk_usage(project.folder)
    if needed > disk.free and disk.total:  # some network drives do not tell their size
        raise ProjectError(
            f"The features of {count:,} images need {size_words(needed)} and the disk that holds "
            f"{project.folder} has {size_words(disk.free)} left; free {size_words(needed - disk.free)} and "
            "index again."
        )
    log.info("the features of %d images take %s", count, size_words(needed))
    return needed
