"""One side of a merge: its history, and the states of images before and after the copies went apart."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.images import Image
from app.domain.labels import STATE_OF, LabelState
from app.storage import categories, changes, images, labels, ledger
from app.storage.categories import StoredCategory
from app.storage.changes import Net
from app.storage.database import Session
from app.storage.labels import CurrentLabel
from app.storage.ledger import Batch, Entry, EntryKind

States = dict[int, LabelState]
"""The effective state by category."""


@dataclass(frozen=True, slots=True)
class ImageStates:
    """An image on one side, by category id; categories that are not here are unknown.

    ``before``: when the copies were made; ``after``: now. ``reviewed`` likewise.
    """

    before: States
    after: States
    reviewed_before: bool
    reviewed_after: bool
    mark: int | None
    explicit: dict[int, CurrentLabel]


class Side:
    """``common``: the last batch that both histories share, 0 if they share none."""

    def __init__(self, s: Session, common: int) -> None:
        self.s = s
        self.common = common
        self.entries: list[Entry] = ledger.entries_after(s, common)
        self.net: Net = changes.net_of(self.entries)
        self.categories: dict[int, StoredCategory] = {
            stored.category.id: stored for stored in categories.stored_categories(s)
        }
        self.images: dict[int, Image] = {image.id: image for image in images.all_images(s)}
        self.origins: dict[int, dict[int, Entry]] = defaultdict(dict)
        """The newest label entry since, by image and category."""
        for entry in self.entries:
            if entry.kind is EntryKind.LABEL and entry.image_id is not None and entry.category_id is not None:
                self.origins[entry.image_id][entry.category_id] = entry
        self._implied: dict[int | None, States] = {None: {}}
        self._labels_before: dict[int, dict[int, int | None]] = defaultdict(dict)
        """By image and category: the rows when the copies were made, of those that were changed since."""
        for (image, category), (before, _) in self.net.labels.items():
            self._labels_before[image][category] = before

    @property
    def touched(self) -> set[int]:
        """The images with labels or reviews that were given since."""
        return {image for image, _ in self.net.labels} | set(self.net.reviews)

    @property
    def changed_categories(self) -> set[int]:
        """The categories that were changed or used in a label since."""
        return {category for _, category in self.net.labels} | set(self.net.categories)

    def existed(self, category_id: int) -> bool:
        """Whether a category is older than the copies."""
        stored = self.categories.get(category_id)
        return stored is not None and bool(stored.spans) and stored.spans[0][0] <= self.common

    def category_before(self, category_id: int) -> StoredCategory | None:
        return self.net.categories.get(category_id, self.categories.get(category_id))

    def states(self, image_ids: Iterable[int]) -> dict[int, ImageStates]:
        ids = sorted(image_ids)
        marks = images.reviewed_batches(self.s, ids)
        explicit: dict[int, dict[int, CurrentLabel]] = {image: {} for image in ids}
        for (image, category), label in labels.current(self.s, ids, self.categories).items():
            explicit[image][category] = label
        found = {}
        for image in ids:
            now: dict[int, int | None] = {number: label.state for number, label in explicit[image].items()}
            mark = marks[image]
            mark_before = self.net.reviews[image][0] if image in self.net.reviews else mark
            found[image] = ImageStates(
                before=self._effective(now | self._labels_before.get(image, {}), mark_before),
                after=self._effective(now, mark),
                reviewed_before=mark_before is not None,
                reviewed_after=mark is not None,
                mark=mark,
                explicit=explicit[image],
            )
        return found

    def changed(self, image: int) -> set[int] | None:
        """The categories whose state on an image can have changed since; None for all of them."""
        return None if image in self.net.reviews else set(self._labels_before.get(image, ()))

    def implied(self, mark: int | None) -> States:
        """The no's that a review in this batch implies."""
        if mark not in self._implied:
            covered = (number for number, one in self.categories.items() if one.active_at(mark or 0))
            self._implied[mark] = dict.fromkeys(covered, LabelState.NO)
        return self._implied[mark]

    def _effective(self, explicit: dict[int, int | None], mark: int | None) -> States:
        states = dict(self.implied(mark))
        for category, state in explicit.items():
            if state == -1:
                states.pop(category, None)
            elif state is not None and category in self.categories:
                states[category] = STATE_OF[state]
        return states


def common_batch(mine: list[Batch], theirs: list[Batch]) -> tuple[int, int]:
    """The last batch of the longest common beginning of two histories, and how many batches that has."""
    last, count = 0, 0
    for one, other in zip(mine, theirs, strict=False):
        if _identity(one) != _identity(other):
            break
        last, count = one.id, count + 1
    return last, count


def _identity(batch: Batch) -> tuple[int, str, int | None, str, str, datetime]:
    """Two people never write a batch at the same microsecond, with the same number and words."""
    return batch.id, batch.kind, batch.target_id, batch.source, batch.description, batch.created_at
