"""Notices in the lower left corner of the window, stacked and reachable by keyboard."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPropertyAnimation, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.notifications import SHOWN_MS, Level, Notice, Notifications
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon, icon_pixmap
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.overlay import Overlay
from app.gui.widgets.text import ElidedText, Text

MAX_SHOWN: Final = 4
_WIDTH = 360
_LEAST = 240
_MOVING: Final = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide})
_ICON = 20
_COLOURS = {Level.INFO: "accent", Level.DONE: "yes", Level.WARNING: "warning", Level.ERROR: "no"}


class Toast(QFrame):
    """One notice. Closes after a while unless it is an error, hovered or focused."""

    ACCESSIBLE_ROLE = QAccessible.Role.AlertMessage
    closed = Signal(int)

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self._times = 1
        self.setProperty("panel", "toast")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = QLabel()
        self._what = _paragraph(notice.what)
        self._close = QToolButton()
        self._close.setObjectName("close")
        self._close.setAccessibleName(self.tr("Close this notice"))
        self._close.setToolTip(self.tr("Close (Esc)"))
        self._close.clicked.connect(self.close_notice)
        layout = QGridLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.setHorizontalSpacing(SPACE_S)
        layout.setVerticalSpacing(SPACE_XS)
        layout.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._what, 0, 1)
        layout.addWidget(self._close, 0, 2, Qt.AlignmentFlag.AlignTop)
        layout.setColumnStretch(1, 1)
        for row, text in enumerate((notice.labels, notice.todo), start=1):
            if text:
                layout.addWidget(_paragraph(text, quiet=True), row, 1, 1, 2)
        if notice.project:
            name = ElidedText(notice.project, TypeSize.SMALL, quiet=True)
            layout.addWidget(name, 4, 1, 1, 2)
        self._action: QPushButton | None = None
        if notice.action is not None:
            self._action = QPushButton(notice.action.text)
            self._action.clicked.connect(self._act)
            row_of_buttons = QHBoxLayout()
            row_of_buttons.addWidget(self._action)
            row_of_buttons.addStretch(1)
            layout.addLayout(row_of_buttons, 3, 1, 1, 2)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.close_notice)
        theme().changed.connect(self._restyle)
        self._restyle()
        self._describe()
        self._count_down()

    def repeat(self) -> None:
        """Count the same notice again instead of stacking it."""
        self._times += 1
        words = self.tr("{notice} ({n} times)")
        self._what.setText(words.format(notice=self.notice.what, n=self._times))
        self._describe()
        self._count_down()

    def action_button(self) -> QPushButton | None:
        return self._action

    @Slot()
    def close_notice(self) -> None:
        self._clock.stop()
        self.closed.emit(self.notice.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_notice()
        else:
            event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._clock.stop()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._count_down()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._clock.stop()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._count_down()

    def _count_down(self) -> None:
        time = SHOWN_MS[self.notice.level]
        waits = self.underMouse() or self.hasFocus() or not self.notice.passes()
        if time is not None and not waits:
            self._clock.start(time)

    @Slot()
    def _act(self) -> None:
        action = self.notice.action
        self.close_notice()
        if action is not None:
            action.run()

    def _describe(self) -> None:
        level = {
            Level.INFO: self.tr("Information"),
            Level.DONE: self.tr("Done"),
            Level.WARNING: self.tr("Warning"),
            Level.ERROR: self.tr("Error"),
        }[self.notice.level]
        self.setAccessibleName(f"{level}: {self._what.text()}")
        parts = (self.notice.labels, self.notice.todo, self.notice.project)
        self.setAccessibleDescription(" ".join(filter(None, parts)))

    @Slot()
    def _restyle(self) -> None:
        side, colour = theme().pixels(_ICON), theme().colour(_COLOURS[self.notice.level])
        self._icon.setPixmap(icon_pixmap(self.notice.level.value, side, colour, self.devicePixelRatioF()))
        self._close.setIcon(icon("close", "quiet"))
        self._close.setIconSize(QSize(side * 3 // 4, side * 3 // 4))


class ToastStack(QWidget):
    """Shows the notices of ``bus`` over ``window``. Beyond four, the oldest that is no error is closed."""

    def __init__(self, bus: Notifications, window: QWidget) -> None:
        super().__init__(window)
        self._toasts: dict[int, Toast] = {}
        self._movement: QPropertyAnimation | None = None
        self._inset = self._left = 0
        self._content: QWidget | None = None
        self._clear: list[QWidget] = []
        self._beside: list[QWidget] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_S)
        self.setAccessibleName(self.tr("Notices"))
        bus.posted.connect(self._show)
        bus.withdrawn.connect(self._remove)
        window.installEventFilter(self)
        theme().changed.connect(self._place)
        self.hide()

    def toasts(self) -> list[Toast]:
        """From the oldest to the newest."""
        return list(self._toasts.values())

    @Slot()
    def focus_newest(self) -> bool:
        """Focus the newest notice, or its button; False if there is none."""
        if not self._toasts:
            return False
        newest = self.toasts()[-1]
        (newest.action_button() or newest).setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    @Slot(QWidget)
    def keep_over(self, content: QWidget | None) -> None:
        """Stand in the lower left corner of this part of the window, not over the controls beside it."""
        if self._content is not None:
            self._content.removeEventFilter(self)
        self._content = content
        if content is not None:
            content.installEventFilter(self)
        self._place()

    def keep_clear(self, buttons: QWidget) -> None:
        """Stay above these buttons at the bottom of a place while they are visible."""
        self._clear.append(buttons)
        buttons.installEventFilter(self)

    def keep_beside(self, panel: QWidget) -> None:
        """Stay at the right of this panel while it is visible."""
        self._beside.append(panel)
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVING:
            self._place()
        return super().eventFilter(watched, event)

    @Slot(object)
    def _show(self, notice: Notice) -> None:
        for toast in self._toasts.values():
            theirs = toast.notice
            same = (theirs.level, theirs.words(), theirs.project) == (
                notice.level,
                notice.words(),
                notice.project,
            )
            if same and toast.notice.action is None and notice.action is None:
                toast.repeat()
                self._place()
                return
        toast = Toast(notice, self)
        toast.closed.connect(self._remove)
        self._toasts[notice.number] = toast
        self._layout.addWidget(toast)
        self._make_room()
        # Placed first: it might otherwise appear under the mouse and wait for it to leave.
        self._place()
        self.show()
        if notice.level is not Level.INFO or not self._panel_open():
            self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(toast, QAccessible.Event.Alert))
        self._slide_in(toast)

    def _panel_open(self) -> bool:
        """A hint does not cover the panel that the person is working in."""
        window = self.parentWidget()
        return window is not None and any(one.isVisible() for one in window.findChildren(Overlay))

    def _make_room(self) -> None:
        passing = [number for number, toast in self._toasts.items() if toast.notice.passes()]
        surplus = len(self._toasts) - MAX_SHOWN
        leaving = [number for number in passing if number != max(self._toasts)][: max(0, surplus)]
        if surplus > len(leaving):
            leaving += [number for number in self._toasts if number not in leaving][: surplus - len(leaving)]
        for number in leaving:
            self._remove(number)

    @Slot(int)
    def _remove(self, number: int) -> None:
        toast = self._toasts.pop(number, None)
        if toast is None:
            return
        had_focus = toast.isAncestorOf(self.focusWidget()) if self.focusWidget() else toast.hasFocus()
        parent = self.parentWidget()
        toast.hide()
        self._layout.removeWidget(toast)
        toast.deleteLater()
        if had_focus and not self.focus_newest() and parent is not None:
            parent.setFocus()
        self.setVisible(bool(self._toasts))
        self._place()

    def set_insets(self, left: int, bottom: int) -> None:
        """Leave room for the rail and the status line."""
        self._left, self._inset = left, bottom
        self._place()

    @Slot()
    def close_passing(self) -> None:
        """Close what needs no answer; its project is closed."""
        for number, toast in list(self._toasts.items()):
            if toast.notice.level is not Level.ERROR:
                self._remove(number)

    @Slot()
    def _place(self) -> None:
        window = self.parentWidget()
        if window is None or not self._toasts:
            return
        left, room = self._across(window)
        width = max(1, min(theme().pixels(_WIDTH), room - 2 * SPACE_M))
        bottom = self._bottom(window)
        room = bottom - 2 * SPACE_M
        height = -SPACE_S
        for toast in reversed(self._toasts.values()):
            toast.ensurePolished()
            own = toast.heightForWidth(width)
            toast.setFixedHeight(own)
            # In a low window only the newest ones are shown, until there is room.
            fits = height < 0 or height + SPACE_S + own <= room
            toast.setVisible(fits)
            if not fits:
                room = 0
            else:
                height += SPACE_S + own
        top = max(SPACE_M, bottom - height - SPACE_M)
        self.setGeometry(left + SPACE_M, top, width, height)

    def _across(self, window: QWidget) -> tuple[int, int]:
        """Where the content begins, and how wide it is, without a panel at its left.

        What is beside the rail if there is little room.
        """
        content = self._content
        if content is None or not content.isVisibleTo(window):
            left, end = self._left, window.width()
        else:
            left = content.mapTo(window, QPoint(0, 0)).x()
            end = left + content.width()
        taken = [
            one.mapTo(window, one.rect().topRight()).x() for one in self._beside if one.isVisibleTo(window)
        ]
        free = max([left, *taken])
        least = theme().pixels(_LEAST)
        if end - free >= least:
            return free, end - free
        return self._left, window.width() - self._left

    def _bottom(self, window: QWidget) -> int:
        """The height of the window down to the status line, or to buttons that are kept clear."""
        tops = [one.mapTo(window, QPoint(0, 0)).y() for one in self._clear if one.isVisibleTo(window)]
        return min([window.height() - self._inset, *tops])

    def _slide_in(self, toast: Toast) -> None:
        if not theme().motion:
            return
        end = self.pos()
        self._movement = QPropertyAnimation(self, b"pos", self)
        self._movement.setDuration(theme().motion)
        self._movement.setStartValue(end + toast.rect().bottomLeft() * 0.25)
        self._movement.setEndValue(end)
        self._movement.start()


def _paragraph(text: str, *, quiet: bool = False) -> Text:
    label = Text(text, TypeSize.SMALL if quiet else TypeSize.BODY, quiet=quiet)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
