"""Accepting all likely images of a category, for the storage thread."""

from typing import TYPE_CHECKING

from app.domain.auto_accept import AcceptAnswer, AcceptPlan
from app.domain.errors import KnownError
from app.jobs.store_values import Done
from app.services import auto_accept

if TYPE_CHECKING:
    from app.jobs.open_store import OpenStore


class AcceptStore:
    """The operations of one open project."""

    def __init__(self, store: "OpenStore") -> None:
        self._store = store

    def plan(self, category_id: int, precision: float) -> AcceptPlan:
        """Nothing is written. Raises KnownError where there are no features yet."""
        self._store.caught_up()
        live = self._store.live
        if live is None:
            raise KnownError("There are no features to judge the images by yet; compute them first.")
        if category_id not in live.category_ids:
            raise KnownError("The text of this category has not been encoded yet; it takes part in a moment.")
        return auto_accept.plan(self._store.opened(), live, category_id, precision)

    def apply(self, plan: AcceptPlan) -> Done:
        """One step of undo. What has been decided since the plan stays as it is."""
        change = auto_accept.apply(self._store.opened(), plan)
        return self._store.done(change, answer=AcceptAnswer(plan.category, len(change.labels)))
