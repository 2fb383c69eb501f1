"""The person's settings: one typed, versioned schema for the file, the dialog and the documentation."""

import json
import os
import typing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.disk import fault, remedy
from app.domain.errors import KnownError
from app.domain.language import translate
from app.services.text_files import replacing

VERSION: Final = 1
FOLDER_VARIABLE: Final = "TAILSPOTTER_CONFIG_DIR"
FILE_NAME: Final = "settings.json"
MAX_RECENT: Final = 12


class SettingsError(KnownError):
    """Settings that cannot be saved; the sentence says what to do."""


class Settings(BaseModel):
    """Every setting with its type, default and description. Keys of other versions are preserved."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, validate_default=True)

    version: int = Field(default=VERSION, ge=1, description="Version of this file.")
    language: Literal["system", "en", "de"] = Field(
        default="system", description="Language of the window; system follows the desktop."
    )
    theme: Literal["system", "light", "dark"] = Field(
        default="system", description="Colours of the window; system follows the desktop."
    )
    motion: Literal["system", "none"] = Field(
        default="system", description="Animations in the window; system follows the desktop."
    )
    text_size: int = Field(
        default=100, ge=75, le=200, description="Size of all text, in percent of the desktop's font."
    )
    thumbnail_size: int = Field(
        default=160, ge=96, le=320, description="Width of the pictures in the grid, in pixels."
    )
    show_file_names: bool = Field(
        default=False, description="File names under the pictures of the grid, not only under the pointer."
    )
    image_list: bool = Field(
        default=False, description="A list of the images with their names, in place of the grid."
    )
    memory_cache_mb: int = Field(
        default=128, ge=32, le=8192, description="Memory for decoded pictures, in megabytes."
    )
    disk_cache_mb: int = Field(
        default=4096,
        ge=64,
        le=1_000_000,
        description="Disk space for the thumbnails of one project, in megabytes.",
    )
    suggestions_shown: int = Field(default=10, ge=3, le=30, description="Suggestions listed for an image.")
    train_hint_after: int = Field(
        default=100,
        ge=0,
        le=100_000,
        description="New answers after which training a new version is suggested; 0 for never.",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto", description="Where the model runs; auto uses the fastest device available."
    )
    shortcuts: dict[str, str] = Field(
        default={}, description="Keys that differ from the defaults, by action."
    )
    recent_projects: list[str] = Field(
        default=[], max_length=MAX_RECENT, description="Recently opened projects, latest first."
    )
    reopen_last_project: bool = Field(default=False, description="Reopen the last project at startup.")
    watch_folders: bool = Field(
        default=False, description="Watch the image folders and scan those in which files change."
    )
    window_geometry: str = Field(
        default="", description="Position and size of the window, encoded by the system."
    )
    show_filters: bool = Field(default=True, description="Filters at the left of the library.")
    filters_width: int = Field(default=230, ge=120, le=600, description="Width of the filters, in pixels.")
    inspector_width: int = Field(
        default=320, ge=200, le=2000, description="Width of the inspector, in pixels."
    )


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting for a dialog. ``kind`` is bool, int, str, list or dict."""

    name: str
    kind: type
    default: Any
    description: str
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """``notices`` are sentences for the person about what could not be read."""

    settings: Settings
    notices: tuple[str, ...] = ()


