"""The panel of preferences, made from the schema of the settings. What is changed acts at once."""

from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.preferences.editors import Editor, make_editor
from app.gui.preferences.keys_page import KeysPage
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.scrolling import scrolling
from app.gui.widgets.text import Text
from app.jobs.preferences import Preferences

SECTIONS: Final = (
    ("Look", ("theme", "motion", "thumbnail_size", "show_file_names")),
    ("Suggestions", ("suggestions_shown", "train_hint_after", "device")),
    ("Start", ("reopen_last_project",)),
    ("Memory and disk", ("memory_cache_mb", "disk_cache_mb")),
)
WORDS: Final = {
    "theme": "Colours",
    "motion": "Movement",
    "thumbnail_size": "Picture size",
    "show_file_names": "File names",
    "suggestions_shown": "Suggestions",
    "train_hint_after": "Propose training",
    "device": "Device",
    "reopen_last_project": "Last project",
    "memory_cache_mb": "Memory for pictures",
    "disk_cache_mb": "Disk for pictures",
}
LATER: Final = frozenset({"memory_cache_mb", "disk_cache_mb"})
"""Settings that act from the next project or start on."""
NOT_EDITED: Final = frozenset(
    {"version", "recent_projects", "window_geometry", "inspector_width", "shortcuts"}
)
"""Kept by the window itself; the keys have a page of their own."""
_CHOICES: Final = {
    "theme": {"system": "Follow the system", "light": "Light", "dark": "Dark"},
    "motion": {"system": "Follow the system", "none": "None"},
    "device": {
        "auto": "The fastest one",
        "cpu": "CPU",
        "cuda": "NVIDIA GPU (CUDA)",
        "mps": "Apple GPU (MPS)",
    },
}


class PreferencesPanel(QWidget):
    """Writes to the settings; who must act on a change hears it from Preferences.changed."""

    left = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Preferences")
        self._preferences = preferences
        self._editors: dict[str, Editor] = {}
        self.keys = KeysPage()
        self.keys.changed.connect(self._take_shortcuts)
        self.tabs = QTabWidget()
        self.tabs.addTab(_scrolling(self._make_general()), "General")
        self.tabs.addTab(_scrolling(self.keys), "Keys")
        done = QPushButton("Close")
        done.clicked.connect(self.left)
        foot = QHBoxLayout()
        note = Text("Changes are kept at once.", TypeSize.SMALL, quiet=True)
        note.setWordWrap(True)
        foot.addWidget(note, 1)
        foot.addWidget(done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text("Preferences", TypeSize.TITLE))
        layout.addWidget(self.tabs, 1)
        layout.addLayout(foot)
        self.setFocusProxy(self.tabs)
        preferences.changed.connect(self._follow)
        for name in self._editors:
            self._follow(name)
        self._follow("shortcuts")

    def editor(self, name: str) -> QWidget:
        return self._editors[name].widget

    def show_keys(self) -> None:
        self.tabs.setCurrentIndex(1)

    def show_general(self) -> None:
        self.tabs.setCurrentIndex(0)

    def _make_general(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, SPACE_M, SPACE_S, 0)
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnStretch(1, 1)
        fields = {field.name: field for field in self._preferences.fields()}
        row = 0
        for section, names in SECTIONS:
            heading = Text(section, TypeSize.LARGE, strong=True)
            heading.setContentsMargins(0, SPACE_M if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            for name in names:
                field = fields[name]
                editor = self._editors[name] = make_editor(field, _CHOICES.get(name, {}), self)
                editor.edited.connect(lambda value, name=name: self._edited(name, value))
                words = field.description + (" From the next start on." if name in LATER else "")
                grid.addWidget(_label(WORDS[name]), row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addLayout(_explained(editor.widget, WORDS[name], words), row, 1)
                row += 1
        grid.setRowStretch(row, 1)
        return page

    def _edited(self, name: str, value: Any) -> None:
        if value != self._preferences.value(name) and not self._preferences.set(**{name: value}):
            self._follow(name)  # it could not be kept: show what holds

    @Slot(object)
    def _take_shortcuts(self, shortcuts: dict[str, str]) -> None:
        if not self._preferences.set(shortcuts=shortcuts):
            self._follow("shortcuts")

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name in self._editors:
            self._editors[name].show(self._preferences.value(name))
        elif name == "shortcuts":
            self.keys.show_shortcuts(self._preferences.shortcuts)


def _label(words: str) -> Text:
    label = Text(words)
    label.setContentsMargins(0, SPACE_XS, 0, 0)
    return label


def _explained(widget: QWidget, name: str, words: str) -> QVBoxLayout:
    """An editor with the words of the schema: in it where it is a switch, else below it."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(words)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    if isinstance(widget, QCheckBox):
        widget.setText(words)
    else:
        explained = Text(words, TypeSize.SMALL, quiet=True)
        explained.setWordWrap(True)
        column.addWidget(explained)
    return column


def _scrolling(page: QWidget) -> QScrollArea:
    page.setProperty("panel", "surface")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return scrolling(page)
