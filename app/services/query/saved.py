"""Saved queries, and the history of queries of a project."""

from typing import TYPE_CHECKING, Final

from app.domain.errors import BadInputError, NotFoundError
from app.domain.finding import Queries, SavedQuery
from app.domain.query import parse
from app.storage import saved_queries, settings
from app.storage.database import Session

if TYPE_CHECKING:
    from app.services.project.project import Project

HISTORY_SETTING: Final = "query_history"
MAX_HISTORY: Final = 50
MAX_NAME: Final = 80


def queries(project: "Project") -> Queries:
    with project.db.read() as s:
        return Queries(_by_name(s), _history(s))


def saved_query(project: "Project", name: str) -> SavedQuery:
    """Upper and lower case are the same. Raises NotFoundError, naming similar ones."""
    with project.db.read() as s:
        return _get(s, name)


def save_query(project: "Project", name: str, query: str, *, replace: bool = False) -> SavedQuery:
    """Give a query a name.

    Raises QueryError for a text that is no query, BadInputError for an empty query, a name that cannot be
    used, or one that is taken unless ``replace``.
    """
    name, query = _checked_name(name), query.strip()
    parse(query)
    if not query:
        raise BadInputError("An empty query shows all images; there is nothing to save.")
    with project.db.write() as s:
        known = _find(s, name)
        if known is not None and not replace:
            raise BadInputError(f"There is already a saved query {known.name!r}; choose another name.")
        if known is None:
            saved_queries.add(s, name, query)
        else:
            saved_queries.change(s, known.id, name, query)
        return _get(s, name)


def rename_query(project: "Project", name: str, new: str) -> SavedQuery:
    """Raises NotFoundError, and BadInputError for a name that cannot be used or is taken."""
    new = _checked_name(new)
    with project.db.write() as s:
        known, other = _get(s, name), _find(s, new)
        if other is not None and other.id != known.id:
            raise BadInputError(f"There is already a saved query {other.name!r}; choose another name.")
        saved_queries.change(s, known.id, new, known.query)
        return _get(s, new)


def delete_query(project: "Project", name: str) -> SavedQuery:
    """The query that was saved under this name. Raises NotFoundError."""
    with project.db.write() as s:
        known = _get(s, name)
        saved_queries.remove(s, known.id)
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
    return sorted(saved_queries.all_saved(s), key=lambda one: one.name.casefold())


def _find(s: Session, name: str) -> SavedQuery | None:
    wanted = " ".join(name.split()).casefold()
    return next((one for one in saved_queries.all_saved(s) if one.name.casefold() == wanted), None)


def _get(s: Session, name: str) -> SavedQuery:
    found = _find(s, name)
    if found is None:
        from rapidfuzz import process

        known = [one.name for one in _by_name(s)]
        near = [one for one, _, _ in process.extract(name, known, limit=3, score_cutoff=60)]
        hint = f"; near it: {', '.join(map(repr, near))}" if near else ""
        raise NotFoundError(f"There is no saved query {name!r}{hint}.")
    return found


def _checked_name(name: str) -> str:
    """With single spaces. Raises BadInputError."""
    text = " ".join(name.split())
    if not text:
        raise BadInputError("A saved query needs a name.")
    if len(text) > MAX_NAME:
        raise BadInputError(f"The name of a saved query has at most {MAX_NAME} characters.")
    if not text.isprintable():
        raise BadInputError("The name of a saved query cannot contain control characters.")
    return text
