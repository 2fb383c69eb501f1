"""A form with the options that a label format takes; a new option of a format appears by itself."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.check_box import CheckBox
from app.gui.widgets.combo import Combo
from app.gui.widgets.text import Text
from app.gui.widgets.words import QT_TRANSLATE_NOOP
from app.jobs.values.exchange import FormatOption, OptionKind

_translated: Final = partial(QCoreApplication.translate, "FormatOptions")
_TITLES: Final = {
    "encoding": QT_TRANSLATE_NOOP("FormatOptions", "Encoding"),
    "delimiter": QT_TRANSLATE_NOOP("FormatOptions", "Columns are separated by"),
    "separator": QT_TRANSLATE_NOOP("FormatOptions", "Categories in one cell are separated by"),
    "keywords": QT_TRANSLATE_NOOP("FormatOptions", "Of a keyword tree"),
    "confidence": QT_TRANSLATE_NOOP("FormatOptions", "Least confidence of detections"),
    "byte_order_mark": QT_TRANSLATE_NOOP("FormatOptions", "For Excel (with a byte order mark)"),
    "images": QT_TRANSLATE_NOOP("FormatOptions", "Image files"),
}
_CHOICES: Final = {
    "encoding": tuple((name, name) for name in ("utf-8", "utf-16", "cp1252", "latin-1")),
    "delimiter": (
        (",", QT_TRANSLATE_NOOP("FormatOptions", "Commas")),
        (";", QT_TRANSLATE_NOOP("FormatOptions", "Semicolons")),
        ("\t", QT_TRANSLATE_NOOP("FormatOptions", "Tabs")),
        ("|", QT_TRANSLATE_NOOP("FormatOptions", "Vertical bars")),
    ),
    "keywords": (
        ("leaf", QT_TRANSLATE_NOOP("FormatOptions", "The last keyword")),
        ("all", QT_TRANSLATE_NOOP("FormatOptions", "Parents, too")),
    ),
    "images": (
        ("none", QT_TRANSLATE_NOOP("FormatOptions", "Not included")),
        ("copy", QT_TRANSLATE_NOOP("FormatOptions", "Copied")),
        ("link", QT_TRANSLATE_NOOP("FormatOptions", "Linked")),
    ),
}
_TYPED: Final = frozenset({"encoding"})
"""Options with choices for which another value can be typed."""


class OptionForm(QWidget):
    """Each option is as the format decides until the person sets it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QWidget] = {}
        self._options: tuple[FormatOption, ...] = ()
        self._values: dict[str, Callable[[], Any]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(SPACE_S)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def set_options(self, options: Sequence[FormatOption]) -> None:
        """Show these options, without values unless they are shown already."""
        if tuple(options) == self._options:
            return
        self._options = tuple(options)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.fields, self._values = {}, {}
        for row, option in enumerate(self._options):
            self._add(row, option)
        self.setVisible(bool(options))

    def values(self) -> dict[str, Any]:
        """The values that the person has set, by the name of the option."""
        found = {name: value() for name, value in self._values.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _add(self, row: int, option: FormatOption) -> None:
        title = option_title(option.name)
        if option.kind is OptionKind.SWITCH:
            box = CheckBox(title)
            box.toggled.connect(self.changed)
            self._values[option.name] = lambda: box.isChecked() or None
            self._grid.addWidget(box, row, 0, 1, 2)
            self.fields[option.name] = box
            return
        if option.name in _CHOICES or option.kind is OptionKind.CHOICE:
            field: QWidget = self._choice(option)
        elif option.kind is OptionKind.NUMBER:
            field = self._share(option.name)
        else:
            field = self._line(option.name)
        field.setAccessibleName(title)
        self._grid.addWidget(Text(title), row, 0)
        self._grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignLeft)
        self.fields[option.name] = field

    def _choice(self, option: FormatOption) -> QComboBox:
        combo = Combo()
        combo.addItem(self.tr("Automatic"), None)
        known = _CHOICES.get(option.name, ())
        for value, title in known or [(value, value) for value in option.choices]:
            if not option.choices or value in option.choices:
                combo.addItem(_translated(title), value)
        if option.name in _TYPED:
            combo.setEditable(True)
            combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            combo.editTextChanged.connect(self.changed)
        else:
            combo.currentIndexChanged.connect(self.changed)
        self._values[option.name] = lambda: _chosen(combo)
        return combo

    def _share(self, name: str) -> QSpinBox:
        spin = QSpinBox()
        spin.setRange(-1, 100)
        spin.setValue(-1)
        spin.setSpecialValueText(self.tr("Automatic"))
        spin.setSuffix(" %")
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(self.changed)
        self._values[name] = lambda: None if spin.value() < 0 else spin.value() / 100
        return spin

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(self.tr("Automatic"))
        line.editingFinished.connect(self.changed)
        self._values[name] = lambda: line.text() or None
        return line


def option_title(name: str) -> str:
    """The title of an option; one without a translation is called by its name."""
    return _translated(_TITLES[name]) if name in _TITLES else name.replace("_", " ").capitalize()


def _chosen(combo: QComboBox) -> Any:
    at = combo.findText(combo.currentText())
    return combo.itemData(at) if at >= 0 else combo.currentText().strip() or None
