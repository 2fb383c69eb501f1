"""Merging a category into another: what happens is shown before it does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from app.domain.category_properties import Conflicting, MergeEffects
from app.domain.language import number
from app.gui.categories.side_panel import SidePanel
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.combo import Combo
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted
from app.jobs.values.categories import CategoryRow

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.store import MutationResult


class MergePanel(SidePanel):
    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.setAccessibleName(self.tr("Merge a category into another"))
        self.act.setText(self.tr("Merge"))
        self._source: CategoryRow | None = None
        self._effects: MergeEffects | None = None
        self._merging: tuple[int, int] | None = None
        self.target = Combo()
        self.target.make_searchable()
        self.target.setAccessibleName(self.tr("Merge into"))
        self.facts = Text("")
        self.facts.setWordWrap(True)
        self.asked = Text("", strong=True)
        self.asked.setWordWrap(True)
        self.choices = {one: QRadioButton() for one in Conflicting}
        self._group = QButtonGroup(self)
        self._conflicts = QWidget()
        column = QVBoxLayout(self._conflicts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addWidget(self.asked)
        for button in self.choices.values():
            self._group.addButton(button)
            column.addWidget(button)
        self.choices[Conflicting.KEEP].setChecked(True)
        kept = Text(self.tr("This is one step: Undo restores both categories exactly."), quiet=True)
        kept.setWordWrap(True)
        self.arrange([Text(self.tr("Into")), self.target, self.facts, self._conflicts, kept])
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self._ask)
        self.target.currentIndexChanged.connect(self._later.start)
        self.target.editTextChanged.connect(self._typed)
        self.act.clicked.connect(self._merge)
        session.answered.connect(self._follow_answer)
        session.changed.connect(self._follow_change)
        self.setFocusProxy(self.target)

    def begin(self, source: CategoryRow, rows: Sequence[CategoryRow], target: int | None = None) -> None:
        """``target`` is chosen at first; without one nothing is."""
        self._source, self._effects, self._merging = source, None, None
        self.title.setText(self.tr("Merge “{category}”").format(category=source.name))
        with QSignalBlocker(self.target):
            self.target.clear()
            for row in sorted(rows, key=lambda one: one.name.casefold()):
                if row.id != source.id and not row.archived:
                    self.target.addItem(row.name, row.id)
            self.target.setCurrentIndex(-1 if target is None else self.target.findData(target))
            if target is None:
                self.target.setEditText("")
        self.choices[Conflicting.KEEP].setChecked(True)
        self._show(None)
        if target is not None:
            self._ask()

    @Slot(str)
    def _typed(self, text: str) -> None:
        """A name that is typed in full is chosen; anything else chooses nothing."""
        at = self.target.findText(text.strip(), Qt.MatchFlag.MatchFixedString)
        if at != self.target.currentIndex():
            with QSignalBlocker(self.target):
                self.target.setCurrentIndex(at)
                self.target.setEditText(text)
        self._show(None)
        self._later.start()

    def _chosen(self) -> tuple[int, int] | None:
        """The ids of the source and the target; None while no target is chosen."""
        target = self.target.currentData()
        typed = self.target.findText(self.target.currentText().strip(), Qt.MatchFlag.MatchFixedString)
        if self._source is None or target is None or typed < 0:
            return None
        return self._source.id, target

    @Slot()
    def _ask(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._session.ask(
                lambda store: store.categories.effects(*chosen),
                then=self._take_effects,
                failed=self._show_error,
                key="merge-effects",
            )

    def _take_effects(self, effects: MergeEffects) -> None:
        """An answer may be late, for a pair that is no longer chosen."""
        if (effects.source.id, effects.target.id) == self._chosen():
            self._show(effects)

    def _show(self, effects: MergeEffects | None) -> None:
        self._effects = effects
        self.problem.setText("")
        self._conflicts.setVisible(effects is not None and effects.conflicts > 0)
        self.act.setEnabled(effects is not None and self._writable())
        if effects is None:
            self.facts.setText(self.tr("Choose the category to keep."))
            return
        self.facts.setText("\n".join(self._facts(effects)))
        self.asked.setText(
            counted(
                effects.conflicts,
                self.tr("{n} image has a yes for one and a no for the other:"),
                self.tr("{n} images have a yes for one and a no for the other:"),
            )
        )
        name = effects.target.name
        self.choices[Conflicting.KEEP].setText(self.tr("Keep the answer for “{name}”").format(name=name))
        self.choices[Conflicting.YES].setText(self.tr("Take the yes"))
        self.choices[Conflicting.OPEN].setText(self.tr("Leave them unknown"))

    def _facts(self, effects: MergeEffects) -> list[str]:
        moved = effects.yes + effects.no
        facts = [
            self.tr("No labels move.")
            if not moved
            else counted(
                moved,
                self.tr("{n} label moves to “{name}”: {yes} yes, {no} no."),
                self.tr("{n} labels move to “{name}”: {yes} yes, {no} no."),
                name=effects.target.name,
                yes=number(effects.yes),
                no=number(effects.no),
            )
        ]
        if effects.both_yes:
            facts.append(
                counted(
                    effects.both_yes,
                    self.tr("{n} image has a yes for both."),
                    self.tr("{n} images have a yes for both."),
                )
            )
        if effects.both_no:
            facts.append(
                counted(
                    effects.both_no,
                    self.tr("{n} image has a no for both."),
                    self.tr("{n} images have a no for both."),
                )
            )
        if effects.aliases:
            words = self.tr("New other names: {names}.")
            facts.append(words.format(names=", ".join(effects.aliases)))
        if effects.children:
            words = self.tr("Gets a new parent: {names}.")
            facts.append(words.format(names=", ".join(effects.children)))
        if effects.key:
            words = self.tr("“{name}” takes the key {key}.")
            facts.append(words.format(name=effects.target.name, key=effects.key))
        words = self.tr("“{name}” is removed.")
        return [*facts, words.format(name=effects.source.name)]

    @Slot(str)
    def _show_refusal(self, sentence: str) -> None:
        self._merging = None
        super()._show_refusal(sentence)

    @Slot()
    def _merge(self) -> None:
        effects = self._effects
        if effects is None:
            return
        source, target = effects.source.id, effects.target.id
        conflicting = next(one for one, button in self.choices.items() if button.isChecked())
        self._merging = (source, target)
        self.act.setEnabled(False)
        words = self.tr("Merge “{source}” into “{target}”")
        self._session.change(
            lambda store: store.categories.merge(source, target, conflicting),
            words.format(source=effects.source.name, target=effects.target.name),
            refused=self._show_refusal,
        )

    @Slot(object)
    def _follow_answer(self, done: "MutationResult") -> None:
        if self._merging is not None and done.answer == self._merging:
            self._merging = None
            self.left.emit()

    @Slot(object)
    def _follow_change(self, _change: object) -> None:
        """The numbers are those of the present labels."""
        if self.isVisible() and self._merging is None and self._effects is not None:
            self._later.start()
