"""Another language in a test: one made by a rule, and a walk through everything that the window shows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)

from app.domain import language as words
from app.domain.language import Numbers
from app.gui import language
from app.gui.commands.table import COMMANDS

_ACCENTS = str.maketrans("aeiounsyAEIOUNSY", "àéîøûñšýÀÉÎØÛÑŠÝ")
_PLACEHOLDER = re.compile(r"(\{[^}]*\})")
_PATTERN = re.compile(r"[yMdHms:.\- ]+")
"""A pattern of a date or time is no text."""
OPENING, CLOSING = "⟦", "⟧"


def pseudo(text: str) -> str:
    """``⟦Šàvé påĝé···⟧``: accents, brackets, and 40 % longer than English, as German often is."""
    if _PATTERN.fullmatch(text) and not text.isspace():
        return text
    parts = _PLACEHOLDER.split(text)
    changed = "".join(part if at % 2 else part.translate(_ACCENTS) for at, part in enumerate(parts))
    return f"{OPENING}{changed}{'·' * (len(text) * 2 // 5)}{CLOSING}"


class PseudoTranslator(QTranslator):
    """Translates every text of this program, and nothing of Qt."""

    def translate(
        self, context: str, text: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        theirs = context not in OURS and (context.startswith("Q") or context in QTS)
        return None if theirs else pseudo(text)

    def isEmpty(self) -> bool:
        return False


QTS = frozenset({"CloseButton", "MAC_APPLICATION_MENU", "Phonon"})
_TEXTS = Path(__file__).parents[2] / "resources" / "translations" / "tailspotter_de.ts"
OURS = frozenset(re.findall(r"<name>(Q\w*)</name>", _TEXTS.read_text("utf-8")))
"""Contexts of this program that begin as those of Qt do."""


@contextmanager
def speaking_pseudo(application: QApplication) -> Iterator[None]:
    translator = PseudoTranslator(application)
    application.installTranslator(translator)
    words.install(QCoreApplication.translate, Numbers("'", "·", " "))
    try:
        yield
    finally:
        application.removeTranslator(translator)
        translator.deleteLater()
        words.install(None)


@contextmanager
def speaking_german(application: QApplication) -> Iterator[None]:
    language.install(application, "de")
    try:
        yield
    finally:
        language.uninstall(application)


def unmarked(text: str, known: re.Pattern[str]) -> str:
    """What is left of a text without the translated parts and what ``known`` allows: words nobody marked."""
    while (shorter := re.sub(rf"{OPENING}[^{OPENING}{CLOSING}]*{CLOSING}", " ", text)) != text:
        text = shorter
    text = known.sub(" ", text.replace("&", ""))
    return text.strip() if re.search(r"[^\W\d_]{2}", text) else ""


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Each text of a widget that a person reads or hears, with its kind."""
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    yield "tool tip", widget.toolTip()
    if isinstance(widget, QLabel | QAbstractButton):
        yield "text", widget.text()
    elif isinstance(widget, QLineEdit):
        yield "placeholder", widget.placeholderText()
    elif isinstance(widget, QGroupBox):
        yield "title", widget.title()
    elif isinstance(widget, QTabBar):
        for at in range(widget.count()):
            yield "tab", widget.tabText(at)
    elif isinstance(widget, QHeaderView) and widget.model() is not None:
        for at in range(widget.count()):
            yield "heading", str(widget.model().headerData(at, widget.orientation()) or "")
    elif isinstance(widget, QComboBox):
        for at in range(widget.count()):
            yield "choice", widget.itemText(at)
    menu = widget.menu() if isinstance(widget, QToolButton | QPushButton) else None
    for action in (*widget.actions(), *(menu.actions() if menu is not None else ())):
        yield "action", action.text()


def shown_texts(window: QWidget) -> Iterator[tuple[str, str]]:
    """The texts of everything visible in a window, with who shows them."""
    yield "window title", window.windowTitle()
    for widget in (window, *window.findChildren(QWidget)):
        if widget.isVisible():
            for kind, text in texts_of(widget):
                if text:
                    yield f"{kind} of {type(widget).__name__}", text


ENDING = frozenset({"close", "quit", "close_project", "demo", "new_project", "open_project"})
"""Commands that leave the project, which is walked through."""


@contextmanager
def menus_closing() -> Iterator[None]:
    """The menu of a button waits until it is closed; here it is, as soon as it is open."""

    def close() -> None:
        if (open_now := QApplication.activePopupWidget()) is not None:
            open_now.close()

    timer = QTimer()
    timer.timeout.connect(close)
    timer.start(100)
    try:
        yield
    finally:
        timer.stop()


def walk(qtbot, window, settle) -> Iterator[str]:
    """Every place of the rail, then every command that is enabled, each with what it opens; new ones too."""
    rail = window.workspace.rail
    for button in [one for one in rail.findChildren(QAbstractButton) if one.isVisible()]:
        button.click()
        settle()
        yield f"place {button.place.name}"
        window.commands.panels.close_all()
    window.workspace.show_library()
    for command in COMMANDS:
        if command.name in ENDING:
            continue
        owner = window.commands.panels._owner(command.name)
        if owner is None or not owner.action(command.name).isEnabled():
            continue
        with menus_closing():
            owner.action(command.name).trigger()
        settle()
        yield f"command {command.name}"
        window.commands.panels.close_all()
        window.workspace.show_library()
