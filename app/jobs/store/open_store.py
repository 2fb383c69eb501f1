"""Everything the window asks of the open project, on the storage thread."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.categories import NameIndex
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError, KnownError, NotFoundError
from app.domain.labels import Decision, LabelState, Source
from app.domain.language import number, translate
from app.domain.project_settings import ThresholdAim
from app.domain.query import parse
from app.domain.query.nodes import SimilarTo
from app.domain.unsaved import (
    AcceptAndReview,
    AcceptLikely,
    AddCategoryAndDecide,
    Decide,
    DecideCards,
    LabelAction,
    MarkReviewed,
    Redo,
    Undo,
    UnsavedChange,
)
from app.jobs.store.images import ImageStore
from app.jobs.store.project_state import ProjectState
from app.jobs.values.session import CategoryInfo, FolderInfo, ProjectInfo
from app.jobs.values.store import ExternalChange, FoundImages, MutationResult, UndoState
from app.services.features.last_indexing import LastIndexing, last_indexing
from app.services.images.lookup import replaced_names
from app.services.images.scan import ScanState, last_passed_over, scan_state
from app.services.images.thumbnails import ProjectThumbnails
from app.services.labelling import decisions as labelling
from app.services.labelling.steps import step
from app.services.project.image_folders import image_folders, missing_folders, place_warning
from app.services.project.project import Project, open_for_window
from app.services.project.project_settings import change_settings, settings_changed
from app.services.query.find import reselect, select

if TYPE_CHECKING:
    from app.jobs.store.accept import AcceptStore
    from app.jobs.store.categories import CategoryStore
    from app.jobs.store.image_models import ImageModelStore
    from app.jobs.store.insights import InsightsStore
    from app.jobs.store.job_history import JobHistory
    from app.jobs.store.queries import QueryStore
    from app.jobs.store.relinking import RelinkStore
    from app.jobs.store.review import ReviewStore
    from app.jobs.store.training import TrainingStore
    from app.services.images.watching import FolderWatch
    from app.services.suggestions.suggestions import LiveSuggestions

BUSY_SECONDS: Final = 0.05
"""How long the storage thread waits for another writer before it answers queries in between."""
LEARN_SECONDS: Final = 0.002
"""How long the learners are re-weighted at a time, once many labels have changed; requests wait as long."""
THRESHOLD_CELLS: Final = 2_000_000
"""Images times categories up to which ProjectInfo has the thresholds of all categories."""


class OpenStore:
    """One open project. Everything except thumbnail() belongs to the storage thread."""

    def __init__(self, disk_cache_bytes: int, busy_seconds: float = BUSY_SECONDS) -> None:
        self.state = ProjectState()
        self.images = ImageStore(self.state)
        self._disk_cache_bytes = disk_cache_bytes
        self._busy_seconds = busy_seconds
        self._closing = contextlib.ExitStack()
        self._thumbnails: ProjectThumbnails | None = None
        self._version = 0
        self._scanned: ScanState | None = None
        self._warning: str | None = None
        self._folders_missing = False
        self._indexing: LastIndexing | None = None
        self._reviewing: ReviewStore | None = None
        self._accepting: AcceptStore | None = None
        self._training: TrainingStore | None = None
        self._insights: InsightsStore | None = None

    # --- opening and closing

    @property
    def project(self) -> Project | None:
        return self.state.project

    def open(self, folder: Path) -> ProjectInfo:
        """The categories are not counted yet; see ProjectInfo. Raises what open_for_window raises."""
        with contextlib.ExitStack() as stack:
            project = stack.enter_context(open_for_window(folder))
            thumbnails = ProjectThumbnails(project, self._disk_cache_bytes)
            stack.callback(thumbnails.close)
            self._version = project.db.data_version()
            self.state.open(project)
            self._closing = stack.pop_all()
        self._thumbnails = thumbnails
        project.db.wait_at_most(self._busy_seconds)
        self._indexing = last_indexing(project)
        self._check_folders()
        return self.info(counted=False)

    def begin_watching(self) -> ProjectInfo:
        """After the first list: count, and note the state that external_change() compares with."""
        self._scanned = scan_state(self.state.opened())
        self.training.note_version()
        return self.info()

    def close(self) -> ChangeSet:
        self.state.close()
        self._thumbnails = self._reviewing = self._training = self._accepting = self._insights = None
        self._closing.close()
        return ChangeSet()

    def thumbnail(self, image_id: int, long_side: int) -> bytes:
        """An encoded picture. For the loaders' threads. Raises KnownError with the reason."""
        thumbnails = self._thumbnails
        if thumbnails is None:
            raise KnownError(translate("Jobs", "the project is being closed"))
        return thumbnails.service.thumbnail(image_id, long_side)

    # --- parts, whose modules are loaded on first use

    @property
    def reviewing(self) -> "ReviewStore":
        if self._reviewing is None:
            from app.jobs.store.review import ReviewStore

            self._reviewing = ReviewStore(self.state)
        return self._reviewing

    @property
    def accepting(self) -> "AcceptStore":
        if self._accepting is None:
            from app.jobs.store.accept import AcceptStore

            self._accepting = AcceptStore(self.state)
        return self._accepting

    @property
    def categories(self) -> "CategoryStore":
        from app.jobs.store.categories import CategoryStore

        return CategoryStore(self.state)

    @property
    def image_models(self) -> "ImageModelStore":
        from app.jobs.store.image_models import ImageModelStore

        return ImageModelStore(self.state.opened(), self.note_indexing)

    @property
    def queries(self) -> "QueryStore":
        from app.jobs.store.queries import QueryStore

        return QueryStore(self.state)

    @property
    def relinking(self) -> "RelinkStore":
        from app.jobs.store.relinking import RelinkStore

        return RelinkStore(self.state.opened())

    def folder_watch(self) -> "FolderWatch":
        """A watch of the image folders that has not begun."""
        from app.services.images.watching import FolderWatch

        return FolderWatch.of(self.state.opened())

    @property
    def job_history(self) -> "JobHistory":
        from app.jobs.store.job_history import JobHistory

        return JobHistory(self.state.opened())

    @property
    def training(self) -> "TrainingStore":
        if self._training is None:
            from app.jobs.store.training import TrainingStore

            self._training = TrainingStore(self.state)
        return self._training

    @property
    def insights(self) -> "InsightsStore":
        if self._insights is None:
            from app.jobs.store.insights import InsightsStore

            self._insights = InsightsStore(self.state)
        return self._insights

    # --- queries

    def info(self, counted: bool = True) -> ProjectInfo:
        project, context, live = self.state.opened(), self.state.up_to_date(), self.state.live
        # Needed after each decision, so it is counted in memory: a decision may be waiting behind this.
        counts = context.counts.tolist() if counted else [(0, 0)] * len(context.categories)
        categories = [
            CategoryInfo(
                one.id,
                one.name,
                project.cuts.band(yes),
                yes,
                no,
                one.aliases,
                one.shortcut,
                one.colour,
                self._known_threshold(one.id),
                one.parent,
                one.group,
            )
            for one, (no, yes) in sorted(
                zip(context.categories, counts, strict=True), key=lambda pair: pair[0].place
            )
        ]
        return ProjectInfo(
            folder=project.folder,
            name=_name_of(project),
            images=len(context.images),
            categories=categories,
            readable=context.images.readable_count,
            indexed=0 if live is None else len(live.image_ids),
            reviewed=context.reviewed_count,
            read_only=project.read_only,
            warning=self._warning,
            folders_missing=self._folders_missing,
            backbone=project.backbone,
            counted=counted,
            passed_over="" if context.images else last_passed_over(project),
            settings=project.settings,
        )

    def select(self, text: str) -> FoundImages:
        found, live = select(self.state.up_to_date(), text), self.state.live
        if live is None or not isinstance(parse(text).order, SimilarTo):
            return FoundImages(found, text)
        from app.services.query.stacks import stacks_of

        return FoundImages(found, text, stacks_of(live, found))

    def reselect(self, text: str, shown: Sequence[int]) -> tuple[list[int], str, float] | None:
        """What the query selects now, and the seconds this took; None if that is still ``shown``."""
        began = time.perf_counter()
        found = reselect(self.state.up_to_date(), text, shown)
        return None if found is None else (found, text, time.perf_counter() - began)

    def folders(self) -> list[FolderInfo]:
        """The image folders, missing ones first."""
        found = [FolderInfo(one.path, one.images, one.there) for one in image_folders(self.state.opened())]
        return sorted(found, key=lambda one: one.there)

    def texts_missing(self) -> bool:
        """Whether there are new categories whose texts must be encoded."""
        self.state.up_to_date()
        return self.state.texts_missing

    def undo_state(self) -> UndoState:
        project = self.state.opened()
        undo, redo = labelling.next_undo(project), labelling.next_redo(project)
        return UndoState(undo, redo, labelling.undo_size(project) if undo else 0)

    def _known_threshold(self, category_id: int) -> float | None:
        live = self.state.live
        if live is None or category_id not in live.category_ids:
            return None
        if len(live.image_ids) * len(live.category_ids) > THRESHOLD_CELLS:
            return None
        return live.threshold(category_id)

    # --- changes

    def carry_out(self, action: LabelAction) -> MutationResult:
        """One step of undo, or an undo or redo itself."""
        match action:
            case Decide(images, category, state):
                done = self._decide(images, category, state)
            case AddCategoryAndDecide(images, name, state):
                done = self._add_and_decide(images, name, state)
            case MarkReviewed(images, reviewed):
                change = labelling.review(self.state.opened(), images, reviewed)
                done = self.state.done(change, len(images))
            case AcceptAndReview(images, categories, left_open):
                done = self._accept_and_review(images, categories, left_open)
            case DecideCards(category_id, cards, state):
                done = self.reviewing.decide(category_id, cards, state)
            case AcceptLikely(plan):
                done = self.accepting.apply(plan)
            case Undo():
                done = self._reverted(labelling.undo(self.state.opened()))
            case Redo():
                done = self._reverted(labelling.redo(self.state.opened()))
        return done

    def _reverted(self, change: ChangeSet) -> MutationResult:
        try:
            undo = self.undo_state()
        except KnownError:  # the change is on disk and must not be tried again
            undo = None
        return replace(self.state.done(change), undo=undo)

    def save_kept(self, change: UnsavedChange) -> MutationResult:
        """Carry out an answer that was kept when the project was last open.

        Raises BadInputError if an image's file was replaced: the answer may be about the old picture.
        """
        replaced = replaced_names(self.state.opened(), change.images)
        if replaced:
            more = (
                translate("Jobs", " and {n} more").format(n=number(len(replaced) - 1))
                if len(replaced) > 1
                else ""
            )
            raise BadInputError(
                translate(
                    "Jobs",
                    "The picture of {replaced}{more} was replaced, perhaps after this answer; look at it "
                    "and answer again.",
                ).format(replaced=replaced[0], more=more)
            )
        assert change.action is not None  # only answers are kept
        return self.carry_out(change.action)

    def _decide(self, image_ids: Sequence[int], category: int | str, state: LabelState) -> MutationResult:
        number = category if isinstance(category, int) else self._category_id(category)
        decisions = [self.images.decision(image_id, number, state) for image_id in image_ids]
        source = Source.HUMAN if len(decisions) == 1 else Source.BULK
        change = labelling.decide(self.state.opened(), decisions, source=source)
        return self.state.done(change, len(decisions))

    def _accept_and_review(
        self, image_ids: Sequence[int], categories: Sequence[int], left_open: Sequence[int]
    ) -> MutationResult:
        source = Source.HUMAN if len(image_ids) == 1 else Source.BULK
        images = _images(len(image_ids))
        yes = f"Say yes to {len(categories):,} suggestions and mark" if len(categories) > 1 else "Mark"
        if len(categories) == 1:
            known = {one.id: one.name for one in self.state.up_to_date().categories}
            yes = f"Say yes to {known.get(categories[0], '')!r} and mark"
        words = f"{yes} {images} as reviewed"
        with step(self.state.opened(), source=source, description=words) as collected:
            collected.decide(
                self.images.decision(image_id, number, LabelState.YES)
                for image_id in image_ids
                for number in categories
            )
            collected.decide(
                Decision(image_id, number, LabelState.UNKNOWN)
                for image_id in image_ids
                for number in left_open
            )
            collected.review(image_ids)
        return self.state.done(collected.change, len(image_ids) * max(1, len(categories)))

    def _add_and_decide(self, image_ids: Sequence[int], name: str, state: LabelState) -> MutationResult:
        source = Source.HUMAN if len(image_ids) == 1 else Source.BULK
        images = _images(len(image_ids))
        known = NameIndex(self.state.up_to_date().categories).find(name)
        words = (
            f"Add {name!r} and say {state.value}" if known is None else f"Say {state.value} to {known.name!r}"
        )
        with step(self.state.opened(), source=source, description=f"{words} on {images}") as collected:
            category = collected.add_categories([name])[name]
            collected.decide(self.images.decision(image_id, category.id, state) for image_id in image_ids)
        return self.state.done(collected.change, len(image_ids))

    def _category_id(self, name: str) -> int:
        found = NameIndex(self.state.up_to_date().categories).find(name)
        if found is None:
            raise NotFoundError(
                translate("Jobs", "There is no category {name} in this project.").format(name=repr(name))
            )
        return found.id

    def change_settings(self, medium: int, head: int, aim: ThresholdAim) -> ProjectInfo:
        """From how many yes labels on a category is medium and head, and what thresholds aim at."""
        change_settings(self.state.opened(), medium=medium, head=head, aim=aim)
        self._follow_settings()
        return self.info()

    # --- following changes

    def adopt(self, live: "LiveSuggestions", entry: int) -> ProjectInfo:
        """Use suggestions that were loaded on another thread from the state at ``entry``."""
        self.state.adopt(live, entry)
        self.images.forget_shown()
        return self.info()

    def rebuild(self) -> ProjectInfo:
        """After a scan: images were added, removed, changed their state, or show a different picture."""
        self.state.rebuild()
        live, before = self.state.live, self._scanned
        self._scanned = scan_state(self.state.opened())
        if live is not None and before is not None and before.replaced != self._scanned.replaced:
            live.read_again()  # reviews were set aside, or count again
        self._check_folders()
        return self.info()

    def external_change(self) -> ExternalChange | None:
        """What others have written since the last call; None for nothing."""
        project = self.state.opened()
        version = project.db.data_version()
        if version == self._version and not self.state.has_external_changes:
            return None
        self.state.up_to_date()
        indexing = last_indexing(project)
        undo = self.undo_state()
        rebuilt = scan_state(project) != self._scanned
        indexed = indexing != self._indexing and indexing is not None and indexing.state == "completed"
        if rebuilt:
            self.rebuild()
        settings = settings_changed(project)
        if settings:
            self._follow_settings()
        trained = self.training.note_version()
        # Set after the last read: if the database was busy, the next call finds all of it again.
        self._version, self._indexing = version, indexing
        return ExternalChange(
            self.state.take_external_changes(), rebuilt, indexed or trained, undo, settings=settings
        )

    def learn(self) -> bool:
        """Re-weight the learners for a few milliseconds, if labels have come; whether there is more to do."""
        live = self.state.live
        if live is None:
            return False
        live.learn(LEARN_SECONDS)
        return live.learning

    def _follow_settings(self) -> None:
        self.state.up_to_date().cuts = self.state.opened().cuts
        if self.state.live is not None:
            self.state.live.aim_at(self.state.opened().settings.aim)

    def note_indexing(self) -> None:
        """After a job of this window, which is not reported as an external change."""
        self._indexing = last_indexing(self.state.opened())
        self.training.note_version()

    def _check_folders(self) -> None:
        self._warning = place_warning(self.state.opened())
        self._folders_missing = bool(missing_folders(self.state.opened()))


def _images(size: int) -> str:
    """For the history, which is in English whatever the language of the window."""
    return "1 image" if size == 1 else f"{size:,} images"


def _name_of(project: Project) -> str:
    if (project.folder.parent / "collection" / "truth.json").is_file():
        return "Demo collection"
    return project.name
