"""One editor for each kind of setting: a choice, a switch, a number."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.gui.theme import theme
from app.gui.theme.tokens import SPACE_S
from app.gui.widgets.check_box import CheckBox
from app.gui.widgets.combo import Combo
from app.gui.widgets.spin_box import SpinBox
from app.gui.widgets.text import Text
from app.jobs.settings.preferences import SettingField

SLIDERS: Final = frozenset({"thumbnail_size"})
"""Numbers chosen by eye rather than typed."""


class Editor(QObject):
    """The widget of one setting. ``edited`` is emitted only for changes by the person."""

    edited = Signal(object)

    def __init__(self, widget: QWidget, show: Callable[[Any], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget, self._show = widget, show

    def show(self, value: Any) -> None:
        with QSignalBlocker(self):
            self._show(value)


def make_editor(field: SettingField, words: Mapping[str, str], parent: QObject) -> Editor:
    """``words``: titles of the choices, by value."""
    if field.choices:
        return _choice(field, words, parent)
    if field.kind is bool:
        return _switch(parent)
    return _slider(field, parent) if field.name in SLIDERS else _number(field, parent)


def _choice(field: SettingField, words: Mapping[str, str], parent: QObject) -> Editor:
    combo = Combo()
    for value in field.choices:
        combo.addItem(words.get(value, value), value)
    editor = Editor(combo, lambda value: combo.setCurrentIndex(max(0, combo.findData(value))), parent)
    combo.currentIndexChanged.connect(lambda index: editor.edited.emit(combo.itemData(index)))
    return editor


def _switch(parent: QObject) -> Editor:
    box = CheckBox()
    editor = Editor(box, box.setChecked, parent)
    box.toggled.connect(editor.edited.emit)
    return editor


def _number(field: SettingField, parent: QObject) -> Editor:
    spin = SpinBox()
    spin.setRange(field.minimum or 0, field.maximum or 1_000_000)
    if field.name.endswith("_mb"):
        spin.setSuffix(QCoreApplication.translate("Editors", " MB"))
        spin.setSingleStep(64)
    elif field.name == "text_size":
        spin.setSuffix(QCoreApplication.translate("Editors", " %"))
        spin.setSingleStep(25)
    editor = Editor(spin, spin.setValue, parent)
    spin.valueChanged.connect(editor.edited.emit)
    return editor


def _slider(field: SettingField, parent: QObject) -> Editor:
    slider, label, both = QSlider(Qt.Orientation.Horizontal), Text("", quiet=True, tabular=True), QWidget()
    slider.setRange(field.minimum or 0, field.maximum or 100)
    slider.setSingleStep(8)
    slider.setPageStep(32)
    slider.setTracking(False)  # each value emitted is written to disk
    slider.setMinimumWidth(theme().pixels(120))
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_S)
    row.addWidget(slider, 1)
    row.addWidget(label)
    both.setFocusProxy(slider)

    def show_number(value: int) -> None:
        label.setText(QCoreApplication.translate("Editors", "{n} px").format(n=value))

    def show(value: int) -> None:
        slider.setValue(value)
        show_number(value)

    editor = Editor(both, show, parent)
    slider.sliderMoved.connect(show_number)
    slider.valueChanged.connect(show_number)
    slider.valueChanged.connect(editor.edited.emit)
    return editor
