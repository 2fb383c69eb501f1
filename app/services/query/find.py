"""Find images by a query. The language is described in docs/query.md."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.changes import ChangeSet
from app.domain.labels import LabelState
from app.domain.query import parse
from app.domain.query.nodes import Expr, Is, PathLike, Property, SortBy, SortByScore, SortKey
from app.domain.query.resolve import terms
from app.services.features.indexing import embeddings
from app.services.labelling.decisions import label_states, newer_categories, states_of
from app.services.project.project import Project
from app.services.query.context import Embeddings, QueryContext, ScoreSource
from app.services.query.evaluation import evaluate
from app.services.query.image_table import ImageTable
from app.storage import categories, changed_images, images
from app.storage.decisions import DecisionColumns, decision_columns
from app.storage.image_columns import FileColumns, file_columns, image_columns, review_columns

_FILE_PROPERTIES = frozenset({Property.UNREADABLE, Property.MISSING, Property.DUPLICATE})

REFRESH_AT_MOST = 500
"""After a change of more images than this, everything is read again."""


def run_query(project: Project, text: str, suggestions: ScoreSource | None = None) -> list[int]:
    """The ids of the images that the query selects, in its order.

    Raises QueryError for a wrong query or an unknown category, MissingScoresError if it needs scores or
    embeddings that do not exist, NotFoundError for an unknown image in similar:.
    """
    parse(text)  # a wrong query fails before anything is read
    return select(build_context(project, suggestions), text)


def select(context: QueryContext, text: str, now: float | None = None) -> list[int]:
    """As :func:`run_query`, with a context. ``now`` is in seconds since the epoch."""
    return evaluate(context, parse(text), time.time() if now is None else now)


def reselect(context: QueryContext, text: str, shown: Sequence[int]) -> list[int] | None:
    """What the query selects after labelling, for a person who sees ``shown``; None if nothing changes.

    An order by score or decision changes with every label. So ``shown`` keeps its order and new images follow
    at the end: the next image is never one that the person has already passed. Always None if the query
    depends only on files (paths, file states, duplicates). Raises as :func:`select`.
    """
    query = parse(text)
    if query.expr is None or all(_depends_on_files(term) for term in terms(query.expr)):
        return None
    found = select(context, text)
    by_labels = query.order in (SortBy(SortKey.UNSURE), SortBy(SortKey.DECIDED))
    if by_labels or isinstance(query.order, SortByScore):
        fitting, before = set(found), set(shown)
        found = [one for one in shown if one in fitting] + [one for one in found if one not in before]
    return None if found == shown else found


def _depends_on_files(term: Expr) -> bool:
    return isinstance(term, PathLike) or (isinstance(term, Is) and term.word in _FILE_PROPERTIES)


def build_context(project: Project, suggestions: ScoreSource | None = None) -> QueryContext:
    """The data that queries are answered from, valid until the project changes; see :func:`refresh`.

    Reads only images and categories, so that a first list can be shown soon; the rest is read when needed.
    """
    with project.db.read() as s:
        known = categories.all_categories(s)
        columns = image_columns(s)

    def read_files() -> FileColumns:
        with project.db.read() as s:
            return file_columns(s)

    table = ImageTable(columns.ids, columns.paths, columns.states, read_files, columns.names)
    return _context(project, table, known, columns.reviewed_batches > 0, suggestions)


def refresh(project: Project, context: QueryContext, change: ChangeSet) -> QueryContext:
    """The context after a change: the same one with updated arrays if possible, else a new one.

    A new one keeps the images and their order unless images were added or removed.
    """
    touched = sorted({one.image_id for one in change.labels} | {one.image_id for one in change.reviews})
    places = context.positions(touched)
    if change.images or (places < 0).any():
        return build_context(project, context.suggestions)
    if change.categories or len(touched) > REFRESH_AT_MOST:
        return _renewed(project, context)
    if touched:
        context.forget_changed()
        now = states_of(project, touched)
        context.reviewed[places] = now.reviewed
        if context.has_labels:
            context.set_labels(places, _aligned(context.categories, now.category_ids, now.states))
        if context.has_newer:
            context.newer[places] = now.newer
        if context.has_decisions:
            with project.db.read() as s:
                context.set_decisions(places, decision_columns(s, touched))
    return context


def _renewed(project: Project, context: QueryContext) -> QueryContext:
    with project.db.read() as s:
        known = categories.all_categories(s)
        reviews = review_columns(s)
    reviewed = np.zeros(len(context.images), np.bool_)
    at = context.positions(reviews.image_ids)
    reviewed[at[at >= 0]] = reviews.reviewed_batches[at >= 0] > 0
    return _context(project, context.images, known, reviewed, context.suggestions)


def _context(
    project: Project,
    table: ImageTable,
    known: Sequence[Category],
    reviewed: NDArray[np.bool_],
    suggestions: ScoreSource | None,
) -> QueryContext:
    def find_image(reference: str) -> int:
        with project.db.read() as s:
            return images.find(s, reference).id

    def rows() -> Embeddings:
        return embeddings(project)

    def read_labels(table: ImageTable, known: Sequence[Category]) -> NDArray[np.int8]:
        found = label_states(project)
        states = _aligned(known, found.category_ids, found.matrix().T)
        at = table.positions(found.image_ids)
        if np.array_equal(at, np.arange(len(table))):
            return states
        aligned = np.full((len(known), len(table)), LabelState.UNKNOWN.target, np.int8)
        aligned[:, at[at >= 0]] = states[:, at >= 0]
        return aligned

    def read_decisions() -> DecisionColumns:
        with project.db.read() as s:
            return decision_columns(s)

    def read_changed() -> set[int]:
        with project.db.read() as s:
            return changed_images.changed_ids(s)

    def read_newer(labels: NDArray[np.int8]) -> NDArray[np.int64]:
        found = newer_categories(project, [one.id for one in known], labels)
        newer = np.zeros(len(table), np.int64)
        at = table.positions(list(found))
        newer[at[at >= 0]] = np.fromiter(found.values(), np.int64, len(found))[at >= 0]
        return newer

    return QueryContext(
        images=table,
        categories=known,
        reviewed=reviewed,
        read_labels=read_labels,
        read_decisions=read_decisions,
        read_changed=read_changed,
        read_newer=read_newer,
        cuts=project.cuts,
        suggestions=suggestions,
        find_image=find_image,
        embeddings=rows,
    )


def _aligned(
    known: Sequence[Category], category_ids: Sequence[int], states: NDArray[np.int8]
) -> NDArray[np.int8]:
    """States [C,R] in the order of the context's categories; unknown for categories added since."""
    wanted = [one.id for one in known]
    if wanted == list(category_ids):
        return states
    aligned = np.full((len(wanted), states.shape[1]), LabelState.UNKNOWN.target, np.int8)
    place = {category_id: row for row, category_id in enumerate(category_ids)}
    for row, category_id in enumerate(wanted):
        if category_id in place:
            aligned[row] = states[place[category_id]]
    return aligned
