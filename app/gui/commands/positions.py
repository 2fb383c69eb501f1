"""The key of a US keyboard at the position of the pressed key, by its scan code."""

import sys
import unicodedata
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

# Key codes from left to right: the PC's scan codes, also used by Linux, and Apple's.
_PC: Final = {
    start + place: character
    for start, row in ((2, "1234567890"), (16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM"))
    for place, character in enumerate(row)
}
_X11_OFFSET: Final = 8
"""X11 and Wayland add 8."""
_APPLE: Final = {
    number: character
    for numbers, row in (
        ((18, 19, 20, 21, 23, 22, 26, 28, 25, 29), "1234567890"),
        ((12, 13, 14, 15, 17, 16, 32, 34, 31, 35), "QWERTYUIOP"),
        ((0, 1, 2, 3, 5, 4, 38, 40, 37), "ASDFGHJKL"),
        ((6, 7, 8, 9, 11, 45, 46), "ZXCVBNM"),
    )
    for number, character in zip(numbers, row, strict=True)
}


def character_of(event: QKeyEvent) -> str:
    """What the key types, in upper case; empty for Return, dead keys and the like."""
    return chr(event.key()) if 0 < event.key() <= sys.maxunicode else ""


def key_at_position(event: QKeyEvent) -> Qt.Key | None:
    """The letter or digit of a US keyboard at the position of a key, None if what the key types is meant.

    A letter where the key types a letter of a script other than Latin: Latin layouts are used by what they
    type. A digit where the top row types something else without Shift.
    """
    character = character_of(event)
    if not character or event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
        return None
    meant = _at(event)
    if meant.isalpha():
        return Qt.Key(ord(meant)) if _is_foreign_letter(character) else None
    shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    return Qt.Key(ord(meant)) if meant and not shifted and character not in "0123456789" else None


def _at(event: QKeyEvent) -> str:
    if sys.platform == "darwin":
        return _APPLE.get(event.nativeVirtualKey(), "")
    number = event.nativeScanCode()
    return _PC.get(number if sys.platform == "win32" else number - _X11_OFFSET, "")


def _is_foreign_letter(character: str) -> bool:
    """Letters, and the vowel marks of some scripts."""
    return unicodedata.category(character)[0] in "LM" and "LATIN" not in unicodedata.name(character, "")
