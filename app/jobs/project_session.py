"""One open project for the window: what the screens ask and change, and what they hear of it."""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.changes import BatchKind, ChangeSet
from app.domain.errors import BusyError, CancelledError, KnownError, NothingToUndoError
from app.domain.labels import LabelState
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.query import QueryError, complete
from app.domain.unsaved import REDO, UNDO, UnsavedChange, unsaved_change
from app.jobs.heat_loading import HeatLoading
from app.jobs.model_queue import ModelQueue
from app.jobs.pace import Pace
from app.jobs.session_values import GridBadge, ImageDetail, ProjectInfo, QueryCandidate
from app.jobs.storage_executor import OperationKind, OperationReport, StorageExecutor
from app.jobs.store_access import StoreAccess, prepare
from app.jobs.suggestion_loading import SuggestionLoading
from app.jobs.unsaved_changes import UnsavedChanges
from app.services.runner import Runner

if TYPE_CHECKING:
    from app.jobs.store_values import Done, Look
    from app.services.project import Project

LOOK_MS: Final = 700
DEFAULT_DISK_CACHE: Final = 4 << 30
RESELECT_MS: Final = (40, 1500)
RESELECT_SHARE: Final = 5
"""After a change the list is found anew, yet four fifths of the time are left to decisions."""

log = logging.getLogger(__name__)


