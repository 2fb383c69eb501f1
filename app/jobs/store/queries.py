"""What the window asks for finding images, on the storage thread."""

from app.domain.finding import FacetCounts, Queries
from app.jobs.store.project_state import ProjectState
from app.services.query.facets import facet_counts
from app.services.query.find import select
from app.services.query.saved import delete_query, note_query, queries, rename_query, save_query


class QueryStore:
    """Counts for the filters; saved queries and history. Each change returns the queries after it."""

    def __init__(self, state: ProjectState) -> None:
        self._state = state

    def counts(self) -> FacetCounts:
        return facet_counts(self._state.up_to_date())

    def newer(self, image_id: int) -> int:
        """How many categories are newer than the review of an image, and unknown on it."""
        context = self._state.up_to_date()
        at = int(context.positions([image_id])[0])
        return int(context.newer[at]) if at >= 0 else 0

    def count(self, query: str) -> int:
        """How many images a query selects. Raises as select()."""
        return len(select(self._state.up_to_date(), query))

    def queries(self) -> Queries:
        return queries(self._state.opened())

    def save(self, name: str, query: str, replace: bool) -> Queries:
        """Raises as save_query()."""
        save_query(self._state.opened(), name, query, over=replace)
        return self.queries()

    def rename(self, name: str, new: str) -> Queries:
        """Raises as rename_query()."""
        rename_query(self._state.opened(), name, new)
        return self.queries()

    def delete(self, name: str) -> Queries:
        """Raises NotFoundError."""
        delete_query(self._state.opened(), name)
        return self.queries()

    def note(self, query: str, before: str | None) -> Queries:
        """Put a query that was run first in the history, in place of ``before``."""
        note_query(self._state.opened(), query, before)
        return self.queries()
