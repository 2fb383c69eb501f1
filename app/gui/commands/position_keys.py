"""Other keyboard layouts: a key that types none of our shortcuts acts by its position."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.gui.commands.focus import types_text
from app.gui.commands.positions import character_of, key_at_position
from app.gui.commands.table import COMMANDS, Command, keys_of

_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_ALTGR = Qt.KeyboardModifier.GroupSwitchModifier


class PositionKeys(QObject):
    """Handles keys that reach the focused widget of ``window``, which matched no shortcut.

    ``shortcuts`` returns the setting of that name. A character that is the key of a command, enabled or not,
    never means another one. Typing into a text field is left alone except for Ctrl with a letter.
    """

    message = Signal(str)
    """Why a key does nothing."""

    def __init__(self, window: QWidget, shortcuts: Callable[[], Mapping[str, str]]) -> None:
        super().__init__(window)
        self._window, self._shortcuts = window, shortcuts
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)
        window.installEventFilter(self)

    @Slot(QWidget, QWidget)
    def _follow_focus(self, old: QWidget | None, now: QWidget | None) -> None:
        if old is not None and old is not self._window:
            old.removeEventFilter(self)
        if now is not None and now.window() is self._window:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            # A key that the widget ignores arrives again at the window.
            target = QApplication.focusWidget() or self._window
            if watched is target and self._act(target, event):
                return True
        return super().eventFilter(watched, event)

    def _act(self, focus: QWidget, event: QKeyEvent) -> bool:
        held, key = event.modifiers(), key_at_position(event)
        if key is None or held & _ALTGR or held & (_CONTROL | _ALT) == _CONTROL | _ALT:
            return False  # Windows reports AltGr as Ctrl+Alt
        if types_text(focus) and not held & _CONTROL:
            return False
        owner = self._owner(QKeySequence(event.keyCombination()))
        if owner is not None:
            # The command is off here, or Qt would have triggered it.
            digit = QKeySequence(key).toString()
            if digit.isdigit():
                sentence = self.tr("{key} is used for “{command}”; hold Shift to type {digit}.")
                self.message.emit(sentence.format(key=character_of(event), command=owner.words, digit=digit))
            return False
        # As Qt does: the focused widget may claim the key, then shortcuts match, then the widget gets it.
        if _send(focus, QEvent.Type.ShortcutOverride, key, event):
            _send(focus, QEvent.Type.KeyPress, key, event)
            return True
        action = self._action(QKeySequence(QKeyCombination(held, key)))
        if action is not None:
            if action.autoRepeat() or not event.isAutoRepeat():
                action.trigger()
            return True
        return bool(held & _CONTROL) and _send(focus, QEvent.Type.KeyPress, key, event)

    def _owner(self, sequence: QKeySequence) -> Command | None:
        shortcuts = self._shortcuts()
        owners = (one for one in COMMANDS if sequence in map(QKeySequence, keys_of(one, shortcuts)))
        return next(owners, None)

    def _action(self, sequence: QKeySequence) -> QAction | None:
        """The action that would act now; None if there is none, or an ambiguity, as in Qt."""
        found = [
            action
            for action in self._window.findChildren(QAction)
            if action.isEnabled() and sequence in action.shortcuts() and _acts(action)
        ]
        return found[0] if len(found) == 1 else None


def _acts(action: QAction) -> bool:
    owners = [one for one in action.associatedObjects() if isinstance(one, QWidget)]
    return any(one.isVisible() and one.isEnabled() for one in owners if not isinstance(one, QMenu))


def _send(focus: QWidget, kind: QEvent.Type, key: Qt.Key, event: QKeyEvent) -> bool:
    """Send the same press with another key; whether it was accepted."""
    sent = QKeyEvent(
        kind,
        key,
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        "",
        event.isAutoRepeat(),
        event.count(),
    )
    sent.setAccepted(kind == QEvent.Type.KeyPress)
    QApplication.sendEvent(focus, sent)
    return sent.isAccepted()
