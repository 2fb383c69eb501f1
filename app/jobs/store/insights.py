"""The Insights place's operations on the open project, for the storage thread, in short pieces."""

import time
from pathlib import Path
from typing import Final

from app.domain.errors import KnownError
from app.domain.insights import ImageMap, MapColours, Table
from app.jobs.store.project_state import NO_FEATURES, ProjectState
from app.jobs.values.insights import ColourRequest, InsightRequest, Piece
from app.services.insights import files, image_map
from app.services.insights.decision_log import DecisionLog
from app.services.insights.work import Sources, Work, work_of
from app.services.suggestions.suggestions import LiveSuggestions

SLICE_SECONDS: Final = 0.03
"""The longest that a decision waits for a piece."""


class InsightsStore:
    """Belongs to the storage thread. One plot is computed at a time; another request ends the one before."""

    def __init__(self, state: ProjectState) -> None:
        self._state = state
        self._log = DecisionLog()
        self._work: Work | None = None
        self._map: ImageMap | None = None

    def begin(self, request: InsightRequest) -> Piece:
        """The first piece of a plot. Raises KnownError where there are no features and some are needed."""
        sources = Sources(self._state.opened(), self._state.up_to_date(), self._live, self._log)
        self._work = work_of(sources, request.insight, most=request.most, method=request.method)
        return self.go_on()

    def go_on(self) -> Piece:
        """The next piece; what changes meanwhile may be in the plot or not."""
        work, end, share = self._work, time.perf_counter() + SLICE_SECONDS, 0.0
        if work is None:
            return Piece(0.0)
        try:
            while time.perf_counter() < end:
                share = next(work)
        except StopIteration as ended:
            self._work = None
            if isinstance(ended.value, ImageMap):
                self._map = ended.value
            return Piece(1.0, ended.value)
        return Piece(share)

    def colours(self, request: ColourRequest) -> MapColours | None:
        """For the map computed last; None if there is none. Raises KnownError for a category that is gone."""
        if self._map is None:
            return None
        context = self._state.up_to_date()
        return image_map.colours(context, self._state.live, self._map.ids, request.by, request.category_id)

    def table_of_map(self) -> Table:
        """Names and coordinates of the map computed last."""
        if self._map is None:
            return Table((), ())
        return image_map.map_table(self._state.opened(), self._map)

    def save_map(self, path: Path) -> Path:
        """As save_table(), for the map computed last."""
        return self.save_table(path, self.table_of_map())

    def save_table(self, path: Path, table: Table) -> Path:
        """Raises KnownError."""
        return self.save(path, files.csv_bytes(table))

    def save(self, path: Path, data: bytes) -> Path:
        """Raises KnownError."""
        files.save(path, data)
        return path

    def _live(self) -> LiveSuggestions:
        live = self._state.live
        if live is None:
            raise KnownError(NO_FEATURES)
        return live
