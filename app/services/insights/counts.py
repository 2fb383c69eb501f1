"""Label counts, and which categories occur together."""

from collections.abc import Generator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.insights import MOST_TOGETHER, CategoryCount, LabelCounts, Together
from app.services.project.project import Project
from app.services.query.context import QueryContext
from app.storage import decision_log

_COLUMNS: Final = 8_192


def label_counts(project: Project, context: QueryContext) -> LabelCounts:
    """The counts of all categories that are not archived, over images in any state."""
    with project.db.read() as s:
        given = decision_log.given_no(s)
    rows = [
        CategoryCount(one.id, one.name, context.cuts.band(yes), yes, *_no(no, given.get(one.id, 0)))
        for one, (no, yes) in zip(context.categories, context.counts.tolist(), strict=True)
    ]
    rows.sort(key=lambda row: (-row.yes, row.name.casefold()))
    return LabelCounts(rows, len(context.images))


def _no(whole: int, given: int) -> tuple[int, int]:
    """No that somebody gave, and no that a review implies."""
    given = min(whole, given)
    return given, whole - given


def together(context: QueryContext, most: int = MOST_TOGETHER) -> Generator[None, None, Together]:
    """How often the ``most`` most frequent categories occur on the same images, in pieces."""
    yes = context.counts[:, 1]
    names = [one.name for one in context.categories]
    order = sorted(np.flatnonzero(yes).tolist(), key=lambda at: (-yes[at], names[at].casefold()))
    chosen = np.array(order[:most], np.intp)
    counts = np.zeros((len(chosen), len(chosen)))
    images = len(context.images)
    labels = context.labels
    for start in range(0, images, _COLUMNS):
        part = (labels[chosen, start : start + _COLUMNS] == 1).astype(np.float32)
        counts += part @ part.T
        yield
    whole = counts.astype(np.int64)
    shown = [names[at] for at in chosen]
    return Together(shown, whole.tolist(), clustered(whole), len(names))


def clustered(counts: NDArray[np.int64]) -> list[int]:
    """The places of C categories, those that share many of their images beside each other.

    Average linkage over the Jaccard distances of ``counts`` [C, C], leaves in their best order.
    """
    if len(counts) < 3:
        return list(range(len(counts)))
    from scipy.cluster.hierarchy import leaves_list, linkage  # type: ignore[import-untyped]
    from scipy.spatial.distance import squareform  # type: ignore[import-untyped]

    own = np.diag(counts)
    either = own[:, None] + own[None, :] - counts
    distance = 1 - counts / np.maximum(either, 1)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return [int(leaf) for leaf in leaves_list(tree)]
