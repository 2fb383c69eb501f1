"""The properties of one category: its names, its description, and what the image model reads."""

from dataclasses import fields
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.categories import CATEGORY_KEYS
from app.domain.category_properties import AUTOMATIC, CategoryEdit, CategoryProperties
from app.domain.changes import ChangeSet
from app.gui.categories.placement import Placement
from app.gui.categories.top_strip import TopStrip
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_XS
from app.gui.widgets.combo import Combo
from app.gui.widgets.scrolling import arrange_panel
from app.gui.widgets.text import ElidedText, Text
from app.gui.window.meaning_choice import MeaningChoice

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.store import MutationResult

WAIT_MS: Final = 150
"""After the last change of a field, before the meanings are read again."""


class CategoryPanel(QWidget):
    """All changes are saved together, as one step of undo; until then the meanings follow what is typed."""

    left = Signal()
    message = Signal(str)
    """A sentence on what was saved."""

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Category properties"))
        self._session = session
        self._number: int | None = None
        self._stored: CategoryProperties | None = None
        self._saving: CategoryEdit | None = None
        self._saved = CategoryEdit()
        """Saved, and not read again yet."""
        self.title = ElidedText("", TypeSize.TITLE)
        self.name = QLineEdit()
        self.aliases = _lines(2)
        self.description = _lines(2)
        self.key = Combo()
        self.key.addItem(self.tr("None"), "")
        for key in CATEGORY_KEYS:
            self.key.addItem(key, key)
        self.placement = Placement(self)
        self.strip = TopStrip(session)
        self.meanings = MeaningChoice()
        self.prompts = _lines(4)
        self.problem = Text("")
        self.problem.setWordWrap(True)
        self.close_button = QPushButton(self.tr("Close"))
        self.save = QPushButton(self.tr("Save"))
        self.save.setProperty("role", "primary")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WAIT_MS)
        self._later.timeout.connect(self._preview)
        self._arrange()
        self._connect()
        self.setFocusProxy(self.name)

    def _arrange(self) -> None:
        body = QVBoxLayout()
        body.setSpacing(SPACE_M)
        body.addWidget(_titled(self.tr("Name"), "", self.name))
        body.addWidget(_titled(self.tr("Other names"), self.tr("One on each line"), self.aliases))
        body.addWidget(_titled(self.tr("Description"), "", self.description))
        explained = self.tr("Says yes to this category, whichever row it is in")
        body.addWidget(_titled(self.tr("Key"), explained, self.key))
        meanings = self.tr("What the name means to the image model")
        self._by_nouns = _titled(self.tr("Meaning"), meanings, self.meanings)
        prompts = self.tr("One on each line; {name} stands for the name")
        self._by_prompts = _titled(self.tr("Prompts"), prompts, self.prompts)
        body.addWidget(self._by_nouns)
        body.addWidget(self._by_prompts)
        explained = self.tr("A yes for this category counts as a yes for its parent, too")
        body.addWidget(_titled(self.tr("Parent"), explained, self.placement.parent_field))
        body.addWidget(_titled(self.tr("Group"), "", self.placement.group_field))
        body.addWidget(_titled(self.tr("Colour"), "", self.placement.colour_field))
        fitting = self.tr("What fits the text best, without what was learned from labels")
        strip = _titled(self.tr("Best by text"), fitting, self.strip)
        arrange_panel(self, [self.title, strip], body, self.problem, [self.close_button, self.save])

    def _connect(self) -> None:
        self.name.textEdited.connect(self._edited)
        self.name.returnPressed.connect(self._save)
        for field in (self.aliases, self.description, self.prompts):
            field.textChanged.connect(self._edited)
        self.key.currentIndexChanged.connect(self._meaning_chosen)
        self.placement.changed.connect(self._meaning_chosen)
        self.meanings.chosen.connect(self._meaning_chosen)
        self.close_button.clicked.connect(self.left)
        self.save.clicked.connect(self._save)
        session = self._session
        session.changed.connect(self._follow_change)
        session.scores_changed.connect(self._refresh_if_shown)  # perhaps another image model
        session.answered.connect(self._follow_answer)
        session.closed.connect(self._forget)

    # --- showing

    def begin(self, category_id: int, name: str) -> None:
        """Show the properties of a category as they are stored."""
        self._later.stop()
        self._number, self._stored = category_id, None
        self._saving, self._saved = None, CategoryEdit()
        self.title.setText(self.tr("Category properties: {category}").format(category=name))
        self.problem.setText("")
        self.strip.clear()
        self._set_editable(False)
        self._show_savable()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read what is stored; what the person has typed is kept."""
        if (number := self._number) is not None:
            self._session.ask(
                lambda store: store.categories.properties(number),
                then=self._take_stored,
                failed=self._show_error,
                key="category-stored",
            )

    def _take_stored(self, now: CategoryProperties) -> None:
        if now.category.id != self._number:
            return
        edit = self._unsaved()
        self._stored, self._saved = now, CategoryEdit()
        self.title.setText(self.tr("Category properties: {category}").format(category=now.category.name))
        for field, text, changed in (
            (self.aliases, "\n".join(now.category.aliases), edit.aliases),
            (self.description, now.category.description, edit.description),
            (self.prompts, "\n".join(now.category.templates), edit.templates),
        ):
            if changed is None and field.toPlainText() != text:
                with QSignalBlocker(field):
                    field.setPlainText(text)
        if edit.name is None and self.name.text() != now.category.name:
            self.name.setText(now.category.name)
        if edit.shortcut is None:
            with QSignalBlocker(self.key):
                self.key.setCurrentIndex(self.key.findData(now.category.shortcut or ""))
        info, placed = self._session.info, (edit.parent, edit.group, edit.colour)
        kept = [
            field for field, value in zip(self.placement.fields, placed, strict=True) if value is not None
        ]
        self.placement.show_category(now.category, () if info is None else info.categories, kept)
        self._by_nouns.setVisible(now.by_nouns)
        self._by_prompts.setVisible(not now.by_nouns)
        if edit.sense is None:
            self._show_meanings(now)
        self._set_editable(self._writable())
        self._show_savable()
        self._show_images(at_once=True)
        if edit != CategoryEdit():
            self._later.start()

    def _set_editable(self, editable: bool) -> None:
        for field in (self.name, self.aliases, self.description, self.prompts):
            field.setReadOnly(not editable)
        for choice in (self.key, *self.placement.fields):
            choice.setEnabled(editable)
        self.meanings.setEnabled(editable)

    def _writable(self) -> bool:
        info = self._session.info
        return info is not None and not info.read_only

    def _show_images(self, *, at_once: bool = False) -> None:
        if self._number is not None and self._stored is not None:
            self.strip.want(self._number, self.edit(), at_once=at_once)

    @Slot()
    def _edited(self) -> None:
        self.problem.setText("")
        self._show_images()
        self._show_savable()
        self._later.start()

    @Slot()
    def _meaning_chosen(self) -> None:
        self.problem.setText("")
        self._show_images()
        self._show_savable()

    @Slot()
    def _preview(self) -> None:
        """Show what the names that are typed would mean."""
        stored, number, edit = self._stored, self._number, self.edit()
        if stored is not None and number is not None and stored.by_nouns:
            self._session.ask(
                lambda store: store.categories.properties(number, edit),
                then=self._take_preview,
                failed=self._show_error,
                key="category-preview",
            )

    def _take_preview(self, shown: CategoryProperties) -> None:
        if self._stored is not None and shown.category.id == self._number:
            self._show_meanings(shown)
            self._show_savable()

    def _show_meanings(self, properties: CategoryProperties) -> None:
        """With the new rows in their place in the order of Tab."""
        self.meanings.show_meanings(properties)
        buttons = [row.button for row in self.meanings.rows.values()]
        placed = self.placement.fields
        order = [self.description, self.key, *buttons, self.prompts, *placed, self.close_button]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _show_savable(self) -> None:
        changed = self.edit() != CategoryEdit() or self.placement.parent_id() is None
        self.save.setEnabled(self._writable() and changed)

    def _show_error(self, error: BaseException) -> None:
        self._show_refusal(str(error))

    @Slot(str)
    def _show_refusal(self, sentence: str) -> None:
        self._saving = None
        self.problem.setText(sentence)

    # --- doing and following

    def edit(self) -> CategoryEdit:
        """What differs from the stored properties."""
        if self._stored is None:
            return CategoryEdit()
        category, sense = self._stored.category, self.meanings.sense()
        aliases, templates = _filled(self.aliases), _filled(self.prompts)
        parent, colour = self.placement.parent_id(), self.placement.colour()
        description = self.description.toPlainText()
        same_description = description.splitlines() == category.description.splitlines()
        return CategoryEdit(
            name=None if self.name.text() == category.name else self.name.text(),
            aliases=None if aliases == category.aliases else aliases,
            description=None if same_description else description,
            templates=None if templates == category.templates else templates,
            shortcut=None if self.key.currentData() == (category.shortcut or "") else self.key.currentData(),
            parent=None if parent == (category.parent or 0) else parent,
            group=None if self.placement.group() == category.group else self.placement.group(),
            colour=None if colour == (category.colour or "") else colour,
            sense=None if not self._stored.by_nouns or sense == (category.sense or AUTOMATIC) else sense,
        )

    def _unsaved(self) -> CategoryEdit:
        """What the person has entered since it was last saved."""
        edit = self.edit()
        entered = {one.name: getattr(edit, one.name) for one in fields(edit)}
        return CategoryEdit(**{k: v for k, v in entered.items() if v != getattr(self._saved, k)})

    @Slot()
    def _save(self) -> None:
        edit, number, stored = self.edit(), self._number, self._stored
        if not self.save.isEnabled() or number is None or stored is None:
            return
        if self.placement.parent_id() is None:
            words = self.tr("There is no category “{name}”, so it cannot be the parent.")
            self.problem.setText(words.format(name=self.placement.parent_field.currentText().strip()))
            return
        self._later.stop()
        self.problem.setText("")
        self._saving = edit
        words = self.tr("Properties of {category}").format(category=stored.category.name)
        self._session.change(
            lambda store: store.categories.edit(number, edit), words, refused=self._show_refusal
        )

    @Slot(object)
    def _follow_answer(self, done: "MutationResult") -> None:
        if self._saving is None or done.answer is not self._saving:
            return
        self._saved, self._saving = self._saving, None
        if done.change:
            self.message.emit(self.tr("Saved: {change}").format(change=done.change.description))
        self.refresh()

    @Slot(object)
    def _follow_change(self, change: ChangeSet) -> None:
        if self._number in change.categories:
            self._refresh_if_shown()

    @Slot()
    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self.refresh()

    @Slot()
    def _forget(self) -> None:
        self._later.stop()
        self._number = self._stored = self._saving = None
        self.left.emit()


def _lines(count: int) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setTabChangesFocus(True)
    field.setFixedHeight(theme().pixels(20 * count + 14))
    return field


def _filled(field: QPlainTextEdit) -> tuple[str, ...]:
    return tuple(line for line in field.toPlainText().splitlines() if line.strip())


def _titled(title: str, explained: str, field: QWidget) -> QWidget:
    """A field below its title and explanation."""
    field.setAccessibleName(title)
    field.setAccessibleDescription(explained)
    part = QWidget()
    layout = QVBoxLayout(part)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_XS)
    layout.addWidget(Text(title, strong=True))
    if explained:
        words = Text(explained, TypeSize.SMALL, quiet=True)
        words.setWordWrap(True)
        layout.addWidget(words)
    layout.addWidget(field)
    return part
