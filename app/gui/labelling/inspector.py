"""The side of the window that says what is known of the chosen images, and where a person decides."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.images import Image, ImageState
from app.domain.labels import LabelState
from app.gui.gallery.announcing import announce
from app.gui.labelling.controller import LabellingController
from app.gui.labelling.flow_box import FlowBox
from app.gui.labelling.key_actions import LabellingActions
from app.gui.labelling.key_button import KeyButton
from app.gui.labelling.label_chips import LabelList
from app.gui.labelling.sheet import Sheet
from app.gui.labelling.suggestion_list import SuggestionList, SuggestionRow
from app.gui.labelling.tag_field import TagField
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.key_cap import key_words
from app.gui.widgets.text import ElidedText, Text

if TYPE_CHECKING:
    from app.jobs.project_session import ProjectSession

_DECIDING: Final = ("accept", "reject", "unknown")
_ACTING: Final = ("reviewed", "repeat", "heat", "undo", "redo")
_GIVING_WAY: Final = {"undo": 560, "redo": 560, "heat": 480, "repeat": 400}
"""The height of the inspector below which a button gives way, for a font of the usual size."""
CHANGED: Final = "The picture changed since it was labelled: check the labels, then mark it as reviewed."
_WORDS: Final = {
    "accept": "Yes",
    "reject": "No",
    "unknown": "Unknown",
    "reviewed": "Reviewed",
    "repeat": "Repeat last",
}


class Inspector(QFrame):
    """Layout only: what it shows is the controller's sheet, what it does are the controller's commands."""

    left = Signal()
    """The person is done typing: the focus should go back to the images."""
    offer_taken = Signal()
    """The person wants what the button in the place of the suggestions offers."""

    def __init__(
        self,
        session: "ProjectSession",
        controller: LabellingController,
        actions: LabellingActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setAccessibleName("Inspector")
        self._controller, self._actions = controller, actions
        self._why = ""
        self._chosen: SuggestionRow | None = None
        self._make_parts(controller)
        self._arrange()
        controller.sheet_changed.connect(self._show_sheet)
        controller.highlight_changed.connect(self._show_highlight)
        controller.tag_wanted.connect(self.tags.begin)
        controller.repeat_changed.connect(self._show_repeat)
        controller.undo_changed.connect(self._show_undo)
        controller.writable_changed.connect(self._show_writable)
        actions.keys_changed.connect(self._show_keys)
        session.suggestions_missing.connect(self.explain_suggestions)
        self._show_keys()
        self._show_repeat(controller.repeat_words())
        self._show_undo(*controller.undo_words)
        self._show_writable(controller.writable)

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(320), theme().pixels(480))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, buttons whose keys and menus stay give way to the suggestions."""
        super().resizeEvent(event)
        for name, least in _GIVING_WAY.items():
            self._buttons[name].setVisible(self.height() >= theme().pixels(least))

    def button(self, name: str) -> KeyButton:
        """The button of an action, by the name of its keys."""
        return self._buttons[name]

    @Slot(bool)
    def show_heat(self, on: bool) -> None:
        """Whether a heat map lies over the image."""
        self._buttons["heat"].set_words("Hide heat map" if on else "Heat map")

    def _make_parts(self, controller: LabellingController) -> None:
        self.title = ElidedText("", TypeSize.LARGE)
        self.facts = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.problem = Text("", TypeSize.BODY)
        self.labels = LabelList()
        self.heading = Text("Suggestions", TypeSize.SMALL, quiet=True)
        self.suggestions = SuggestionList()
        self.no_suggestions = Text("", TypeSize.BODY, quiet=True)
        for text in (self.facts, self.problem, self.no_suggestions, self.heading):
            text.setWordWrap(True)
        self.more = QPushButton()
        self.more.setProperty("role", "link")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(controller.show_all_rows)
        self.offer = QPushButton()
        self.offer.setProperty("role", "primary")
        self.offer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.offer.clicked.connect(self.offer_taken)
        self.tags = TagField(controller.complete_tag)
        self.labels.taken_back.connect(self._take_back)
        self.suggestions.highlighted.connect(controller.set_highlight)
        self.suggestions.decided.connect(controller.decide)
        self.tags.chosen.connect(controller.add_tag)
        self.tags.left.connect(self.left)
        actions = self._actions
        self._buttons = {
            name: KeyButton(actions.action(name), _WORDS.get(name, actions.action(name).text()))
            for name in (*_DECIDING, *_ACTING)
        }

    def _arrange(self) -> None:
        content = QWidget()
        content.setProperty("panel", "surface")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_S)
        inner.setSpacing(SPACE_S)
        for widget in (self.title, self.facts, self.problem, self.labels, self.heading, self.no_suggestions):
            inner.addWidget(widget)
        inner.addWidget(self.suggestions)
        inner.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidget(content)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.scroll.verticalScrollBar().rangeChanged.connect(self._reveal)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, SPACE_M)
        outer.setSpacing(SPACE_S)
        outer.addWidget(self.scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
        foot.setSpacing(SPACE_S)
        foot.addWidget(self._flow(_DECIDING))
        foot.addWidget(self.tags)
        foot.addWidget(self._flow(_ACTING))
        outer.addLayout(foot)

    def _flow(self, names: tuple[str, ...]) -> FlowBox:
        return FlowBox([self._buttons[name] for name in names])

    # What is shown

    @Slot(object)
    def _show_sheet(self, sheet: Sheet) -> None:
        self.title.setText(_title(sheet))
        self.facts.setText(_facts(sheet))
        self.facts.setVisible(bool(self.facts.text()))
        problem = _problem(sheet)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.labels.setVisible(bool(sheet.total))
        self.labels.set_sheet(sheet, editable=self._controller.writable)
        self.suggestions.set_rows(sheet.rows, sheet.total)
        self.heading.setText(_heading(sheet))
        self.heading.setVisible(bool(sheet.total))
        self.more.setText(f"{sheet.hidden:,} more")
        self.more.setVisible(sheet.hidden > 0)
        self._buttons["reviewed"].set_words(_reviewed_words(sheet))
        self._explain_nothing(sheet)
        self._show_highlight(self._controller.highlight)

    @Slot(str)
    def explain_suggestions(self, words: str, offer: str = "") -> None:
        """What to say where there are no suggestions, and the words of the button below, if there is one."""
        self._why = words
        self.offer.setText(offer)
        self._explain_nothing(self._controller.sheet)

    def _explain_nothing(self, sheet: Sheet) -> None:
        nothing = bool(sheet.total) and not sheet.rows and sheet.image is not None
        self.no_suggestions.setText(self._why or "No suggestions for this image yet: it has no features.")
        self.no_suggestions.setVisible(nothing)
        self.offer.setVisible(nothing and bool(self.offer.text()))

    @Slot(object)
    def _show_highlight(self, category_id: int | None) -> None:
        self._chosen = self.suggestions.set_highlight(category_id)
        if self._chosen is not None:
            self._reveal()
            announce(self, self._chosen.accessibleName())

    @Slot()
    def _reveal(self) -> None:
        """Scroll to the highlighted suggestion, also when the rows or the room for them change."""
        if self._chosen is not None and self._chosen.isVisible():
            self.scroll.ensureWidgetVisible(self._chosen, 0, SPACE_S)

    @Slot(str)
    def _show_repeat(self, words: str) -> None:
        self._buttons["repeat"].setToolTip(
            f"Repeat {words}" if words else "There is no decision to repeat yet"
        )

    @Slot(object, object)
    def _show_undo(self, undo: str | None, redo: str | None) -> None:
        for name, words in (("undo", undo), ("redo", redo)):
            self._buttons[name].setEnabled(words is not None)

    @Slot(bool)
    def _show_writable(self, writable: bool) -> None:
        for name in ("accept", "reject", "unknown", "reviewed", "repeat"):
            self._buttons[name].setEnabled(writable)
        self.tags.line().setEnabled(writable)
        self.labels.set_sheet(self._controller.sheet, editable=writable)

    @Slot()
    def _show_keys(self) -> None:
        for name, button in self._buttons.items():
            button.set_key(self._actions.key(name))
        self.tags.set_key(key_words(self._actions.key("tag")))

    @Slot(int)
    def _take_back(self, category_id: int) -> None:
        self._controller.decide(category_id, LabelState.UNKNOWN)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_sheet(self._controller.sheet)


def _title(sheet: Sheet) -> str:
    if sheet.total > 1:
        return f"{sheet.total:,} images selected"
    if sheet.image is not None:
        return sheet.image.name.rsplit("/", 1)[-1]
    return "" if sheet.total else "Choose an image"


def _facts(sheet: Sheet) -> str:
    unsaved = f"{sheet.unsaved:,} not saved yet" if sheet.unsaved else ""
    if sheet.total > 1:
        reviewed = f"{sheet.reviewed:,} of {sheet.total:,} reviewed" if sheet.loaded else ""
        return " · ".join(part for part in (reviewed, unsaved) if part)
    image = sheet.image
    if image is None:
        return unsaved if sheet.total else "Its labels and the suggestions for it stand here."
    size = f"{image.width:,} × {image.height:,}" if image.width and image.height else ""
    reviewed = "reviewed" if sheet.reviewed else "not reviewed"
    return " · ".join(part for part in (size, reviewed, unsaved) if part)


def _reviewed_words(sheet: Sheet) -> str:
    done = sheet.total > 0 and sheet.reviewed == sheet.total
    return "Take back review" if done else "Reviewed"


def _heading(sheet: Sheet) -> str:
    if sheet.total > 1 and sheet.image is not None:
        return f"Suggestions for {sheet.image.name.rsplit('/', 1)[-1]}; decisions are for all {sheet.total:,}"
    return "Suggestions"


def _problem(sheet: Sheet) -> str:
    if sheet.image is None or sheet.total > 1:
        return ""
    return problem_words(sheet.image) or (CHANGED if sheet.changed else "")


def problem_words(image: Image) -> str:
    """What is wrong with the file and what that means; empty where nothing is."""
    if image.state is ImageState.MISSING:
        return "The file is missing. Its labels are kept, and come back with it."
    if image.state is ImageState.UNREADABLE:
        reason = image.problem or "no reason is known"
        return f"The file cannot be read: {reason}. It can be labelled all the same."
    return ""
