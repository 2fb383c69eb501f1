"""One image, large: its position in the list, its zoom, and the buttons to other images."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.language import number
from app.domain.language import percent as share_words
from app.gui.gallery.announcing import announce
from app.gui.labelling.controller import LabellingController
from app.gui.labelling.key_actions import LabellingActions
from app.gui.labelling.sheet import Sheet
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.image_canvas import ImageCanvas
from app.gui.widgets.key_cap import key_words
from app.gui.widgets.pictures import Picture, decode_picture
from app.gui.widgets.text import ElidedText, Text
from app.jobs.pictures.image_loader import NEAR_CACHE_BYTES, ImageLoader, session_pictures

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

AHEAD: Final = 4
BEHIND: Final = 2
_SIDES: Final = (768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 16384, 32768)
"""Longer sides in pixels to which images are decoded, so that resizing the window rarely decodes again."""

_ICONS: Final = {
    "previous": "chevron-left",
    "next": "chevron-right",
    "zoom_out": "zoom-out",
    "zoom_in": "zoom-in",
    "fit": "fit",
}


def side_for(needed: float) -> int:
    """The smallest size for decoding that has the needed pixels on the longer side."""
    return next((side for side in _SIDES if side >= needed), _SIDES[-1])


class SingleView(QWidget):
    """Shows the controller's current image. close_loader() ends the threads of the loader."""

    menu_wanted = Signal(QPoint)
    """The place on the screen."""

    def __init__(
        self,
        session: "ProjectSession",
        controller: LabellingController,
        parent: QWidget | None = None,
        *,
        loader: ImageLoader | None = None,
        cache_bytes: int = NEAR_CACHE_BYTES,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Single image"))
        self._controller = controller
        self.loader = loader or ImageLoader(
            session_pictures(session), decode_picture, near_cache_bytes=cache_bytes
        )
        self._shown: int | None = None
        self.canvas = ImageCanvas()
        self.problem = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        self.foot = self._make_strip()
        layout.addWidget(self.foot)
        self.canvas.side_wanted.connect(self._look_closer)
        self.canvas.transform_changed.connect(self._show_zoom)
        self.problem.triggered.connect(self._try_again)
        self.loader.loaded.connect(self._picture_came)
        self.loader.failed.connect(self._picture_failed)
        controller.current_changed.connect(self._show_current)
        controller.list_changed.connect(self._follow_list)
        controller.sheet_changed.connect(self._show_facts)
        session.closed.connect(self._forget)
        theme().changed.connect(self._restyle)
        self._restyle()
        self._show_zoom()

    def use_actions(self, actions: LabellingActions) -> None:
        """Connect the zoom actions, and show the keys on the buttons."""
        self._actions = actions
        zooming = {
            "zoom_in": self.canvas.zoom_in,
            "zoom_out": self.canvas.zoom_out,
            "fit": self.canvas.fit,
            "actual_size": self.canvas.show_actual_size,
        }
        for name, call in zooming.items():
            actions.connect_view(name, call)
        for name, button in self._buttons.items():
            button.clicked.connect(actions.action(name).trigger)
        actions.keys_changed.connect(self._show_keys)
        self._show_keys()

    def close_loader(self) -> bool:
        """End the threads; call once, when the window closes. False if one did not end in time."""
        return self.loader.close()

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(640), theme().pixels(480))

    # Parts

    def _make_strip(self) -> QWidget:
        strip = QFrame()
        strip.setProperty("panel", "ground")
        self.position = Text("", TypeSize.SMALL, tabular=True)
        self.position.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = ElidedText("", TypeSize.SMALL, quiet=True)
        self.name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.zoom = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self._buttons = {name: QToolButton() for name in (*_ICONS, "actual_size")}
        self._buttons["actual_size"].setText("1:1")
        for button in self._buttons.values():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(strip)
        row.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_XS)
        row.setSpacing(SPACE_XS)
        for widget in (self._buttons["previous"], self.position, self._buttons["next"]):
            row.addWidget(widget)
        row.addSpacing(SPACE_S)
        row.addWidget(self.name, 1)
        row.addWidget(self.zoom)
        for name in ("zoom_out", "zoom_in", "fit", "actual_size"):
            row.addWidget(self._buttons[name])
        return strip

    def button(self, name: str) -> QToolButton:
        return self._buttons[name]

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(18)
        for name, drawing in _ICONS.items():
            self._buttons[name].setIcon(icon(drawing, side=side))
            self._buttons[name].setIconSize(QSize(side, side))
        self._buttons["actual_size"].setFont(theme().font(TypeSize.SMALL))

    @Slot()
    def _show_keys(self) -> None:
        for name, button in self._buttons.items():
            words = self._actions.action(name).text()
            key = key_words(self._actions.key(name))
            button.setAccessibleName(words)
            button.setToolTip(f"{words}  ({key})" if key else words)

    # The image

    @Slot(object)
    def _show_current(self, image_id: int | None) -> None:
        """Show another image, immediately if it was decoded ahead."""
        if not self.isVisible():
            return
        self._shown = image_id
        self._show_position()
        if image_id is None:
            self._stack.setCurrentWidget(self.canvas)
            self.canvas.show_words(self.tr("Select an image first."))
            self.loader.show([], 0)
            return
        self._load()
        self._show_picture_or_problem(image_id, keep_view=False)

    def _load(self) -> None:
        if self._shown is not None:
            near = self._controller.neighbours(AHEAD, BEHIND) if self._controller.count() else []
            wanted = [self._shown, *(one for one in near if one != self._shown)]
            self.loader.show(wanted, self._fitting_side())

    def _fitting_side(self) -> int:
        ratio = self.devicePixelRatioF()
        return side_for(max(self._stack.width(), self._stack.height()) * ratio)

    def _show_picture_or_problem(self, image_id: int, *, keep_view: bool) -> None:
        picture, reason = self.loader.picture(image_id), self.loader.reason(image_id)
        if isinstance(picture, Picture):
            self._stack.setCurrentWidget(self.canvas)
            self.canvas.show_picture(picture, keep_view=keep_view)
        elif reason is not None:
            self._show_problem(reason)
        else:
            self._stack.setCurrentWidget(self.canvas)
            self.canvas.show_words(self.tr("Loading…"))

    def _show_problem(self, reason: str) -> None:
        self.canvas.show_words()
        sentence = reason[:1].upper() + reason[1:].rstrip(".")
        words = self.tr(
            "{reason}. Its labels are kept, and you can still label it. "
            "Repair or replace the file, then try again."
        )
        self.problem.set_text(
            self.tr("This image cannot be shown"), words.format(reason=sentence), self.tr("Try again")
        )
        self._stack.setCurrentWidget(self.problem)
        announce(self, self.tr("This image cannot be shown. {reason}.").format(reason=sentence))

    @Slot(int)
    def _picture_came(self, image_id: int) -> None:
        if image_id == self._shown:
            self._show_picture_or_problem(image_id, keep_view=self.canvas.picture() is not None)

    @Slot(int, str)
    def _picture_failed(self, image_id: int, reason: str) -> None:
        if image_id == self._shown:
            self._show_problem(reason)

    @Slot(int)
    def _look_closer(self, needed: int) -> None:
        picture = self.canvas.picture()
        if picture is None or self._shown is None or picture.complete or needed <= picture.long_side:
            return
        self.loader.look_closer(self._shown, side_for(min(needed, max(picture.width, picture.height))))

    @Slot()
    def _try_again(self) -> None:
        if self._shown is not None:
            self.loader.forget([self._shown])
            self._show_current(self._shown)

    def reload(self, image_ids: list[int] | None = None) -> None:
        """The files of these images (None: of all) have changed."""
        self.loader.forget(image_ids)
        if self._shown is not None and (image_ids is None or self._shown in image_ids):
            self._show_current(self._shown)

    @Slot()
    def _forget(self) -> None:
        self.loader.forget()
        self.loader.show([], 0)
        self._shown = None
        self.canvas.show_words()

    # Texts

    @Slot()
    def _follow_list(self) -> None:
        if self.isVisible():
            self._show_position()
            self._load()

    def _show_position(self) -> None:
        place, count = self._controller.position(), self._controller.count()
        longest = self.tr("{position} of {count}").format(position=number(count), count=number(count))
        widest = self.position.fontMetrics().horizontalAdvance(longest) + SPACE_XS
        self.position.setMinimumWidth(widest)
        if place is None:
            where = self.tr("not among the {count} images shown").format(count=number(count))
            announced = where
        else:
            numbers = {"position": number(place + 1), "count": number(count)}
            where = self.tr("{position} of {count}").format(**numbers)
            announced = self.tr("Image {position} of {count}").format(**numbers)
        self.position.setText(where if self._shown is not None else "")
        self._buttons["previous"].setEnabled(place is None or place > 0)
        self._buttons["next"].setEnabled(place is None or place + 1 < count)
        announce(self, announced)

    @Slot(object)
    def _show_facts(self, sheet: Sheet) -> None:
        self.name.setText("" if sheet.image is None else sheet.image.name)

    @Slot()
    def _show_zoom(self) -> None:
        percent = self.canvas.percent()
        self.zoom.setText("" if percent is None else share_words(percent / 100))
        for name in ("zoom_in", "zoom_out", "fit", "actual_size"):
            self._buttons[name].setEnabled(percent is not None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_current(self._controller.current)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.loader.show([], 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(150), theme().pixels(120))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        # Without room for the buttons, wheel and keys still zoom.
        roomy = self.width() >= theme().pixels(440)
        for widget in (self.zoom, self._buttons["zoom_in"], self._buttons["zoom_out"]):
            widget.setVisible(roomy)
        for name in ("fit", "actual_size"):
            self._buttons[name].setVisible(self.width() >= theme().pixels(280))
        if self.isVisible():
            self._load()
