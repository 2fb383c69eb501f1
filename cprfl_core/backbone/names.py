"""Names of image models: "bundled", a photo model, NAME@WEIGHTS, local-dir:FOLDER or hf-hub:ORG/MODEL.

No torch.
"""

import os
import re
from pathlib import Path
from typing import Final, Literal

from cprfl_core.common.errors import BackboneError

BUNDLED: Final = "bundled"
PHOTO_LITE0: Final = "photo-lite0"
PHOTO_LITE2: Final = "photo-lite2"
PHOTO_NAMES: Final = (PHOTO_LITE2, PHOTO_LITE0)
DEFAULT: Final = PHOTO_LITE2
"""The image model of a new project."""
OFFLINE_VARIABLE: Final = "HF_HUB_OFFLINE"
"""Set in the environment, it forbids downloads."""
LOCAL_DIR: Final = "local-dir:"
HF_HUB: Final = "hf-hub:"
WEIGHTS_SUFFIXES: Final = frozenset({".safetensors", ".bin", ".pt", ".pth"})
_REPOSITORY_PART: Final = re.compile(r"[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*")
_LONGEST_REPOSITORY: Final = 96
_FILE_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")

TextSide = Literal["prompts", "nouns"]
"""Where a model's text scores come from: its own text encoder, or WordNet's nouns and its classifier."""


def text_side(name: str) -> TextSide:
    """The text side of the image model ``name``, which need not exist."""
    return "nouns" if name in PHOTO_NAMES else "prompts"


def split_name(name: str) -> tuple[str, str | None]:
    """The architecture, and the weights after "@", None if there are none.

    Weights are a file, a published tag or a file of the model hub (hf-hub:ORGANISATION/MODEL/FILE). The name
    of a model folder is never split.
    """
    if name.startswith(LOCAL_DIR) or "@" not in name:
        return name, None
    architecture, _, weights = name.partition("@")
    return architecture, weights


def absolute_name(name: str) -> str:
    """``name`` with its file or folder as an absolute path, independent of the current folder.

    The path need not exist. Raises BackboneError for an empty or undecodable name, or a missing path.
    """
    if not name.strip():
        raise BackboneError(
            f"The name of the image model is empty; give {DEFAULT}, {BUNDLED}, ARCHITECTURE@FILE "
            f"or {LOCAL_DIR}FOLDER."
        )
    if "\0" in name or name != name.encode(errors="replace").decode():
        raise BackboneError(
            f"The name of the image model {name!r} is not valid text; rename its file or folder."
        )
    if name.startswith(LOCAL_DIR):
        folder = name.removeprefix(LOCAL_DIR)
        if not folder:
            raise BackboneError(f"{name} names no folder; give the model folder, as in {LOCAL_DIR}FOLDER.")
        return LOCAL_DIR + _absolute(folder)
    architecture, weights = split_name(name)
    return f"{architecture}@{_absolute(weights)}" if weights and is_path(weights) else name


def hub_repository(name: str) -> str:
    """ORGANISATION/MODEL of "hf-hub:ORGANISATION/MODEL". Raises BackboneError."""
    repository = name.removeprefix(HF_HUB)
    if not _is_repository(repository):
        raise BackboneError(
            f"{name} does not name a model of the hub; write it as {HF_HUB}ORGANISATION/MODEL."
        )
    return repository


def hub_file(weights: str) -> tuple[str, str]:
    """ORGANISATION/MODEL and FILE of "hf-hub:ORGANISATION/MODEL/FILE". Raises BackboneError."""
    parts = weights.removeprefix(HF_HUB).split("/")
    repository, file = "/".join(parts[:2]), "/".join(parts[2:])
    known_suffix = os.path.splitext(file)[1].lower() in WEIGHTS_SUFFIXES  # noqa: PTH122
    if not (known_suffix and _is_repository(repository) and all(map(_FILE_PART.fullmatch, parts[2:]))):
        raise BackboneError(
            f"{weights} does not name a weights file of the hub; write it as {HF_HUB}ORGANISATION/MODEL/FILE."
        )
    return repository, file


def _is_repository(name: str) -> bool:
    """Whether the hub could have a repository of this name; its library raises for others."""
    parts = name.split("/")
    allowed = len(parts) == 2 and all(map(_REPOSITORY_PART.fullmatch, parts))
    return allowed and len(name) <= _LONGEST_REPOSITORY and not name.endswith(".git")


def is_path(weights: str) -> bool:
    """True if ``weights`` is a local file: published tags have neither a folder nor a file suffix."""
    return not weights.startswith(HF_HUB) and (
        any(separator in weights for separator in (os.sep, os.altsep) if separator)
        or weights.startswith("~")
        or os.path.splitext(weights)[1].lower() in WEIGHTS_SUFFIXES  # noqa: PTH122
    )


def expanded(path: str | Path) -> Path:
    """``path`` with "~" expanded; unlike pathlib's method it does not raise for an unknown user."""
    return Path(os.path.expanduser(path))  # noqa: PTH111


def _absolute(path: str) -> str:
    try:
        return os.path.abspath(expanded(path))  # noqa: PTH100 - without the ".." that absolute() would keep
    except OSError as error:
        raise BackboneError(
            f"The current folder does not exist ({error.strerror}); give {path} as an absolute path."
        ) from error
