"""Write the tables of menus in docs/keys.md from the menus of the real window on a little project.

    python tools/menu_table.py [--check]

With ``--check`` nothing is written; the exit status is 1 if the tables in the page are old ones.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generated_part import ROOT, run
from key_table import printed
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.bootstrap import make_window
from app.domain.labels import LabelState
from app.gui.library.facet_rows import Group
from app.gui.theme import install
from app.gui.training.version_card import VersionCardView
from app.gui.window.main_window import MainWindow
from app.services.images.scan import scan
from app.services.project.creation import create_project

PAGE = ROOT / "docs" / "keys.md"
CATEGORY, SAVED = "fox", "all foxes"
PATIENCE_SECONDS = 30


def main(arguments: list[str] | None = None) -> int:
    return run(PAGE, "menu_table.py", all_menus, arguments)


def all_menus() -> str:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["tailspotter"])
    assert isinstance(application, QApplication)
    install(application)
    with tempfile.TemporaryDirectory(prefix="tailspotter-menus-") as scratch, opened(Path(scratch)) as window:
        return tables(window)


@contextmanager
def opened(scratch: Path) -> Iterator[MainWindow]:
    """The window with a project of two images, the first of which is selected and labelled."""
    (scratch / "images").mkdir()
    for at in range(2):
        Image.new("RGB", (60, 40), (200, 120 * at, 10)).save(scratch / "images" / f"{at}.png")
    with create_project(scratch / "project", [scratch / "images"], [CATEGORY, "badger"]) as project:
        scan(project)
    window = make_window(scratch / "demo", settings=scratch / "settings.json")
    try:
        window.show()
        window.open_project(scratch / "project")
        library = window.workspace.library
        wait(lambda: library.controller.highlight is not None, window)
        library.controller.decide(window.session.info.categories[0].id, LabelState.YES)
        library.finding.save(SAVED, CATEGORY)
        wait(lambda: library.finding.queries.saved and library.controller.undo_words[0], window)
        yield window
    finally:
        window.closing.close_now()
        window.deleteLater()
        QApplication.processEvents()


def wait(condition: Callable[[], object], window: MainWindow) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition() or window.session.pending:
        if time.monotonic() > end:
            raise SystemExit("The little project did not open in time.")
        QTest.qWait(10)


def tables(window: MainWindow) -> str:
    """One table for each menu."""
    workspace, here = window.workspace, QPoint(10, 10)
    category = window.session.info.categories[0].id
    facets, menus = workspace.library.facets, window.commands.menus
    menus.open_for_images(here)
    images = popup()
    menus.open_for_category(category, here)
    of_category = popup()
    window.commands.frame.action("categories").trigger()
    wait(lambda: workspace.categories.model.rowCount() and workspace.categories.table.current_row(), window)
    workspace.categories.table.menu_wanted.emit(here)
    of_row = popup()
    window.commands.frame.action("review").trigger()
    wait(workspace.review.board.model.rowCount, window)
    board = workspace.review.board
    rows = {group: facets.tree.facets.rows(group) for group in Group}
    card = VersionCardView("v1")
    found = {
        "The name of the project": workspace.top.menu,
        "Images in the library": images,
        "A label or a suggestion": of_category,
        "A category among the filters": facets.menu_for(rows[Group.CATEGORIES][0]),
        "Another filter": facets.menu_for(rows[Group.IMAGES][0]),
        "A saved query": facets.menu_for(rows[Group.SAVED][0]),
        "A category on the board": board.menu(board.model.row_at(0)),
        "A version of the model": card.menu(),
        "A category in its table": of_row,
    }
    return "\n\n".join(table(title, entries(menu)) for title, menu in found.items())


def popup() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    menu.close()
    return menu


def entries(menu: QMenu) -> list[tuple[str, str]]:
    """Words and key of each item; of a submenu only its name."""
    found = []
    for action in menu.actions():
        words, _, key = action.text().partition("\t")
        key = key or action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        words = words.replace("&&", "&").removesuffix(" (0 bytes)")
        if words:
            found.append((f"{words} ▸" if action.menu() else words, key))
    return found


def table(title: str, items: list[tuple[str, str]]) -> str:
    lines = [f"| {words} | {printed((key,)) if key else ''} |" for words, key in items]
    return "\n".join([f"### {title}", "", "| entry | key |", "|---|---|", *lines])


if __name__ == "__main__":
    raise SystemExit(main())
