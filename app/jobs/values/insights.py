"""What the Insights place asks for."""

from dataclasses import dataclass

from app.domain.insights import ColourBy, Insight, MapMethod

DEFAULT_MOST = 40


@dataclass(frozen=True, slots=True)
class InsightRequest:
    """``most``: categories in a matrix of those that occur together; ``method`` of a map."""

    insight: Insight
    most: int = DEFAULT_MOST
    method: MapMethod = MapMethod.PCA


@dataclass(frozen=True, slots=True)
class ColourRequest:
    """What colours the images of the map made by ``method``."""

    by: ColourBy
    category_id: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """The result of one piece of work: the share that is done, and the value once all is."""

    share: float
    value: object = None

    @property
    def done(self) -> bool:
        return self.value is not None
