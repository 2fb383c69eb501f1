"""Resolves the name of an open_clip model to its architecture, weights and preprocessing, and builds it."""

import difflib
import importlib.util
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import open_clip
from torch import nn

from cprfl_core.backbone.checkpoints import find_weights, read_config
from cprfl_core.backbone.names import (
    BUNDLED,
    HF_HUB,
    LOCAL_DIR,
    OFFLINE_VARIABLE,
    PHOTO_NAMES,
    expanded,
    hub_file,
    hub_repository,
    is_path,
    split_name,
)
from cprfl_core.backbone.pretrained import (
    fetch,
    fetch_file,
    fetch_model,
    tag_config,
    tags_of,
)
from cprfl_core.backbone.prompts import Tokenizer
from cprfl_core.backbone.weights_files import existing_folder, refuse_other_files
from cprfl_core.common.errors import BackboneError

BUNDLED_FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "backbone"
_TAGS: Final = 4
_OWN_TOWERS: Final = "tailspotter_"


@dataclass(frozen=True, slots=True)
class Architecture:
    """``label`` is for messages and for the feature key; ``source`` is open_clip's name."""

    label: str
    source: str
    config: dict[str, Any]
    preprocess: dict[str, Any]
    weights: Path


def resolve(name: str, weights: Path | str | None, *, allow_download: bool) -> Architecture:
    """Resolve ``name``. ``NAME@WEIGHTS`` is the same as passing the weights separately.

    Raises BackboneError, which suggests similar names for an unknown one.
    """
    if weights is None:
        name, weights = split_name(name)
    if name == BUNDLED:
        if not BUNDLED_FOLDER.is_dir():
            raise BackboneError(
                "This installation has no bundled backbone; use a model of open_clip instead."
            )
        return _from_folder(BUNDLED, BUNDLED_FOLDER, weights)
    if name in PHOTO_NAMES:
        raise BackboneError(f"{name} is not an open_clip model; use one here.")
    if name.startswith(LOCAL_DIR):
        folder = existing_folder(expanded(name.removeprefix(LOCAL_DIR)))
        return _from_folder(folder.resolve().name, folder, weights)
    if name.startswith(HF_HUB):
        repository = hub_repository(name)
        folder, file = fetch_model(repository, allow_download=allow_download)
        return _from_folder(repository.replace("/", "-"), folder, weights or file)
    if weights is None and is_path(name) and expanded(name).exists():
        form = f"{LOCAL_DIR}{name}" if expanded(name).is_dir() else f"ViT-B-32@{name}"
        raise BackboneError(f"{name} does not name an architecture; write it as {form}.")
    return _from_name(name, weights, allow_download)


def build(architecture: Architecture, *, allow_download: bool) -> tuple[nn.Module, Tokenizer]:
    """The model with random weights, and its tokenizer. Raises BackboneError."""
    text, vision = architecture.config["text_cfg"], architecture.config["vision_cfg"]
    _check_parts(architecture, allow_download)
    if str(vision.get("timm_model_name", "")).startswith(_OWN_TOWERS):
        from cprfl_core.backbone import bundled as bundled_tower

        bundled_tower.register()
    try:
        with _silent_open_clip(), _hub(allow_download):
            model = open_clip.create_model(
                architecture.source,
                load_weights=False,
                pretrained_text=False,
                force_quick_gelu=bool(architecture.config.get("quick_gelu")),
            )
            return model, _tokenizer(architecture.source, text)
    except Exception as error:  # a configuration may contain anything
        what = str(error).strip().splitlines()
        raise BackboneError(
            f"{architecture.label} cannot be built ({what[0] if what else type(error).__name__})."
        ) from error


def _tokenizer(source: str, text: dict[str, Any]) -> Tokenizer:
    if text.get("hf_tokenizer_name") or text.get("tokenizer_kwargs") or "siglip" in source.lower():
        tokenizer: Tokenizer = open_clip.get_tokenizer(source)
        return tokenizer
    return _clip_tokenizer(int(text.get("context_length", 77)))


@cache
def _clip_tokenizer(context_length: int) -> Tokenizer:
    """CLIP's tokenizer, cached: reading its vocabulary takes longer than building a small model."""
    tokenizer: Tokenizer = open_clip.SimpleTokenizer(context_length=context_length)
    return tokenizer


