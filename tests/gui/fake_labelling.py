"""A session that keeps everything in memory, with the signals and methods that labelling uses."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QObject, Signal

from app.domain.categories import Band, name_key
from app.domain.changes import BatchKind, ChangeSet, LabelChange, ReviewChange
from app.domain.errors import KnownError
from app.domain.images import Image, ImageState
from app.domain.labels import LabelState, Source
from app.domain.suggestions import LEAST_LIKELY, Learner, LikelyCategory, Suggestion
from app.jobs.project.unsaved_changes import UnsavedChanges
from app.jobs.values.selection import LabelCount, SelectionDetail
from app.jobs.values.session import CategoryInfo, ImageDetail, LabelInfo, ProjectInfo

NAMES = ("impala", "mongoose", "zebra", "serval", "grass")


def an_image(number, *, state=ImageState.OK, problem=None, reviewed=None, size=(4000, 3000)):
    path = f"north/cam/IMG_{number:04}.jpg"
    return Image(number, 1, path, 10, 10, *size, f"{number:032x}", state, problem, reviewed)


class FakeSession(QObject):
    opened = Signal(object)
    closed = Signal()
    info_changed = Signal(object)
    images_changed = Signal(object, str)
    detail_ready = Signal(object)
    selection_ready = Signal(object)
    changed = Signal(object)
    scores_changed = Signal()
    undo_state = Signal(object, object)
    suggestions_missing = Signal(str)
    known_error = Signal(str)

    def __init__(self, names=NAMES, ids=range(1, 6), *, read_only=False, aliases=None):
        super().__init__()
        self.project = None
        self.unsaved = UnsavedChanges(self)
        self.calls = []
        self.names = dict(enumerate(names, start=1))
        self.aliases = aliases or {}
        self.images = {number: an_image(number) for number in ids}
        self.states = {}
        self.learner = {}
        self.below = {}
        """By category: the name of one below that is yes, on every image."""
        self.not_learned = set()
        self.read_only = read_only
        self.silent = False
        self.done, self.undone = [], []
        self.sizes = []
        self.held = None
        """A list: what asks for the next image waits in it, with its answer and its error."""
        self.band = None
        self.shortcuts = {}
        self.thresholds = {}
        self.chances = {number: 0.95 - 0.8 * (number - 1) / max(1, len(names)) for number in self.names}

    # What a test sets

    def start(self):
        self.opened.emit(self.info())
        self.images_changed.emit(list(self.images), "")
        self.undo_state.emit(None, None)

    def info(self):
        bands = list(Band)
        categories = [
            CategoryInfo(
                number,
                name,
                self.band or bands[number % 3],
                3,
                4,
                tuple(self.aliases.get(name, ())),
                self.shortcuts.get(name),
            )
            for number, name in self.names.items()
        ]
        return ProjectInfo(
            Path("p"), "p", len(self.images), categories, len(self.images), read_only=self.read_only
        )

    # What labelling asks

    def request_detail(self, image_id, everything=False):
        if self.silent:
            return
        image = self.images[image_id]
        labels = [
            LabelInfo(
                category,
                self.names[category],
                state,
                Source.HUMAN,
                False,
                datetime.now(UTC),
                self.below.get(category, ""),
            )
            for (of, category), state in self.states.items()
            if of == image_id
        ]
        said = {one.category_id for one in labels}
        labels += [
            LabelInfo(category, self.names[category], LabelState.YES, None, True, None, below)
            for category, below in self.below.items()
            if category not in said
        ]
        if image.reviewed_at is not None:
            labels += [
                LabelInfo(category, name, LabelState.NO, None, True, image.reviewed_at)
                for category, name in self.names.items()
                if category not in said
            ]
        self.detail_ready.emit(ImageDetail(image, Path("/x") / image.path, labels, self.suggest(image_id)))

    def suggest(self, image_id):
        learners = list(Learner)
        ranked = sorted(self.chances.items(), key=lambda item: -item[1])
        return [
            Suggestion(
                image_id,
                category,
                self.names[category],
                chance,
                self.learner.get(category, learners[category % 3]),
                self.states.get((image_id, category), LabelState.UNKNOWN),
                self.thresholds.get(category, 0.6),
                learned=category not in self.not_learned,
            )
            for category, chance in ranked
        ]

    def request_selection(self, image_ids):
        if self.silent:
            return
        counts = []
        for category, name in self.names.items():
            states = [self.states.get((image, category)) for image in image_ids]
            yes, no = states.count(LabelState.YES), states.count(LabelState.NO)
            if yes or no:
                counts.append(LabelCount(category, name, yes, no))
        reviewed = sum(self.images[one].reviewed_at is not None for one in image_ids)
        likely = self.likely(image_ids) if self.chances else []
        scored = len(image_ids) if self.chances else 0
        detail = SelectionDetail(tuple(image_ids), tuple(counts), reviewed, tuple(likely), scored)
        self.selection_ready.emit(detail)

    def likely(self, image_ids):
        found = [
            LikelyCategory(
                category,
                sum((one, category) not in self.states for one in image_ids),
                chance,
                category not in self.not_learned,
            )
            for category, chance in self.chances.items()
            if chance >= max(LEAST_LIKELY, self.thresholds.get(category, 0.6))
        ]
        return sorted(found, key=lambda one: (-one.images, -one.probability))

    def decide(self, image_ids, category, state):
        self.calls.append(("decide", tuple(image_ids), category, state))
        if self.silent:
            return
        if isinstance(category, str):
            category = next(n for n, name in self.names.items() if name_key(name) == name_key(category))
        before = dict(self.states)
        changes = []
        for image in image_ids:
            old = self.states.pop((image, category), LabelState.UNKNOWN)
            if state is not LabelState.UNKNOWN:
                self.states[image, category] = state
            changes.append(LabelChange(image, category, old, state))
        self._did(before, ChangeSet(1, labels=changes), f"{state.value} for {self.names[category]}")

    def add_category_and_decide(self, image_ids, name, state):
        self.calls.append(("add", tuple(image_ids), name, state))
        number = max(self.names, default=0) + 1
        self.names[number] = name
        self.info_changed.emit(self.info())
        before = dict(self.states)
        for image in image_ids:
            self.states[image, number] = state
        changes = [LabelChange(image, number, LabelState.UNKNOWN, state) for image in image_ids]
        self._did(before, ChangeSet(1, labels=changes, categories=[number]), f"Add {name}")

    def set_reviewed(self, image_ids, reviewed=True):
        self.calls.append(("reviewed", tuple(image_ids), reviewed))
        for image in image_ids:
            old = self.images[image]
            when = datetime.now(UTC) if reviewed else None
            self.images[image] = an_image(image, state=old.state, problem=old.problem, reviewed=when)
        self.changed.emit(ChangeSet(1, reviews=[ReviewChange(i, not reviewed, reviewed) for i in image_ids]))

    def accept_and_review(self, image_ids, categories, left_open=()):
        self.calls.append(("done", tuple(image_ids), tuple(categories), tuple(left_open)))
        before, changes = dict(self.states), []
        for image in image_ids:
            old = self.images[image]
            when = datetime.now(UTC)
            self.images[image] = an_image(image, state=old.state, problem=old.problem, reviewed=when)
            for category in categories:
                self.states[image, category] = LabelState.YES
                changes.append(LabelChange(image, category, LabelState.UNKNOWN, LabelState.YES))
        reviews = [ReviewChange(one, False, True) for one in image_ids]
        self._did(before, ChangeSet(1, labels=changes, reviews=reviews), "done")

    def ask_next_unreviewed(self, image_ids, then, failed):
        found = next((one for one in image_ids if self.images[one].reviewed_at is None), None)
        if self.held is None:
            then(found)
        else:
            self.held += [lambda: then(found), lambda: failed(KnownError("The disk is gone."))]

    def size_to_confirm(self):
        return self.sizes.pop(0) if self.sizes else 0

    def undo(self):
        self.calls.append(("undo",))
        states, words, change = self.done.pop()
        self.undone.append((dict(self.states), words, change))
        self.states = states
        self._tell(replace(change, kind=BatchKind.UNDO))

    def redo(self):
        self.calls.append(("redo",))
        states, words, change = self.undone.pop()
        self.done.append((dict(self.states), words, change))
        self.states = states
        self._tell(replace(change, kind=BatchKind.REDO))

    def _did(self, before, change, words):
        self.done.append((before, words, change))
        self.undone.clear()
        self._tell(change)

    def _tell(self, change):
        self.undo_state.emit(
            self.done[-1][1] if self.done else None, self.undone[-1][1] if self.undone else None
        )
        self.changed.emit(change)


def pixels(width, height, full_width=None, full_height=None, colour=(90, 140, 60)):
    """What a picture service gives."""
    return SimpleNamespace(
        width=width,
        height=height,
        rgb=bytes(colour) * (width * height),
        full_width=full_width or width,
        full_height=full_height or height,
    )
