"""Screenshots of heat map, auto-accept and the question at closing."""

from typing import Final

from picture_projects import Shown
from PySide6.QtCore import Qt
from window_driver import WindowDriver

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PRECISION: Final = 60


def take_heat(driver: WindowDriver, shown: Shown) -> None:
    """The heat map of the current image for the most likely category that is really present."""
    library = driver.window.workspace.library
    there = shown.truth.get(library.controller.current, ())
    rows = [row.category_id for row in library.controller.sheet.rows]
    library.controller.set_highlight(next((one for one in rows if one in there), rows[0]))
    driver.press(Qt.Key.Key_H)
    driver.wait(lambda: library.heat.heat is not None, "the heat map")
    driver.settle()
    driver.take("heat")
    driver.press(Qt.Key.Key_H)


def take_accept(driver: WindowDriver) -> None:
    """The numbers for the category with the most examples; restores the board."""
    board = driver.window.workspace.review.board
    before = board.table.current_row()
    most = max(driver.window.workspace.review.review.board.rows, key=lambda row: row.yes)
    board.table.show_category(most.category_id)
    driver.press(Qt.Key.Key_A, CONTROL | SHIFT)
    panel = driver.window.commands.accept_panel
    panel.precision.setValue(PRECISION)
    driver.wait(lambda: panel.plan() is not None and panel.plan().precision == PRECISION / 100, "the numbers")
    driver.settle()
    driver.take("accept")
    driver.press(Qt.Key.Key_Escape)
    if before is not None:
        board.table.show_category(before.category_id)


def take_closing(driver: WindowDriver) -> None:
    """The question while a job runs; answered with staying."""
    driver.press(Qt.Key.Key_Q, CONTROL)
    question = driver.window.closing.question
    driver.wait(lambda: question is not None and question.isVisible(), "the question")
    driver.take("closing")
    driver.click(question.stay_button)
    driver.window.activateWindow()  # without a window manager nobody does it when a dialog closes
    driver.wait(driver.window.isActiveWindow, "the window to become active again")
