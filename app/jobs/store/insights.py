"""The Insights place's operations on the open project, for the storage thread, in short pieces."""

import time
from pathlib import Path
from typing import Any, Final

from app.domain.insights import ImageMap, MapColours, Table
from app.jobs.store.project_state import ProjectState
from app.jobs.values.insights import ColourRequest, InsightRequest
from app.services.insights import files, image_map
from app.services.insights.decision_log import DecisionLog
from app.services.insights.work import Sources, Value, Work, work_of

SLICE_SECONDS: Final = 0.03
"""The longest that a decision waits for a piece."""


class InsightsStore:
    """Belongs to the storage thread. One plot is computed at a time; another request ends the one before."""

    def __init__(self, state: ProjectState) -> None:
        self._state = state
        self._log = DecisionLog()
        self._work: Work | None = None

    def begin(self, request: InsightRequest) -> Value | None:
        """Do the first piece of a plot; its value, or None while there is more to do.

        Raises KnownError where there are no features and some are needed.
        """
        sources = Sources(self._state.opened(), self._state.up_to_date(), self._state.scores, self._log)
        self._work = work_of(sources, request.insight, most=request.most, method=request.method)
        return self.next_piece()

    def next_piece(self) -> Value | None:
        """As begin(); what changes meanwhile may be in the plot or not."""
        work, end = self._work, time.perf_counter() + SLICE_SECONDS
        if work is None:
            return None
        try:
            while time.perf_counter() < end:
                next(work)
        except StopIteration as ended:
            self._work = None
            value: Value = ended.value
            return value
        return None

    def colours(self, request: ColourRequest, ids: Any) -> MapColours:
        """For the images of a map, int64 [N]. Raises KnownError for a category that is gone."""
        context = self._state.up_to_date()
        return image_map.colours(context, self._state.live, ids, request.by, request.category_id)

    def table_of_map(self, found: ImageMap) -> Table:
        """Names and coordinates of the images on a map."""
        return image_map.map_table(self._state.up_to_date(), found)

    def save(self, path: Path, content: bytes | Table | ImageMap) -> Path:
        """A picture, a table, or the table of a map. Raises KnownError."""
        if isinstance(content, ImageMap):
            content = self.table_of_map(content)
        files.save(path, files.csv_bytes(content) if isinstance(content, Table) else content)
        return path
