"""Completion at the cursor of a query bar."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.language import translated
from app.domain.query.words import (
    FIELDS,
    MODIFIERS,
    NAME_FIELDS,
    OPERATORS,
    SORT_SCORE,
    SORT_WORDS,
    WORD_FIELDS,
    split_field,
    written,
)

_TOKEN = re.compile(r'[()]|-(?=["(])|(?:[^\s()"]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+', re.DOTALL)


_USUAL = {"decided": ("1d", "7d", "30d", "365d"), "limit": ("10", "100", "1000")}
"""Offered for fields that take a number."""


class CandidateKind(StrEnum):
    CATEGORY = "category"
    WORD = "word"
    FIELD = "field"
    MODIFIER = "modifier"
    OPERATOR = "operator"
    SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Candidate:
    """``replacement`` replaces ``text[start:end]`` of the completed text."""

    kind: CandidateKind
    label: str
    replacement: str
    start: int
    end: int
    description: str = ""

    def apply(self, text: str) -> tuple[str, int]:
        """The completed text and the new cursor."""
        return text[: self.start] + self.replacement + text[self.end :], self.start + len(self.replacement)


def complete(
    text: str,
    cursor: int,
    names: Sequence[str],
    limit: int = 12,
    *,
    values: Mapping[str, Sequence[str]] = MappingProxyType({}),
    saved: Sequence[tuple[str, str]] = (),
) -> list[Candidate]:
    """The most likely completions at the cursor, best first; never raises for a wrong or unfinished text.

    ``names`` are the categories (and aliases), in order of preference among equal matches; ``values`` are for
    fields that take any text, such as path. ``saved``: names and texts of queries that replace a text which
    is the beginning of their name.
    """
    cursor = max(0, min(cursor, len(text)))
    start, end = _around(text, cursor)
    while start < cursor and text[start] == "-":
        start += 1
    field, length = split_field(text[start:cursor])
    typed = text[start + length : cursor]
    inside_field = not field and split_field(text[start:end])[1]
    if inside_field:
        found, end = list(_fields(typed)), start + inside_field
    else:
        found = list(_values(field, typed, names, values) if field else _anything(typed, names))
    whole = [
        Candidate(CandidateKind.SAVED, name, query, 0, len(text), query)
        for name, query in saved
        if text.strip() and name.casefold().startswith(text.strip().casefold())
    ]
    ends = [
        Candidate(kind, label, replacement, start + length, end, description)
        for kind, label, replacement, description in found
    ]
    return [*whole, *ends][:limit]


_Found = tuple[CandidateKind, str, str, str]


def _around(text: str, cursor: int) -> tuple[int, int]:
    """The token in which, or directly after which, the cursor is; an unclosed quote ends at the cursor."""
    for match in _TOKEN.finditer(text):
        if match.group() in {"(", ")"}:
            continue
        if match.start() < cursor <= match.end():
            closed = _unquoted(text[match.start() : cursor])[1]
            return match.start(), match.end() if closed or text[match.end() - 1] == '"' else cursor
    return cursor, cursor


def _values(
    field: str, typed: str, names: Sequence[str], values: Mapping[str, Sequence[str]]
) -> Iterator[_Found]:
    if field in NAME_FIELDS or field == SORT_SCORE:
        if field == "score":
            yield from _comparisons(_unquoted(typed)[0], names)
        yield from _categories(typed, names)
    elif field == "sort":
        for word in _matching(typed, SORT_WORDS):
            yield CandidateKind.WORD, word, word.removesuffix("NAME"), ""
    elif field in WORD_FIELDS or field in _USUAL:
        for word in _matching(typed, WORD_FIELDS.get(field, _USUAL.get(field, ()))):
            yield CandidateKind.WORD, word, word, ""
    else:
        for word in _matching(_unquoted(typed)[0], values.get(field, ())):
            yield CandidateKind.WORD, word, written(word), ""


def _anything(typed: str, names: Sequence[str]) -> Iterator[_Found]:
    if typed and not typed.startswith('"'):
        for word in (word for word in OPERATORS if word.startswith(typed)):
            yield CandidateKind.OPERATOR, word, word, ""
    if typed:
        yield from _categories(typed, names)
    if not typed.startswith('"'):
        yield from _fields(typed)
    if not typed:
        yield from _categories(typed, names)


def _fields(typed: str) -> Iterator[_Found]:
    for field, description in FIELDS.items():
        if field.startswith(typed.lower()):
            kind = CandidateKind.MODIFIER if field in MODIFIERS else CandidateKind.FIELD
            yield kind, f"{field}:", f"{field}:", translated("Query", description)


def _comparisons(typed: str, names: Iterable[str]) -> Iterator[_Found]:
    """Behind a whole name."""
    wanted = typed.casefold()
    for name in (one for one in names if one.casefold() == wanted):
        for comparison in (">=0.5", "<0.5"):
            yield CandidateKind.WORD, f"{name}{comparison}", f"{written(name)}{comparison}", ""


def _categories(typed: str, names: Iterable[str]) -> Iterator[_Found]:
    for name in _matching(_unquoted(typed)[0], names):
        yield CandidateKind.CATEGORY, name, written(name), ""


def _matching(typed: str, choices: Iterable[str]) -> list[str]:
    """Choices that start with the typed text, then those with a word that does, then others with it."""
    wanted = typed.casefold()
    ranked: tuple[list[str], list[str], list[str]] = ([], [], [])
    for choice in choices:
        folded = choice.casefold()
        at = folded.find(wanted)
        if at == 0:
            ranked[0].append(choice)
        elif at > 0:
            ranked[2 if re.search(rf"(?<!\w){re.escape(wanted)}", folded) is None else 1].append(choice)
    return [choice for group in ranked for choice in group]


def _unquoted(typed: str) -> tuple[str, bool]:
    """The text in the quotes so far, and whether no quote is open."""
    at = typed.find('"')
    if at < 0:
        return typed, True
    value, i = "", at + 1
    while i < len(typed) and typed[i] != '"':
        i += 1 if typed[i] == "\\" else 0
        value += typed[i : i + 1]
        i += 1
    return value, i < len(typed)
