"""What the session has said of the images in view, with what the person has decided since."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.domain.labels import LabelState
from app.domain.suggestions import Suggestion
from app.gui.labelling.sheet import (
    MOST_ROWS,
    Sheet,
    keep_order,
    sheet_of_image,
    sheet_of_selection,
    shortened,
)

if TYPE_CHECKING:
    from app.jobs.selection_values import SelectionDetail
    from app.jobs.session_values import CategoryInfo, ImageDetail


class Seen:
    """Puts details, selections and decisions that are still on their way together into a Sheet."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.rows_shown = MOST_ROWS
        """Open suggestions that are listed."""
        self.all_rows = False
        self._categories: dict[int, CategoryInfo] = {}
        self._targets: list[int] = []
        self._current: int | None = None
        self._detail: ImageDetail | None = None
        self._selection: SelectionDetail | None = None
        self._suggestions: Sequence[Suggestion] = ()
        self._pending: dict[int, LabelState] = {}
        self._reviewed: bool | None = None

    def look_at(self, targets: list[int], current: int | None) -> None:
        """Other images are in view; of the current one what is known stays while it is the same."""
        if current != self._current:
            self._detail, self._suggestions = None, ()
            self.all_rows = False
        self._targets, self._current, self._selection = targets, current, None
        self.expect_nothing()

    def learn_categories(self, categories: Iterable["CategoryInfo"]) -> None:
        self._categories = {one.id: one for one in categories}

    def category_name(self, category_id: int) -> str | None:
        known = self._categories.get(category_id)
        return None if known is None else known.name

    def expect(self, category_id: int, state: LabelState) -> None:
        """The person has decided; it is shown at once, before the disk has it."""
        self._pending[category_id] = state

    def expect_reviewed(self, reviewed: bool) -> None:
        self._reviewed = reviewed

    def expect_nothing(self) -> None:
        """Only what the session says counts."""
        self._pending.clear()
        self._reviewed = None

    def take_detail(self, detail: "ImageDetail") -> bool:
        """Whether the detail is of the current image."""
        if detail.image.id != self._current:
            return False
        self._detail = detail
        said = {one.category_id: one.state for one in detail.labels if not one.implied}
        self._suggestions = keep_order(self._suggestions, detail.suggestions, said)
        # An answer from before a decision disagrees with it and leaves it pending.
        self._pending = {
            category_id: state
            for category_id, state in self._pending.items()
            if said.get(category_id, LabelState.UNKNOWN) is not state
        }
        if self._reviewed is (detail.image.reviewed_at is not None):
            self._reviewed = None
        return True

    def take_selection(self, detail: "SelectionDetail") -> bool:
        """Whether the detail is of the present targets."""
        if len(self._targets) < 2 or set(detail.image_ids) != set(self._targets):
            return False
        self._selection = detail
        return True

    def build(self) -> Sheet:
        whole = self._build()
        self.sheet = whole if self.all_rows else shortened(whole, self.rows_shown)
        return self.sheet

    def _build(self) -> Sheet:
        detail = self._detail
        image = None if detail is None else detail.image
        if len(self._targets) > 1:
            if self._selection is None:
                return Sheet(image, len(self._targets))
            return sheet_of_selection(image, self._selection, self._suggestions, self._categories)
        if detail is None:
            return Sheet(None, len(self._targets))
        reviewed = detail.image.reviewed_at is not None if self._reviewed is None else self._reviewed
        return sheet_of_image(detail, self._suggestions, self._categories, self._pending, reviewed)
