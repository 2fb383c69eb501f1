"""The labels of an image or a selection, which are shown apart from suggestions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QCursor, QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.domain.labels import LabelState
from app.domain.language import number
from app.gui.labelling.sheet import NO_CATEGORY, Sheet, SheetLabel
from app.gui.labelling.words import when_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.label_chip import LabelChip, source_words, state_words
from app.gui.widgets.text import Text

SHOWN: Final = 12
"""Labels of each answer shown at first, so that the suggestions below stay in view."""
SHOWN_OF_MANY: Final = 6
"""The same for a selection, whose labels are mostly of single images."""
_LOADING_AFTER_MS: Final = 300
"""From then on the list says that the labels are loading."""


class YesChip(QWidget):
    """A yes label, and the button that removes it."""

    taken_back = Signal(int)
    menu_wanted = Signal(int, QPoint)
    """The number of the category, and the place on the screen."""

    def __init__(
        self, label: SheetLabel, total: int, *, editable: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.label = label
        self._total = total
        numbers = {"n": number(label.count), "total": number(total)}
        share = self.tr("{n} of {total}").format(**numbers) if total > 1 else self._from_words()
        self.chip = LabelChip(label.name, label.state, share=share, size=TypeSize.LARGE)
        self.chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button = QToolButton(self)  # with a parent: else it would be a window for a moment
        self.button.setProperty("role", "bare")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        remove = self.tr("Remove the label: {category} becomes unknown").format(category=label.name)
        self.button.setAccessibleName(remove)
        self.button.setToolTip(remove)
        self.button.clicked.connect(self._take_back)
        self.button.setVisible(editable)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.chip, 1)
        row.addWidget(self.button)
        if total == 1:
            self._describe()
        self._restyle()
        theme().changed.connect(self._restyle)

    def _from_words(self) -> str:
        """The category below from which the yes is derived."""
        below = self.label.below
        return self.tr("from {category}").format(category=below) if below else ""

    def _describe(self) -> None:
        """Who gave the label, and when, as it was when the chip was made."""
        when = when_words(self.label.when, datetime.now(UTC))
        whole = source_words(self.label.source, when) if self.label.saved else self.tr("not saved yet")
        whole = self._from_words() or whole
        described = f"{self.label.name}: {state_words(self.label.state)}, {whole}"
        self.chip.setToolTip(described)
        self.chip.setAccessibleName(described)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        if self._total == 1:
            self._describe()  # time has passed

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.label.category_id != NO_CATEGORY:
            by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
            place = self.mapToGlobal(self.rect().center()) if by_key else event.globalPos()
            self.menu_wanted.emit(self.label.category_id, place)

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(14)
        self.button.setIcon(icon("close", "quiet", side=side))
        self.button.setIconSize(QSize(side, side))
        self.button.setFixedSize(side + SPACE_S, side + SPACE_S)  # close to the chip that it belongs to

    @Slot()
    def _take_back(self) -> None:
        self.taken_back.emit(self.label.category_id)


class NoLine(Text):
    """``no: cat, dog, bus`` in one quiet, wrapped line; each name is a link to its menu."""

    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(quiet=True, parent=parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.linkActivated.connect(self._ask)
        self._labels: Sequence[SheetLabel] = ()
        self._total = 1
        theme().changed.connect(self._fill)

    def set_labels(self, labels: Sequence[SheetLabel], total: int) -> None:
        self._labels, self._total = labels, total
        self._fill()

    def plain(self) -> str:
        """The line without markup."""
        names = ", ".join(self._name(one) for one in self._labels)
        return self.tr("no: {names}").format(names=names) if names else ""

    @Slot()
    def _fill(self) -> None:
        style = f"color:{theme().tokens.quiet};text-decoration:none"
        links = [
            f'<a href="{one.category_id}" style="{style}">{escape(self._name(one))}</a>'
            if one.category_id != NO_CATEGORY
            else escape(self._name(one))
            for one in self._labels
        ]
        self.setText(self.tr("no: {names}").format(names=", ".join(links)))
        self.setAccessibleName(self.plain())
        self.setVisible(bool(links))

    def _name(self, label: SheetLabel) -> str:
        if self._total < 2:
            contradicted = self.tr("{name} (but {category} is yes)")
            return contradicted.format(name=label.name, category=label.below) if label.below else label.name
        words = self.tr("{name} ({n} of {total})")
        return words.format(name=label.name, n=number(label.count), total=number(self._total))

    @Slot(str)
    def _ask(self, link: str) -> None:
        by_mouse = self.rect().contains(self.mapFromGlobal(QCursor.pos()))
        place = QCursor.pos() if by_mouse else self.mapToGlobal(self.rect().center())
        self.menu_wanted.emit(int(link), place)


def _looks(label: SheetLabel) -> tuple[object, ...]:
    """What shows of a label."""
    return label.category_id, label.name, label.state, label.source, label.count, label.saved, label.below


class LabelList(QWidget):
    """The labels of a sheet: yes as chips, no as one line; what a review implies is behind a link."""

    taken_back = Signal(int)
    """The number of a category whose label is to be removed."""
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._sheet = Sheet()
        self._editable = False
        self._shown: tuple[object, ...] = ()
        self._chips: list[YesChip] = []
        self._open = False
        self._nothing = Text("", TypeSize.BODY, quiet=True)
        self._nothing.setWordWrap(True)
        self._flow = FlowBox([])
        self.no_line = NoLine()
        self.no_line.menu_wanted.connect(self.menu_wanted)
        self.more = QPushButton()
        self.more.setProperty("role", "link")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setCursor(Qt.CursorShape.PointingHandCursor)
        self.more.clicked.connect(self._toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        for widget in (self._nothing, self._flow, self.no_line):
            layout.addWidget(widget)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._loading = QTimer(self)
        self._loading.setSingleShot(True)
        self._loading.setInterval(_LOADING_AFTER_MS)
        self._loading.timeout.connect(self._show_loading)

    def chips(self) -> list[YesChip]:
        """Of the yes labels shown."""
        return list(self._chips)

    def set_sheet(self, sheet: Sheet, *, editable: bool) -> None:
        """Show these labels; those of another image start folded."""
        if sheet.image is None or self._sheet.image is None or sheet.image.id != self._sheet.image.id:
            self._open = False
        self._sheet, self._editable = sheet, editable
        self._fill()

    def _fill(self) -> None:
        sheet = self._sheet
        yes = [one for one in sheet.labels if one.state is LabelState.YES]
        no = [one for one in sheet.labels if one.state is not LabelState.YES]
        most = SHOWN if sheet.total == 1 else SHOWN_OF_MANY
        hidden = max(0, len(yes) - most) + max(0, len(no) - most)
        shown_yes = yes if self._open else yes[:most]
        shown_no = [*no, *sheet.implied] if self._open else no[:most]
        state = ([_looks(one) for one in (*shown_yes, *shown_no)], sheet.total, self._editable)
        if state != self._shown:  # or the chip under the pointer would be another one after each decision
            self._shown = state
            self._make_chips(shown_yes)
            self.no_line.set_labels(shown_no, sheet.total)
        self._nothing.setText(self._nothing_words(sheet))
        self._nothing.setVisible(not (shown_yes or shown_no) and bool(self._nothing.text()))
        if sheet.loaded:
            self._loading.stop()
        elif not self._loading.isActive():
            self._loading.start()
        words = self._more_words(hidden, len(sheet.implied))
        self.more.setText(words)
        self.more.setVisible(bool(words))
        self.updateGeometry()

    def _make_chips(self, labels: Sequence[SheetLabel]) -> None:
        sheet, chips = self._sheet, []
        for label in labels:
            known = label.source is not None and label.category_id != NO_CATEGORY
            editable = self._editable and known and sheet.total == 1
            chip = YesChip(label, sheet.total, editable=editable, parent=self)
            chip.taken_back.connect(self.taken_back)
            chip.menu_wanted.connect(self.menu_wanted)
            chips.append(chip)
        self._chips = chips
        self._flow.set_widgets(chips)
        self._flow.setVisible(bool(chips))

    def _more_words(self, hidden: int, implied: int) -> str:
        if self._open:
            return self.tr("Show fewer")
        if hidden <= 0:
            return self.tr("{n} no by review").format(n=number(implied)) if implied else ""
        words = self.tr("{hidden} more and {n} no by review") if implied else self.tr("{hidden} more")
        return words.format(hidden=number(hidden), n=number(implied))

    def _nothing_words(self, sheet: Sheet) -> str:
        if not (sheet.loaded and sheet.total):
            return ""
        if sheet.total > 1:
            return self.tr("None of these images has a label yet.")
        return self.tr("No labels yet. Accept a suggestion or type a tag.")

    @Slot()
    def _toggle(self) -> None:
        self._open = not self._open
        self._fill()

    @Slot()
    def _show_loading(self) -> None:
        if not self._sheet.loaded:
            self._nothing.setText(self.tr("Loading the labels…"))
            self._nothing.show()
