"""The side panel that shows what is known of the selected images, and takes decisions."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.images import Image, ImageState
from app.domain.labels import LabelState
from app.domain.language import number
from app.gui.gallery.announcing import announce
from app.gui.labelling.category_list import CategoryList
from app.gui.labelling.confirm_line import ConfirmLine
from app.gui.labelling.controller import LabellingController
from app.gui.labelling.key_actions import LabellingActions
from app.gui.labelling.label_chips import LabelList
from app.gui.labelling.sheet import Sheet
from app.gui.labelling.suggestion_list import SuggestionList, SuggestionRow
from app.gui.labelling.tag_field import TagField
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.key_button import KeyButton
from app.gui.widgets.key_cap import key_words
from app.gui.widgets.text import ElidedText, Text

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

_DECIDING: Final = ("accept", "reject", "unknown")
_ACTING: Final = ("done", "reviewed", "repeat", "heat", "undo", "redo")
_HIDDEN_BELOW: Final = {"undo": 560, "redo": 560, "heat": 480, "repeat": 400}
"""The height of the inspector below which a button is hidden, in pixels at the default font size."""


class Inspector(QFrame):
    """Layout only: it shows the controller's sheet and triggers the controller's commands."""

    left = Signal()
    """The focus should go back to the images."""
    offer_taken = Signal()
    """The button shown instead of suggestions was clicked."""
    menu_wanted = Signal(int, QPoint)
    """Of the category with this number, at this place on the screen."""

    def __init__(
        self,
        session: "ProjectSession",
        controller: LabellingController,
        actions: LabellingActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setAccessibleName(self.tr("Inspector"))
        self._controller, self._actions = controller, actions
        self._why = ""
        self._highlighted_row: SuggestionRow | None = None
        self._make_parts(controller)
        self._arrange()
        controller.sheet_changed.connect(self._show_sheet)
        controller.highlight_changed.connect(self._show_highlight)
        controller.tag_wanted.connect(self.tags.begin)
        controller.confirmation_wanted.connect(self.confirm.ask)
        controller.repeat_changed.connect(self._show_repeat)
        controller.undo_changed.connect(self._show_undo)
        controller.writable_changed.connect(self._show_writable)
        actions.keys_changed.connect(self._show_keys)
        session.suggestions_missing.connect(self.explain_suggestions)
        session.info_changed.connect(self.tags.follow_categories)  # after the controller
        self._show_keys()
        self._show_repeat(controller.repeat_words())
        self._show_undo(*controller.undo_words)
        self._show_writable(controller.writable)

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(320), theme().pixels(480))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide less important buttons where there is little room; their keys remain."""
        super().resizeEvent(event)
        for name, least in _HIDDEN_BELOW.items():
            self._buttons[name].setVisible(self.height() >= theme().pixels(least))

    def button(self, name: str) -> KeyButton:
        """The button of a command, by name."""
        return self._buttons[name]

    @Slot(bool)
    def show_heat(self, on: bool) -> None:
        """Whether the heat map is on."""
        self._buttons["heat"].set_words(self.tr("Hide heat map") if on else self.tr("Heat map"))

    def _make_parts(self, controller: LabellingController) -> None:
        self.title = ElidedText("", TypeSize.LARGE)
        self.facts = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.problem = Text("", TypeSize.BODY)
        self.labels = LabelList()
        self.heading = Text("", TypeSize.SMALL, quiet=True)
        self.suggestions = SuggestionList()
        self.no_suggestions = Text("", TypeSize.BODY, quiet=True)
        for text in (self.facts, self.problem, self.no_suggestions, self.heading):
            text.setWordWrap(True)
        self.fold = QPushButton()
        self.fold.setProperty("role", "link")
        self.fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fold.clicked.connect(self._toggle_fold)
        self.categories = CategoryList()
        self.categories.highlighted.connect(controller.set_highlight)
        self.categories.menu_wanted.connect(self.menu_wanted)
        self.categories.left.connect(self.left)
        self.confirm = ConfirmLine()
        self.confirm.confirmed.connect(controller.confirm)
        self.confirm.left.connect(controller.cancel_confirmation)
        self.offer = QPushButton()
        self.offer.setProperty("role", "primary")
        self.offer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.offer.clicked.connect(self.offer_taken)
        self.tags = TagField(controller.complete_tag)
        self.labels.taken_back.connect(self._take_back)
        self.suggestions.highlighted.connect(controller.set_highlight)
        self.suggestions.decided.connect(controller.decide)
        self.suggestions.checked.connect(controller.set_checked)
        self.tags.chosen.connect(controller.add_tag)
        self.tags.left.connect(self.left)
        self.tags.done.connect(controller.done)
        for part in (self.labels, self.suggestions):
            part.menu_wanted.connect(self.menu_wanted)
        actions = self._actions
        self._buttons = {
            name: KeyButton(actions.action(name), actions.action(name).text())
            for name in (*_DECIDING, *_ACTING)
        }
        self._buttons["repeat"].set_words(self.tr("Repeat last"))
        self._buttons["done"].set_words(self.tr("Done"))
        self._buttons["done"].setToolTip(
            self.tr("Yes to the checked suggestions, reviewed, and on to the next unreviewed image")
        )

    def _arrange(self) -> None:
        content = QWidget()
        content.setProperty("panel", "surface")
        content.setMinimumWidth(1)  # never wider than its view: it would be scrolled sideways to a row
        inner = QVBoxLayout(content)
        inner.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_S)
        inner.setSpacing(SPACE_S)
        for widget in (self.title, self.facts, self.problem, self.labels, self.heading, self.suggestions):
            inner.addWidget(widget)
        inner.addWidget(self.no_suggestions)
        inner.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.categories)
        inner.addStretch(1)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidget(content)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.scroll_area.verticalScrollBar().rangeChanged.connect(self._reveal)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, SPACE_M)
        outer.setSpacing(SPACE_S)
        outer.addWidget(self.scroll_area, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
        foot.setSpacing(SPACE_S)
        foot.addWidget(self.confirm)
        foot.addWidget(self._flow(_DECIDING))
        foot.addWidget(self.tags)
        foot.addWidget(self._flow(_ACTING))
        outer.addLayout(foot)

    def _flow(self, names: tuple[str, ...]) -> FlowBox:
        return FlowBox([self._buttons[name] for name in names])

    # What is shown

    @Slot(object)
    def _show_sheet(self, sheet: Sheet) -> None:
        self.title.setText(self._title_words(sheet))
        self.facts.setText(self._facts_words(sheet))
        self.facts.setVisible(bool(self.facts.text()))
        problem = self._problem_words(sheet)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.labels.setVisible(bool(sheet.total))
        self.labels.set_sheet(sheet, editable=self._controller.writable)
        self.suggestions.set_rows(sheet.rows, sheet.total, estimated=sheet.estimated)
        self.heading.setText(self._heading_words(sheet))
        self.heading.setVisible(bool(sheet.total))
        self._show_others(sheet)
        reviewed = sheet.total > 0 and sheet.reviewed == sheet.total
        self._buttons["reviewed"].set_words(self.tr("Unmark reviewed") if reviewed else self.tr("Reviewed"))
        self._explain_nothing(sheet)
        self._show_highlight(self._controller.highlight)

    def _show_others(self, sheet: Sheet) -> None:
        unfolded = self._controller.unfolded
        self.fold.setText(self.tr("All categories ({n} more)").format(n=number(sheet.hidden)))
        side = theme().pixels(14)
        self.fold.setIcon(icon("chevron-down" if unfolded else "chevron-right", "quiet", side=side))
        self.fold.setVisible(sheet.hidden > 0)
        self.categories.setVisible(unfolded and sheet.hidden > 0)
        if unfolded:
            names = self._controller.folded_names
            self.categories.set_rows(sheet.others, sheet.other_ids, [names[one] for one in sheet.other_ids])

    @Slot()
    def _toggle_fold(self) -> None:
        self._controller.unfold(not self._controller.unfolded)
        if self._controller.unfolded:
            self.scroll_area.ensureWidgetVisible(self.categories.view, 0, SPACE_S)

    @Slot(str)
    def explain_suggestions(self, words: str, offer: str = "") -> None:
        """What to say if there are no suggestions, and the text of the button below, if there is one."""
        self._why = words
        self.offer.setText(offer)
        self._explain_nothing(self._controller.sheet)

    def _explain_nothing(self, sheet: Sheet) -> None:
        nothing = bool(sheet.total) and sheet.loaded and not sheet.scored and sheet.image is not None
        unlikely = sheet.scored and not sheet.rows
        no_features = self.tr("No suggestions for this image yet: it has no features.")
        self.no_suggestions.setText(
            self.tr("No other category is likely for this image.") if unlikely else self._why or no_features
        )
        self.no_suggestions.setVisible(nothing or unlikely)
        self.offer.setVisible(nothing and bool(self.offer.text()))

    @Slot(object)
    def _show_highlight(self, category_id: int | None) -> None:
        self._highlighted_row = self.suggestions.set_highlight(category_id)
        if self.categories.isVisible():
            self.categories.set_highlight(category_id)
        if self._highlighted_row is not None:
            self._reveal()
            announce(self, self._highlighted_row.accessibleName())

    @Slot()
    def _reveal(self) -> None:
        """Scroll to the highlighted suggestion, also when the rows or their space change."""
        if self._highlighted_row is not None and self._highlighted_row.isVisible():
            self.scroll_area.ensureWidgetVisible(self._highlighted_row, 0, SPACE_S)

    @Slot(str)
    def _show_repeat(self, decision: str) -> None:
        words = self.tr("Repeat “{decision}”").format(decision=decision)
        self._buttons["repeat"].setToolTip(
            words if decision else self.tr("There is no decision to repeat yet")
        )

    @Slot(object, object)
    def _show_undo(self, undo: str | None, redo: str | None) -> None:
        for name, words in (("undo", undo), ("redo", redo)):
            self._buttons[name].setEnabled(words is not None)

    @Slot(bool)
    def _show_writable(self, writable: bool) -> None:
        for name in ("accept", "reject", "unknown", "done", "reviewed", "repeat"):
            self._buttons[name].setEnabled(writable)
        self.tags.line.setEnabled(writable)
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

    # Texts

    def _title_words(self, sheet: Sheet) -> str:
        if sheet.total > 1:
            return self.tr("{n} images selected").format(n=number(sheet.total))
        if sheet.image is not None:
            return _file_name(sheet.image)
        return "" if sheet.total else self.tr("Select an image")

    def _facts_words(self, sheet: Sheet) -> str:
        unsaved = self.tr("{n} not saved yet").format(n=number(sheet.unsaved)) if sheet.unsaved else ""
        image = sheet.image
        if sheet.total > 1:
            counts = {"n": number(sheet.reviewed), "total": number(sheet.total)}
            reviewed = self.tr("{n} of {total} reviewed").format(**counts) if sheet.loaded else ""
            return " · ".join(part for part in (reviewed, unsaved) if part)
        if image is None:
            return unsaved if sheet.total else self.tr("Its labels and suggestions are shown here.")
        size = f"{number(image.width)} × {number(image.height)}" if image.width and image.height else ""
        reviewed = self.tr("reviewed") if sheet.reviewed else self.tr("not reviewed")
        return " · ".join(part for part in (size, reviewed, sheet.note, unsaved) if part)

    def _heading_words(self, sheet: Sheet) -> str:
        if sheet.rows and not sheet.scored:
            return self.tr("Categories")
        if sheet.total > 1:
            words = self.tr("Suggestions; an answer applies to all {n} images")
            return words.format(n=number(sheet.total))
        return self.tr("Suggestions")

    def _problem_words(self, sheet: Sheet) -> str:
        """What is wrong with the image, and what that means; empty if nothing is."""
        image = sheet.image
        if image is None or sheet.total > 1:
            return ""
        if image.state is ImageState.MISSING:
            return self.tr("The file is missing. Its labels are kept in case it comes back.")
        if image.state is ImageState.UNREADABLE:
            if not image.problem:
                return self.tr("The file cannot be read. You can still label it.")
            words = self.tr("The file cannot be read: {reason}. You can still label it.")
            return words.format(reason=image.problem)
        if sheet.changed:
            return self.tr(
                "The image file was replaced after it was labelled. "
                "Check the labels, then mark the image as reviewed."
            )
        return ""


def _file_name(image: Image) -> str:
    return image.name.rpartition("/")[2]
