"""Texts and numbers in the language of the window. Without :func:`install`, English: so is the command line.

Texts are marked with literals, ``translate("Context", "Text with {names}.")``, where lupdate finds them;
values are filled in after the translation. What is kept in a database or comes from the worker is English and
is translated when it is shown, by :func:`shown`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

Translator = Callable[[str, str], str]
"""From a context and an English text to the text in the language of the window."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How numbers are written. ``space`` separates a number from its unit."""

    group: str = ","
    point: str = "."
    space: str = " "


ENGLISH: Final = Numbers()
_TYPED: Final = frozenset({"name", "names", "new"})
"""Placeholders for what a person typed, which is never translated."""
_NUMBER: Final = re.compile(r"\d{1,3}(,\d{3})+")


class _Language:
    def __init__(self) -> None:
        self.translator: Translator | None = None
        self.numbers = ENGLISH


_language: Final = _Language()


def install(translator: Translator | None, numbers: Numbers = ENGLISH) -> None:
    """From now on texts and numbers are in this language; None goes back to English."""
    _language.translator, _language.numbers = translator, numbers


def translate(context: str, text: str) -> str:
    """A text that is marked here, in the language of the window."""
    return _language.translator(context, text) if _language.translator else text


def translated(context: str, text: str) -> str:
    """A text that is marked elsewhere, with QT_TRANSLATE_NOOP, in the language of the window."""
    return _language.translator(context, text) if _language.translator else text


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text for lupdate, which looks for this name."""
    return text


def number(value: float, places: int = 0, *, sign: bool = False) -> str:
    """``1,204`` or, with two ``places``, ``1,204.50``; with ``sign`` also a plus."""
    words = f"{value:+,.{places}f}" if sign else f"{value:,.{places}f}"
    style = _language.numbers
    if style is ENGLISH:
        return words
    return words.translate({ord(","): style.group, ord("."): style.point})


def significant(value: float, digits: int = 3) -> str:
    """``12.5``: with ``digits`` significant digits, without a group separator."""
    return f"{value:.{digits}g}".replace(".", _language.numbers.point)


def percent(share: float, places: int = 0) -> str:
    """``63 %`` of a share in [0, 1]."""
    return f"{number(100 * share, places)}{_language.numbers.space}%"


def shown(text: str, templates: Sequence[tuple[str, str]]) -> str:
    """An English sentence that was made from one of ``templates``, (context, text), in the window's language.

    Unchanged if it fits none. Values in it are translated in the same way, except names.
    """
    if _language.translator is None:
        return text
    if _NUMBER.fullmatch(text):
        return number(int(text.replace(",", "")))
    for context, template in templates:
        found = _pattern(template).fullmatch(text)
        if found:
            values = {
                name: value if name in _TYPED else shown(value, templates)
                for name, value in found.groupdict().items()
            }
            return translated(context, template).format(**values)
    return text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    words = [f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)]
    return re.compile("".join(words), re.DOTALL)