def _from_folder(label: str, folder: Path, weights: Path | str | None) -> Architecture:
    config = read_config(folder)
    file = find_weights(folder) if weights is None else expanded(weights)
    refuse_other_files(file)
    preprocess = config.get("preprocess_cfg") or {}
    return Architecture(label, f"{LOCAL_DIR}{folder}", config["model_cfg"], dict(preprocess), file)


def _from_name(given: str, weights: Path | str | None, allow_download: bool) -> Architecture:
    name = given.replace("/", "-")
    config = open_clip.get_model_config(name) if ":" not in name else None
    if config is None:
        raise BackboneError(f"There is no image model {given!r}; {_similar(name)}")
    tags = tags_of(name)
    known = f", or one of its published tags ({_listed(tags)})" if tags else ""
    if not weights:
        raise BackboneError(f"{name} needs weights: give a weights file{known}, as in {name}@WEIGHTS.")
    if str(weights) in tags:
        tag = tag_config(name, str(weights))
        config["quick_gelu"] = bool(config.get("quick_gelu") or tag.get("quick_gelu"))
        file = fetch(name, str(weights), tag, allow_download=allow_download)
        return Architecture(f"{name}-{weights}", name, config, tag, file)
    if str(weights).startswith(HF_HUB):
        repository, hub_name = hub_file(str(weights))
        file = fetch_file(repository, [hub_name], allow_download=allow_download)
    else:
        file = expanded(weights)
    refuse_other_files(file, hint=f"; give a weights file{known}, as in {name}@WEIGHTS")
    return Architecture(name, name, config, _common_preprocess(name, tags), file)


def _listed(tags: list[str]) -> str:
    more = len(tags) - _TAGS
    return ", ".join(tags[:_TAGS]) + (f" and {more} more" if more > 0 else "")


def _common_preprocess(name: str, tags: list[str]) -> dict[str, Any]:
    """The preprocessing common to all published weights of an architecture; a file does not contain it."""
    configs = [tag_config(name, tag) for tag in tags]
    keys = ("mean", "std", "interpolation")
    return {
        key: configs[0][key]
        for key in keys
        if configs and all(c.get(key) == configs[0].get(key) for c in configs)
    }


def _similar(name: str) -> str:
    known = {model.lower(): model for model in (BUNDLED, *PHOTO_NAMES, *open_clip.list_models())}
    close = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(known[match] for match in close)}?"
    return (
        f"use {', '.join(PHOTO_NAMES)}, {BUNDLED}, {LOCAL_DIR}FOLDER, or an open_clip name with weights, "
        "such as ViT-B-32@FILE."
    )


def _check_parts(architecture: Architecture, allow_download: bool) -> None:
    """Refuse models that would access the network or lack a package, before anything is built."""
    label, text, vision = (
        architecture.label,
        architecture.config["text_cfg"],
        architecture.config["vision_cfg"],
    )
    if (text.get("hf_model_name") or text.get("hf_tokenizer_name")) and not _installed("transformers"):
        raise BackboneError(
            f"{label} needs the package transformers for its text encoder; install it or use another model."
        )
    if allow_download:
        return
    if ":" in str(vision.get("timm_model_name", "")):
        raise BackboneError(f"{label} downloads its image tower; allow the download.")
    # open_clip downloads the vocabulary of models with this name that have no tokenizer of their own.
    own = text.get("hf_tokenizer_name") or architecture.source.startswith(LOCAL_DIR)
    if "siglip" in architecture.source.lower() and not own:
        raise BackboneError(f"{label} downloads its tokenizer; allow the download.")


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


@contextmanager
def _hub(allow_download: bool) -> Iterator[None]:
    """Without ``allow_download``, keep all libraries from accessing the model hub."""
    if allow_download:
        yield
        return
    from huggingface_hub import constants

    before = os.environ.get(OFFLINE_VARIABLE), constants.HF_HUB_OFFLINE
    os.environ[OFFLINE_VARIABLE], constants.HF_HUB_OFFLINE = "1", True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before[1]
        if before[0] is None:
            del os.environ[OFFLINE_VARIABLE]
        else:
            os.environ[OFFLINE_VARIABLE] = before[0]


@contextmanager
def _silent_open_clip() -> Iterator[None]:
    """Silence open_clip, which logs through the root logger and would configure logging for the program."""
    root, handler = logging.getLogger(), logging.NullHandler()

    def from_elsewhere(record: logging.LogRecord) -> bool:
        return "open_clip" not in record.pathname

    root.addHandler(handler)
    root.addFilter(from_elsewhere)
    try:
        yield
    finally:
        root.removeFilter(from_elsewhere)
        root.removeHandler(handler)
