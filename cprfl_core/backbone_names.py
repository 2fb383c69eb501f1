"""How a person names an image model: "bundled", NAME@WEIGHTS or local-dir:FOLDER. Knows nothing of torch."""

import os
from pathlib import Path
from typing import Final

from cprfl_core.errors import BackboneError

BUNDLED: Final = "bundled"
LOCAL_DIR: Final = "local-dir:"
WEIGHTS_SUFFIXES: Final = frozenset({".safetensors", ".bin", ".pt", ".pth"})


def split_name(name: str) -> tuple[str, str | None]:
    """The architecture, and the weights behind "@": a file or a published tag, None where none are named.

    A model folder is one part, whatever characters its path has.
    """
    if name.startswith(LOCAL_DIR) or "@" not in name:
        return name, None
    architecture, _, weights = name.partition("@")
    return architecture, weights


def absolute_name(name: str) -> str:
    """``name`` with its file or folder as an absolute path, so that it means the same in every folder.

    Whether anything is there is not looked at. Raises BackboneError for a name that is no text, or has no
    path where one belongs.
    """
    if not name.strip():
        raise BackboneError(
            f"The name of the image model is empty; give {BUNDLED}, ARCHITECTURE@FILE or {LOCAL_DIR}FOLDER."
        )
    if "\0" in name or name != name.encode(errors="replace").decode():
        raise BackboneError(
            f"The image model {name!r} is named by bytes that are no text; rename its file or folder."
        )
    if name.startswith(LOCAL_DIR):
        folder = name.removeprefix(LOCAL_DIR)
        if not folder:
            raise BackboneError(f"{name} names no folder; give the model folder, as in {LOCAL_DIR}FOLDER.")
        return LOCAL_DIR + _absolute(folder)
    architecture, weights = split_name(name)
    return f"{architecture}@{_absolute(weights)}" if weights and is_path(weights) else name


def is_path(weights: str) -> bool:
    """Whether weights are meant as a file: published tags have neither a folder nor a suffix of files."""
    return (
        any(separator in weights for separator in (os.sep, os.altsep) if separator)
        or weights.startswith("~")
        or os.path.splitext(weights)[1].lower() in WEIGHTS_SUFFIXES  # noqa: PTH122
    )


def expanded(path: str | Path) -> Path:
    """``path`` with the home folder for "~"; pathlib's own raises where there is no such person."""
    return Path(os.path.expanduser(path))  # noqa: PTH111


def _absolute(path: str) -> str:
    try:
        return os.path.abspath(expanded(path))  # noqa: PTH100 - without the ".." that absolute() would keep
    except OSError as error:
        raise BackboneError(
            f"The current folder cannot be found ({error.strerror}); give {path} as an absolute path."
        ) from error
