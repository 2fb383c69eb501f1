"""The images that the query selects, brought up to date after changes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.errors import is_known
from app.domain.query import QueryError
from app.jobs.project.stacks import Stacks
from app.jobs.project.storage import ProjectStorage

if TYPE_CHECKING:
    from app.jobs.values.store import FoundImages

RESELECT_MS: Final = (40, 1500)
RESELECT_SHARE: Final = 5
"""After changes the query runs again, but takes at most a fifth of the storage thread's time."""


class ImageList(QObject):
    """One query at a time; the person sees a list until they ask for the current one.

    Signals and ``list_outdated`` carry the list without stacked near-duplicates.
    """

    images_changed = Signal(object, str)
    list_outdated = Signal(object)
    query_failed = Signal(str, int, object)

    def __init__(self, storage: ProjectStorage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self._query = ""
        self._shown: list[int] = []
        self._current: list[int] | None = None
        self._chosen: tuple[int, ...] = ()
        self._stacks = self._shown_stacks = Stacks()
        self._stacked = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(RESELECT_MS[0])
        self._timer.timeout.connect(self._reselect)

    @property
    def query(self) -> str:
        return self._query

    @property
    def chosen(self) -> tuple[int, ...]:
        """If the list was chosen image by image, and no query selects it."""
        return self._chosen

    @property
    def stacks(self) -> Stacks:
        """Near-duplicates in the list that is shown, if it is one of similar images."""
        return self._shown_stacks

    @property
    def stacked(self) -> int:
        """How many images are behind others in the list of the last signal."""
        return self._stacked

    def toggle_stack(self, image_id: int) -> None:
        """Open or close the stack with this image; ``images_changed`` follows immediately, and
        ``list_outdated`` if there is a newer list."""
        self._stacks.toggle(image_id)
        self._emit_shown()
        if self._current is not None:  # there is still a newer list
            self.list_outdated.emit(self._visible(self._current))

    def set_query(self, text: str) -> None:
        """``images_changed`` or ``query_failed`` follows."""
        self._storage.ask(
            lambda store: store.select(text),
            then=self._take_selected,
            failed=self._take_error,
            key="select",
        )

    def show_chosen(self, image_ids: Sequence[int]) -> None:
        """Show these images until the next query; ``images_changed`` follows immediately, with no query."""
        self._shown, self._query, self._current = list(image_ids), "", None
        self._chosen, self._stacks = tuple(image_ids), Stacks()
        self._emit_shown()

    def refresh(self) -> None:
        """Run the query again; a chosen list stays instead, without images that are gone."""
        chosen = self._chosen
        if not chosen:
            self.set_query(self._query)
            return
        self._storage.ask(
            lambda store: (chosen, store.images.names(chosen)), then=self._keep_known, key="chosen"
        )

    def show_current(self) -> None:
        """Show the list of the last ``list_outdated``, if any; ``images_changed`` follows immediately."""
        if self._current is not None:
            self._shown, self._current = self._current, None
            self._emit_shown()

    def reselect_soon(self) -> None:
        """After a change; ``list_outdated`` follows if the list differs."""
        if not self._timer.isActive() and not self._chosen:
            self._timer.start()

    def clear(self) -> None:
        self._timer.stop()
        self._query, self._shown, self._current = "", [], None
        self._chosen, self._stacked = (), 0
        self._stacks = self._shown_stacks = Stacks()

    def _take_selected(self, found: "FoundImages") -> None:
        again = found.query == self._query
        # Their first image may have gone.
        opened = [one for first in self._stacks.opened for one in self._stacks.of(first)] if again else ()
        self._shown, self._query = found.ids, found.query
        self._current = None
        self._chosen, self._stacks = (), Stacks(found.stacks, opened)
        self._emit_shown()

    def _emit_shown(self) -> None:
        self._shown_stacks = self._stacks.within(self._shown)
        self.images_changed.emit(self._visible(self._shown), self._query)

    def _visible(self, image_ids: Sequence[int]) -> list[int]:
        found = self._stacks.visible(image_ids)
        self._stacked = len(image_ids) - len(found)
        return found

    def _keep_known(self, found: tuple[tuple[int, ...], dict[int, str]]) -> None:
        chosen, names = found
        left = [one for one in chosen if one in names]
        if self._chosen == chosen and len(left) < len(chosen):
            self.show_chosen(left)

    def _take_error(self, error: BaseException) -> None:
        if isinstance(error, QueryError):
            self.query_failed.emit(str(error), error.position, error.fixed())
        elif is_known(error):
            self.query_failed.emit(str(error), -1, None)

    @Slot()
    def _reselect(self) -> None:
        shown: Sequence[int] = self._shown if self._current is None else self._current
        text = self._query
        self._storage.ask(
            lambda store: store.reselect(text, shown), then=self._take_reselected, key="reselect"
        )

    def _take_reselected(self, found: tuple[list[int], str, float] | None) -> None:
        if found is None or found[1] != self._query or self._chosen:
            return
        self._current, _, seconds = found
        least, most = RESELECT_MS
        self._timer.setInterval(round(min(max(1e3 * seconds * (RESELECT_SHARE - 1), least), most)))
        self.list_outdated.emit(self._visible(self._current))
