"""The keys 1 to 0 for the first ten categories: which keys change is shown first."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.gui.categories.side_panel import SidePanel
from app.gui.widgets.text import Text

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession


class NumberPanel(SidePanel):
    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title.setText(self.tr("Number the first ten"))
        self.setAccessibleName(self.tr("Number the first ten"))
        self.act.setText(self.tr("Number"))
        self.facts = Text("")
        self.facts.setWordWrap(True)
        self.arrange([self.facts])
        self.act.clicked.connect(self._number)
        self.setFocusProxy(self.act)

    def begin(self) -> None:
        self.problem.setText("")
        self.act.setEnabled(False)
        self._session.ask(lambda store: store.categories.numbers(), then=self._show, key="category-numbers")

    def _show(self, changes: list[tuple[str, str, str]]) -> None:
        self.act.setEnabled(bool(changes) and self._writable())
        if not changes:
            self.facts.setText(self.tr("The first ten categories have the keys 1 to 0 already."))
            return
        taken = self.tr("{category}: {key} (was {before})")
        new = self.tr("{category}: {key}")
        lost = self.tr("{category}: no key (was {before})")
        lines = [
            (lost if not key else taken if before else new).format(category=name, key=key, before=before)
            for name, before, key in changes
        ]
        head = self.tr("The first ten categories of your order get the keys 1 to 0. These keys change:")
        self.facts.setText("\n".join([head, "", *lines]))

    @Slot()
    def _number(self) -> None:
        words = self.tr("Number the first ten categories")
        self._session.change(lambda store: store.categories.number_first_ten(), words)
        self.left.emit()
