"""A small menu of what a person changes often; it is bound to the schema of the settings."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.gui.theme import Mode, theme
from app.jobs.preferences import Preferences

_THEMES = ((Mode.SYSTEM, "Follow the system"), (Mode.LIGHT, "Light"), (Mode.DARK, "Dark"))


class PreferencesMenu(QMenu):
    """Writes to the settings; applies theme and motion itself, other rooms follow Preferences.changed."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__("Preferences", parent)
        self._preferences = preferences
        self._modes: dict[Mode, QAction] = {}
        group = QActionGroup(self)
        self.addSection("Colours")
        for mode, words in _THEMES:
            action = self._checkable(words)
            group.addAction(action)
            action.triggered.connect(partial(self._choose_mode, mode))
            self._modes[mode] = action
        self.addSection("Window")
        self.names = self._checkable("File names under the pictures")
        self.names.triggered.connect(self._choose_names)
        self.still = self._checkable("No movement")
        self.still.triggered.connect(self._choose_motion)
        preferences.changed.connect(self._follow)
        self._apply_motion()
        self._show()

    def mode_action(self, mode: Mode) -> QAction:
        return self._modes[mode]

    def _checkable(self, words: str) -> QAction:
        action = QAction(words, self)
        action.setCheckable(True)
        self.addAction(action)
        return action

    def _choose_mode(self, mode: Mode, _checked: bool = True) -> None:
        theme().set_mode(mode)
        self._preferences.set(theme=mode.value)
        self._show()

    @Slot(bool)
    def _choose_names(self, shown: bool) -> None:
        self._preferences.set(show_file_names=shown)

    @Slot(bool)
    def _choose_motion(self, still: bool) -> None:
        self._preferences.set(motion="none" if still else "system")

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name == "theme":
            theme().set_mode(Mode(self._preferences.theme))
        if name == "motion":
            self._apply_motion()
        self._show()

    def _apply_motion(self) -> None:
        theme().set_reduce_motion(True if self._preferences.value("motion") == "none" else None)

    def _show(self) -> None:
        for mode, action in self._modes.items():
            action.setChecked(mode is theme().mode)
        self.names.setChecked(self._preferences.value("show_file_names"))
        self.still.setChecked(self._preferences.value("motion") == "none")
