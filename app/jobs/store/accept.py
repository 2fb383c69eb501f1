"""Accepting all likely images of a category, for the storage thread."""

from app.domain.auto_accept import AcceptPlan, AcceptResult
from app.domain.errors import KnownError
from app.domain.language import translate
from app.jobs.store.project_state import ProjectState
from app.jobs.values.store import MutationResult
from app.services.review import auto_accept


class AcceptStore:
    def __init__(self, state: ProjectState) -> None:
        self._state = state

    def plan(self, category_id: int, precision: float) -> AcceptPlan:
        """Nothing is written. Raises KnownError without features."""
        self._state.up_to_date()
        live = self._state.live
        if live is None:
            raise KnownError(translate("Jobs", "The images have no features yet; compute them first."))
        if category_id not in live.category_ids:
            raise KnownError(
                translate("Jobs", "The text of this category is still being encoded; try again in a moment.")
            )
        return auto_accept.plan(self._state.opened(), live, category_id, precision)

    def apply(self, plan: AcceptPlan) -> MutationResult:
        """One step of undo. Images decided since the plan was made stay as they are."""
        change = auto_accept.apply(self._state.opened(), plan)
        return self._state.done(change, answer=AcceptResult(plan.category, len(change.labels)))