class ProjectSession(QObject):
    """Every service call of the window's open project goes through here, on the storage thread.

    Answers come as signals. Only the newest of several questions of a kind is answered. Has no parent; the
    owner closes it.
    """

    opened = Signal(object)
    """A ProjectInfo."""
    open_failed = Signal(str)
    """A sentence; nothing is open."""
    lock_held = Signal(str)
    """Another window has the project: a sentence that says who. Nothing is open."""
    closing = Signal()
    """The project is about to be closed and can still be written to."""
    closed = Signal()
    info_changed = Signal(object)
    """A ProjectInfo."""
    images_changed = Signal(object, str)
    """The numbers of the images in order, and the query that selected them."""
    list_outdated = Signal(object)
    """The numbers of the images that the query selects since a change; show_current_list() shows them."""
    query_failed = Signal(str, int, object)
    """A sentence, the index of the first wrong character, and the whole query mended (None: not known)."""
    detail_ready = Signal(object)
    """An ImageDetail."""
    rebuilt = Signal()
    """Images have come, gone, changed their state, or show another picture."""
    selection_ready = Signal(object)
    """A SelectionDetail."""
    badges_ready = Signal(object)
    """GridBadge by image number."""
    changed = Signal(object)
    """A ChangeSet: of this window, or of another writer."""
    answered = Signal(object)
    """A Done, of each change of this window, also where it has changed nothing."""
    scores_changed = Signal()
    saved = Signal(float)
    """A change is on the disk; the seconds that this took."""
    pace_changed = Signal(object)
    """Decisions a minute; None while there are too few to say."""
    undo_state = Signal(object, object)
    """What undo and redo would do, in words; None where there is nothing."""
    completion_ready = Signal(object)
    """A list of QueryCandidate."""
    suggestions_missing = Signal(str)
    """Why there are no suggestions as yet: a sentence."""
    left_unsaved = Signal(str)
    """The project was closed before everything could be saved: a sentence."""
    known_error = Signal(str)
    bug = Signal(str)

    def __init__(
        self,
        models: ModelQueue,
        *,
        known_errors: tuple[type[Exception], ...] = (KnownError,),
        disk_cache_bytes: int = DEFAULT_DISK_CACHE,
        unsaved_folder: Path | None = None,
    ) -> None:
        """``unsaved_folder``: where answers are kept that no project's folder and database would take."""
        super().__init__()
        self._models = models
        self._known_errors = known_errors
        self._disk_cache_bytes = disk_cache_bytes
        self._executor: StorageExecutor | None = None
        self._store: StoreAccess | None = None
        self._info: ProjectInfo | None = None
        self._query = ""
        self._listed: list[int] = []
        self._newer: list[int] | None = None
        self._pace = Pace(time.monotonic)
        self._told_pace: float | None = None
        self._undo: tuple[str | None, str | None] = (None, None)
        self._image_names: dict[int, str] = {}
        self.unsaved = UnsavedChanges(self, fallback=unsaved_folder)
        self.unsaved.known_error.connect(self.known_error)
        self.unsaved.changed.connect(self._repeat_undo)
        self.heat = HeatLoading(models, self, known_errors=known_errors)
        self.heat.bug.connect(self.bug)
        self._suggestions = SuggestionLoading(models, self)
        self._suggestions.loaded.connect(self._loaded)
        self._suggestions.failed.connect(self._load_failed)
        self._suggestions.encoded.connect(self._encoded)
        self._suggestions.encoding_failed.connect(self._encode_failed)
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_MS)
        self._watch.timeout.connect(self._look)
        self._reselect = QTimer(self)
        self._reselect.setSingleShot(True)
        self._reselect.setInterval(RESELECT_MS[0])
        self._reselect.timeout.connect(self._select_again)

    def prepare(self) -> None:
        """Load what opening a project needs beside the window, on the model's thread."""
        if not self._models.closed:

            def load(_runner: Runner, _on_progress: ProgressCallback, _should_stop: StopCheck) -> None:
                prepare()

            self._models.submit(load)

    # --- opening and closing

    @property
    def info(self) -> ProjectInfo | None:
        """None while nothing is open."""
        return self._info

    @property
    def query(self) -> str:
        return self._query

    @property
    def project(self) -> "Project | None":
        """For work on other threads; Project is safe to share."""
        return None if self._store is None else self._store.project

    @property
    def pending(self) -> int:
        """Operations under way."""
        return 0 if self._executor is None else self._executor.pending

    @Slot(object)
    def open(self, folder: Path) -> None:
        """Open a project in place of the one that is open; ``opened`` follows, or why it did not."""
        self.close()
        executor = self._executor = StorageExecutor(self._known_errors)
        executor.changed.connect(self.changed)
        executor.known_error.connect(self.known_error)
        executor.bug.connect(self.bug)
        executor.finished.connect(self._measure)
        self.unsaved.attach(executor)
        store = self._store = StoreAccess(self._disk_cache_bytes)
        executor.query(
            store.call("open"), Path(folder), then=self._opened, failed=self._open_failed, retried=False
        )

    def close(self) -> bool:
        """Finish what waits to be written, release the project. Idempotent.

        What cannot be written is kept in a file, and ``left_unsaved`` says so. False when the storage thread
        did not end in time.
        """
        self._watch.stop()
        self._reselect.stop()
        executor, store = self._executor, self._store
        if executor is None or store is None:
            return True
        was_open = self._info is not None
        if was_open:
            self.closing.emit()
        self._suggestions.stop()
        ended = executor.close(last=store.call("close"))
        left = self.unsaved.detach()
        self._executor = self._store = self._info = self._newer = None
        self._query, self._listed = "", []
        self._undo, self._image_names = (None, None), {}
        self._pace.forget()
        if was_open:
            self.closed.emit()
        if left:
            self.left_unsaved.emit(left)
        return ended

    def _opened(self, info: ProjectInfo) -> None:
        self._info = info
        if info.read_only is None:
            self.unsaved.open(info.folder)
        self.opened.emit(info)
        self.set_query("")
        self._ask("begin_watching", then=self._counted)
        self._ask_undo()

    def _counted(self, info: ProjectInfo) -> None:
        self._set_info(info)
        self._watch.start()
        self.unsaved.look_for_kept()
        self.reload_suggestions()

    def _open_failed(self, error: BaseException) -> None:
        self.close()
        if isinstance(error, BusyError):
            self.lock_held.emit(str(error))
        elif isinstance(error, self._known_errors):
            self.open_failed.emit(str(error))
        else:
            self.open_failed.emit("The project could not be opened because of a fault in this program.")

    # --- questions

    @Slot(str)
    def set_query(self, text: str) -> None:
        """Show what the query selects; ``images_changed`` or ``query_failed`` follows."""
        self._ask("select", text, then=self._selected, failed=self._select_failed, key="select")

    @Slot()
    def refresh_query(self) -> None:
        self.set_query(self._query)

    @Slot()
    def show_current_list(self) -> None:
        """Show what ``list_outdated`` has told of, if anything: ``images_changed`` follows at once."""
        if self._newer is not None:
            self._listed, self._newer = self._newer, None
            self.images_changed.emit(self._listed, self._query)

    @Slot(int)
    def request_detail(self, image_id: int) -> None:
        self._ask("detail", image_id, then=self._tell_detail, key="detail")

    @Slot(object)
    def request_selection(self, image_ids: Sequence[int]) -> None:
        self._ask("selection", list(image_ids), then=self._tell_selection, key="selection")

    @Slot(object)
    def request_badges(self, image_ids: Sequence[int]) -> None:
        self._ask("badges", list(image_ids), then=self._tell_badges)

    def learn_names(self, image_ids: Sequence[int]) -> None:
        """Ask for the file names of images that only a picture shows, for where_words()."""
        self._ask("image_names", list(image_ids), then=self._learn_names)

    def complete(self, text: str, cursor: int = -1) -> None:
        """How the query could go on at the cursor (-1: at its end); answered at once."""
        categories = () if self._info is None else self._info.categories
        names = [name for one in categories for name in (one.name, *one.aliases)]
        found = complete(text, len(text) if cursor < 0 else cursor, names)
        candidates = []
        for one in found:
            whole, place = one.apply(text)
            candidates.append(QueryCandidate(one.label, one.description, whole, place))
        self.completion_ready.emit(candidates)

    def thumbnail(self, image_id: int, long_side: int) -> bytes:
        """An encoded picture, for the threads of a ThumbnailLoader. Raises KnownError with the reason."""
        store = self._store
        if store is None:
            raise KnownError("the project is closed")
        return store.thumbnail(image_id, long_side)

    def ask_unfinished(self, then: Callable[[Any], None]) -> None:
        """``then``, a method of a QObject, receives what is Unfinished in the books, a list."""
        self._ask("books.unfinished", then=then, key="unfinished")

    def ask_folders(self, then: Callable[[Any], None]) -> None:
        """``then``, a method of a QObject, receives a list of FolderInfo, the missing ones first."""
        self._ask("folders", then=then, key="folders")

    # --- changes

    def decide(self, image_ids: Sequence[int], category: int | str, state: LabelState) -> None:
        """Say yes, no or unknown to a category, by number or name, on all these images: one step of undo."""
        if image_ids:
            words = self._answer_words(self._category_name(category), state, image_ids)
            self._change("decide", list(image_ids), category, state, words=words)

    def add_category_and_decide(self, image_ids: Sequence[int], name: str, state: LabelState) -> None:
        """As decide(); a category that does not exist is created in the same step."""
        if image_ids:
            words = self._answer_words(name, state, image_ids)
            self._change("add_and_decide", list(image_ids), name, state, words=words)

    def set_reviewed(self, image_ids: Sequence[int], reviewed: bool = True) -> None:
        if image_ids:
            words = f"{'Reviewed' if reviewed else 'Not reviewed'}: {self.where_words(image_ids)}"
            self._change("review", list(image_ids), reviewed, words=words)

    @Slot()
    def undo(self) -> None:
        self._change(UNDO, words="Undo")

    @Slot()
    def redo(self) -> None:
        self._change(REDO, words="Redo")

    @Slot()
    def save_offered(self) -> None:
        """Save what was kept when the project was open last."""
        for change in self.unsaved.offered:
            self._submit(change, replayed=True)

    # --- suggestions

    @Slot()
    def reload_suggestions(self) -> None:
        """Load the suggestions anew, as after indexing; ``scores_changed`` follows."""
        if (project := self.project) is not None:
            self._suggestions.load(project)

    @Slot()
    def images_were_scanned(self) -> None:
        """Images have come, gone or changed their state by work of this window."""
        self._ask("rebuild", then=self._tell_rebuilt)

    @Slot(object)
    def _loaded(self, loaded: "tuple[Project, Any, int]") -> None:
        project, live, entry = loaded
        if project is self.project:
            self._ask("adopt", live, entry, then=self._adopted)
            self._ask("note_indexing", then=self._ignore)

    @Slot(object)
    def _load_failed(self, error: BaseException) -> None:
        self._tell_failure(error, self.suggestions_missing)

    def _adopted(self, info: ProjectInfo) -> None:
        self._set_info(info)
        self.scores_changed.emit()
        self._reselect.start()

    @Slot(object)
    def _encoded(self, project: "Project") -> None:
        if project is self.project:
            self._ask("follow_categories", then=self._followed)

    @Slot(object)
    def _encode_failed(self, error: BaseException) -> None:
        self._tell_failure(error, self.known_error)

    def _followed(self, anything: bool) -> None:
        if anything:
            self._ask("info", then=self._set_info, key="info")
            self.scores_changed.emit()

    # --- from the storage thread

    def _selected(self, found: tuple[list[int], str]) -> None:
        self._listed, self._query = found
        self._newer = None
        self.images_changed.emit(self._listed, self._query)

    @Slot()
    def _select_again(self) -> None:
        shown = self._listed if self._newer is None else self._newer
        self._ask("reselect", self._query, shown, then=self._selected_again, key="reselect")

    def _selected_again(self, found: tuple[list[int], str, float] | None) -> None:
        if found is None or found[1] != self._query:
            return
        self._newer, _, seconds = found
        least, most = RESELECT_MS
        self._reselect.setInterval(round(min(max(1e3 * seconds * (RESELECT_SHARE - 1), least), most)))
        self.list_outdated.emit(self._newer)

    def _select_failed(self, error: BaseException) -> None:
        if isinstance(error, QueryError):
            self.query_failed.emit(str(error), error.position, error.fixed())
        elif isinstance(error, self._known_errors):
            self.query_failed.emit(str(error), -1, None)

    def _tell_detail(self, detail: ImageDetail) -> None:
        self._image_names[detail.image.id] = detail.image.path.rpartition("/")[2]
        self.detail_ready.emit(detail)

    def _learn_names(self, names: dict[int, str]) -> None:
        self._image_names.update(names)

    def _tell_selection(self, detail: Any) -> None:
        self.selection_ready.emit(detail)

    def _tell_badges(self, badges: dict[int, GridBadge]) -> None:
        self._image_names.update((number, badge.name) for number, badge in badges.items())
        self.badges_ready.emit(badges)

    def _done(self, done: "Done") -> None:
        self.answered.emit(done)
        change = done.change
        if change and change.kind is BatchKind.DO:
            self._tell_undo((change.description, None))
        elif change:
            self._ask_undo()
        if done.decisions and change:
            self._pace.note()
            self._tell_pace()
        self._ask_after_change(change)

    def _ask_after_change(self, change: ChangeSet) -> None:
        self._ask("info", then=self._set_info, key="info")
        if change.categories:
            self._ask("is_behind", then=self._behind)
        if change and not self._reselect.isActive():
            self._reselect.start()

    def _behind(self, behind: bool) -> None:
        if behind and (project := self.project) is not None:
            self._suggestions.encode(project)

    def _change_failed(self, error: BaseException) -> None:
        self._ask_undo()
        if isinstance(error, CancelledError):
            return
        known, change = isinstance(error, self._known_errors), self.unsaved.settled
        sentence = str(error) if known else "Something went wrong in Tailspotter."
        if change is not None and not isinstance(error, NothingToUndoError):
            sentence = f"Not saved: {change.words}. {sentence}"
        self.known_error.emit(sentence)

    def _set_info(self, info: ProjectInfo) -> None:
        self._info = info
        self.info_changed.emit(info)

    @Slot()
    def _repeat_undo(self) -> None:
        if self._info is not None:
            self._tell_undo(self._undo)

    def _tell_undo(self, words: tuple[str | None, str | None]) -> None:
        self._undo = words
        self.undo_state.emit(*self.unsaved.undo_words(*words))

    def _tell_rebuilt(self, info: ProjectInfo) -> None:
        self._set_info(info)
        self.refresh_query()
        self.rebuilt.emit()

    def _tell_look(self, look: "Look | None") -> None:
        if look is None:
            return
        self._tell_undo((look.undo, look.redo))
        if look.change:
            self.changed.emit(look.change)
            self._ask_after_change(look.change)
        if look.rebuilt:
            self.refresh_query()
            self.rebuilt.emit()
            self._ask("info", then=self._set_info, key="info")
        if look.indexed:
            self.reload_suggestions()

    def _ignore(self, _value: object) -> None:
        return

    @Slot(object)
    def _measure(self, report: OperationReport) -> None:
        if report.kind is OperationKind.MUTATION and report.succeeded and self._info is not None:
            self.saved.emit(report.waited + report.ran)

    # --- timers

    @Slot()
    def _look(self) -> None:
        self._ask("look", then=self._tell_look, key="look")
        self._tell_pace()

    def _tell_pace(self) -> None:
        pace = self._pace.per_minute()
        if pace != self._told_pace:
            self._told_pace = pace
            self.pace_changed.emit(pace)

    # --- ways to the storage thread

    def ask(self, name: str, *arguments: Any, then: Any, failed: Any = None, key: Any = None) -> None:
        """A question of another screen to the store, such as ``reviewing.board``; nothing while none is open.

        ``then`` and ``failed`` are methods of a QObject.
        """
        self._ask(name, *arguments, then=then, failed=failed, key=key)

    def change(self, name: str, *arguments: Any, words: str) -> None:
        """A change of another screen; ``answered`` follows, or ``known_error``. ``words`` name it."""
        self._change(name, *arguments, words=words)

    def _ask(self, name: str, *arguments: Any, then: Any, failed: Any = None, key: Any = None) -> None:
        if self._executor is not None and self._store is not None:
            self._executor.query(self._store.call(name), *arguments, then=then, failed=failed, key=key)

    def _change(self, name: str, *arguments: Any, words: str) -> None:
        self._submit(unsaved_change(name, arguments, words))

    def _submit(self, change: UnsavedChange, replayed: bool = False) -> None:
        if self._executor is None or self._store is None or self._info is None:
            raise RuntimeError("a change was asked for while no project is open")
        operation, arguments = ("save_kept", (change,)) if replayed else (change.operation, change.arguments)
        call = self._store.call(operation)
        ticket = self._executor.mutate(call, *arguments, then=self._done, failed=self._change_failed)
        self.unsaved.add(ticket, change, replayed=replayed)
        if self._executor.delay is not None or self._undo[0] is None:
            self._repeat_undo()

    def _answer_words(self, name: str, state: LabelState, image_ids: Sequence[int]) -> str:
        return f"{state.value.capitalize()}: {name} on {self.where_words(image_ids)}"

    def _category_name(self, category: int | str) -> str:
        known = () if self._info is None else self._info.categories
        return next((one.name for one in known if one.id == category), str(category))

    def where_words(self, image_ids: Sequence[int]) -> str:
        """The file name of one image, else their number."""
        if len(image_ids) > 1:
            return f"{len(image_ids):,} images"
        return self._image_names.get(image_ids[0], f"image {image_ids[0]}")

    def _ask_undo(self) -> None:
        self._ask("undo_words", then=self._tell_undo, key="undo")

    def _tell_failure(self, error: BaseException, known: Any) -> None:
        if isinstance(error, self._known_errors):
            known.emit(str(error))
        elif self._executor is not None:
            text = "".join(traceback.format_exception(error))
            log.error("%s", text)
            self.bug.emit(text)
