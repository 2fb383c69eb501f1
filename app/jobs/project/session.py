"""One open project for the window: what the screens ask and change, and the signals they follow."""

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.changes import ChangeSet
from app.domain.errors import BusyError, KnownError, is_known
from app.domain.labels import LabelState
from app.domain.language import translate
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.project_settings import ProjectSettings
from app.domain.unsaved import (
    AcceptAndReview,
    AddCategoryAndDecide,
    Decide,
    LabelAction,
    MarkReviewed,
    Redo,
    Undo,
    UnsavedChange,
)
from app.jobs.pictures.heat_loading import HeatLoading
from app.jobs.project.changes import ProjectChanges
from app.jobs.project.daily_backup import DailyBackup
from app.jobs.project.image_list import ImageList
from app.jobs.project.learning import BackgroundLearning
from app.jobs.project.storage import ProjectStorage
from app.jobs.project.suggestion_loading import SuggestionLoading
from app.jobs.project.text_preview import TextPreview
from app.jobs.project.unsaved_changes import UnsavedChanges
from app.jobs.store.access import StoreAccess, prepare
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.threads.storage_executor import StorageExecutor
from app.jobs.values.session import GridBadge, ImageDetail, ProjectInfo
from app.services.runner.runner import Runner

if TYPE_CHECKING:
    from app.jobs.store.open_store import OpenStore
    from app.jobs.values.store import ExternalChange, MutationResult
    from app.services.project.project import Project

CHECK_MS: Final = 700
"""Between two checks for changes by other writers."""
LEARN_AGAIN_MS: Final = 2_000
"""After a change of many images, before the suggestions are loaded again."""
DEFAULT_DISK_CACHE: Final = 4 << 30

T = TypeVar("T")


