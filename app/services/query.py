"""Find images by a query. The language is described in docs/query.md."""

import time

import numpy as np

from app.domain.changes import ChangeSet
from app.domain.labels import LabelState
from app.domain.query import parse
from app.services.indexing import embeddings
from app.services.labelling import image_states, label_states
from app.services.project import Project
from app.services.query_context import Embeddings, QueryContext, ScoreSource, make_context
from app.services.query_evaluation import evaluate
from app.storage import categories, decisions, images

REFRESH_AT_MOST = 500
"""A change of more images than this is read anew as a whole."""


def run_query(project: Project, text: str, suggestions: ScoreSource | None = None) -> list[int]:
    """The ids of the images that the query selects, in its order.

    Raises QueryError for a text that is no query or names no category, MissingScoresError where it needs
    scores or embeddings that do not exist, NotFoundError for an unknown image in similar:.
    """
    parse(text)  # a wrong query fails before anything is read
    return select(build_context(project, suggestions), text)


def select(context: QueryContext, text: str, now: float | None = None) -> list[int]:
    """As :func:`run_query`, from a context. ``now`` is in seconds since the epoch."""
    return evaluate(context, parse(text), time.time() if now is None else now)


def build_context(project: Project, suggestions: ScoreSource | None = None) -> QueryContext:
    """Read all that queries are answered from. It is true until the project changes: see :func:`refresh`."""

    def find_image(reference: str) -> int:
        with project.db.read() as s:
            return images.find(s, reference).id

    def rows() -> Embeddings:
        return embeddings(project)

    table = label_states(project)
    with project.db.read() as s:
        known = categories.all_categories(s)
        present = images.all_images(s)
        context = make_context(
            present,
            known,
            np.full((len(present), len(known)), LabelState.UNKNOWN.target, np.int8),
            decisions.summaries(s),
            cuts=project.cuts,
            suggestions=suggestions,
            find_image=find_image,
            embeddings=rows,
        )
    # The table may be older than what was read after it; what it does not know stays unknown.
    at = context.positions(table.image_ids)
    for category_id, states in zip(table.category_ids, table.matrix().T, strict=True):
        if category_id in context.rows:
            context.labels_of(category_id)[at[at >= 0]] = states[at >= 0]
    return context


def refresh(project: Project, context: QueryContext, change: ChangeSet) -> QueryContext:
    """The context after a change: the same one, its arrays updated, where that is enough; else a new one."""
    touched = sorted({one.image_id for one in change.labels} | {one.image_id for one in change.reviews})
    places = context.positions(touched)
    if change.categories or change.images or len(touched) > REFRESH_AT_MOST or (places < 0).any():
        return build_context(project, context.suggestions)
    with project.db.read() as s:
        summaries = decisions.summaries(s, touched)
        now = images.get_many(s, touched)
    unknown = LabelState.UNKNOWN
    for image_id, at in zip(touched, places.tolist(), strict=True):
        states = image_states(project, image_id)
        context.labels[:, at] = [states.get(c.id, unknown).target for c in context.categories]
        context.reviewed[at] = now[image_id].reviewed_at is not None
    context.forget_decisions(places)
    context.note_decisions(summaries)
    return context
