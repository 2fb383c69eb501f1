"""What deciding means, whatever shows the images: the grid with its selection, or the single view."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.changes import ChangeSet
from app.domain.labels import LabelState
from app.domain.unsaved import UnsavedChange
from app.gui.labelling.memory import DecisionMemory
from app.gui.labelling.seen import Seen
from app.gui.labelling.sheet import Sheet
from app.gui.labelling.walk import Walk
from app.jobs.tag_completion import TagCandidate, TagIndex

if TYPE_CHECKING:
    from app.jobs.project_session import ProjectSession
    from app.jobs.selection_values import SelectionDetail
    from app.jobs.session_values import ImageDetail, ProjectInfo

LOADING: Final = "The suggestions of this image are still being loaded; press the key again in a moment."


class LabellingController(QObject):
    """Targets, the highlighted suggestion, and every decision of a person.

    The targets are the images that take a decision; the current one is among the list of the query, and is
    what moves. Has no widgets; every command does nothing, or says why, where it has nothing to act on.
    """

    current_changed = Signal(object)
    """The number of the image that is now current, or None."""
    list_changed = Signal()
    """The query selects other images: position, count and neighbours are new."""
    sheet_changed = Signal(object)
    """The Sheet of the targets."""
    highlight_changed = Signal(object)
    """The number of the highlighted category, or None."""
    repeat_changed = Signal(str)
    """What `repeat` would do, in words; empty at first."""
    undo_changed = Signal(object, object)
    """What undo takes back and redo brings back, in words, or None."""
    writable_changed = Signal(bool)
    tag_wanted = Signal()
    """The person wants to type a tag."""
    said = Signal(str)
    """A short word on what was done, or why nothing was."""

    def __init__(self, session: "ProjectSession", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._seen = Seen(session.unsaved)
        self._walk = Walk()
        self._current: int | None = None
        self._targets: list[int] = []
        self._highlight: int | None = None
        self._memory = DecisionMemory()
        self._tags = TagIndex()
        self._read_only = False
        self._undo_words: tuple[str | None, str | None] = (None, None)
        session.opened.connect(self._follow_info)
        session.closed.connect(self._forget)
        session.info_changed.connect(self._follow_info)
        session.images_changed.connect(self._follow_images)
        session.detail_ready.connect(self._take_detail)
        session.selection_ready.connect(self._take_selection)
        session.changed.connect(self._follow_change)
        session.scores_changed.connect(self.refresh)
        session.undo_state.connect(self._follow_undo)
        session.unsaved.changed.connect(self._show)
        session.unsaved.failed.connect(self._follow_failure)

    # What is in view

    @property
    def current(self) -> int | None:
        return self._current

    @property
    def targets(self) -> list[int]:
        """The images that take a decision."""
        return list(self._targets)

    @property
    def sheet(self) -> Sheet:
        return self._seen.sheet

    @property
    def highlight(self) -> int | None:
        return self._highlight

    @property
    def undo_words(self) -> tuple[str | None, str | None]:
        return self._undo_words

    @property
    def writable(self) -> bool:
        return not self._read_only

    def repeat_words(self) -> str:
        return self._memory.words()

    def count(self) -> int:
        """Images in the list of the query."""
        return len(self._walk.ids)

    def position(self) -> int | None:
        """Place of the current image in that list, from 0; None where it is not in it."""
        return self._walk.place_of(self._current)

    def neighbours(self, ahead: int, behind: int) -> list[int]:
        """The images next to the current one, the likeliest next ones first."""
        return self._walk.neighbours(ahead, behind)

    def set_selection(self, image_ids: Sequence[int], current: int | None) -> None:
        """The grid's selection. Without one, the current image takes the decisions."""
        targets = list(image_ids) or ([] if current is None else [current])
        self._change(targets, current if current is not None else (targets[0] if targets else None))

    def set_current(self, image_id: int | None) -> None:
        """Look at one image, which alone takes the decisions."""
        self._change([] if image_id is None else [image_id], image_id)

    # Moving

    @Slot()
    def next(self) -> None:
        self.step(1)

    @Slot()
    def previous(self) -> None:
        self.step(-1)

    def step(self, by: int) -> bool:
        """Go on by some images in the list; False, and a word, at its end."""
        if not self._walk.ids:
            return False
        target = self._walk.target(self._current, by)
        if target is None:
            self.said.emit("This is the last image." if by > 0 else "This is the first image.")
            return False
        self.set_current(target)
        return True

    @Slot()
    def highlight_next(self) -> None:
        self._move_highlight(1)

    @Slot()
    def highlight_previous(self) -> None:
        self._move_highlight(-1)

    def set_rows_shown(self, count: int) -> None:
        """How many open suggestions of an image are listed, unless more are asked for."""
        self._seen.rows_shown = count
        self._show()

    @Slot()
    def show_all_rows(self) -> None:
        """List every suggestion of the image in view."""
        self._seen.all_rows = True
        self._show()

    def set_highlight(self, category_id: int | None) -> None:
        if category_id != self._highlight:
            self._highlight = category_id
            self.highlight_changed.emit(category_id)

    # Deciding

    @Slot()
    def accept(self) -> None:
        self._decide_highlighted(LabelState.YES)

    @Slot()
    def reject(self) -> None:
        self._decide_highlighted(LabelState.NO)

    @Slot()
    def unknown(self) -> None:
        self._decide_highlighted(LabelState.UNKNOWN)

    def toggle(self, place: int) -> None:
        """The suggestion with the rank key ``place`` (0 to 9): yes, or back to unknown where it is yes."""
        rows = self.sheet.rows
        if place >= len(rows):
            self.said.emit("There is no such suggestion." if self.sheet.loaded else LOADING)
            return
        row = rows[place]
        self.set_highlight(row.category_id)
        self.decide(row.category_id, LabelState.UNKNOWN if row.state is LabelState.YES else LabelState.YES)

    def decide(self, category: int | str, state: LabelState) -> bool:
        """Say something about one category, by number or name, on all targets, as one step of undo."""
        if not self._can_decide():
            return False
        name = self._name(category)
        self._seen.expect(category, state)
        self._session.decide(list(self._targets), category, state)
        self._remember(category, name, state)
        self._show()
        return True

    def add_tag(self, candidate: TagCandidate) -> bool:
        """Yes for a category that was typed; one that is new is created."""
        if candidate.category_id is not None:
            return self.decide(candidate.category_id, LabelState.YES)
        if not self._can_decide():
            return False
        if len(self._targets) == 1:
            self._seen.expect(candidate.name, LabelState.YES)
        self._session.add_category_and_decide(list(self._targets), candidate.name, LabelState.YES)
        self._remember(candidate.name, candidate.name, LabelState.YES)
        self._show()
        return True

    def complete_tag(self, text: str) -> list[TagCandidate]:
        """Categories for what is typed, best first, those used last before their equals."""
        return self._tags.complete(text, preferred=self._memory.recent)

    def exact_tag(self, text: str) -> TagCandidate | None:
        return self._tags.exact(text)

    @Slot()
    def repeat(self) -> None:
        """The last decision again, here."""
        if self._memory.last is None:
            self.said.emit("There is no decision to repeat yet.")
            return
        category, name, state = self._memory.last
        if isinstance(category, str):
            known = self._tags.exact(name)
            category = category if known is None or known.category_id is None else known.category_id
        self.decide(category, state)

    @Slot()
    def toggle_reviewed(self) -> None:
        """Mark the targets as reviewed; take the mark back where all have it."""
        if self._can_decide():
            reviewed = self.sheet.reviewed < len(self._targets)
            if len(self._targets) == 1:
                self._seen.expect_reviewed(reviewed)
            self._session.set_reviewed(list(self._targets), reviewed)
            self._show()

    @Slot()
    def undo(self) -> None:
        self._take_back(self._undo_words[0], "undo", self._session.undo)

    @Slot()
    def redo(self) -> None:
        self._take_back(self._undo_words[1], "redo", self._session.redo)

    @Slot()
    def ask_for_tag(self) -> None:
        if self._can_decide():
            self.tag_wanted.emit()

    def _take_back(self, words: str | None, verb: str, act: Callable[[], None]) -> None:
        if words is None:
            self.said.emit(f"There is nothing to {verb}.")
            return
        act()
        self._seen.expect_unsaved()
        self._show()

    def _can_decide(self) -> bool:
        if self._read_only:
            self.said.emit("This project is read-only here: nothing can be decided.")
        elif not self._targets:
            self.said.emit("Choose an image first.")
        else:
            return True
        return False

    def _decide_highlighted(self, state: LabelState) -> None:
        if self._highlight is None:
            self.said.emit("No suggestion is highlighted: type a tag." if self.sheet.loaded else LOADING)
            return
        decided = self._highlight
        if self.decide(decided, state) and state is not LabelState.UNKNOWN:
            self.set_highlight(self._next_open(decided))

    def _next_open(self, after: int) -> int | None:
        """The next suggestion of which nothing has been said, round the end; itself when there is none."""
        rows = self.sheet.rows
        start = next((i for i, row in enumerate(rows) if row.category_id == after), 0)
        round_ = [*rows[start + 1 :], *rows[:start]]
        opened = (row.category_id for row in round_ if row.state is LabelState.UNKNOWN)
        return next(opened, after)

    def _move_highlight(self, by: int) -> None:
        ids = [row.category_id for row in self.sheet.rows]
        if not ids:
            return
        at = ids.index(self._highlight) + by if self._highlight in ids else 0
        self.set_highlight(ids[min(max(at, 0), len(ids) - 1)])

    def _name(self, category: int | str) -> str:
        if isinstance(category, str):
            return category
        return self.sheet.name_of(category) or self._seen.category_name(category) or ""

    def _remember(self, category: int | str, name: str, state: LabelState) -> None:
        self._memory.note(category, name, state)
        where = "" if len(self._targets) == 1 else f" on {len(self._targets):,} images"
        self.said.emit(f"{state.value.capitalize()}: {name}{where}")
        self.repeat_changed.emit(self.repeat_words())

    # Following the session

    def _change(self, targets: list[int], current: int | None) -> None:
        moved = current != self._current
        if not moved and targets == self._targets:
            return
        self._current, self._targets = current, targets
        self._seen.look_at(targets, current)
        self._walk.stand_at(current)
        if moved:
            self.set_highlight(None)
            self.current_changed.emit(current)
        self.refresh()
        self._show()

    @Slot()
    def refresh(self) -> None:
        """Ask again for all that is shown of the targets."""
        if self._current is not None:
            self._session.request_detail(self._current)
        if len(self._targets) > 1:
            self._session.request_selection(list(self._targets))

    @Slot()
    def _show(self) -> None:
        """Tell of the sheet as it is now; the first suggestion is highlighted when there is none yet."""
        sheet = self._seen.build()
        ids = [row.category_id for row in sheet.rows]
        self.sheet_changed.emit(sheet)
        if ids and self._highlight not in ids:
            opened = [row.category_id for row in sheet.rows if row.state is LabelState.UNKNOWN]
            self.set_highlight((opened or ids)[0])

    @Slot(object)
    def _take_detail(self, detail: "ImageDetail") -> None:
        if self._seen.take_detail(detail):
            self._show()

    @Slot(object)
    def _take_selection(self, detail: "SelectionDetail") -> None:
        if self._seen.take_selection(detail):
            self._show()

    @Slot()
    def _forget(self) -> None:
        """The project is closed: nothing of it can be meant any more."""
        self._walk = Walk()
        self._memory = DecisionMemory()
        self.set_current(None)
        self.repeat_changed.emit("")
        self._follow_undo(None, None)
        self.list_changed.emit()

    @Slot(object)
    def _follow_info(self, info: "ProjectInfo") -> None:
        self._seen.learn_categories(info.categories)
        self._tags = TagIndex(info.categories)
        if self._read_only != info.read_only:
            self._read_only = info.read_only
            self.writable_changed.emit(not info.read_only)
        self._show()

    @Slot(object, str)
    def _follow_images(self, ids: Sequence[int], _query: str) -> None:
        self._walk.take(ids, self._current)
        self.list_changed.emit()

    @Slot(object)
    def _follow_change(self, change: ChangeSet) -> None:
        touched = {one.image_id for one in change.labels} | {one.image_id for one in change.reviews}
        touched.update(change.images)
        if change.categories or not touched.isdisjoint(self._targets) or self._current in touched:
            self.refresh()

    @Slot(object, object)
    def _follow_undo(self, undo: str | None, redo: str | None) -> None:
        self._undo_words = (undo or None, redo or None)
        self.undo_changed.emit(*self._undo_words)

    @Slot(object)
    def _follow_failure(self, change: UnsavedChange) -> None:
        """It was shown before it was saved: show what is true, and what still waits."""
        self._seen.take_failure(change)
        self._seen.expect_unsaved()
        self.refresh()
        self._show()
