"""The image models of a project: the one in use, those that were used before, and an unfinished change."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.storage import settings

NAME_SETTING: Final = "backbone"
KEY_SETTING: Final = "backbone_key"
KEYS_SETTING: Final = "image_model_keys"
WANTED_SETTING: Final = "wanted_image_model"
_BEFORE_NAMES: Final = "bundled"
"""The model of projects that were made before its name was stored."""


@dataclass(frozen=True, slots=True)
class ImageModel:
    """``key`` of its features; None before the model was first loaded."""

    name: str
    key: str | None


def current(s: Session) -> ImageModel:
    """The image model in use."""
    name: str = settings.get(s, NAME_SETTING, _BEFORE_NAMES)
    known = settings.get(s, KEY_SETTING)
    return ImageModel(name, str(known["key"]) if known and known["backbone"] == name else None)


def keys(s: Session) -> dict[str, str]:
    """The key of every model that was ever loaded for this project, by its name."""
    found: dict[str, str] = dict(settings.get(s, KEYS_SETTING, {}))
    used = current(s)
    return found if used.key is None else found | {used.name: used.key}


def set_key(s: Session, name: str, key: str) -> None:
    """Remember the key of a model that has been loaded."""
    settings.set(s, KEYS_SETTING, keys(s) | {name: key})
    if name == current(s).name:
        settings.set(s, KEY_SETTING, {"backbone": name, "key": key})


def wanted(s: Session) -> str | None:
    """The name of the model that the project is changing to; None without an unfinished change."""
    name: str | None = settings.get(s, WANTED_SETTING)
    return name


def set_wanted(s: Session, name: str | None) -> None:
    settings.set(s, WANTED_SETTING, name)


def use(s: Session, name: str, key: str) -> None:
    """Make this model the one in use; a change that is under way ends."""
    settings.set(s, KEYS_SETTING, keys(s) | {name: key})
    settings.set(s, NAME_SETTING, name)
    settings.set(s, KEY_SETTING, {"backbone": name, "key": key})
    set_wanted(s, None)
