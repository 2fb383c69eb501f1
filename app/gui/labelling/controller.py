"""Decisions and moves, whether the grid or the single view shows the images."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.changes import BatchKind, ChangeSet
from app.domain.labels import LabelState
from app.domain.language import number
from app.domain.unsaved import UnsavedChange
from app.gui.labelling.image_cursor import ImageCursor
from app.gui.labelling.memory import DecisionMemory
from app.gui.labelling.sheet import Sheet
from app.gui.labelling.sheet_state import SheetState
from app.gui.labelling.words import decision_words
from app.gui.widgets.words import counted
from app.jobs.project.tag_completion import TagCandidate, TagIndex

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.selection import SelectionDetail
    from app.jobs.values.session import ImageDetail, ProjectInfo

MOST_UNASKED: Final = 20
"""Images that one key may change without being asked to confirm."""


class LabellingController(QObject):
    """Targets, the highlighted suggestion, and every decision of a person.

    A decision is made on all targets; moving changes the current image. A command that has nothing to act on
    does nothing or says why. No widgets.
    """

    current_changed = Signal(object)
    """The number of the current image, or None."""
    list_changed = Signal()
    """The list of the query has changed: position, count and neighbours."""
    sheet_changed = Signal(object)
    """The Sheet of the targets."""
    highlight_changed = Signal(object)
    """The number of the highlighted category, or None."""
    repeat_changed = Signal(str)
    """What `repeat` would do: ``Yes: zebra``; empty at first."""
    undo_changed = Signal(object, object)
    """What undo and redo would do, as text, or None."""
    owned_keys_changed = Signal()
    writable_changed = Signal(bool)
    tag_wanted = Signal()
    """The tag field should take the focus."""
    message = Signal(str)
    """A status message: what was done, or why nothing was."""
    confirmation_wanted = Signal(str)
    """What confirm() would do on many images: ``Yes: bed on 96 images``; empty if it is no longer asked."""
    many_changed = Signal(str)
    """What is done on many images."""
    many_undone = Signal(str)
    """The change of many labels that is undone."""

    def __init__(self, session: "ProjectSession", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._state = SheetState(session.unsaved)
        self._cursor = ImageCursor()
        self._current: int | None = None
        self._targets: list[int] = []
        self._highlight: int | None = None
        self._memory = DecisionMemory()
        self._asked: tuple[object, Callable[[], object]] | None = None
        self._returning = False
        self._leaving = False
        """Between done() and the next image, for which decisions are meant: they are refused until then."""
        self._large_undo = False
        self._tags = TagIndex()
        self._read_only: str | None = None
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
        """The images on which a decision is made."""
        return list(self._targets)

    @property
    def sheet(self) -> Sheet:
        return self._state.sheet

    @property
    def highlight(self) -> int | None:
        return self._highlight

    @property
    def undo_words(self) -> tuple[str | None, str | None]:
        return self._undo_words

    @property
    def writable(self) -> bool:
        return not self._read_only

    def owned_keys(self) -> frozenset[str]:
        """The keys that categories own."""
        return self._state.owned_keys()

    def category_name(self, category_id: int) -> str | None:
        """None for a category that is not known."""
        return self.sheet.name_of(category_id) or self._state.category_name(category_id)

    def repeat_words(self) -> str:
        return self._memory.words()

    def count(self) -> int:
        """Images in the list of the query."""
        return len(self._cursor.ids)

    def position(self) -> int | None:
        """Place of the current image in the list of the query, from 0; None if it is not in it."""
        return self._cursor.place_of(self._current)

    def neighbours(self, ahead: int, behind: int) -> list[int]:
        """The images next to the current one, the most likely next ones first."""
        return self._cursor.neighbours(ahead, behind)

    def set_selection(self, image_ids: Sequence[int], current: int | None) -> None:
        """Take the grid's selection as targets; if it is empty, the current image."""
        targets = list(image_ids) or ([] if current is None else [current])
        self._change(targets, current if current is not None else (targets[0] if targets else None))

    def set_current(self, image_id: int | None) -> None:
        """Make one image current and the only target."""
        self._change([] if image_id is None else [image_id], image_id)

    # Moving

    @Slot()
    def next(self) -> None:
        self.step(1)

    @Slot()
    def previous(self) -> None:
        self.step(-1)

    def step(self, by: int) -> bool:
        """Move by some images in the list; False, and a message, at its ends."""
        if not self._cursor.ids:
            return False
        target = self._cursor.target(self._current, by)
        if target is None:
            self.message.emit(
                self.tr("This is the last image.") if by > 0 else self.tr("This is the first image.")
            )
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
        """How many undecided suggestions are listed, unless all are asked for."""
        self._state.rows_shown = count
        self._show()

    @property
    def unfolded(self) -> bool:
        """Whether all categories are listed."""
        return self._state.unfolded

    @property
    def folded_names(self) -> Mapping[int, str]:
        """The names of all categories, case-folded, by number."""
        return self._state.folded_names

    @Slot(bool)
    def unfold(self, unfolded: bool) -> None:
        """List all categories below the suggestions, or only these."""
        self._state.unfolded = unfolded
        self.refresh()
        self._show()

    def set_checked(self, category_id: int, checked: bool) -> None:
        """Whether done() says yes to a suggestion of the current image."""
        row = self.sheet.row_of(category_id)
        if row is not None and row.can_be_checked and len(self._targets) == 1:
            self._state.set_checked(category_id, checked)
            words = self.tr("Checked: {name}") if checked else self.tr("Left open: {name}")
            self.message.emit(words.format(name=row.name))
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
        """Unknown; of a suggestion that is undecided anyway, whether done() says yes to it."""
        row = None if self._highlight is None else self.sheet.row_of(self._highlight)
        if row is not None and row.can_be_checked and len(self._targets) == 1:
            self.set_checked(row.category_id, not row.checked)
            return
        self._decide_highlighted(LabelState.UNKNOWN)

    def toggle(self, key: str) -> None:
        """The category that owns the key, or the suggestion that shows it: yes, or unknown if it is yes."""
        category_id = self._state.category_of_key(key)
        if category_id is None or not self.sheet.loaded:  # without its labels it is not known which of both
            self._say_or_loading(self.tr("No suggestion and no category has the key {key}.").format(key=key))
            return
        if any(row.category_id == category_id for row in self.sheet.rows):
            self.set_highlight(category_id)
        yes = self.sheet.is_yes(category_id)
        self.decide(category_id, LabelState.UNKNOWN if yes else LabelState.YES)

    def decide(self, category: int | str, state: LabelState) -> bool:
        """Set one category, by number or name, on all targets, as one undo step."""
        if not self._can_decide():
            return False
        name = self._name(category)
        words = decision_words(state, name, len(self._targets))
        if not self._sure((category, state), words, lambda: self.decide(category, state)):
            return False
        self._state.expect(category, state)
        self._session.decide(list(self._targets), category, state)
        self._remember(category, name, state)
        self._show()
        return True

    def add_tag(self, candidate: TagCandidate) -> bool:
        """Yes for a category that was typed; a new one is created."""
        if candidate.category_id is not None:
            return self.decide(candidate.category_id, LabelState.YES)
        if not self._can_decide():
            return False
        words = self.tr("Yes: new category {name} on {n} images")
        words = words.format(name=candidate.name, n=number(len(self._targets)))
        if not self._sure(("new", candidate.name), words, lambda: self.add_tag(candidate)):
            return False
        if len(self._targets) == 1:
            self._state.expect(candidate.name, LabelState.YES)
        self._session.add_category_and_decide(list(self._targets), candidate.name, LabelState.YES)
        self._remember(candidate.name, candidate.name, LabelState.YES)
        self._show()
        return True

    def complete_tag(self, text: str) -> list[TagCandidate]:
        """Categories for a typed text, best first; of equals the ones used last first."""
        return self._tags.complete(text, preferred=self._memory.recent)

    @Slot()
    def repeat(self) -> None:
        """Make the last decision again, on the targets."""
        if self._memory.last is None:
            self.message.emit(self.tr("There is no decision to repeat yet."))
            return
        category, name, state = self._memory.last
        if isinstance(category, str):
            known = self._tags.exact(name)
            category = category if known is None or known.category_id is None else known.category_id
        self.decide(category, state)

    @Slot()
    def toggle_reviewed(self) -> None:
        """Mark the targets as reviewed; remove the mark if all have it."""
        if self._can_decide():
            reviewed = self.sheet.reviewed < len(self._targets)
            count = len(self._targets)
            words = self._reviewed_words(count) if reviewed else self._unreviewed_words(count)
            if not self._sure(("reviewed", reviewed), words, self.toggle_reviewed):
                return
            if len(self._targets) == 1:
                self._state.expect_reviewed(reviewed)
            self._session.set_reviewed(list(self._targets), reviewed)
            self._show()

    @Slot()
    def done(self) -> None:
        """Yes to what is checked, reviewed, and on to the next image that is not reviewed; one step of undo.

        Several images are only marked: the suggestions are those of one of them.
        """
        if not self._can_decide():
            return
        if not self.sheet.loaded:
            self._say_or_loading("")
            return
        if not self._sure("done", self._reviewed_words(len(self._targets)), self.done):
            return
        targets, rows = list(self._targets), self.sheet.rows if len(self._targets) == 1 else ()
        checked = [row for row in rows if row.checked]
        left_open = [row.category_id for row in rows if row.left_open]
        if len(targets) == 1:
            self._state.expect_reviewed(True)
            for row in checked:
                self._state.expect(row.category_id, LabelState.YES)
        self._session.accept_and_review(targets, [row.category_id for row in checked], left_open)
        for row in checked:
            self._memory.note(row.category_id, row.name, LabelState.YES)
        self.repeat_changed.emit(self.repeat_words())
        self.message.emit(self._done_words([row.name for row in checked], len(targets)))
        self._show()
        ahead = self._cursor.following(self._current)
        if len(targets) > 1:
            done = set(targets)
            ahead = [one for one in ahead if one not in done]
        self._leaving = True
        self._session.ask_next_unreviewed(ahead, self._go_on, self._stay)

    def _done_words(self, names: Sequence[str], images: int) -> str:
        reviewed = self._reviewed_words(images)
        return f"{reviewed} · {self.tr('Yes: {names}').format(names=', '.join(names))}" if names else reviewed

    def _reviewed_words(self, images: int) -> str:
        return counted(images, self.tr("Reviewed"), self.tr("{n} images reviewed"))

    def _unreviewed_words(self, images: int) -> str:
        return counted(images, self.tr("Not reviewed"), self.tr("{n} images not reviewed"))

    # Many images at once

    def _sure(self, what: object, words: str, again: Callable[[], object]) -> bool:
        """Whether to act: on many images only when asked for the second time."""
        if len(self._targets) <= MOST_UNASKED:
            return True
        if self._asked is not None and self._asked[0] == what:
            self.cancel_confirmation()
            self.many_changed.emit(words)
            return True
        self._asked = what, again
        self.confirmation_wanted.emit(words)
        return False

    @Slot()
    def confirm(self) -> None:
        """Do what was asked for."""
        if self._asked is not None:
            self._asked[1]()

    @Slot()
    def cancel_confirmation(self) -> None:
        if self._asked is not None:
            self._asked = None
            self.confirmation_wanted.emit("")

    def _go_on(self, image_id: int | None) -> None:
        if not self._leaving:
            return  # the person has moved on already
        self._leaving = False
        if image_id is None:
            self.message.emit(self.tr("Every image of this list is reviewed."))
        else:
            self.set_current(image_id)

    def _stay(self, error: BaseException) -> None:
        self._leaving = False
        self.message.emit(str(error))

    @Slot()
    def undo(self) -> None:
        change = self._undo_words[0]
        if change is not None and (size := self._session.size_to_confirm()):
            self._large_undo = True
            words = self.tr("Undo would revert {n} changes: {change}. Press again to do it.")
            self.message.emit(words.format(n=number(size), change=change))
        else:
            self._undo_now(large=self._large_undo)

    @Slot()
    def undo_agreed(self) -> None:
        """Undo without asking, however much it reverts: the person has just been told."""
        self._undo_now(large=True)

    def _undo_now(self, *, large: bool) -> None:
        change = self._undo_words[0]
        if change is None:
            self.message.emit(self.tr("There is nothing to undo."))
            return
        self._large_undo = False
        self.message.emit(self.tr("Undone: {change}").format(change=change))
        if large:
            self.many_undone.emit(change)
        self._step_history(self._session.undo)

    @Slot()
    def redo(self) -> None:
        if self._undo_words[1] is None:
            self.message.emit(self.tr("There is nothing to redo."))
        else:
            self.message.emit(self.tr("Redone: {change}").format(change=self._undo_words[1]))
            self._step_history(self._session.redo)

    @Slot()
    def ask_for_tag(self) -> None:
        if self._leaving or self._can_decide():  # letters must never become commands
            self.tag_wanted.emit()

    def _step_history(self, act: Callable[[], None]) -> None:
        """Undo or redo."""
        self._returning = True
        act()
        self._state.expect_unsaved()
        self._show()

    def _can_decide(self) -> bool:
        if self._read_only:
            self.message.emit(self.tr("This project is open read-only: labels cannot be changed."))
        elif not self._targets:
            self.message.emit(self.tr("Select an image first."))
        elif self._leaving:
            self.message.emit(self.tr("The next image is still loading; press the key again in a moment."))
        else:
            return True
        return False

    def _say_or_loading(self, words: str) -> None:
        """Say this, or that the suggestions are not loaded yet."""
        if not self.sheet.loaded:
            words = self.tr("The suggestions are still loading; press the key again in a moment.")
        self.message.emit(words)

    def _decide_highlighted(self, state: LabelState) -> None:
        if self._highlight is None:
            self._say_or_loading(self.tr("No suggestion is highlighted. Type a tag instead."))
            return
        decided = self._highlight
        if self.decide(decided, state) and state is not LabelState.UNKNOWN:
            self.set_highlight(self._next_open(decided))

    def _next_open(self, after: int) -> int | None:
        """The next undecided suggestion, wrapping around; itself if there is none.

        Among all categories the one below.
        """
        rows = self.sheet.rows
        if self.sheet.row_of(after) is None:
            below = self._ids_listed()
            return below[below.index(after) + 1] if after in below[:-1] else after
        start = next((i for i, row in enumerate(rows) if row.category_id == after), 0)
        ahead = [*rows[start + 1 :], *rows[:start]]
        undecided = (row.category_id for row in ahead if row.state is LabelState.UNKNOWN)
        return next(undecided, after)

    def _move_highlight(self, by: int) -> None:
        ids = self._ids_listed()
        if not ids:
            return
        at = ids.index(self._highlight) + by if self._highlight in ids else 0
        self.set_highlight(ids[min(max(at, 0), len(ids) - 1)])

    def _ids_listed(self) -> list[int]:
        """The categories of all rows in view, from the top."""
        return [*(row.category_id for row in self.sheet.rows), *self.sheet.other_ids]

    def _name(self, category: int | str) -> str:
        if isinstance(category, str):
            return category
        return self.category_name(category) or ""

    def _remember(self, category: int | str, name: str, state: LabelState) -> None:
        self._memory.note(category, name, state)
        self.message.emit(decision_words(state, name, len(self._targets)))
        self.repeat_changed.emit(self.repeat_words())

    # Following the session

    def _change(self, targets: list[int], current: int | None) -> None:
        moved = current != self._current
        if not moved and targets == self._targets:
            return
        self.cancel_confirmation()
        self._leaving = False
        self._current, self._targets = current, targets
        self._state.set_targets(targets, current)
        self._cursor.move_to(current)
        if moved:
            self.set_highlight(None)
            self.current_changed.emit(current)
        self.refresh()
        self._show()

    @Slot()
    def refresh(self) -> None:
        """Ask again for everything that is shown of the targets."""
        if self._current is not None:
            self._session.request_detail(self._current, self._state.unfolded)
        if len(self._targets) > 1:
            self._session.request_selection(list(self._targets))

    @Slot()
    def _show(self) -> None:
        """Emit the current sheet; highlight the first undecided suggestion if none is highlighted."""
        sheet = self._state.build()
        self.sheet_changed.emit(sheet)
        ids = self._ids_listed()
        if ids and self._highlight not in ids:
            undecided = [row.category_id for row in sheet.rows if row.state is LabelState.UNKNOWN]
            self.set_highlight((undecided or ids)[0])

    @Slot(object)
    def _take_detail(self, detail: "ImageDetail") -> None:
        if self._state.take_detail(detail):
            self._show()

    @Slot(object)
    def _take_selection(self, detail: "SelectionDetail") -> None:
        if self._state.take_selection(detail):
            self._show()

    @Slot()
    def _forget(self) -> None:
        """The project was closed: forget everything about it."""
        self._cursor = ImageCursor()
        self._memory = DecisionMemory()
        self._leaving = False
        self.set_current(None)
        self.repeat_changed.emit("")
        self._follow_undo(None, None)
        self.list_changed.emit()

    @Slot(object)
    def _follow_info(self, info: "ProjectInfo") -> None:
        owned = self._state.owned_keys()
        self._state.learn_categories(info.categories)
        if self._state.owned_keys() != owned:
            self.owned_keys_changed.emit()
        self._tags = TagIndex(info.categories)
        if self._read_only != info.read_only:
            self._read_only = info.read_only
            self.writable_changed.emit(not info.read_only)
        self._show()

    @Slot(object, str)
    def _follow_images(self, ids: Sequence[int], _query: str) -> None:
        self._cursor.set_list(ids, self._current)
        self.list_changed.emit()

    @Slot(object)
    def _follow_change(self, change: ChangeSet) -> None:
        touched = {one.image_id for one in change.labels} | {one.image_id for one in change.reviews}
        touched.update(change.images)
        if self._returning and change.kind is not BatchKind.DO:
            self._returning = False
            self._return_to(touched)
        if change.categories or not touched.isdisjoint(self._targets) or self._current in touched:
            self.refresh()

    def _return_to(self, touched: set[int]) -> None:
        """Show the image on which something was undone, also if the person has moved on since."""
        if len(touched) == 1 and touched.isdisjoint(self._targets):
            self.set_current(next(iter(touched)))

    @Slot(object, object)
    def _follow_undo(self, undo: str | None, redo: str | None) -> None:
        self._large_undo = False  # what was asked for is no longer the next step
        self._undo_words = (undo or None, redo or None)
        self.undo_changed.emit(*self._undo_words)

    @Slot(object)
    def _follow_failure(self, change: UnsavedChange) -> None:
        """The change was shown before it was saved: show what is stored, and what still waits."""
        self._state.take_failure(change)
        self._state.expect_unsaved()
        self.refresh()
        self._show()
