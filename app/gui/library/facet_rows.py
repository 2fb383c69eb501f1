"""The filters of a project as rows, and what a click on one does to a query."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.categories import Band, NameIndex, bands_differ, name_key
from app.domain.errors import BadInputError
from app.domain.finding import FacetCounts, Queries
from app.domain.labels import LabelState, Source
from app.domain.query import Query, QueryError, parse, to_text
from app.domain.query.editing import Condition, conditions, either, folder_condition, toggled
from app.domain.query.nodes import Expr, FromSource, HasState, Is, Not, Property, Term
from app.gui.widgets.words import QT_TRANSLATE_NOOP
from app.jobs.values.session import ProjectInfo

words_of: Final = partial(QCoreApplication.translate, "Filters")


class Group(StrEnum):
    SAVED = QT_TRANSLATE_NOOP("Filters", "Saved queries")
    IMAGES = QT_TRANSLATE_NOOP("Filters", "Images")
    CATEGORIES = QT_TRANSLATE_NOOP("Filters", "Categories")
    FOLDERS = QT_TRANSLATE_NOOP("Filters", "Folders")
    SOURCES = QT_TRANSLATE_NOOP("Filters", "Labels by")


class Choice(Enum):
    """How a filter is chosen: alone, negated, unknown, or as an alternative."""

    WITH = "with"
    WITHOUT = "without"
    UNKNOWN = "unknown"
    OR = "or"


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One filter. ``count``: readable images; for a category those with a yes.

    ``key`` is equal for the same filter after a change. ``condition`` None: a saved query, in ``query``.
    """

    key: Hashable
    title: str
    condition: Term | None = None
    count: int | None = None
    band: Band | None = None
    query: str = ""
    parent: Hashable = None
    """The key of the row below which it is shown."""

    def matches(self, text: str) -> bool:
        """Whether the title contains a searched text."""
        return text.strip().casefold() in self.title.casefold()

    def asks(self, choice: Choice) -> Condition | None:
        """What an image must meet; None where the filter has no such choice."""
        if isinstance(self.condition, HasState):
            states = {Choice.WITHOUT: LabelState.NO, Choice.UNKNOWN: LabelState.UNKNOWN}
            return HasState(self.condition.name, states.get(choice, LabelState.YES))
        if self.condition is None or choice is Choice.UNKNOWN:
            return None
        return Not(self.condition) if choice is Choice.WITHOUT else self.condition


_PROPERTIES: Final = {
    Property.REVIEWED: QT_TRANSLATE_NOOP("Filters", "Reviewed"),
    Property.UNREVIEWED: QT_TRANSLATE_NOOP("Filters", "Not reviewed"),
    Property.OUTDATED: QT_TRANSLATE_NOOP("Filters", "Review outdated"),
    Property.LABELLED: QT_TRANSLATE_NOOP("Filters", "Labelled"),
    Property.UNLABELLED: QT_TRANSLATE_NOOP("Filters", "Not labelled"),
    Property.CHANGED: QT_TRANSLATE_NOOP("Filters", "Picture replaced"),
    Property.MISSING: QT_TRANSLATE_NOOP("Filters", "File missing"),
    Property.UNREADABLE: QT_TRANSLATE_NOOP("Filters", "Not readable"),
}
_ALWAYS: Final = (Property.REVIEWED, Property.UNREVIEWED, Property.LABELLED, Property.UNLABELLED)
_SOURCES: Final = {
    Source.HUMAN: QT_TRANSLATE_NOOP("Filters", "You, one by one"),
    Source.BULK: QT_TRANSLATE_NOOP("Filters", "You, in bulk"),
    Source.IMPORT: QT_TRANSLATE_NOOP("Filters", "Import"),
    Source.PROPAGATED: QT_TRANSLATE_NOOP("Filters", "Copied"),
}


def saved_rows(queries: Queries, counts: Mapping[str, int]) -> list[FacetRow]:
    """With the counts of those queries that were counted."""
    return [
        FacetRow(("saved", one.id), one.name, count=counts.get(one.query), query=one.query)
        for one in queries.saved
    ]


class CategoryRows:
    """Rows of the categories; those that did not change are the same objects as before."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], FacetRow] = {}

    def of(self, info: ProjectInfo) -> list[FacetRow]:
        """With the bands once they differ."""
        banded = info.counted and bands_differ(info.categories)
        before, self._made = self._made, {}
        for one in info.categories:
            count, band = one.yes if info.counted else None, one.band if banded else None
            facts = one.id, one.name, count, band
            known = before.get(facts)
            self._made[facts] = known or FacetRow(
                (HasState, one.id), one.name, HasState(one.name, LabelState.YES), count, band
            )
        return list(self._made.values())


def image_rows(counts: FacetCounts | None) -> list[FacetRow]:
    """States that no image is in are left out, except the usual ones; None: not counted yet."""
    known = {} if counts is None else counts.properties
    return [
        FacetRow(Is(word), words_of(title), Is(word), known.get(word))
        for word, title in _PROPERTIES.items()
        if word in _ALWAYS or known.get(word)
    ]


def source_rows(counts: FacetCounts) -> list[FacetRow]:
    return [
        FacetRow(FromSource(source), words_of(title), FromSource(source), counts.sources[source])
        for source, title in _SOURCES.items()
        if counts.sources[source]
    ]


def folder_rows(counts: FacetCounts) -> list[FacetRow]:
    """Parents before their subfolders."""
    rows = []
    for folder, count in counts.folders.items():
        above, _, name = folder.rpartition("/")
        condition = folder_condition(folder)
        rows.append(
            FacetRow(condition, name, condition, count, parent=folder_condition(above) if above else None)
        )
    return rows


def same_category(info: ProjectInfo | None) -> Callable[[str], Hashable]:
    """Names and aliases of one category have one key, its number."""
    index = NameIndex(() if info is None else info.categories)

    def key(name: str) -> Hashable:
        try:
            found = index.find(name)
        except BadInputError:
            return name
        return name_key(name) if found is None else found.id

    return key


def marks_of(query: Query, same: Callable[[str], Hashable]) -> dict[Hashable, Choice]:
    """The rows that are in the query, by key, and how."""
    found: dict[Hashable, Choice] = {}
    for one in conditions(query):
        positive: Expr = one.operand if isinstance(one, Not) else one
        choice = Choice.WITHOUT if isinstance(one, Not) else Choice.WITH
        key: Hashable = positive
        if isinstance(positive, HasState):
            key = (HasState, same(positive.name))
            if not isinstance(one, Not) and positive.state is not LabelState.YES:
                choice = Choice.WITHOUT if positive.state is LabelState.NO else Choice.UNKNOWN
        found[key] = choice
    return found


def edited(text: str, row: FacetRow, choice: Choice, same: Callable[[str], Hashable]) -> str | None:
    """The query after a click on a row; None where the click means nothing.

    A text that is no query counts as empty.
    """
    if row.condition is None:
        return row.query if choice is Choice.WITH else None
    condition = row.asks(choice)
    if condition is None:
        return None
    change = either if choice is Choice.OR else toggled
    return to_text(change(parsed(text), condition, same))


def parsed(text: str) -> Query:
    """An empty query for a text that is none."""
    try:
        return parse(text)
    except QueryError:
        return Query()


def matching(rows: Sequence[FacetRow], text: str) -> set[Hashable]:
    """The keys of the rows whose title contains the text, and of those above them."""
    above = {row.key: row.parent for row in rows}
    found: set[Hashable] = set()
    for row in rows:
        if row.matches(text):
            key: Hashable = row.key
            while key is not None and key not in found:
                found.add(key)
                key = above.get(key)
    return found
