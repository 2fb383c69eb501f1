"""The images that a query selects, as a list for the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.images import Image, ImageState
from app.domain.query import needs_scores, parse
from app.services.features.indexing import NotIndexedError
from app.services.project.project import Project
from app.services.query.find import run_query
from app.services.runner.runner import Runner
from app.storage import changed_images, images, pictures

if TYPE_CHECKING:
    from app.services.suggestions.suggestions import LiveSuggestions


@dataclass(frozen=True, slots=True)
class ListedImage:
    """``changed``: the picture was replaced after labelling. ``note``: what is odd about a usable file."""

    image: Image
    changed: bool
    note: str | None = None


def listed(project: Project, query: str, make_runner: Callable[[], Runner]) -> list[ListedImage]:
    """The images in the order of the query; suggestions are loaded only if the query needs them.

    Raises as :func:`app.services.query.find.run_query`.
    """
    live = _suggestions(project, make_runner) if needs_scores(parse(query)) else None
    ids = run_query(project, query, live)
    with project.db.read() as s:
        found, changed = images.get_many(s, ids), changed_images.changed_ids(s)
        known = pictures.get_many(s, [one.content_hash for one in found.values()])
    notes = {one.content_hash: one.note for one in known.values()}
    return [ListedImage(found[number], number in changed, _note(found[number], notes)) for number in ids]


def _note(image: Image, notes: Mapping[str, str | None]) -> str | None:
    usable = image.state is ImageState.OK and image.content_hash is not None
    return notes.get(image.content_hash or "") if usable else None


def _suggestions(project: Project, make_runner: Callable[[], Runner]) -> "LiveSuggestions | None":
    from app.services.suggestions.suggestions import LiveSuggestions

    try:
        return LiveSuggestions.load(project, make_runner())
    except NotIndexedError:  # the query reports itself which scores are missing
        return None
