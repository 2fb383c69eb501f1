"""Any insight by its name: computed in pieces, and as a table."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from app.domain import insights
from app.domain.insights import (
    MOST_TOGETHER,
    Agreement,
    ImageMap,
    Insight,
    LabelCounts,
    MapMethod,
    Pace,
    Quality,
    Reliability,
    Table,
    Together,
)
from app.services.insights import counts, image_map, pace, suggestions
from app.services.insights.decision_log import DecisionLog
from app.services.project.project import Project
from app.services.query.context import QueryContext

if TYPE_CHECKING:
    from app.services.suggestions.suggestions import LiveSuggestions

Value = LabelCounts | Together | Quality | Reliability | Agreement | Pace | ImageMap
Work = Generator[None, None, Value]
"""Yields between two pieces, and returns the value."""
T = TypeVar("T")


@dataclass
class Sources:
    """What insights are computed from. ``live`` returns the suggestions, or raises what there is to say."""

    project: Project
    context: QueryContext
    live: "Callable[[], LiveSuggestions]"
    log: DecisionLog = field(default_factory=DecisionLog)


def work_of(
    sources: Sources, wanted: Insight, *, most: int = MOST_TOGETHER, method: MapMethod = MapMethod.PCA
) -> Work:
    """The work for one insight; ``most`` and ``method`` as in counts.together and image_map."""
    context = sources.context
    by_name: dict[Insight, Callable[[], Work]] = {
        Insight.COUNTS: lambda: _at_once(lambda: counts.label_counts(sources.project, context)),
        Insight.TOGETHER: lambda: counts.together(context, most),
        Insight.QUALITY: lambda: suggestions.quality(context, sources.live()),
        Insight.RELIABILITY: lambda: _of_log(sources, suggestions.reliability),
        Insight.AGREEMENT: lambda: _of_log(sources, suggestions.agreement),
        Insight.DAYS: lambda: _of_log(sources, pace.pace),
        Insight.SESSIONS: lambda: _of_log(sources, pace.pace),
        Insight.MAP: lambda: _map(sources, method),
    }
    return by_name[wanted]()


def table_of(sources: Sources, wanted: Insight, value: Value) -> Table:
    """The numbers behind the plot of ``value``."""
    if isinstance(value, ImageMap):
        return image_map.map_table(sources.context, value)
    return insights.table_of(wanted, value)


def finish(work: Generator[None, None, T]) -> T:
    """Do all pieces, and return the value."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            value: T = end.value
            return value


def _at_once(compute: Callable[[], Value]) -> Work:
    yield
    return compute()


def _of_log(sources: Sources, compute: Callable[[DecisionLog], Value]) -> Work:
    yield from sources.log.catch_up(sources.project)
    return compute(sources.log)


def _map(sources: Sources, method: MapMethod) -> Work:
    live = sources.live()
    if method is MapMethod.PCA:
        return (yield from image_map.by_components(live))
    yield
    kept = image_map.kept_map(sources.project, live.image_ids)
    if kept is not None:
        return kept
    nothing = np.empty(0, np.int64)
    return ImageMap(method, nothing, np.empty((0, 2), np.float32), len(live.image_ids))