class SettingsFile:
    """The settings of this person on this computer, stored as JSON."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = settings_path() if path is None else path

    def load(self) -> LoadedSettings:
        """Read the file. Each value that cannot be used is replaced by its default, with a notice.

        A file that is damaged as a whole is renamed and never overwritten.
        """
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return LoadedSettings(Settings())
        except OSError as error:
            reason = error.strerror or str(error)
            return LoadedSettings(
                Settings(),
                (
                    translate(
                        "Settings", "The settings {path} cannot be read ({reason}); using defaults."
                    ).format(path=self.path, reason=reason),
                ),
            )
        try:
            values = json.loads(text)
            if not isinstance(values, dict):
                raise ValueError("not a JSON object")
        except (ValueError, RecursionError):
            return self._set_aside()
        return _validated(values, self.path)

    def save(self, settings: Settings) -> None:
        """Replace the file in one step. Raises SettingsError."""
        text = json.dumps(settings.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path) as stream:
                stream.write(text.encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise SettingsError(
                translate(
                    "Settings",
                    "The settings could not be saved in {parent} ({reason}); {remedy}. Labels are not "
                    "affected.",
                ).format(
                    parent=self.path.parent,
                    reason=fault(error),
                    remedy=remedy(error) or translate("Settings", "make the folder writable"),
                )
            ) from error

    def update(self, **changes: Any) -> Settings:
        """Change some settings of the file as it is now, so that two windows do not undo each other.

        Raises SettingsError if a value is not allowed or the file cannot be written.
        """
        unknown = changes.keys() - Settings.model_fields.keys()
        if unknown:
            raise SettingsError(
                translate("Settings", "There is no setting {unknown}.").format(
                    unknown=repr(sorted(unknown)[0])
                )
            )
        values = self.load().settings.model_dump() | changes
        try:
            settings = Settings.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            raise SettingsError(
                translate("Settings", "The setting {place} cannot be {value}: {reason}.").format(
                    place=_place(first), value=repr(first["input"]), reason=first["msg"]
                )
            ) from None
        self.save(settings)
        return settings

    def remember_project(self, folder: Path) -> Settings:
        """Put a project first in the list of recent ones.

        A path whose bytes are not UTF-8 cannot be stored and is left out.
        """
        entry = str(folder)
        known_settings = self.load().settings
        if entry.encode(errors="replace") != entry.encode(errors="surrogatepass"):
            return known_settings
        others = [known for known in known_settings.recent_projects if known != entry]
        return self.update(recent_projects=[entry, *others][:MAX_RECENT])

    def _set_aside(self) -> LoadedSettings:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        aside = self.path.with_name(f"{self.path.stem}.damaged-{stamp}{self.path.suffix}")
        try:
            self.path.replace(aside)
        except OSError as error:
            place = translate("Settings", "and the file could not be renamed ({reason})").format(
                reason=error.strerror or error
            )
        else:
            place = translate("Settings", "and the file was renamed to {aside}").format(aside=aside.name)
        return LoadedSettings(
            Settings(),
            (
                translate("Settings", "The settings {path} are damaged {place}; using defaults.").format(
                    path=self.path, place=place
                ),
            ),
        )


def settings_path() -> Path:
    """The settings file: in the folder given by the environment, else in the system's place for settings."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return Path(folder or platformdirs.user_config_dir("tailspotter", appauthor=False)) / FILE_NAME


def thumbnail_bytes() -> int:
    """The disk space that the person allows for the thumbnails of one project."""
    return SettingsFile().load().settings.disk_cache_mb << 20


def setting_fields() -> tuple[SettingField, ...]:
    """The schema, in the order of its definition."""
    return tuple(_describe(name) for name in Settings.model_fields)


def _describe(name: str) -> SettingField:
    field = Settings.model_fields[name]
    annotation = field.annotation
    limits = {
        key: getattr(item, key) for item in field.metadata for key in ("ge", "le") if hasattr(item, key)
    }
    choices = tuple(typing.get_args(annotation)) if typing.get_origin(annotation) is Literal else ()
    kind = str if choices else typing.get_origin(annotation) or annotation
    assert isinstance(kind, type)
    return SettingField(
        name,
        kind,
        field.get_default(),
        field.description or "",
        choices,
        limits.get("ge"),
        limits.get("le"),
    )


def _validated(values: dict[str, Any], path: Path) -> LoadedSettings:
    notices: list[str] = []
    while True:
        try:
            return LoadedSettings(Settings.model_validate(values), tuple(notices))
        except ValidationError as error:
            for name in sorted({str(problem["loc"][0]) for problem in error.errors()}):
                notices.append(
                    translate(
                        "Settings", "The setting {name} in {path} cannot be {value}; using the default."
                    ).format(name=name, path=path, value=repr(values.pop(name)))
                )


def _place(problem: Any) -> str:
    return ".".join(str(part) for part in problem["loc"])
