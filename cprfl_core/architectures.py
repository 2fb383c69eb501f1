"""From the name a person gives to a model that can be built: architecture, weights file and preprocessing."""

import difflib
import importlib.util
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import open_clip
import torch
from torch import nn

from cprfl_core.backbone_names import BUNDLED, LOCAL_DIR, expanded, is_path, split_name
from cprfl_core.checkpoints import find_weights, read_config
from cprfl_core.errors import BackboneError
from cprfl_core.pretrained import OFFLINE_VARIABLE, fetch, tag_config, tags_of
from cprfl_core.weights_files import existing_folder, refuse_other_files

BUNDLED_FOLDER: Final = Path(__file__).resolve().parent.parent / "resources" / "backbone"
_TAGS: Final = 4
_OWN_TOWERS: Final = "tailspotter_"

Tokenizer = Callable[[list[str]], torch.Tensor]


@dataclass(frozen=True, slots=True)
class Architecture:
    """``label`` is for people and for the feature key; ``source`` is what open_clip understands."""

    label: str
    source: str
    config: dict[str, Any]
    preprocess: dict[str, Any]
    weights: Path


def resolve(name: str, weights: Path | str | None, *, allow_download: bool) -> Architecture:
    """Find out what ``name`` means. ``NAME@WEIGHTS`` is the same as giving the weights apart.

    Raises BackboneError, which names what is near where the name is not known.
    """
    if weights is None:
        name, weights = split_name(name)
    if name == BUNDLED:
        if not BUNDLED_FOLDER.is_dir():
            raise BackboneError("This installation has no bundled backbone; name one of open_clip's instead.")
        return _from_folder(BUNDLED, BUNDLED_FOLDER, weights)
    if name.startswith(LOCAL_DIR):
        folder = existing_folder(expanded(name.removeprefix(LOCAL_DIR)))
        return _from_folder(folder.resolve().name, folder, weights)
    if weights is None and is_path(name) and expanded(name).exists():
        form = f"{LOCAL_DIR}{name}" if expanded(name).is_dir() else f"ViT-B-32@{name}"
        raise BackboneError(f"{name} does not say which architecture it holds; give it as in {form}.")
    return _from_name(name, weights, allow_download)


def build(architecture: Architecture, *, allow_download: bool) -> tuple[nn.Module, Tokenizer]:
    """The model with random weights, and its tokenizer. Raises BackboneError."""
    text, vision = architecture.config["text_cfg"], architecture.config["vision_cfg"]
    _check_parts(architecture, allow_download)
    if str(vision.get("timm_model_name", "")).startswith(_OWN_TOWERS):
        from cprfl_core import bundled_tower

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
    except Exception as error:  # a configuration may name anything at all
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
    """CLIP's own; reading its vocabulary takes longer than building a small model."""
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
        raise BackboneError(f"There is no backbone {given!r}; {_near(name)}")
    tags = tags_of(name)
    known = f", or one of its published tags ({', '.join(tags[:_TAGS])})" if tags else ""
    if not weights:
        raise BackboneError(f"{name} needs weights: give a weights file{known}, as in {name}@WEIGHTS.")
    if str(weights) in tags:
        tag = tag_config(name, str(weights))
        config["quick_gelu"] = bool(config.get("quick_gelu") or tag.get("quick_gelu"))
        file = fetch(name, str(weights), tag, allow_download=allow_download)
        return Architecture(f"{name}-{weights}", name, config, tag, file)
    file = expanded(weights)
    refuse_other_files(file, hint=f"; give a weights file{known}, as in {name}@WEIGHTS")
    return Architecture(name, name, config, _common_preprocess(name, tags), file)


def _common_preprocess(name: str, tags: list[str]) -> dict[str, Any]:
    """What all published weights of an architecture share, for a file does not tell how it was trained."""
    configs = [tag_config(name, tag) for tag in tags]
    keys = ("mean", "std", "interpolation")
    return {
        key: configs[0][key]
        for key in keys
        if configs and all(c.get(key) == configs[0].get(key) for c in configs)
    }


def _near(name: str) -> str:
    known = {model.lower(): model for model in (BUNDLED, *open_clip.list_models())}
    close = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(known[match] for match in close)}?"
    return f"use {BUNDLED}, {LOCAL_DIR}FOLDER or a name of open_clip such as ViT-B-32."


def _check_parts(architecture: Architecture, allow_download: bool) -> None:
    """Refuse what would reach out to the network, or lacks a package, before anything is built."""
    label, text, vision = (
        architecture.label,
        architecture.config["text_cfg"],
        architecture.config["vision_cfg"],
    )
    if (text.get("hf_model_name") or text.get("hf_tokenizer_name")) and not _installed("transformers"):
        raise BackboneError(
            f"{label} needs the package transformers for its text; install it or choose another."
        )
    if allow_download:
        return
    if ":" in str(vision.get("timm_model_name", "")):
        raise BackboneError(f"{label} takes its image tower from the network; allow the download.")
    # open_clip fetches the vocabulary of the models of this name that have no tokenizer of their own.
    own = text.get("hf_tokenizer_name") or architecture.source.startswith(LOCAL_DIR)
    if "siglip" in architecture.source.lower() and not own:
        raise BackboneError(f"{label} takes its tokenizer from the network; allow the download.")


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


@contextmanager
def _hub(allow_download: bool) -> Iterator[None]:
    """Keep every library that would ask the model hub on the files that are already here."""
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
    """open_clip logs through the root logger, which would set up logging for the whole program."""
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
