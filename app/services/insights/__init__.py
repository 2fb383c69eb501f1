"""What a project's labels and suggestions look like as a whole: counts, quality, pace, the map."""

from app.services.insights.statistics import (
    CategoryStats,
    Evidence,
    ImageStats,
    Stats,
    cached_suggestions,
    stats,
)

__all__ = ["CategoryStats", "Evidence", "ImageStats", "Stats", "cached_suggestions", "stats"]
