"""Saved queries, and the history of queries of a project."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.domain.categories import NameIndex
from app.domain.errors import BadInputError, NotFoundError
from app.domain.finding import Queries, SavedQuery, find_saved, spaced
from app.domain.language import translate
from app.domain.query import parse, resolve, to_text
from app.domain.query.editing import renamed
from app.storage import categories, saved_queries, settings
from app.storage.database import Session

if TYPE_CHECKING:
    from app.services.project.project import Project

HISTORY_SETTING: Final = "query_history"
CATEGORIES_SETTING: Final = "saved_query_categories"
"""By number of a saved query: the number of each category that it names."""
MAX_HISTORY: Final = 50
MAX_NAME: Final = 80


def queries(project: "Project") -> Queries:
    with project.db.read() as s:
        return Queries(_by_name(s), _history(s))


def saved_query(project: "Project", name: str) -> SavedQuery:
    """Upper and lower case are the same. Raises NotFoundError, naming similar ones."""
    with project.db.read() as s:
        return _get(s, name)


def save_query(project: "Project", name: str, query: str, *, over: bool = False) -> SavedQuery:
    """Give a query a name. It follows its categories when these are renamed.

    Raises QueryError for a text that is no query or names no category, BadInputError for an empty query, a
    name that cannot be used, or one that is taken unless ``over``.
    """
    name, query = _checked_name(name), query.strip()
    asked = parse(query)
    if not query:
        raise BadInputError(translate("Query", "An empty query shows all images; there is nothing to save."))
    with project.db.write() as s:
        named = resolve(asked, categories.all_categories(s))
        known = _find(s, name)
        if known is not None and not over:
            raise _taken(known)
        if known is None:
            saved_queries.add(s, name, query)
        else:
            saved_queries.change(s, known.id, name, query)
        saved = _get(s, name)
        _note_categories(s, saved.id, named)
        return saved


def rename_query(project: "Project", name: str, new: str) -> SavedQuery:
    """Raises NotFoundError, and BadInputError for a name that cannot be used or is taken."""
    new = _checked_name(new)
    with project.db.write() as s:
        known, other = _get(s, name), _find(s, new)
        if other is not None and other.id != known.id:
            raise _taken(other)
        saved_queries.rename(s, known.id, new)
        return _get(s, new)


def delete_query(project: "Project", name: str) -> SavedQuery:
    """The query that was saved under this name. Raises NotFoundError."""
    with project.db.write() as s:
        known = _get(s, name)
        saved_queries.remove(s, known.id)
        _note_categories(s, known.id, {})
        return known


def note_query(project: "Project", query: str, before: str | None = None) -> None:
    """Put a query that was run first in the history, in place of ``before``.

    A project that is read-only keeps its history.
    """
    if not query.strip() or project.read_only is not None:
        return
    with project.db.write() as s:
        others = [one for one in _history(s) if one not in (query, before)]
        settings.set(s, HISTORY_SETTING, [query, *others][:MAX_HISTORY])


def _history(s: Session) -> list[str]:
    return [one for one in settings.get(s, HISTORY_SETTING, []) if isinstance(one, str)]


def _by_name(s: Session) -> list[SavedQuery]:
    return sorted(_all(s), key=lambda one: one.name.casefold())


def _all(s: Session) -> list[SavedQuery]:
    """With the names that their categories have now."""
    found, noted = saved_queries.all_saved(s), settings.get(s, CATEGORIES_SETTING, {})
    if not noted:
        return found
    known = categories.all_categories(s)
    index, names = NameIndex(known), {one.id: one.name for one in known}
    current = []
    for one in found:
        now = {}
        for name, number in noted.get(str(one.id), {}).items():
            meant = index.find(name)
            if number in names and (meant is None or meant.id != number):
                now[name] = names[number]
        current.append(replace(one, query=to_text(renamed(parse(one.query), now))) if now else one)
    return current


def _note_categories(s: Session, number: int, named: dict[str, int]) -> None:
    noted = settings.get(s, CATEGORIES_SETTING, {})
    others = {key: value for key, value in noted.items() if key != str(number)}
    settings.set(s, CATEGORIES_SETTING, others | ({str(number): named} if named else {}))


def _find(s: Session, name: str) -> SavedQuery | None:
    return find_saved(_all(s), name)


def _get(s: Session, name: str) -> SavedQuery:
    found = _find(s, name)
    if found is None:
        from rapidfuzz import process

        known = [one.name for one in _by_name(s)]
        near = [one for one, _, _ in process.extract(name, known, limit=3, score_cutoff=60)]
        words = (
            translate("Query", "There is no saved query {name}; similar names: {near}.")
            if near
            else translate("Query", "There is no saved query {name}.")
        )
        raise NotFoundError(words.format(name=repr(name), near=", ".join(map(repr, near))))
    return found


def _taken(by: SavedQuery) -> BadInputError:
    return BadInputError(
        translate("Query", "There is already a saved query {name}; choose another name.").format(
            name=repr(by.name)
        )
    )


def _checked_name(name: str) -> str:
    """With single spaces. Raises BadInputError."""
    text = spaced(name)
    if not text:
        raise BadInputError(translate("Query", "A saved query needs a name."))
    if len(text) > MAX_NAME:
        raise BadInputError(
            translate("Query", "The name of a saved query has at most {n} characters.").format(n=MAX_NAME)
        )
    if not text.isprintable():
        raise BadInputError(
            translate("Query", "The name of a saved query cannot contain control characters.")
        )
    return text
