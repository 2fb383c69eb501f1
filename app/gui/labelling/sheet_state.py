"""What is known of the images in view, including decisions that are not confirmed yet."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.categories import name_key
from app.domain.images import Image
from app.domain.labels import LabelState
from app.domain.suggestions import Suggestion
from app.domain.unsaved import UnsavedChange, net
from app.gui.labelling.other_rows import OtherRows
from app.gui.labelling.sheet import (
    MOST_ROWS,
    NO_CATEGORY,
    Sheet,
    keep_order,
    sheet_of_image,
    sheet_of_selection,
    shortened,
)

if TYPE_CHECKING:
    from app.jobs.project.unsaved_changes import UnsavedChanges
    from app.jobs.values.selection import SelectionDetail
    from app.jobs.values.session import CategoryInfo, ImageDetail


class SheetState:
    """Builds a Sheet from details, selections and pending decisions."""

    def __init__(self, unsaved: "UnsavedChanges") -> None:
        self._unsaved = unsaved
        self.sheet = Sheet()
        self.rows_shown = MOST_ROWS
        """Undecided suggestions to list."""
        self.unfolded = False
        """Whether all categories are listed."""
        self._order: list[int] = []
        """All categories, in the order in which they are listed for the image or the selection in view."""
        self._categories: dict[int, CategoryInfo] = {}
        self.folded_names: dict[int, str] = {}
        self._targets: list[int] = []
        self._current: int | None = None
        self._detail: ImageDetail | None = None
        self._selection: SelectionDetail | None = None
        self._suggestions: Sequence[Suggestion] = ()
        self._pending: dict[int | str, LabelState] = {}
        self._changes: Sequence[UnsavedChange] = ()
        self._saved: list[UnsavedChange] = []
        """Saved after the last SelectionDetail, which does not count them."""
        self._reviewed: bool | None = None
        self._unchecked: set[int] = set()

    def set_targets(self, targets: list[int], current: int | None) -> None:
        """Other images are in view; what is known of the current one is kept if it is the same."""
        if current != self._current:
            self._detail, self._suggestions = None, ()
            self._unchecked = set()
        self._order = []
        self._targets, self._current, self._selection = targets, current, None
        self._changes, self._saved = self._unsaved.waiting, []
        self.expect_unsaved()

    def learn_categories(self, categories: Iterable["CategoryInfo"]) -> None:
        self._categories = {one.id: one for one in categories}
        self.folded_names = {one.id: one.name.casefold() for one in self._categories.values()}

    def category_of_key(self, key: str) -> int | None:
        """The category that owns a key, else the one of the row that shows it."""
        owner = next((one.id for one in self._categories.values() if one.shortcut == key), None)
        return owner or next((row.category_id for row in self.sheet.rows if row.key == key), None)

    def owned_keys(self) -> frozenset[str]:
        return frozenset(one.shortcut for one in self._categories.values() if one.shortcut)

    def category_name(self, category_id: int) -> str | None:
        known = self._categories.get(category_id)
        return None if known is None else known.name

    def _follow_unsaved(self) -> None:
        before, self._changes = self._changes, self._unsaved.waiting
        waiting = set(self._changes)
        self._saved += [one for one in before if one not in waiting]

    def take_failure(self, change: UnsavedChange) -> None:
        """This change will not be saved."""
        self._follow_unsaved()
        self._saved = [one for one in self._saved if one is not change]

    def expect_unsaved(self) -> None:
        """Apply the unsaved changes to what is known."""
        self._pending = self._unsaved.states_on(self._current)
        self._reviewed = self._unsaved.reviewed_on(self._current)

    def expect(self, category_id: int | str, state: LabelState) -> None:
        """Show a decision at once, before it is saved."""
        self._pending[category_id] = state

    def set_checked(self, category_id: int, checked: bool) -> None:
        """Whether done() says yes to a suggestion of the current image."""
        if checked:
            self._unchecked.discard(category_id)
        else:
            self._unchecked.add(category_id)

    def expect_reviewed(self, reviewed: bool) -> None:
        self._reviewed = reviewed

    def take_detail(self, detail: "ImageDetail") -> bool:
        """Whether the detail is of the current image."""
        if detail.image.id != self._current:
            return False
        self._detail = detail
        known: dict[int | str, LabelState]
        known = {one.category_id: one.state for one in detail.labels if not one.implied}
        decided = [one.category_id for one in detail.labels if not one.implied]
        self._suggestions = keep_order(self._suggestions, detail.suggestions, decided)
        if len(self._targets) == 1:
            self._extend_order(one.category_id for one in detail.suggestions)
        known |= {name_key(one.name): one.state for one in detail.labels if not one.implied}
        # A detail from before a decision disagrees with it and leaves it pending.
        self._pending = {
            category_id: state
            for category_id, state in self._pending.items()
            if known.get(_key(category_id), LabelState.UNKNOWN) is not state
        }
        if self._reviewed is (detail.image.reviewed_at is not None):
            self._reviewed = None
        return True

    def take_selection(self, detail: "SelectionDetail") -> bool:
        """Whether the detail is of the current targets."""
        if len(self._targets) < 2 or set(detail.image_ids) != set(self._targets):
            return False
        self._selection, self._changes, self._saved = detail, self._unsaved.waiting, []
        self._extend_order(one.category_id for one in detail.likely)
        return True

    def _extend_order(self, category_ids: Iterable[int]) -> None:
        """Append those that are not listed yet: the others keep their places."""
        self._order = list(dict.fromkeys([*self._order, *category_ids]))

    def build(self) -> Sheet:
        self._follow_unsaved()
        whole = replace(self._build(), unsaved=self._count_unsaved())
        self.sheet = self._with_others(shortened(whole, self.rows_shown))
        return self.sheet

    def _with_others(self, sheet: Sheet) -> Sheet:
        """With the number of the categories that are not among the rows, and these if they are unfolded."""
        shown = {row.category_id for row in sheet.rows}
        hidden = len(self._categories) - len(shown) if sheet.loaded and sheet.total else 0
        if not (self.unfolded and hidden):
            return replace(sheet, hidden=hidden)
        known = dict.fromkeys([*self._order, *self._categories])
        ids = [one for one in known if one in self._categories and one not in shown]
        states = {
            one.category_id: one.state
            for one in sheet.labels
            if one.category_id != NO_CATEGORY and one.count == sheet.total
        }
        detail = self._detail if sheet.total == 1 else None
        suggestions = {one.category_id: one for one in detail.suggestions} if detail else {}
        others = OtherRows(ids, self._categories, suggestions, states)
        return replace(sheet, hidden=hidden, others=others, other_ids=ids)

    def _build(self) -> Sheet:
        detail = self._detail
        image = None if detail is None else detail.image
        if len(self._targets) > 1:
            if self._selection is None:
                return Sheet(image, len(self._targets), loaded=False)
            return self._sheet_of_selection(image, self._selection)
        if detail is None:
            return Sheet(None, len(self._targets), loaded=not self._targets)
        reviewed = detail.image.reviewed_at is not None if self._reviewed is None else self._reviewed
        unsaved = self._unsaved.states_on(detail.image.id) if self._unsaved.held_up else ()
        return sheet_of_image(
            detail,
            self._suggestions,
            self._categories,
            self._pending,
            reviewed,
            unsaved=unsaved,
            unchecked=self._unchecked,
        )

    def _sheet_of_selection(self, image: Image | None, selection: "SelectionDetail") -> Sheet:
        targets = frozenset(selection.image_ids)
        changes = net([*self._saved, *self._changes])[0]
        states: dict[int | str, dict[int, LabelState]] = {}
        marks: dict[int, bool] = {}
        for change in changes:
            touched = targets & change.images
            if not touched:
                continue
            for category, state in change.answers.items():
                states.setdefault(category, {}).update(dict.fromkeys(touched, state))
            if change.reviewed is not None:
                marks.update(dict.fromkeys(touched, change.reviewed))
        waiting = {category: Counter(by_image.values()) for category, by_image in states.items()}
        left = len(targets) - len(marks)
        reviewed = sum(marks.values()) + min(selection.reviewed, left)
        return sheet_of_selection(
            image, selection, self._order[:MOST_ROWS], self._categories, waiting=waiting, reviewed=reviewed
        )

    def _count_unsaved(self) -> int:
        if not self._unsaved.held_up:
            return 0
        targets = frozenset(self._targets)
        return sum(not targets.isdisjoint(one.images) for one in net(self._changes)[0])


def _key(category: int | str) -> int | str:
    return name_key(category) if isinstance(category, str) else category
