"""The panel of preferences, made from the schema of the settings. Changes take effect at once."""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.preferences.editors import Editor, make_editor
from app.gui.preferences.keys_page import KeysPage
from app.gui.preferences.models_page import ModelsPage
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.scrolling import scrolling_surface
from app.gui.widgets.text import Text
from app.gui.widgets.words import QT_TRANSLATE_NOOP
from app.jobs.settings.preferences import Preferences
from app.jobs.work.model_list import ModelList

_translated: Final = partial(QCoreApplication.translate, "Preferences")

SECTIONS: Final = (
    (
        QT_TRANSLATE_NOOP("Preferences", "Appearance"),
        ("language", "theme", "text_size", "motion", "thumbnail_size", "show_file_names"),
    ),
    (QT_TRANSLATE_NOOP("Preferences", "Suggestions"), ("suggestions_shown", "train_hint_after", "device")),
    (QT_TRANSLATE_NOOP("Preferences", "Startup"), ("reopen_last_project",)),
    (QT_TRANSLATE_NOOP("Preferences", "Image folders"), ("watch_folders",)),
    (QT_TRANSLATE_NOOP("Preferences", "Memory and disk"), ("memory_cache_mb", "disk_cache_mb")),
)
NAMES: Final = {
    "language": QT_TRANSLATE_NOOP("Preferences", "Language"),
    "theme": QT_TRANSLATE_NOOP("Preferences", "Colours"),
    "text_size": QT_TRANSLATE_NOOP("Preferences", "Text size"),
    "motion": QT_TRANSLATE_NOOP("Preferences", "Motion"),
    "thumbnail_size": QT_TRANSLATE_NOOP("Preferences", "Thumbnail size"),
    "show_file_names": QT_TRANSLATE_NOOP("Preferences", "File names"),
    "suggestions_shown": QT_TRANSLATE_NOOP("Preferences", "Suggestions"),
    "train_hint_after": QT_TRANSLATE_NOOP("Preferences", "Training reminder"),
    "device": QT_TRANSLATE_NOOP("Preferences", "Device"),
    "reopen_last_project": QT_TRANSLATE_NOOP("Preferences", "Last project"),
    "watch_folders": QT_TRANSLATE_NOOP("Preferences", "Watch"),
    "memory_cache_mb": QT_TRANSLATE_NOOP("Preferences", "Image memory"),
    "disk_cache_mb": QT_TRANSLATE_NOOP("Preferences", "Thumbnails on disk"),
}
_EXPLANATIONS: Final = {
    "language": QT_TRANSLATE_NOOP("Preferences", "Language of the window. Takes effect after a restart."),
    "theme": QT_TRANSLATE_NOOP("Preferences", "Light or dark theme."),
    "text_size": QT_TRANSLATE_NOOP("Preferences", "Size of all text, in percent of the system's font."),
    "motion": QT_TRANSLATE_NOOP("Preferences", "Animated transitions in the window."),
    "thumbnail_size": QT_TRANSLATE_NOOP("Preferences", "Width of the thumbnails in the grid, in pixels."),
    "show_file_names": QT_TRANSLATE_NOOP("Preferences", "Show file names below thumbnails."),
    "suggestions_shown": QT_TRANSLATE_NOOP("Preferences", "Number of suggestions listed for an image."),
    "train_hint_after": QT_TRANSLATE_NOOP(
        "Preferences", "New answers after which training a new version is suggested; 0 for never."
    ),
    "device": QT_TRANSLATE_NOOP("Preferences", "Where the model runs."),
    "reopen_last_project": QT_TRANSLATE_NOOP("Preferences", "Reopen the last project at startup."),
    "watch_folders": QT_TRANSLATE_NOOP("Preferences", "Look for new and changed images."),
    "memory_cache_mb": QT_TRANSLATE_NOOP(
        "Preferences", "Memory for decoded images. Takes effect after a restart."
    ),
    "disk_cache_mb": QT_TRANSLATE_NOOP(
        "Preferences", "Disk space for the thumbnails of one project. Takes effect after a restart."
    ),
}
NOT_EDITED: Final = frozenset(
    {
        "version",
        "recent_projects",
        "window_geometry",
        "inspector_width",
        "image_list",
        "filters_width",
        "show_filters",
        "shortcuts",
    }
)
"""Set by the window itself; the keys have their own page."""
_SYSTEM: Final = QT_TRANSLATE_NOOP("Preferences", "Same as the system")
_CHOICES: Final = {
    "language": {"system": _SYSTEM, "en": "English", "de": "Deutsch"},
    "theme": {
        "system": _SYSTEM,
        "light": QT_TRANSLATE_NOOP("Preferences", "Light"),
        "dark": QT_TRANSLATE_NOOP("Preferences", "Dark"),
    },
    "motion": {"system": _SYSTEM, "none": QT_TRANSLATE_NOOP("Preferences", "Reduced")},
    "device": {
        "auto": QT_TRANSLATE_NOOP("Preferences", "Fastest available"),
        "cpu": QT_TRANSLATE_NOOP("Preferences", "CPU"),
        "cuda": QT_TRANSLATE_NOOP("Preferences", "NVIDIA GPU (CUDA)"),
        "mps": QT_TRANSLATE_NOOP("Preferences", "Apple GPU (MPS)"),
    },
}


class PreferencesPanel(QWidget):
    """Writes to the settings; Preferences.changed tells the other parts."""

    left = Signal()

    def __init__(self, preferences: Preferences, models: ModelList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Preferences"))
        self._preferences = preferences
        self._editors: dict[str, Editor] = {}
        self.keys = KeysPage()
        self.keys.changed.connect(self._take_shortcuts)
        self.tabs = QTabWidget()
        self.tabs.addTab(scrolling_surface(self._make_general()), self.tr("General"))
        self.tabs.addTab(scrolling_surface(self.keys), self.tr("Keys"))
        self.models = ModelsPage(models)
        self.tabs.addTab(scrolling_surface(self.models), self.tr("Image models"))
        done = QPushButton(self.tr("Close"))
        done.clicked.connect(self.left)
        foot = QHBoxLayout()
        note = Text(self.tr("Changes are saved immediately."), TypeSize.SMALL, quiet=True)
        note.setWordWrap(True)
        foot.addWidget(note, 1)
        foot.addWidget(done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text(self.tr("Preferences"), TypeSize.TITLE))
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

    def show_models(self) -> None:
        self.tabs.setCurrentIndex(2)

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
            heading = Text(_translated(section), TypeSize.LARGE, strong=True)
            heading.setContentsMargins(0, SPACE_M if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            for name in names:
                choices = {value: _translated(words) for value, words in _CHOICES.get(name, {}).items()}
                editor = self._editors[name] = make_editor(fields[name], choices, self)
                editor.edited.connect(lambda value, name=name: self._edited(name, value))
                title = _translated(NAMES[name])
                grid.addWidget(_label(title), row, 0, Qt.AlignmentFlag.AlignTop)
                explained = _explained(editor.widget, title, _translated(_EXPLANATIONS[name]))
                grid.addLayout(explained, row, 1)
                row += 1
        grid.setRowStretch(row, 1)
        return page

    def _edited(self, name: str, value: Any) -> None:
        if value != self._preferences.value(name) and not self._preferences.set(**{name: value}):
            self._follow(name)  # not saved: show the value in force

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
    """An editor with its explanation: beside a switch, else below."""
    for named in (widget, widget.focusProxy()):
        if named is not None:
            named.setAccessibleName(name)
            named.setAccessibleDescription(words)
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
