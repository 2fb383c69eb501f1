"""What the Insights place asks for."""

from dataclasses import dataclass

from app.domain.insights import MOST_TOGETHER, ColourBy, Insight, MapMethod


@dataclass(frozen=True, slots=True)
class InsightRequest:
    """``most``: categories in a matrix of those that occur together; ``method`` of a map."""

    insight: Insight
    most: int = MOST_TOGETHER
    method: MapMethod = MapMethod.PCA


@dataclass(frozen=True, slots=True)
class ColourRequest:
    """What colours the images of a map; ``category_id`` for its labels or its score."""

    by: ColourBy
    category_id: int | None = None
