"""The properties of categories, for the storage thread."""

from app.domain.category_properties import CategoryEdit, CategoryProperties
from app.jobs.store.project_state import ProjectState
from app.jobs.values.store import MutationResult
from app.services.features.category_properties import category_properties
from app.services.project.categories import edit_category


class CategoryStore:
    def __init__(self, state: ProjectState) -> None:
        self._state = state

    def properties(self, category_id: int, edit: CategoryEdit | None = None) -> CategoryProperties:
        """As stored, or as they would be after ``edit``. Raises NotFoundError."""
        return category_properties(self._state.opened(), category_id, edit)

    def edit(self, category_id: int, edit: CategoryEdit) -> MutationResult:
        """One step of undo; ``edit`` is the answer. Raises NotFoundError or BadInputError."""
        return self._state.done(edit_category(self._state.opened(), category_id, edit), answer=edit)
