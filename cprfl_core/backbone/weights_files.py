"""Checks a weights file by its first bytes and its header, before a model is built for it."""

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from safetensors import SafetensorError, safe_open

from cprfl_core.backbone.names import LOCAL_DIR, WEIGHTS_SUFFIXES
from cprfl_core.common.errors import BackboneError

_LOOK: Final = 512
_HEADER: Final = 100_000_000
"""Maximum size of the header of a safetensors file in bytes."""
_PICKLES: Final = (b"PK\x03\x04", b"\x80")
_PAGES: Final = (b"<!doctype", b"<html", b"<?xml", b"<head")


def existing_folder(folder: Path) -> Path:
    """``folder``, if it exists and is a folder. Raises BackboneError."""
    hint = "; connect its disk, or give another folder"
    if not stat.S_ISDIR(_mode(folder, f"The model folder {folder}", hint)):
        raise BackboneError(f"{folder} is a file; give the model folder that holds it.")
    return folder


def refuse_other_files(file: Path, hint: str = "") -> None:
    """Raise BackboneError, saying what it is, for a file that cannot be a weights file.

    ``hint`` continues the sentence if the file does not exist.
    """
    mode = _mode(file, f"The weights file {file}", hint)
    if stat.S_ISDIR(mode):
        raise BackboneError(
            f"{file} is a folder; give a weights file in it, or {LOCAL_DIR}{file} if it is a model folder."
        )
    if file.suffix.lower() not in WEIGHTS_SUFFIXES or not stat.S_ISREG(mode):
        raise BackboneError(f"{file} is not a weights file: use safetensors (or .pt, .pth, .bin).")
    try:
        with file.open("rb") as stream:
            start = stream.read(_LOOK)
    except OSError as error:
        raise BackboneError(f"The weights file {file} cannot be read: {error.strerror}.") from error
    safetensors = file.suffix.lower() == ".safetensors"
    fault = _fault(start, safetensors)
    if fault:
        raise BackboneError(f"The weights file {file} {fault}.")
    if safetensors:
        _refuse_table(file)


def _mode(path: Path, subject: str, hint: str) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        where = "" if path.is_absolute() else f" (relative to {_here()})"
        raise BackboneError(f"{subject} does not exist{where}{hint}.") from None
    except (OSError, ValueError) as error:  # ValueError: a zero byte
        raise BackboneError(f"{subject} cannot be read: {getattr(error, 'strerror', error)}.") from None


def _here() -> str:
    try:
        return str(Path.cwd())
    except OSError:
        return "the current folder"


def _fault(start: bytes, safetensors: bool) -> str:
    """What is wrong with a file that begins with ``start``; empty if it may hold weights."""
    looks_safe = len(start) > 8 and start[8:9] == b"{" and int.from_bytes(start[:8], "little") < _HEADER
    faults = (
        (not start, "is empty; download it again"),
        (
            start.startswith(b"version https://git-lfs"),
            "is only a Git LFS pointer; download the file with 'git lfs pull'",
        ),
        (
            start.lstrip().lower().startswith(_PAGES),
            "is a web page, not weights; download the file itself, which may require a login",
        ),
        (
            safetensors and start.startswith(_PICKLES) and not looks_safe,
            "is a PyTorch file, not safetensors; rename it to .pt",
        ),
        (
            not safetensors and looks_safe,
            "is a safetensors file; rename it to .safetensors",
        ),
        (
            not safetensors and not start.startswith(_PICKLES),
            "is not a PyTorch file or is damaged; download it again",
        ),
    )
    return next((words for found, words in faults if found), "")


def _refuse_table(file: Path) -> None:
    """Raise BackboneError if the header of a safetensors file is damaged or has transformers' names."""
    try:
        with safe_open(file, framework="np") as opened:
            names = list(opened.keys())
    except (SafetensorError, OSError) as error:
        raise BackboneError(
            f"The weights file {file} is truncated or damaged ({str(error).rstrip('.')}); download it again."
        ) from error
    refuse_transformers(file, names)


def refuse_transformers(file: Path, names: Iterable[str]) -> None:
    """Raise BackboneError if the tensors are named as in the transformers library."""
    if any(name.startswith(("text_model.", "vision_model.")) for name in names):
        raise BackboneError(
            f"The weights in {file} are for the transformers library; use the open_clip version of the model "
            "(open_clip_model.safetensors or open_clip_pytorch_model.bin)."
        )