class ProjectSession(QObject):
    """Every service call on the window's open project goes through here, to the storage thread.

    Results arrive as signals. Of several queries of one kind only the newest is answered. Has no parent; the
    owner closes it.
    """

    opened = Signal(object)
    """A ProjectInfo."""
    open_failed = Signal(str)
    """A sentence; no project is open."""
    lock_held = Signal(str)
    """Another window has the project open: a sentence that names it. No project is open."""
    closing = Signal()
    """The project is about to be closed and can still be changed."""
    closed = Signal()
    info_changed = Signal(object)
    """A ProjectInfo."""
    images_changed = Signal(object, str)
    """The ids of the images in order, and the query that selected them."""
    list_outdated = Signal(object)
    """The ids of the images that the query selects after a change; show_current_list() shows them."""
    query_failed = Signal(str, int, object)
    """A sentence, the index of the first wrong character (-1: unknown), and the corrected query or None."""
    detail_ready = Signal(object)
    """An ImageDetail."""
    rebuilt = Signal()
    """Images were added, removed, changed their state, or show a different picture."""
    selection_ready = Signal(object)
    """A SelectionDetail."""
    badges_ready = Signal(object)
    """GridBadge by image id."""
    changed = Signal(object)
    """A ChangeSet, of this window or of another writer."""
    answered = Signal(object)
    """The MutationResult of each change by this window, even if nothing changed."""
    scores_changed = Signal()
    changed_elsewhere = Signal()
    """Another writer has written something to the database of the project."""
    saved = Signal(float)
    """A change is on disk; the seconds it took."""
    pace_changed = Signal(object)
    """Decisions per minute; None with too few."""
    undo_state = Signal(object, object)
    """Descriptions of the next undo and redo; None if there is none."""
    suggestions_missing = Signal(str)
    """Why there are no suggestions yet: a sentence."""
    left_unsaved = Signal(str)
    """The project was closed before everything could be saved: a sentence."""
    known_error = Signal(str)
    bug = Signal(str)

    def __init__(
        self,
        models: ModelQueue,
        *,
        disk_cache_bytes: int = DEFAULT_DISK_CACHE,
        unsaved_folder: Path | None = None,
    ) -> None:
        """``unsaved_folder``: for answers that neither the database nor the project folder can take."""
        super().__init__()
        self._models = models
        self._disk_cache_bytes = disk_cache_bytes
        self._storage = ProjectStorage()
        self._info: ProjectInfo | None = None
        self._image_names: dict[int, str] = {}
        self._list = ImageList(self._storage, self)
        self._list.images_changed.connect(self.images_changed)
        self._list.list_outdated.connect(self.list_outdated)
        self._list.query_failed.connect(self.query_failed)
        self._changes = ProjectChanges(self._storage, self, unsaved_folder=unsaved_folder)
        self._changes.answered.connect(self.answered)
        self._changes.applied.connect(self._update_after_change)
        self._changes.saved.connect(self.saved)
        self._changes.pace_changed.connect(self.pace_changed)
        self._changes.undo_state.connect(self.undo_state)
        self._changes.known_error.connect(self.known_error)
        self.heat = HeatLoading(models, self)
        self.heat.bug.connect(self.bug)
        self.previews = TextPreview(models, self._storage, self)
        self.previews.bug.connect(self.bug)
        self._suggestions = SuggestionLoading(models, self._storage, self)
        self._suggestions.adopted.connect(self._suggestions_adopted)
        self._suggestions.categories_added.connect(self._categories_added)
        self._suggestions.failed.connect(self.suggestions_missing)
        self._suggestions.encoding_failed.connect(self.known_error)
        self._suggestions.bug.connect(self.bug)
        self._learning = BackgroundLearning(self._storage, self)
        self._backup = DailyBackup(self)
        self._backup.failed.connect(self.known_error)
        self._checking = self._check_again = False
        self._checks = QTimer(self)
        self._checks.setInterval(CHECK_MS)
        self._checks.timeout.connect(self._check_for_changes)
        self._checks.timeout.connect(self._learning.look)

    def prepare(self) -> None:
        """Load the modules for opening a project on the model's thread, while the window shows itself."""
        if not self._models.closed:

            def load(_runner: Runner, _on_progress: ProgressCallback, _should_stop: StopCheck) -> None:
                prepare()

            self._models.submit(load)

    # --- opening and closing

    @property
    def info(self) -> ProjectInfo | None:
        """None while no project is open."""
        return self._info

    @property
    def query(self) -> str:
        return self._list.query

    @property
    def unsaved(self) -> UnsavedChanges:
        return self._changes.unsaved

    @property
    def project(self) -> "Project | None":
        """For work on other threads; Project is safe to share."""
        store = self._storage.store
        return None if store is None else store.project

    @property
    def pending(self) -> int:
        """Operations that are not finished."""
        executor = self._storage.executor
        return 0 if executor is None else executor.pending

    @Slot(object)
    def open(self, folder: Path) -> None:
        """Close the open project and open this one; ``opened``, ``lock_held`` or ``open_failed`` follows."""
        self.close()
        executor = self._storage.executor = StorageExecutor()
        executor.changed.connect(self.changed)
        executor.known_error.connect(self.known_error)
        executor.bug.connect(self.bug)
        self._changes.attach(executor)
        store = self._storage.store = StoreAccess(self._disk_cache_bytes)
        place = Path(folder)
        executor.query(
            store.bind(lambda opening: opening.open(place)),
            then=self._opened,
            failed=self._open_failed,
            retried=False,
        )

    def close(self) -> bool:
        """Finish pending changes and release the project. Idempotent.

        Changes that cannot be written are kept in a file, and ``left_unsaved`` says so. False if the storage
        thread does not end in time.
        """
        self._checks.stop()
        self._checking = self._check_again = False
        executor, store = self._storage.executor, self._storage.store
        if executor is None or store is None:
            return True
        was_open = self._info is not None
        if was_open:
            self.closing.emit()
        self._suggestions.stop()
        self._learning.stop()
        self.previews.forget()
        self._backup.close()
        ended = executor.close(last=store.bind(lambda closing: closing.close()))
        left = self._changes.detach()
        self._list.clear()
        self._storage.executor = self._storage.store = self._info = None
        self._image_names = {}
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
        self.ask(lambda store: store.begin_watching(), then=self._counted)
        self._changes.update_undo()

    def _counted(self, info: ProjectInfo) -> None:
        self._set_info(info)
        self._checks.start()
        if (project := self.project) is not None:
            self._backup.follow(project)
        self.unsaved.look_for_kept()
        self.reload_suggestions()

    def _open_failed(self, error: BaseException) -> None:
        self.close()
        if isinstance(error, BusyError):
            self.lock_held.emit(str(error))
        elif is_known(error):
            self.open_failed.emit(str(error))
        else:
            self.open_failed.emit(
                translate("Jobs", "Something went wrong in Tailspotter: the project could not be opened.")
            )

    # --- queries

    @Slot(str)
    def set_query(self, text: str) -> None:
        """``images_changed`` or ``query_failed`` follows."""
        self._list.set_query(text)

    def show_chosen(self, image_ids: Sequence[int]) -> None:
        """Show these images until the next query; ``images_changed`` follows immediately, with no query."""
        self._list.show_chosen(image_ids)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The images of the last ``show_chosen``; none once a query has been run."""
        return self._list.chosen

    @Slot()
    def refresh_query(self) -> None:
        self._list.set_query(self._list.query)

    @Slot()
    def show_current_list(self) -> None:
        """Show the list of the last ``list_outdated``, if any; ``images_changed`` follows immediately."""
        self._list.show_current()

    # Near-duplicates in the list of similar images

    @property
    def stack_sizes(self) -> dict[int, int]:
        """The number of images of each stack that is shown, by its first image."""
        return self._list.stacks.sizes

    @property
    def opened_stacks(self) -> frozenset[int]:
        return self._list.stacks.opened

    @property
    def stacked(self) -> int:
        """How many images of the list are behind others."""
        return self._list.stacked

    def stack_of(self, image_id: int) -> tuple[int, ...]:
        """All images of the stack with this image, the first one first; empty if no such stack is shown."""
        return self._list.stacks.of(image_id)

    def toggle_stack(self, image_id: int) -> None:
        """Open or close the stack with this image; ``images_changed`` follows immediately."""
        self._list.toggle_stack(image_id)

    @Slot(int)
    def request_detail(self, image_id: int, everything: bool = False) -> None:
        """``everything``: with the probabilities of all categories."""
        self.ask(
            lambda store: store.images.detail(image_id, everything=everything),
            then=self._take_detail,
            key="detail",
        )

    @Slot(object)
    def request_selection(self, image_ids: Sequence[int]) -> None:
        numbers = list(image_ids)
        self.ask(lambda store: store.images.selection(numbers), then=self._take_selection, key="selection")

    @Slot(object)
    def request_badges(self, image_ids: Sequence[int]) -> None:
        numbers = list(image_ids)
        self.ask(lambda store: store.images.badges(numbers), then=self._take_badges)

    def learn_names(self, image_ids: Sequence[int]) -> None:
        """Ask for the file names of these images, for where_words()."""
        numbers = list(image_ids)
        self.ask(lambda store: store.images.names(numbers), then=self._take_names)

    def thumbnail(self, image_id: int, long_side: int) -> bytes:
        """An encoded picture. For the threads of a ThumbnailLoader. Raises KnownError with the reason."""
        store = self._storage.store
        if store is None:
            raise KnownError(translate("Jobs", "the project is closed"))
        return store.thumbnail(image_id, long_side)

    def ask_unfinished(self, then: Callable[[Any], None]) -> None:
        """``then``, a method of a QObject, receives a list of Unfinished."""
        self.ask(lambda store: store.job_history.unfinished(), then=then, key="unfinished")

    def ask_folders(self, then: Callable[[Any], None]) -> None:
        """``then``, a method of a QObject, receives a list of FolderInfo, the missing ones first."""
        self.ask(lambda store: store.folders(), then=then, key="folders")

    # --- changes

    def change_settings(self, settings: ProjectSettings, *, failed: Callable[[BaseException], None]) -> None:
        """``info_changed`` and ``scores_changed`` follow, or ``failed``, a method of a QObject."""
        cuts, aim = settings.cuts, settings.aim
        self.ask(
            lambda store: store.change_settings(cuts.medium, cuts.head, aim),
            then=self._take_settings,
            failed=failed,
        )

    def _take_settings(self, info: ProjectInfo) -> None:
        self._set_info(info)
        self._thresholds_changed()

    def decide(self, image_ids: Sequence[int], category: int | str, state: LabelState) -> None:
        """Label a category, by id or name, on all these images, as one step of undo."""
        if image_ids:
            words = self._answer_words(self._category_name(category), state, image_ids)
            self.carry_out(Decide(list(image_ids), category, state), words)

    def add_category_and_decide(self, image_ids: Sequence[int], name: str, state: LabelState) -> None:
        """Like decide(); a missing category is created in the same step."""
        if image_ids:
            words = self._answer_words(name, state, image_ids)
            self.carry_out(AddCategoryAndDecide(list(image_ids), name, state), words)

    def set_reviewed(self, image_ids: Sequence[int], reviewed: bool = True) -> None:
        if image_ids:
            words = f"{'Reviewed' if reviewed else 'Not reviewed'}: {self.where_words(image_ids)}"
            self.carry_out(MarkReviewed(list(image_ids), reviewed), words)

    def accept_and_review(
        self, image_ids: Sequence[int], categories: Sequence[int], left_open: Sequence[int] = ()
    ) -> None:
        """Yes for these categories and the review mark, on all these images, as one step of undo.

        The review leaves the categories ``left_open`` unknown.
        """
        if image_ids:
            words = f"Reviewed: {self.where_words(image_ids)}"
            if categories:
                words = f"Yes: {', '.join(map(self._category_name, categories))}. {words}"
            self.carry_out(AcceptAndReview(list(image_ids), list(categories), list(left_open)), words)

    def ask_next_unreviewed(
        self,
        image_ids: Sequence[int],
        then: Callable[[Any], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """``then`` receives the first that is not reviewed, or None; both are methods of a QObject."""
        self.ask(lambda store: store.images.next_unreviewed(image_ids), then=then, failed=failed)

    def size_to_confirm(self) -> int:
        """How many changes the next undo reverts, if the person should be asked first; else 0."""
        return self._changes.size_to_confirm()

    @Slot()
    def undo(self) -> None:
        self.carry_out(Undo(), "Undo")

    @Slot()
    def redo(self) -> None:
        self.carry_out(Redo(), "Redo")

    @Slot()
    def save_offered(self) -> None:
        """Save the answers that were kept when the project was last open."""
        for change in self.unsaved.offered:
            self._save_kept(change)

    def _save_kept(self, change: UnsavedChange) -> None:
        self._submit(change, lambda store: store.save_kept(change), replayed=True)

    # --- suggestions

    @Slot()
    def reload_suggestions(self) -> None:
        """Load the suggestions again, for example after indexing; ``scores_changed`` follows."""
        if (project := self.project) is not None:
            self._suggestions.load(project)

    @Slot()
    def images_were_scanned(self) -> None:
        """A scan of this window has ended."""
        self.ask(lambda store: store.rebuild(), then=self._take_rebuilt)

    @Slot(object)
    def _suggestions_adopted(self, info: ProjectInfo) -> None:
        self._set_info(info)
        self.scores_changed.emit()
        self._check_texts()  # a category may have been added while they were loaded
        self._check_learned()
        self._list.reselect_soon()

    @Slot()
    def _categories_added(self) -> None:
        self._update_info()
        self.scores_changed.emit()

    # --- results from the storage thread

    def _take_detail(self, detail: ImageDetail) -> None:
        self._image_names[detail.image.id] = detail.image.path.rpartition("/")[2]
        self.detail_ready.emit(detail)

    def _take_names(self, names: dict[int, str]) -> None:
        self._image_names.update(names)

    def _take_selection(self, detail: Any) -> None:
        self.selection_ready.emit(detail)

    def _take_badges(self, badges: dict[int, GridBadge]) -> None:
        self._image_names.update((number, badge.name) for number, badge in badges.items())
        self.badges_ready.emit(badges)

    @Slot(object)
    def _update_after_change(self, change: ChangeSet) -> None:
        self._update_info()
        if change.categories:
            self._check_texts()
        if change:
            self._list.reselect_soon()
            self._check_learned()

    def _check_learned(self) -> None:
        self.ask(lambda store: store.state.reload_wanted(), then=self._learn_again)

    def _learn_again(self, wanted: bool) -> None:
        if wanted:  # not at once: loading slows down an undo that follows immediately
            QTimer.singleShot(LEARN_AGAIN_MS, self, self.reload_suggestions)

    def _check_texts(self) -> None:
        self.ask(lambda store: store.texts_missing(), then=self._encode_texts)

    def _encode_texts(self, missing: bool) -> None:
        if missing and (project := self.project) is not None:
            self._suggestions.encode(project)

    def _update_info(self) -> None:
        self.ask(lambda store: store.info(), then=self._set_info, key="info")

    def _set_info(self, info: ProjectInfo) -> None:
        self._info = info
        self.info_changed.emit(info)

    def _take_rebuilt(self, info: ProjectInfo) -> None:
        self._set_info(info)
        self._list.refresh()
        self.rebuilt.emit()

    @Slot()
    def look_for_changes(self) -> None:
        """Follow what others have written now, not at the next check."""
        self._check_for_changes()

    @Slot()
    def _check_for_changes(self) -> None:
        self._changes.update_pace()
        self._check_again = self._checking
        if self._checking:
            return  # a newer question would take the place of the answer, which is given only once
        self._checking = True
        self.ask(
            lambda store: store.external_change(), then=self._take_external_change, failed=self._fail_check
        )

    def _fail_check(self, error: BaseException) -> None:
        self._checking = False
        if is_known(error):
            self.known_error.emit(str(error))

    def _take_external_change(self, external: "ExternalChange | None") -> None:
        self._checking = False
        if self._check_again:
            self._check_for_changes()
        if external is None:
            return
        self._changes.set_undo(external.undo)
        self.changed_elsewhere.emit()
        if external.change:
            self.changed.emit(external.change)
            self._update_after_change(external.change)
        if external.rebuilt:
            self._list.refresh()
            self.rebuilt.emit()
            self._update_info()
        if external.settings:
            self._update_info()
            self._thresholds_changed()
        if external.indexed:
            self.reload_suggestions()

    def _thresholds_changed(self) -> None:
        self.scores_changed.emit()
        self._list.reselect_soon()

    # --- access to the storage thread

    def ask(
        self,
        operation: "Callable[[OpenStore], T]",
        *,
        then: Callable[[T], object],
        failed: Callable[[BaseException], object] | None = None,
        key: Hashable | None = None,
    ) -> None:
        """Run ``operation`` on the storage thread and give its result to ``then``, on the window's thread.

        ``then`` and ``failed`` are methods of a QObject. Does nothing while no project is open.
        """
        self._storage.ask(operation, then=then, failed=failed, key=key)

    def carry_out(self, action: LabelAction, words: str) -> None:
        """Like change(), for labels and review marks; while the database is locked, the answer is kept."""
        self._submit(UnsavedChange(action, words), lambda store: store.carry_out(action))

    def change(
        self,
        operation: "Callable[[OpenStore], MutationResult]",
        words: str,
        *,
        refused: Callable[[str], object] | None = None,
    ) -> None:
        """Change something; ``answered`` or ``known_error`` follows. ``words`` describe the change.

        ``refused``, a method of a QObject, receives the sentence in place of ``known_error``.
        """
        self._submit(UnsavedChange(None, words), operation, refused=refused)

    def _submit(
        self,
        change: UnsavedChange,
        operation: "Callable[[OpenStore], MutationResult]",
        *,
        replayed: bool = False,
        refused: Callable[[str], object] | None = None,
    ) -> None:
        store = self._storage.store
        if store is None or self._info is None:
            raise RuntimeError("change requested while no project is open")
        self._changes.submit(change, store.bind(operation), replayed=replayed, refused=refused)

    def _answer_words(self, name: str, state: LabelState, image_ids: Sequence[int]) -> str:
        return f"{state.value.capitalize()}: {name} on {self.where_words(image_ids)}"

    def _category_name(self, category: int | str) -> str:
        known = () if self._info is None else self._info.categories
        return next((one.name for one in known if one.id == category), str(category))

    def where_words(self, image_ids: Sequence[int]) -> str:
        """The file name of a single image, else the number of images."""
        if len(image_ids) > 1:
            return f"{len(image_ids):,} images"
        return self._image_names.get(image_ids[0], f"image {image_ids[0]}")
