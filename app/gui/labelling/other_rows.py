"""All categories that are not among the first rows of the inspector: thousands, made row by row."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, overload

from app.domain.categories import bands_differ
from app.domain.labels import LabelState
from app.domain.suggestions import Suggestion
from app.gui.labelling.sheet import SheetRow, row_of

if TYPE_CHECKING:
    from app.jobs.values.session import CategoryInfo


class OtherRows(Sequence[SheetRow]):
    """The rows of ``ids``, each built when it is asked for."""

    def __init__(
        self,
        ids: Sequence[int],
        categories: Mapping[int, "CategoryInfo"],
        suggestions: Mapping[int, Suggestion],
        states: Mapping[int, LabelState],
    ) -> None:
        self._ids = ids
        self._categories, self._suggestions, self._states = categories, suggestions, states
        self._bands = bands_differ(categories.values())

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> SheetRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[SheetRow]: ...
    def __getitem__(self, index: int | slice) -> SheetRow | list[SheetRow]:
        if isinstance(index, slice):
            return [self._row(one) for one in self._ids[index]]
        return self._row(self._ids[index])

    def _row(self, category_id: int) -> SheetRow:
        shortcut = self._categories[category_id].shortcut or ""
        suggestion = self._suggestions.get(category_id)
        return row_of(
            category_id, self._categories, suggestion, self._states, key=shortcut, bands=self._bands
        )
