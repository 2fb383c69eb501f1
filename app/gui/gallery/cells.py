"""What a cell of the grid shows, and its painting."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen, QPixmap, QStaticText, QTransform

from app.domain.images import ImageState
from app.gui.gallery.badges import badge_pixmap, badge_side, badge_width
from app.gui.gallery.chips import ChipLine
from app.gui.gallery.geometry import PADDING
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon_pixmap
from app.gui.theme.tokens import RADIUS, SPACE_XS, mix
from app.gui.widgets.words import counted
from app.jobs.values.session import YesLabel

translate = QCoreApplication.translate

RING = 2
HALO = 3
"""Width of the selection ring, and how far a cell paints beyond its edge, in pixels."""

_MAX_CAPTIONS = 4000
_MISSING_OPACITY = 0.45


@dataclass(frozen=True, slots=True)
class CellStack:
    """The stack of near-duplicates whose first image is in a cell. ``size`` counts this image, too."""

    size: int
    opened: bool

    def words(self) -> str:
        if self.opened:
            one = translate("GridCell", "{n} near-duplicate after it")
            many = translate("GridCell", "{n} near-duplicates after it")
        else:
            one = translate("GridCell", "{n} near-duplicate behind it")
            many = translate("GridCell", "{n} near-duplicates behind it")
        return counted(self.size - 1, one, many)


@dataclass(frozen=True, slots=True)
class CellInfo:
    """What is known of an image. ``name`` includes the path.

    ``suggestions``: number of undecided categories at or above their threshold. ``labels``: the yes labels.
    """

    name: str = ""
    state: ImageState = ImageState.OK
    problem: str | None = None
    reviewed: bool = False
    suggestions: int = 0
    labels: tuple[YesLabel, ...] = ()

    @property
    def caption(self) -> str:
        """The file name alone."""
        return self.name.rpartition("/")[2]

    def words(self) -> str:
        """For tooltips and screen readers."""
        parts = [self.name, self.problem_words(), self._label_words(), *self.state_words()]
        return ", ".join(part for part in parts if part)

    def state_words(self) -> list[str]:
        """Whether it is reviewed, and how many suggestions it has."""
        parts = []
        if self.reviewed:
            parts.append(translate("GridCell", "reviewed"))
        if self.suggestions:
            one, many = translate("GridCell", "{n} suggestion"), translate("GridCell", "{n} suggestions")
            parts.append(counted(self.suggestions, one, many))
        return parts

    def _label_words(self) -> str:
        if not self.labels:
            return ""
        names = ", ".join(one.name for one in self.labels)
        return translate("GridCell", "yes: {names}").format(names=names)

    def problem_words(self) -> str:
        """What is wrong with the file; empty if nothing is."""
        if self.state is ImageState.OK:
            return ""
        if self.state is ImageState.MISSING:
            state = translate("GridCell", "missing")
        else:
            state = translate("GridCell", "unreadable")
        return f"{state}: {self.problem}" if self.problem else state


SELECTED, CURRENT, FOCUSED, HOVERED = 1, 2, 4, 8
"""How a cell is highlighted: bits of one number, because hundreds are made for every frame."""


class CellPainter:
    """Paints cells of one size, for one theme, font and device pixel ratio."""

    def __init__(
        self, cell: QSize, picture: QSize, caption: int, ratio: float, *, inset: int | None = None
    ) -> None:
        """``caption``: the height of the file name, 0 if it is only shown under the pointer. ``inset``: where
        the picture begins, by default so that it is in the middle."""
        self.ratio = ratio
        self._cell = cell
        self._picture = picture
        self._caption = caption
        self._inset_x = (cell.width() - picture.width()) // 2 if inset is None else inset
        self._chips = ChipLine(picture.width(), ratio)
        self._tiles: dict[int, QPixmap] = {}
        self._marks: dict[tuple[str, str, int], QPixmap] = {}
        self._captions: dict[str, tuple[QStaticText, int]] = {}
        self._font = theme().font(TypeSize.SMALL)
        self._metrics = QFontMetrics(self._font)
        self._text = theme().colour("text")
        self._quiet = theme().colour("quiet")
        self._badge_side = badge_side()

    def paint(
        self,
        painter: QPainter,
        x: int,
        y: int,
        *,
        info: CellInfo | None,
        image: QImage | None,
        reason: str | None,
        look: int,
        stack: CellStack | None = None,
    ) -> None:
        """Paint a cell with its top left corner at x, y, over everything that was there."""
        self.paint_tile(painter, x, y, look)
        self.paint_picture(painter, x, y, info=info, image=image, reason=reason)
        left, below = x + self._inset_x, y + PADDING + self._picture.height()
        if info is not None and not self._caption and look & HOVERED:
            picture = QRect(left, y + PADDING, *self._picture.toTuple())
            broken = reason is not None or info.state is not ImageState.OK
            self._paint_name_over(painter, picture, info.caption, stacked=stack is not None, broken=broken)
        if stack is not None:
            place = self.stack_place(x, y)
            kind = "stack_open" if stack.opened else "stack"
            self._paint_badge(painter, kind, min(stack.size, 100), place.x(), place.y())
        if info is None:
            return
        self._paint_badges(painter, x, y, info, unreadable=reason is not None)
        self._chips.paint(painter, left, below + SPACE_XS, info.labels)
        if self._caption:
            self._paint_caption(painter, x, y, info.caption, selected=bool(look & SELECTED))

    def stack_place(self, x: int, y: int) -> QRect:
        """Where the number of near-duplicates is painted in the cell at x, y."""
        bottom = y + PADDING + self._picture.height() - self._badge_side
        return QRect(x + SPACE_XS, bottom, badge_width("stack"), self._badge_side)

    def paint_tile(self, painter: QPainter, x: int, y: int, look: int) -> None:
        painter.drawPixmap(x - HALO, y - HALO, self._tiles.get(look) or self._make_tile(look))

    def paint_picture(
        self,
        painter: QPainter,
        x: int,
        y: int,
        *,
        info: CellInfo | None,
        image: QImage | None,
        reason: str | None,
    ) -> None:
        """The picture of the cell at x, y, or why there is none."""
        state = ImageState.OK if info is None else info.state
        if image is not None and not image.isNull():
            if state is ImageState.MISSING:
                painter.setOpacity(_MISSING_OPACITY)
                self._paint_image(painter, x, y, image)
                painter.setOpacity(1.0)
            else:
                self._paint_image(painter, x, y, image)
        elif reason is not None or state is not ImageState.OK:
            place = QRect(x + self._inset_x, y + PADDING, self._picture.width(), self._picture.height())
            self._paint_reason(painter, place, state, reason or (info.problem if info else None) or "")
        else:
            left = x + self._inset_x + self._picture.width() // 2
            middle = QPoint(left, y + PADDING + self._picture.height() // 2)
            self._paint_mark(painter, "image", "line", middle, self._badge_side * 2)

    def _paint_image(self, painter: QPainter, x: int, y: int, image: QImage) -> None:
        ratio, there_width, there_height = self.ratio, image.width(), image.height()
        place_width, place_height = self._picture.width(), self._picture.height()
        scale = min(place_width * ratio / there_width, place_height * ratio / there_height)
        # A picture that was decoded for this size fits on two sides and is copied unscaled.
        fits = round(place_width * ratio) == there_width or round(place_height * ratio) == there_height
        if fits and scale >= 1.0 - 1.0 / max(there_width, there_height):
            scale = 1.0
        width, height = there_width * scale / ratio, there_height * scale / ratio
        left = x + self._inset_x + int((place_width - width) / 2)
        top = y + PADDING + int((place_height - height) / 2)
        if scale == ratio == 1.0:
            painter.drawImage(left, top, image)
        else:
            painter.drawImage(QRect(left, top, max(1, round(width)), max(1, round(height))), image)

    def _paint_reason(self, painter: QPainter, place: QRect, state: ImageState, reason: str) -> None:
        missing = state is ImageState.MISSING
        name, colour = ("image-missing", "warning") if missing else ("image-broken", "no")
        side = self._badge_side * 2
        lines = 2 * self._metrics.lineSpacing()
        top = place.center().y() - (side + SPACE_XS + lines) // 2
        self._paint_mark(painter, name, colour, QPoint(place.center().x(), top + side // 2), side)
        box = QRect(place.x(), top + side + SPACE_XS, place.width(), lines)
        painter.setFont(self._font)
        painter.setPen(self._quiet)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(box, flags, self._two_lines(reason, place.width()))

    def _paint_caption(self, painter: QPainter, x: int, y: int, name: str, *, selected: bool) -> None:
        caption = self._captions.get(name)
        if caption is None:
            caption = self._lay_out_caption(name)
        text, inset = caption
        painter.setFont(self._font)
        painter.setPen(self._text if selected else self._quiet)
        painter.drawStaticText(x + inset, y + self._cell.height() - self._caption - SPACE_XS // 2, text)

    def _paint_name_over(
        self, painter: QPainter, picture: QRect, name: str, *, stacked: bool, broken: bool
    ) -> None:
        """Over the lower edge of the picture under the pointer, between the badges of its corners."""
        height = self._metrics.height() + SPACE_XS
        strip = QRect(picture.left(), picture.bottom() + 1 - height, picture.width(), height)
        veil = QColor(theme().tokens.ground)
        veil.setAlphaF(0.85)
        painter.fillRect(strip, veil)
        painter.setFont(self._font)
        painter.setPen(self._text)
        before = badge_width("stack") if stacked else SPACE_XS
        room = strip.adjusted(before, 0, -(self._badge_side if broken else SPACE_XS), 0)
        shown = self._metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, shown)

    def _lay_out_caption(self, name: str) -> tuple[QStaticText, int]:
        if len(self._captions) > _MAX_CAPTIONS:
            self._captions.clear()
        room = self._cell.width() - 2 * PADDING
        elided = self._metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        text = QStaticText(elided)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.prepare(QTransform(), self._font)
        inset = (self._cell.width() - self._metrics.horizontalAdvance(elided)) // 2
        self._captions[name] = (text, inset)
        return self._captions[name]

    def _paint_badges(self, painter: QPainter, x: int, y: int, info: CellInfo, *, unreadable: bool) -> None:
        right = x + self._cell.width() - SPACE_XS - self._badge_side
        if info.reviewed:
            self._paint_badge(painter, "reviewed", 0, right, y + SPACE_XS)
        if info.suggestions:
            self._paint_badge(painter, "suggested", min(info.suggestions, 10), x + SPACE_XS, y + SPACE_XS)
        if unreadable or info.state is not ImageState.OK:
            kind = "missing" if info.state is ImageState.MISSING else "unreadable"
            bottom = y + PADDING + self._picture.height() - self._badge_side
            self._paint_badge(painter, kind, 0, right, bottom)

    def _paint_badge(self, painter: QPainter, kind: str, number: int, x: int, y: int) -> None:
        key = ("badge", kind, number)
        if key not in self._marks:
            self._marks[key] = badge_pixmap(kind, number, self.ratio)
        painter.drawPixmap(x, y, self._marks[key])

    def _paint_mark(self, painter: QPainter, name: str, colour: str, centre: QPoint, side: int) -> None:
        key = (name, colour, side)
        if key not in self._marks:
            self._marks[key] = icon_pixmap(name, side, theme().colour(colour), self.ratio)
        painter.drawPixmap(centre.x() - side // 2, centre.y() - side // 2, self._marks[key])

    def _two_lines(self, text: str, width: int) -> str:
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(width * 1.7))

    def _make_tile(self, look: int) -> QPixmap:
        """The opaque background of a cell with its rings, HALO larger than the cell on each side."""
        tokens = theme().tokens
        size = self._cell + QSize(2 * HALO, 2 * HALO)
        tile = QPixmap(size * self.ratio)
        tile.setDevicePixelRatio(self.ratio)
        tile.fill(QColor(tokens.ground))
        ground = tokens.selection if look & SELECTED else tokens.surface
        if look & HOVERED:
            ground = mix(ground, tokens.text, 0.05)
        painter = QPainter(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = QRectF(HALO, HALO, self._cell.width(), self._cell.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(cell, RADIUS, RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if look & SELECTED:
            painter.setPen(QPen(QColor(tokens.accent), RING))
            inner = cell.adjusted(RING / 2, RING / 2, -RING / 2, -RING / 2)
            painter.drawRoundedRect(inner, RADIUS - 1, RADIUS - 1)
        if look & CURRENT:
            # Outside the selection ring, so that the two can be told apart.
            painter.setPen(
                QPen(QColor(tokens.text if look & FOCUSED else tokens.quiet), 1.5 if look & FOCUSED else 1)
            )
            outer = cell.adjusted(-1.75, -1.75, 1.75, 1.75)
            painter.drawRoundedRect(outer, RADIUS + 2, RADIUS + 2)
        painter.end()
        self._tiles[look] = tile
        return tile
