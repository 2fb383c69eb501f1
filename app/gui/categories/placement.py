"""Fields for where a category belongs: its parent, its group and its colour."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QSignalBlocker, Qt, Signal

from app.domain.categories import Category
from app.gui.categories.columns import swatch
from app.gui.theme import theme
from app.gui.widgets.combo import Combo
from app.jobs.values.session import CategoryInfo

_SIDE: Final = 12
_COLOURS: Final = (
    "#4477aa",
    "#66ccee",
    "#228833",
    "#999933",
    "#ccbb44",
    "#ee7733",
    "#cc3311",
    "#aa3377",
    "#882255",
    "#777777",
)


class Placement(QObject):
    """The three fields, which a panel lays out."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parent_field, self.group_field, self.colour_field = Combo(), Combo(), Combo()
        for field in (self.parent_field, self.group_field):
            field.make_searchable()
            field.editTextChanged.connect(self.changed)
        self.colour_field.currentIndexChanged.connect(self.changed)

    @property
    def fields(self) -> tuple[Combo, Combo, Combo]:
        return self.parent_field, self.group_field, self.colour_field

    def show_category(self, category: Category, known: Sequence[CategoryInfo], keep: Sequence[Combo]) -> None:
        """Show what is stored, but for the fields to ``keep``, which the person has changed."""
        for field in self.fields:
            if field in keep:
                continue
            with QSignalBlocker(field):
                field.clear()
                if field is self.parent_field:
                    self._fill_parents(category, known)
                elif field is self.group_field:
                    groups = sorted({one.group for one in known if one.group}, key=str.casefold)
                    field.addItems(["", *groups])
                    field.setEditText(category.group)
                else:
                    self._fill_colours(category)

    def _fill_parents(self, category: Category, known: Sequence[CategoryInfo]) -> None:
        field = self.parent_field
        field.addItem("", 0)
        for one in sorted(known, key=lambda one: one.name.casefold()):
            if one.id != category.id:
                field.addItem(one.name, one.id)
        field.setCurrentIndex(max(0, field.findData(category.parent or 0)))

    def _fill_colours(self, category: Category) -> None:
        field = self.colour_field
        field.addItem(QCoreApplication.translate("Placement", "None"), "")
        names = dict(zip(_COLOURS, _colour_names(), strict=True))
        own = {category.colour: category.colour} if category.colour and category.colour not in names else {}
        for colour, name in {**names, **own}.items():
            field.addItem(swatch(colour, theme().pixels(_SIDE), theme().tokens.dark), name, colour)
        field.setCurrentIndex(max(0, field.findData(category.colour or "")))

    def parent_id(self) -> int | None:
        """0 for none; None for a text that is the name of no category."""
        text = self.parent_field.currentText().strip()
        at = self.parent_field.findText(text, Qt.MatchFlag.MatchFixedString)
        if not text:
            return 0
        return None if at < 0 else int(self.parent_field.itemData(at))

    def group(self) -> str:
        return " ".join(self.group_field.currentText().split())

    def colour(self) -> str:
        return str(self.colour_field.currentData() or "")


def _colour_names() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("Placement", "blue"),
        translate("Placement", "light blue"),
        translate("Placement", "green"),
        translate("Placement", "olive"),
        translate("Placement", "yellow"),
        translate("Placement", "orange"),
        translate("Placement", "red"),
        translate("Placement", "magenta"),
        translate("Placement", "wine red"),
        translate("Placement", "grey"),
    )
