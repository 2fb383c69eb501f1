"""Accepting all likely images of a category, for the storage thread."""

import weakref
from typing import Any

from app.domain.auto_accept import AcceptPlan, AcceptResult
from app.jobs.store.project_state import ProjectState
from app.jobs.values.store import MutationResult
from app.services.review import auto_accept


class AcceptStore:
    def __init__(self, state: ProjectState) -> None:
        self._state = state
        self._masks: tuple[tuple[object, ...], Any] | None = None
        """What the last plan was made for, and its masks: while a person chooses the precision they stay."""

    def plan(self, category_id: int, precision: float) -> AcceptPlan:
        """Nothing is written. Raises KnownError without features."""
        images, live = self._state.up_to_date().images, self._state.scores(category_id)
        project, now = self._state.opened(), (category_id, self._state.entry, images, weakref.ref(live))
        if self._masks is None or self._masks[0] != now:
            self._masks = now, auto_accept.unverified_and_closed(project, live, category_id)
        return auto_accept.plan(project, live, category_id, precision, masks=self._masks[1])

    def apply(self, plan: AcceptPlan) -> MutationResult:
        """One step of undo. Images decided since the plan was made stay as they are."""
        change = auto_accept.apply(self._state.opened(), plan)
        return self._state.done(change, answer=AcceptResult(plan.category, len(change.labels)))
