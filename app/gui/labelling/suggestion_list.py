"""The ranked suggestions of an image: key, name, probability, band and learner."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.labels import LabelState
from app.domain.language import number
from app.domain.suggestions import Learner
from app.gui.labelling.sheet import SheetRow
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import RADIUS, SPACE_S, SPACE_XS, mix
from app.gui.widgets.band_glyph import draw_band
from app.gui.widgets.label_chip import state_words
from app.gui.widgets.painting import smooth_painter
from app.gui.widgets.probability_bar import (
    draw_probability,
    few_examples_words,
    not_learned_words,
    probability_words,
)

_ONE_LINE_FROM: Final = 280
_ROOMY: Final = 420
_GLYPH: Final = 11
_NUMBERS: Final = 132
_NUMBERS_WITH_WORDS: Final = 250
translate = QCoreApplication.translate


def learner_explanation(learner: Learner) -> str:
    if learner is Learner.TEXT:
        return translate("Learner", "text: from the category's name and texts; nothing is learned yet")
    if learner is Learner.LIVE:
        return translate("Learner", "live: learned from the labels so far")
    if learner is Learner.IMPORTED:
        return translate("Learner", "imported: what another model says, from an imported file")
    return translate("Learner", "tuned: from the trained model")


def near_miss_words() -> str:
    return translate("SuggestionRow", "near miss")


class SuggestionRow(QWidget):
    """One suggestion. A click highlights it; when hovered it shows a tick and a cross."""

    ACCESSIBLE_ROLE = QAccessible.Role.ListItem
    highlighted = Signal(int)
    decided = Signal(int, object)
    checked = Signal(int, bool)
    menu_wanted = Signal(int, QPoint)
    """The number of the category, and the place on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._estimated = False
        self.setMouseTracking(True)
        self._row: SheetRow | None = None
        self._total = 1
        self.is_highlighted = False
        self._hovered = False
        self._two_lines = False
        theme().changed.connect(self._resize)

    def row(self) -> SheetRow | None:
        return self._row

    def set_row(self, row: SheetRow, total: int, *, estimated: bool = False) -> None:
        """Of ``total`` images; ``estimated``: in how many of them it is likely is an estimate."""
        self._row, self._total, self._estimated = row, total, estimated
        facts, why = [], "" if row.learner is None else learner_explanation(row.learner)
        if not row.learned:
            facts = [not_learned_words()]
            why = self.tr("It has no yes or no no yet: label at least one image yes and one no.")
        elif row.likely is not None:
            facts = [self._likely_words(row.likely)]
        elif row.probability is not None:
            facts = [probability_words(row.probability, row.threshold)]
        if row.near_miss:
            facts.append(near_miss_words())
        if row.state is not LabelState.UNKNOWN:
            facts = [self.tr("labelled {state}").format(state=state_words(row.state))]
        if row.can_be_checked:
            facts.append(self.tr("checked") if row.checked else self.tr("not checked"))
        words = ": ".join(part for part in (row.name, ", ".join(facts)) if part)
        self.setAccessibleName(f"{row.key} {words}".strip())
        self.setAccessibleDescription(why)
        self.setToolTip("\n".join(part for part in (words, why) if part))
        self.update()

    def accessible_state(self, state: QAccessible.State) -> None:
        state.selectable = 1
        state.selected = int(self.is_highlighted)

    def set_highlighted(self, highlighted: bool) -> None:
        if highlighted != self.is_highlighted:
            self.is_highlighted = highlighted
            self.update()

    def accept_rect(self) -> QRect:
        """Where a click means yes while the row is hovered."""
        return self._mark_rect(1)

    def reject_rect(self) -> QRect:
        return self._mark_rect(0)

    def check_rect(self) -> QRect:
        """Where a click checks or unchecks a suggestion."""
        side = self._line()
        return QRect(self._name_left() - SPACE_XS, SPACE_XS, side, side)

    def set_two_lines(self, two: bool) -> None:
        """Show the numbers below the name instead of beside it."""
        if two != self._two_lines:
            self._two_lines = two
            self._resize()

    def says_more(self) -> bool:
        """Whether there is a number or words beside the name."""
        row = self._row
        return row is not None and bool(row.probability is not None or self._instead_of_number(row))

    def name_fits(self, width: int) -> bool:
        """Whether the whole name fits into one line of that width."""
        if self._row is None:
            return True
        room = width - 2 * SPACE_S - self._name_left()
        font = QFontMetrics(theme().font(TypeSize.BODY))
        return font.horizontalAdvance(self._row.name) <= room - self._numbers_width(room) - SPACE_S

    def _name_left(self) -> int:
        """Where the name begins, behind the key and the band."""
        glyph = theme().pixels(_GLYPH) + SPACE_S if self._row is not None and self._row.band else SPACE_XS
        return SPACE_S + self._line() + SPACE_XS + glyph

    def sizeHint(self) -> QSize:
        lines = 2 if self._two_lines else 1
        return QSize(theme().pixels(160), lines * self._line() + SPACE_S)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(100), self.sizeHint().height())

    def _line(self) -> int:
        return QFontMetrics(theme().font(TypeSize.BODY)).height() + SPACE_XS

    def _mark_rect(self, from_right: int) -> QRect:
        side = self._line()
        x = self.width() - SPACE_XS - (from_right + 1) * (side + SPACE_XS)
        return QRect(x, SPACE_XS, side, side)

    @Slot()
    def _resize(self) -> None:
        self.updateGeometry()
        self.update()

    # Events

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._row is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.highlighted.emit(self._row.category_id)
        at = event.position().toPoint()
        if self._row.can_be_checked and self._total == 1 and self.check_rect().contains(at):
            self.checked.emit(self._row.category_id, not self._row.checked)
            return
        for rect, state in ((self.accept_rect(), LabelState.YES), (self.reject_rect(), LabelState.NO)):
            if rect.contains(at):
                again = self._row.state is state
                self.decided.emit(self._row.category_id, LabelState.UNKNOWN if again else state)
                return

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._row is not None:
            self.highlighted.emit(self._row.category_id)
            self.menu_wanted.emit(self._row.category_id, event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        row = self._row
        if row is None:
            return
        painter = smooth_painter(self)
        self._paint_ground(painter)
        line, left = self._line(), SPACE_S
        self._paint_key(painter, QRectF(left, SPACE_XS + 1, line - 2, line - 2), row.key)
        left += line + SPACE_XS
        glyph = theme().pixels(_GLYPH)
        if row.band is not None:
            draw_band(painter, QRectF(left, SPACE_XS + (line - glyph) / 2, glyph, glyph), row.band)
        left = self._name_left()
        right = self.width() - SPACE_S
        if self._hovered:
            self._paint_marks(painter, row)
            right = self.accept_rect().left() - SPACE_S
        if self._two_lines:
            self._paint_name(painter, row, QRect(left, SPACE_XS, right - left, line))
            below = QRect(left, SPACE_XS + line, self.width() - SPACE_S - left, line)
            self._paint_numbers(painter, row, below)
        else:
            numbers = self._numbers_width(right - left)
            self._paint_name(painter, row, QRect(left, SPACE_XS, right - left - numbers - SPACE_S, line))
            self._paint_numbers(painter, row, QRect(right - numbers, SPACE_XS, numbers, line))
        painter.end()

    def _numbers_width(self, room: int) -> int:
        """The part of a line for bar, number and words; the name needs the rest."""
        widest = theme().pixels(_NUMBERS_WITH_WORDS if room >= theme().pixels(_ROOMY) else _NUMBERS)
        words = "" if self._row is None else self._instead_of_number(self._row)
        if words:
            metrics = QFontMetrics(theme().font(TypeSize.SMALL, tabular=True))
            widest = min(widest, metrics.horizontalAdvance(words) + SPACE_XS)
        elif not self.says_more():
            widest = 0
        return min(widest, round(room * 0.6))

    def _paint_ground(self, painter: QPainter) -> None:
        if not (self.is_highlighted or self._hovered):
            return
        tokens = theme().tokens
        ground = tokens.selection if self.is_highlighted else mix(tokens.surface, tokens.text, 0.05)
        painter.setPen(QPen(theme().colour("accent"), 1) if self.is_highlighted else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _paint_key(self, painter: QPainter, cap: QRectF, rank: str) -> None:
        if not rank:
            return
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(theme().colour("raised"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(theme().font(TypeSize.SMALL, tabular=True))
        painter.setPen(theme().colour("quiet"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, rank)

    def _paint_name(self, painter: QPainter, row: SheetRow, place: QRect) -> None:
        font = QFont(theme().font(TypeSize.BODY, strong=row.state is LabelState.YES or self.is_highlighted))
        colour, left = "text", place.left()
        if row.state is not LabelState.UNKNOWN:
            yes = row.state is LabelState.YES
            colour = "yes" if yes else "no"
            font.setStrikeOut(not yes)
            side = theme().pixels(12)
            mark = QRectF(left, place.center().y() - side / 2 + 1, side, side)
            ink = "text" if self.is_highlighted else colour
            draw_icon(painter, "tick" if yes else "close", mark, theme().colour(ink))
            left += side + SPACE_XS
        elif row.can_be_checked and self._total == 1:
            left += self._paint_box(painter, place, checked=row.checked)
        # On the selection background only text and quiet have enough contrast.
        painter.setPen(theme().colour("text" if self.is_highlighted else colour))
        painter.setFont(font)
        rest = QRect(left, place.top(), max(0, place.right() - left), place.height())
        shown = QFontMetrics(font).elidedText(row.name, Qt.TextElideMode.ElideMiddle, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)

    def _paint_box(self, painter: QPainter, place: QRect, *, checked: bool) -> int:
        """A check box at the left of ``place``; returns the room that it takes."""
        side = theme().pixels(14)
        box = QRectF(place.left() + 0.5, place.center().y() - side / 2 + 0.5, side, side)
        painter.setPen(QPen(theme().colour("accent" if checked else "quiet"), 1.2))
        painter.setBrush(theme().colour("accent") if checked else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        if checked:
            draw_icon(painter, "tick", box.adjusted(2, 2, -2, -2), theme().colour("on_accent"))
        return side + SPACE_S

    def _paint_numbers(self, painter: QPainter, row: SheetRow, place: QRect) -> None:
        """Bar and number.

        Of a decided row only the answer: it says nothing about the answer that the model changes its mind. Of
        a category that is not learned yet, and of a selection, only words.
        """
        small = theme().font(TypeSize.SMALL, tabular=True)
        metrics = QFontMetrics(small)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        digits = metrics.horizontalAdvance("0.00")
        end = place.right() + 1
        bar = QRectF(place.left(), place.center().y() - 6, end - digits - SPACE_S - place.left(), 13)
        painter.setFont(small)
        instead = self._instead_of_number(row)
        if instead:
            shown = metrics.elidedText(instead, Qt.TextElideMode.ElideRight, place.width())
            painter.setPen(theme().colour("text" if self.is_highlighted else "quiet"))
            painter.drawText(place, flags | Qt.AlignmentFlag.AlignRight, shown)
        elif row.probability is not None:
            if bar.width() >= theme().pixels(20):
                draw_probability(painter, bar, row.probability, row.threshold)
            painter.setPen(theme().colour("text"))
            painter.drawText(
                QRect(end - digits, place.top(), digits, place.height()), flags, number(row.probability, 2)
            )

    def _instead_of_number(self, row: SheetRow) -> str:
        """What stands in the place of bar and number; empty if they are shown."""
        if row.state is LabelState.YES:
            return self.tr("Yes")
        if row.state is LabelState.NO:
            return self.tr("No")
        if not row.learned:
            return not_learned_words()
        if row.few_examples:
            return few_examples_words()
        return "" if row.likely is None else self._likely_words(row.likely)

    def _likely_words(self, images: int) -> str:
        numbers = {"n": number(images), "total": number(self._total)}
        if self._estimated:
            return self.tr("likely in about {n} of {total}").format(**numbers)
        return self.tr("likely in {n} of {total}").format(**numbers)

    def _paint_marks(self, painter: QPainter, row: SheetRow) -> None:
        marks = (
            (self.accept_rect(), "tick", "yes", LabelState.YES),
            (self.reject_rect(), "close", "no", LabelState.NO),
        )
        for rect, name, colour, state in marks:
            painter.setPen(QPen(theme().colour(colour), 1))
            painter.setBrush(theme().colour(colour if row.state is state else "raised"))
            painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            ink = theme().colour("surface" if row.state is state else colour)
            draw_icon(painter, name, QRectF(rect).adjusted(3, 3, -3, -3), ink)


class SuggestionList(QWidget):
    """Rows in the order of the sheet; their widgets are reused."""

    ACCESSIBLE_ROLE = QAccessible.Role.List
    highlighted = Signal(int)
    decided = Signal(int, object)
    checked = Signal(int, bool)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SuggestionRow] = []
        self._shown = 0
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)

    def rows(self) -> list[SuggestionRow]:
        """The widgets in use, from the top."""
        return self._rows[: self._shown]

    def set_rows(self, rows: Sequence[SheetRow], total: int, *, estimated: bool = False) -> None:
        while len(self._rows) < len(rows):
            widget = SuggestionRow()
            widget.highlighted.connect(self.highlighted)
            widget.decided.connect(self.decided)
            widget.checked.connect(self.checked)
            widget.menu_wanted.connect(self.menu_wanted)
            self._layout.addWidget(widget)
            self._rows.append(widget)
        for widget, row in zip(self._rows, rows, strict=False):
            widget.set_row(row, total, estimated=estimated)
            widget.show()
        for widget in self._rows[len(rows) :]:
            widget.hide()
        self._shown = len(rows)
        self._fold()

    def _fold(self) -> None:
        """Use two lines for all rows if there is little room, or if most names would be elided.

        Where there are only names, one line is enough.
        """
        rows = self.rows()
        cut = sum(not row.name_fits(self.width()) for row in rows)
        narrow = self.width() < theme().pixels(_ONE_LINE_FROM)
        two = any(row.says_more() for row in rows) and (narrow or 2 * cut > len(rows))
        for row in rows:
            row.set_two_lines(two)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def set_highlight(self, category_id: int | None) -> SuggestionRow | None:
        """Mark the row of a category; returns its widget."""
        found = None
        for widget in self.rows():
            row = widget.row()
            matches = row is not None and row.category_id == category_id
            widget.set_highlighted(matches)
            if matches:
                found = widget
        return found
