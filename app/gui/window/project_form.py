"""The settings of a project that are numbers and choices: when a category is rare, and what is checked."""

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.categories import BandCuts
from app.domain.project_settings import MOST_YES, ProjectSettings, ThresholdAim
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.combo import Combo
from app.gui.widgets.spin_box import SpinBox
from app.gui.widgets.text import Text


class ProjectForm(QWidget):
    """Only possible values can be entered: a limit beyond the other one moves that. ``changed`` is emitted
    only for changes by the person."""

    changed = Signal(object)
    """A ProjectSettings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.medium, self.head, self.aim = SpinBox(), SpinBox(), Combo()
        self.medium.setRange(1, MOST_YES - 1)
        self.head.setRange(2, MOST_YES)
        self.aim.addItem(self.tr("Fewer, and more often right"), ThresholdAim.PRECISION)
        self.aim.addItem(self.tr("Balanced"), ThresholdAim.BALANCED)
        self.aim.addItem(self.tr("More, so that fewer are missed"), ThresholdAim.RECALL)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnStretch(2, 1)
        rows = (
            (self.tr("Medium from"), self.medium, self.tr("images labelled yes; with fewer it is tail")),
            (self.tr("Head from"), self.head, self.tr("images labelled yes")),
            (self.tr("Checked suggestions"), self.aim, ""),
        )
        for row, (title, field, unit) in enumerate(rows):
            label, after = Text(title), Text(unit, TypeSize.SMALL, quiet=True)
            label.setBuddy(field)
            field.setAccessibleName(f"{title}, {unit}" if unit else title)
            after.setWordWrap(True)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(after, row, 2)
        self.medium.valueChanged.connect(self._change_medium)
        self.head.valueChanged.connect(self._change_head)
        self.aim.activated.connect(self._change)

    def show_settings(self, settings: ProjectSettings) -> None:
        """Except in a field in which a number is being typed."""
        for field, value in ((self.medium, settings.cuts.medium), (self.head, settings.cuts.head)):
            if not field.typing:
                _show(field, value)
        self.aim.setCurrentIndex(self.aim.findData(settings.aim))

    @Slot(int)
    def _change_medium(self, medium: int) -> None:
        _show(self.head, max(self.head.value(), medium + 1))
        self._change()

    @Slot(int)
    def _change_head(self, head: int) -> None:
        _show(self.medium, min(self.medium.value(), head - 1))
        self._change()

    @Slot()
    def _change(self) -> None:
        cuts = BandCuts(self.medium.value(), self.head.value())
        self.changed.emit(ProjectSettings(cuts, ThresholdAim(self.aim.currentData())))


def _show(field: SpinBox, value: int) -> None:
    with QSignalBlocker(field):
        field.setValue(value)
