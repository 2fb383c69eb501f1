"""Which features of each image are stored (embeddings, patch tokens), and the disk space they need."""

import logging
import shutil
from typing import Literal

from app.domain.errors import ProjectError
from app.domain.language import number, translate
from app.domain.sizes import size_words
from app.protocol.messages import BackboneResult
from app.services.project.project import Project
from app.storage import settings
from cprfl_core.features.store import FeatureStore, bytes_needed
from cprfl_core.features.token_compression import PatchChoice, kept_shape

PATCHES_SETTING = "patch_tokens"

PatchMode = Literal["pooled", "full", "none"]
"""Patch tokens to store: pooled ones (the default), all that the model outputs, or none."""

log = logging.getLogger(__name__)


def patch_mode(project: Project) -> PatchMode:
    """Which patch tokens this project stores."""
    with project.db.read() as s:
        mode: PatchMode = settings.get(s, PATCHES_SETTING, "pooled")
    return mode


def set_patch_mode(project: Project, mode: PatchMode | None) -> PatchMode:
    """Change which patch tokens this project stores, unless ``mode`` is None; return the current mode."""
    before = patch_mode(project)
    if mode is None or mode == before:
        return before
    with project.db.write() as s:
        settings.set(s, PATCHES_SETTING, mode)
    return mode


def core_mode(mode: PatchMode) -> PatchChoice | None:
    """The mode as the core takes it."""
    return None if mode == "none" else mode


def explained(store: FeatureStore, mode: PatchMode) -> float | None:
    """Share of the variance of patch tokens that the store keeps; None without tokens."""
    return None if mode == "none" or store.basis is None else store.basis.explained


def require_space(project: Project, count: int, backbone: BackboneResult, mode: PatchMode) -> int:
    """Bytes needed for the features of ``count`` images. Raises ProjectError if the disk is too full."""
    choice = core_mode(mode)
    shape = None if choice is None else kept_shape(backbone.grid, backbone.patch_width, choice)
    needed, disk = bytes_needed(count, backbone.embed_dim, shape), shutil.disk_usage(project.folder)
    if needed > disk.free and disk.total:  # some network drives report a size of 0
        raise ProjectError(
            translate(
                "Features",
                "The features of {count} images need {size} and the disk that holds {folder} has "
                "{size_2} left; free {size_3} and index again.",
            ).format(
                count=number(count),
                size=size_words(needed),
                folder=project.folder,
                size_2=size_words(disk.free),
                size_3=size_words(needed - disk.free),
            )
        )
    log.info("the features of %d images take %s", count, size_words(needed))
    return needed
