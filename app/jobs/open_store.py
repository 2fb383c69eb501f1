"""The open project as the storage thread holds it: the services' values, brought up to date when asked."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.categories import NameIndex
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError, KnownError, NotFoundError
from app.domain.labels import Decision, LabelState, Source
from app.domain.suggestions import Suggestion
from app.domain.unsaved import UnsavedChange
from app.jobs.session_values import CategoryInfo, FolderInfo, GridBadge, ImageDetail, LabelInfo, ProjectInfo
from app.jobs.store_values import Done, Look, ScoreDoneLater, everything, explains, together
from app.services import labelling, window_reads
from app.services.project import Project, open_for_window
from app.services.query import build_context, refresh, reselect, select
from app.services.query_context import QueryContext
from app.services.roots import image_folders
from app.services.steps import step

if TYPE_CHECKING:
    from app.jobs.accept_store import AcceptStore
    from app.jobs.job_books import JobBooks
    from app.jobs.review_store import ReviewStore
    from app.jobs.training_store import TrainingStore
    from app.services.selection import SelectionDetail
    from app.services.suggestions import LiveSuggestions

SHOWN: Final = 30
"""Suggestions of one image that are worked out."""
BADGE_SUGGESTIONS: Final = 5
FEW_IMAGES: Final = 200
REMEMBERED: Final = 512
"""Images whose suggestions are remembered, for decisions that wait to be written."""
BUSY_SECONDS: Final = 0.05
"""How long the storage thread waits for another writer before it answers questions in between."""
LEARN_SECONDS: Final = 0.03
"""What weighing the learners anew may take of the storage thread at each look, once many labels have come."""
THRESHOLD_CELLS: Final = 2_000_000
"""Images times categories up to which the thresholds of all categories are told with the project."""


@dataclass
class OpenStore:
    """One open project. Everything but the pictures belongs to the storage thread.

    Decisions only write; the arrays follow before the next question is answered, so that a decision is on the
    disk as soon as can be. Opening reads the images alone; labels are read by the first question about them.
    """

    disk_cache_bytes: int
    busy_seconds: float = BUSY_SECONDS
    project: Project | None = None
    context: QueryContext | None = None
    live: "LiveSuggestions | None" = None
    categories_behind: bool = False
    """Categories have come whose text nobody has encoded yet; ``live`` does not know them."""
    _closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _pictures: window_reads.ProjectPictures | None = None
    _entry: int = 0
    _own: list[ChangeSet] = field(default_factory=list)
    _foreign: list[ChangeSet] = field(default_factory=list)
    _version: int = 0
    _scanned: window_reads.Scanned | None = None
    _warning: str | None = None
    _folders_missing: bool = False
    _indexing: window_reads.LastIndexing | None = None
    _shown: dict[int, dict[int, Suggestion]] = field(default_factory=dict)
    _reviewing: "ReviewStore | None" = None
    _training: "TrainingStore | None" = None

    # --- opening and closing

    def open(self, folder: Path) -> ProjectInfo:
        """Raises what open_for_window raises.

        The counts of the categories are not known yet; see ProjectInfo.
        """
        with contextlib.ExitStack() as stack:
            project = stack.enter_context(open_for_window(folder))
            pictures = window_reads.ProjectPictures(project, self.disk_cache_bytes)
            stack.callback(pictures.close)
            self._version = project.db.data_version()
            self._entry = labelling.last_entry(project)
            self.context = build_context(project)
            self._closing = stack.pop_all()
        self.project, self._pictures = project, pictures
        project.db.wait_at_most(self.busy_seconds)
        self._indexing = window_reads.last_indexing(project)
        self._look_at_folders()
        return self.info(counted=False)

    def begin_watching(self) -> ProjectInfo:
        """After the first list: count, and remember what look() compares with."""
        self._scanned = window_reads.scanned(self.opened())
        self.training.note_version()
        return self.info()

    def close(self) -> ChangeSet:
        self.project = self.context = self.live = self._reviewing = self._training = None
        pictures, self._pictures = self._pictures, None
        del pictures
        self._closing.close()
        return ChangeSet()

    def opened(self) -> Project:
        if self.project is None:
            raise KnownError("No project is open any more.")
        return self.project

    # --- pictures, on the threads of the loaders

    def thumbnail(self, image_id: int, long_side: int) -> bytes:
        pictures = self._pictures
        if pictures is None:
            raise KnownError("the project is being closed")
        return pictures.service.thumbnail(image_id, long_side)

    # --- questions

    def info(self, counted: bool = True) -> ProjectInfo:
        project = self.opened()
        context = self.caught_up()
        # Asked for after each decision: counted in memory, for a decision may wait behind this.
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
            )
            for one, (no, yes) in zip(context.categories, counts, strict=True)
        ]
        return ProjectInfo(
            folder=project.folder,
            name=_name_of(project.folder),
            images=len(context.images),
            categories=categories,
            readable=context.images.readable_count,
            indexed=0 if self.live is None else len(self.live.image_ids),
            reviewed=context.reviewed_count,
            read_only=project.read_only,
            warning=self._warning,
            folders_missing=self._folders_missing,
            backbone=project.backbone,
            counted=counted,
            passed_over="" if context.images else window_reads.last_passed_over(project),
        )

    def select(self, text: str) -> tuple[list[int], str]:
        return select(self.caught_up(), text), text

    def reselect(self, text: str, shown: Sequence[int]) -> tuple[list[int], str, float] | None:
        """What the query selects now, and the seconds that this took; None where that is ``shown``."""
        began = time.perf_counter()
        found = reselect(self.caught_up(), text, shown)
        return None if found is None else (found, text, time.perf_counter() - began)

    def detail(self, image_id: int) -> ImageDetail:
        known = self.caught_up().categories
        read = window_reads.read_image(self.opened(), image_id, known)
        labels = [
            LabelInfo(one.category.id, one.category.name, one.state, one.source, one.source is None, one.when)
            for one in read.labels
        ]
        suggestions: list[Suggestion] = []
        if self.live is not None:
            with contextlib.suppress(NotFoundError):  # an image without features
                suggestions = self.live.for_image(image_id, SHOWN)
        self._shown.pop(image_id, None)
        self._shown[image_id] = {one.category_id: one for one in suggestions}
        while len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]
        return ImageDetail(read.image, read.path, labels, suggestions, read.changed)

    def selection(self, image_ids: Sequence[int]) -> "SelectionDetail":
        from app.services.selection import selection_detail

        return selection_detail(self.opened(), image_ids)

    def badges(self, image_ids: Sequence[int]) -> dict[int, GridBadge]:
        self.caught_up()
        found = window_reads.fetch_images(self.opened(), image_ids)
        suggested = self._suggested(list(found))
        return {
            number: GridBadge(
                image.name,
                image.state,
                image.problem,
                image.reviewed_at is not None,
                suggested.get(number, 0),
            )
            for number, image in found.items()
        }

    def image_names(self, image_ids: Sequence[int]) -> dict[int, str]:
        """File names, from what is in memory."""
        table = self.caught_up().images
        places = zip(image_ids, table.positions(image_ids).tolist(), strict=True)
        return {number: table.paths[at].rpartition("/")[2] for number, at in places if at >= 0}

    def _suggested(self, image_ids: Sequence[int]) -> dict[int, int]:
        """How many undecided categories lie at or above their threshold, for images with features."""
        if self.live is None:
            return {}
        present = set(self.live.image_ids.tolist()) if len(image_ids) else set()
        known = [number for number in image_ids if number in present]
        ranked = self.live.for_images(known, BADGE_SUGGESTIONS) if known else []
        return {
            number: sum(
                one.state is LabelState.UNKNOWN
                and one.threshold is not None
                and one.probability >= one.threshold
                for one in suggestions
            )
            for number, suggestions in zip(known, ranked, strict=True)
        }

    def _known_threshold(self, category_id: int) -> float | None:
        live = self.live
        if live is None or category_id not in live.category_ids:
            return None
        if len(live.image_ids) * len(live.category_ids) > THRESHOLD_CELLS:
            return None
        return live.threshold(category_id)

    @property
    def reviewing(self) -> "ReviewStore":
        """The operations of the Review place; its module is loaded when it is first asked for."""
        if self._reviewing is None:
            from app.jobs.review_store import ReviewStore

            self._reviewing = ReviewStore(self)
        return self._reviewing

    @property
    def accepting(self) -> "AcceptStore":
        """Accepting all likely images of a category."""
        from app.jobs.accept_store import AcceptStore

        return AcceptStore(self)

    @property
    def books(self) -> "JobBooks":
        """What the project's books say of long work."""
        from app.jobs.job_books import JobBooks

        return JobBooks(self.opened())

    @property
    def training(self) -> "TrainingStore":
        """The operations of the Train place; its module is loaded when it is first asked for."""
        if self._training is None:
            from app.jobs.training_store import TrainingStore

            self._training = TrainingStore(self)
        return self._training

    # --- changes

    def decide(self, image_ids: Sequence[int], category: int | str, state: LabelState) -> Done:
        """One step of undo over all the images; each decision carries the score that was shown."""
        number = category if isinstance(category, int) else self.category_id(category)
        decisions = [self._decision(image_id, number, state) for image_id in image_ids]
        source = Source.HUMAN if len(decisions) == 1 else Source.BULK
        return self.done(labelling.decide(self.opened(), decisions, source=source), len(decisions))

    def add_and_decide(self, image_ids: Sequence[int], name: str, state: LabelState) -> Done:
        """Create the category if there is none of this name, and decide it, as one step of undo."""
        source = Source.HUMAN if len(image_ids) == 1 else Source.BULK
        images = "1 image" if len(image_ids) == 1 else f"{len(image_ids):,} images"
        known = NameIndex(self.caught_up().categories).find(name)
        words = (
            f"Add {name!r} and say {state.value}" if known is None else f"Say {state.value} to {known.name!r}"
        )
        with step(self.opened(), source=source, description=f"{words} on {images}") as collected:
            category = collected.add_categories([name])[name]
            collected.decide(self._decision(image_id, category.id, state) for image_id in image_ids)
        return self.done(collected.change, len(image_ids))

    def review(self, image_ids: Sequence[int], reviewed: bool) -> Done:
        return self.done(labelling.review(self.opened(), image_ids, reviewed), len(image_ids))

    def save_kept(self, change: UnsavedChange) -> Any:
        """Carry out a change that was kept when the project was open last.

        Nobody knows which picture it is about where a file was replaced: then it is refused, with a
        BadInputError that names the image, and can be given again.
        """
        replaced = window_reads.replaced_names(self.opened(), change.images)
        if replaced:
            more = f" and {len(replaced) - 1:,} more" if len(replaced) > 1 else ""
            raise BadInputError(
                f"The picture of {replaced[0]}{more} was replaced, perhaps after this answer; look at it and "
                "answer again."
            )
        return attrgetter(change.operation)(self)(*change.arguments)

    def undo(self) -> Done:
        return self.done(labelling.undo(self.opened()))

    def redo(self) -> Done:
        return self.done(labelling.redo(self.opened()))

    def undo_words(self) -> tuple[str | None, str | None]:
        project = self.opened()
        return labelling.next_undo(project), labelling.next_redo(project)

    def category_id(self, name: str) -> int:
        """Raises NotFoundError."""
        found = NameIndex(self.caught_up().categories).find(name)
        if found is None:
            raise NotFoundError(f"There is no category {name!r} in this project.")
        return found.id

    def _decision(self, image_id: int, category_id: int, state: LabelState) -> Decision:
        shown = self._shown.get(image_id, {}).get(category_id)
        if shown is None:
            return Decision(image_id, category_id, state)
        return Decision(image_id, category_id, state, shown.probability, shown.model or shown.learner.value)

    def done(self, change: ChangeSet, decisions: int = 0, answer: object = None) -> Done:
        """A change of this window, which is no news to look()."""
        if change:
            self._own.append(change)
        return Done(change, decisions, answer)

    # --- following

    def caught_up(self) -> QueryContext:
        """The context of this moment."""
        project, context = self.opened(), self.context
        assert context is not None
        change, entry = labelling.changes_since(project, self._entry)
        if entry != self._entry:
            # The entry comes last: where the database is busy half way, the next question repeats all of it.
            self._follow(change)
            context = self.context = refresh(project, context, change)
            if not explains(self._own, change):
                self._foreign.append(change)
            self._own.clear()
            self._entry = entry
        return context

    def _follow(self, change: ChangeSet) -> None:
        if self.live is None or not change:
            return
        touched = {one.image_id for one in change.labels} | {one.image_id for one in change.reviews}
        if change.categories or self.categories_behind:
            if self._texts_are_known():
                # Saying that categories changed makes the learner read everything anew.
                self.live.apply(change if change.categories else everything(change))
                self.categories_behind = False
            else:
                self.categories_behind = True
                few = len(touched) <= FEW_IMAGES
                if few and (change.labels or change.reviews):
                    self.live.apply(ChangeSet(labels=change.labels, reviews=change.reviews))
        else:
            self.live.apply(change)

    def _texts_are_known(self) -> bool:
        from app.services.indexing import ensure_text_features

        try:
            ensure_text_features(self.opened(), ScoreDoneLater())
        except KnownError:
            return False
        return True

    def is_behind(self) -> bool:
        """Whether categories have come whose texts are still to be encoded."""
        self.caught_up()
        return self.categories_behind

    def follow_categories(self) -> bool:
        """Take new categories in, once their texts are encoded; whether anything came."""
        self.caught_up()
        if self.live is None or not self.categories_behind or not self._texts_are_known():
            return False
        self.live.apply(everything(ChangeSet()))
        self.categories_behind = False
        return True

    def adopt(self, live: "LiveSuggestions", entry: int) -> ProjectInfo:
        """Take over suggestions that were loaded on another thread from the state at ``entry``."""
        context = self.caught_up()
        since, _ = labelling.changes_since(self.opened(), entry)
        self.live, self.categories_behind = live, False
        self._follow(since)
        context.suggestions = live
        self._shown.clear()
        return self.info()

    def rebuild(self) -> ProjectInfo:
        """Images have come, gone, changed their state, or show another picture."""
        self.caught_up()
        self.context = build_context(self.opened(), self.live)
        before, self._scanned = self._scanned, window_reads.scanned(self.opened())
        if self.live is not None and before is not None and before.replaced != self._scanned.replaced:
            self.live.read_again()  # reviews were set aside, or count again
        self._look_at_folders()
        return self.info()

    def look(self) -> Look | None:
        """What others have written since the last look; None when nothing was."""
        project = self.opened()
        if self.live is not None:
            self.live.learn(LEARN_SECONDS)
        version = project.db.data_version()
        if version == self._version and not self._foreign:
            return None
        self.caught_up()
        indexing = window_reads.last_indexing(project)
        undo, redo = self.undo_words()
        rebuilt = window_reads.scanned(project) != self._scanned
        indexed = indexing != self._indexing and indexing is not None and indexing.state == "completed"
        if rebuilt:
            self.rebuild()
        trained = self.training.note_version()
        # Noted after the last read: a look that found the database busy is repeated and finds all of it.
        self._version, self._indexing = version, indexing
        foreign, self._foreign = self._foreign, []
        return Look(together(foreign), rebuilt, indexed or trained, undo, redo)

    def _look_at_folders(self) -> None:
        self._warning = window_reads.place_warning(self.opened())
        self._folders_missing = bool(window_reads.missing_folders(self.opened()))

    def folders(self) -> list[FolderInfo]:
        """The image folders, those that are not there first."""
        found = [FolderInfo(one.path, one.images, one.there) for one in image_folders(self.opened())]
        return sorted(found, key=lambda one: one.there)

    def note_indexing(self) -> None:
        """This window's own job has ended: that is no news to look() any more."""
        self._indexing = window_reads.last_indexing(self.opened())
        self.training.note_version()


def _name_of(folder: Path) -> str:
    if (folder.parent / "collection" / "truth.json").is_file():
        return "Demo collection"
    return folder.parent.name if folder.name == ".tailspotter" else folder.name
