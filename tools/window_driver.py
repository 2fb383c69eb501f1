"""Drives the real window with key presses and clicks, and takes screenshots."""

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt, SignalInstance
from PySide6.QtGui import QAction, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.gui.window.main_window import MainWindow

WIDTH, HEIGHT = 1440, 900
PATIENCE_SECONDS: Final = 90
QUIET_SECONDS: Final = 0.5
STEP_MS: Final = 50
LEFT: Final = Qt.MouseButton.LeftButton
NONE: Final = Qt.KeyboardModifier.NoModifier


class WindowDriver:
    """One window. A step that times out ends the program with a sentence that names it."""

    def __init__(
        self,
        window: MainWindow,
        folder: Path,
        suffix: str,
        *,
        largest: int,
        size: tuple[int, int] = (WIDTH, HEIGHT),
    ) -> None:
        """``largest``: size in bytes above which a screenshot gets a palette of 256 colours."""
        self.window = window
        self._folder, self._suffix, self._largest = folder, suffix, largest
        window.resize(*size)
        window.show()
        window.activateWindow()
        self.wait(window.isActiveWindow, "the window to become active")

    # --- waiting

    def wait(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise SystemExit(f"Timed out after {seconds:.0f} s waiting for {what}.")
            QTest.qWait(STEP_MS)

    def told(self, signal: SignalInstance) -> Callable[[], bool]:
        """A function that returns True once the signal has been emitted."""
        heard: list[bool] = []
        signal.connect(lambda *_: heard.append(True))
        return lambda: bool(heard)

    def settle(self) -> None:
        """Wait until all requests have been answered and the window has not changed for a while."""
        self.wait(lambda: self.window.session.pending == 0, "the answers of the project")
        place = self.window.workspace.places
        looks, since, end = place.grab().toImage(), time.monotonic(), time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() - since < QUIET_SECONDS and time.monotonic() < end:
            QTest.qWait(STEP_MS)
            now = place.grab().toImage()
            if now != looks or self.window.session.pending:
                looks, since = now, time.monotonic()

    # --- input

    def click(self, widget: QWidget, place: QPoint | None = None, modifier: object = NONE) -> None:
        if not (widget.isVisible() and widget.isEnabled()):
            raise SystemExit(f"{widget.accessibleName() or widget!r} cannot be clicked.")
        QTest.mouseClick(widget, LEFT, modifier, place or widget.rect().center())

    def choose(self, menu: QMenu, action: QAction) -> None:
        self.wait(menu.isVisible, f"the menu {menu.title()}")
        self.click(menu, menu.actionGeometry(action).center())

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Send a key to the open popup, or to the widget with the focus."""
        QTest.keyClick(QApplication.activePopupWidget() or self.window.focusWidget(), key, modifier)

    def press_on(self, widget: QWidget, key: Qt.Key) -> None:
        """Focus a widget and send it a key."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(widget, key)

    def popup(self) -> QWidget | None:
        return QApplication.activePopupWidget()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.window.focusWidget(), text)

    def click_cell(self, position: int, modifier: Qt.KeyboardModifier = NONE) -> None:
        gallery = self.window.workspace.library.gallery
        gallery.reveal(position)
        self.click(gallery.viewport(), gallery.cell_rect(position).center(), modifier)

    # --- screenshots

    def take(self, name: str) -> None:
        """Save the window with its open menus and lists as PNG."""
        QTest.qWait(STEP_MS)
        crash = self.window.crash_dialog
        if crash is not None and crash.isVisible():
            raise SystemExit(f"Something went wrong in the window before {name}:\n{crash.text()}")
        picture = self.window.grab().toImage()
        painter = QPainter(picture)
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and widget is not self.window:
                painter.drawPixmap(widget.pos() - self.window.pos(), widget.grab())
        painter.end()
        path = self._folder / f"{name}-{self._suffix}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(picture, self._largest))
        print(f"{path.name}  {path.stat().st_size / 1000:.0f} kB")


def packed(picture: QImage, largest: int) -> bytes:
    """A PNG, with a palette of 256 colours if it would be too large otherwise."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    image = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    whole = _png(image)
    if len(whole) <= largest:
        return whole
    palette = image.quantize(256, Image.Quantize.MEDIANCUT)
    dithered = _png(image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG))
    return dithered if len(dithered) <= largest else _png(palette)


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()
