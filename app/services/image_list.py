"""The images that a query selects, with what is the matter with each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.images import Image
from app.domain.query import Query, parse
from app.domain.query.nodes import InBand, Score, SortBy, SortByScore, SortKey, Suggested, Unsure
from app.domain.query.resolve import terms
from app.services.indexing import NotIndexedError
from app.services.project import Project
from app.services.query import run_query
from app.services.runner import Runner
from app.storage import changed_images, images

if TYPE_CHECKING:
    from app.services.suggestions import LiveSuggestions


@dataclass(frozen=True, slots=True)
class ListedImage:
    """``changed``: the picture was replaced since the image was labelled."""

    image: Image
    changed: bool


def listed(project: Project, query: str, make_runner: Callable[[], Runner]) -> list[ListedImage]:
    """The images in the order of the query; the suggestions are loaded only where the query asks for them.

    Raises as :func:`app.services.query.run_query`.
    """
    live = _suggestions(project, make_runner) if _asks_for_scores(parse(query)) else None
    ids = run_query(project, query, live)
    with project.db.read() as s:
        found, changed = images.get_many(s, ids), changed_images.changed_ids(s)
    return [ListedImage(found[number], number in changed) for number in ids]


def _asks_for_scores(query: Query) -> bool:
    by_score = isinstance(query.order, SortByScore) or query.order == SortBy(SortKey.UNSURE)
    asked = () if query.expr is None else terms(query.expr)
    return by_score or any(isinstance(term, Suggested | Unsure | Score | InBand) for term in asked)


def _suggestions(project: Project, make_runner: Callable[[], Runner]) -> "LiveSuggestions | None":
    from app.services.suggestions import LiveSuggestions

    try:
        return LiveSuggestions.load(project, make_runner())
    except NotIndexedError:  # the query says itself what it lacks
        return None
