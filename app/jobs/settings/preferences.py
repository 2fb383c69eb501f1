"""The person's settings, saved in one file, with a signal for each change."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.services.settings import SettingField, Settings, SettingsError, SettingsFile, setting_fields

__all__ = ["Preferences", "SettingField"]


class Preferences(QObject):
    """The settings of app.services.settings: read once, written immediately."""

    changed = Signal(str)
    """The name of a setting whose value changed."""
    known_error = Signal(str)

    def __init__(self, file: SettingsFile | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file or SettingsFile()
        loaded = self._file.load()
        self._settings: Settings = loaded.settings
        self.notices: tuple[str, ...] = loaded.notices
        """Sentences about what could not be read."""

    @property
    def folder(self) -> Path:
        """The folder of the settings and of other files of the window."""
        return self._file.path.parent

    def fields(self) -> tuple[SettingField, ...]:
        """The schema of the settings."""
        return setting_fields()

    def value(self, name: str) -> Any:
        return getattr(self._settings, name)

    @property
    def theme(self) -> str:
        return self._settings.theme

    @property
    def shortcuts(self) -> Mapping[str, str]:
        return self._settings.shortcuts

    def recent(self) -> list[Path]:
        """Recently opened projects, latest first."""
        return [Path(entry) for entry in self._settings.recent_projects]

    def set(self, **values: Any) -> bool:
        """Whether the values could be saved; if not, ``known_error`` says why."""
        try:
            settings = self._file.update(**values)
        except SettingsError as error:
            self.known_error.emit(str(error))
            return False
        self._take(settings)
        return True

    def remember_project(self, folder: Path) -> None:
        try:
            self._take(self._file.remember_project(folder))
        except SettingsError as error:
            self.known_error.emit(str(error))

    def forget_project(self, folder: Path) -> None:
        """Remove a project from the list of recent ones; the project itself stays."""
        kept = [entry for entry in self._settings.recent_projects if entry != str(folder)]
        self.set(recent_projects=kept)

    def _take(self, settings: Settings) -> None:
        before, self._settings = self._settings, settings
        for name in Settings.model_fields:
            if getattr(before, name) != getattr(settings, name):
                self.changed.emit(name)
