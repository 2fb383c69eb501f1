"""Missing images whose picture is in a new file: finding them by likeness, linking them, and undoing that.

A file that was moved and rewritten by another program has a new path and new bytes, so a scan finds a missing
image and a new one. Only a person can say that they are the same (docs/decisions/0285).
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError, BusyError, CancelledError
from app.domain.images import GONE, Image, ImageState
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.domain.relinking import Candidate, Likeness
from app.services.features.indexing import feature_key, feature_store
from app.services.images.file_content import reader_threads
from app.storage import changed_images, images, pictures, predictions, relinks, settings
from app.storage.thumbnails import BUCKETS, ThumbnailStore
from cprfl_core.common.errors import CoreError, ImageError
from cprfl_core.images.look import PLAIN, SAME_LOOK, distances, look_of
from cprfl_core.images.reading import open_image

if TYPE_CHECKING:
    from app.services.project.project import Project

NOT_THE_SAME_SETTING: Final = "not_the_same"
LIKE_FEATURES: Final = 0.85
"""The least cosine of the features of a missing image and a new file (docs/decisions/0285)."""
DRAFT: Final = (128, 128)

_BITS: Final = 64
_BATCH: Final = 512
STOPPED: Final = QT_TRANSLATE_NOOP("Images", "Comparing was stopped; nothing was changed.")


@dataclass(frozen=True, slots=True)
class RelinkReport:
    """``linked`` images have a file again; ``answered`` of them have labels or a review."""

    linked: int
    answered: int


def candidates(
    project: "Project",
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
    *,
    most_new: int | None = None,
) -> list[Candidate]:
    """Missing images and the new file that each may be, most alike first; each new file is offered once.

    Compares the encoded pictures, then how they look, then their features. With more than ``most_new`` new
    files only the first is done, which reads no file. Pairs that a person has refused are left out. Raises
    CancelledError.
    """
    with project.db.read() as s:
        missing = [one for one in images.all_images(s, ImageState.MISSING) if one.problem == GONE]
        if not missing:
            return []
        after = min(one.id for one in missing)
        known = pictures.get_many(s, [one.content_hash for one in missing])
        few = relinks.unanswered(s, after, most_new)
        lost = {one.data_hash for one in known.values() if one.data_hash is not None}
        new = relinks.unanswered_with_data(s, after, lost) if few is None else few
        known |= pictures.get_many(s, [one.content_hash for one in new])
        answered = relinks.answered_ids(s, [one.id for one in missing])
        refused = {(number, content) for number, content in settings.get(s, NOT_THE_SAME_SETTING, [])}
        roots = images.roots(s)
    # Answers first: where one new file fits two missing images, it is offered to the one with labels.
    missing.sort(key=lambda one: (one.id not in answered, one.id))
    pairing = _Pairing(missing, new, refused)
    pairing.by_data(known)
    if pairing.open and few is not None:
        looks = _Looks(project, roots, known)
        pairing.by_look(looks, on_progress, should_stop)
        pairing.by_features(project)
    found = [
        Candidate(old, new, likeness, value, old.id in answered)
        for old, new, likeness, value in pairing.pairs
    ]
    return sorted(found, key=lambda one: (-one.value, one.missing.name))


def relink(project: "Project", pairs: Sequence[tuple[int, int]]) -> RelinkReport:
    """Give missing images (first) the files of new ones (second), which then no longer exist by themselves.

    Labels, reviews and history stay with the image, and what was suggested for the new one comes to it. A
    review counts only if the picture is the same. One step, for :func:`undo_relink`. Raises BadInputError,
    naming an image that cannot be linked; then nothing is changed.
    """
    if not pairs:
        return RelinkReport(0, 0)
    with project.scan_lock(), project.db.write() as s:
        found = images.get_many(s, [number for pair in pairs for number in pair])
        answered = relinks.answered_ids(s, found)
        chosen = _checked(pairs, found, answered)
        relinks.record(s, chosen)
        known = pictures.get_many(s, [one.content_hash for pair in chosen for one in pair])
        changed_images.note_contents(
            s, {old.id: new.content_hash for old, new in chosen if not _same_data(old, new, known)}
        )
        predictions.move(s, [(new.id, old.id) for old, new in chosen])
        relinks.remove_unanswered(s, [new.id for _, new in chosen])
        images.update_many(
            s,
            [
                {"id": old.id, **relinks.file_columns(new), "state": ImageState.OK.value, "problem": None}
                for old, new in chosen
            ],
        )
    return RelinkReport(len(chosen), len(answered & {old.id for old, _ in chosen}))


def undo_relink(project: "Project") -> int:
    """Undo the newest relink() and return the number of images, which are missing again.

    Their files are images of their own again. Images that a scan has moved on since keep their file. Raises
    BadInputError if there is nothing to undo.
    """
    with project.scan_lock(), project.db.write() as s:
        step = relinks.last_step(s)
        if not step:
            raise BadInputError(
                translate("Images", "No image was linked to another file, so there is nothing to undo.")
            )
        found = images.get_many(s, [one.image_id for one in step])
        undone = [one for one in step if found[one.image_id].content_hash == one.new_hash]
        known = pictures.get_many(
            s, [h for one in undone for h in (one.new_hash, one.former["content_hash"])]
        )
        changed_images.note_contents(
            s,
            {
                one.image_id: one.former["content_hash"]
                for one in undone
                if not _same_hashes(one.new_hash, one.former["content_hash"], known)
            },
        )
        missing = {"state": ImageState.MISSING.value, "problem": GONE}
        files = [found[one.image_id] for one in undone]
        images.update_many(s, [{"id": one.image_id, **one.former, **missing} for one in undone])
        images.add_many(
            s,
            [
                {**relinks.file_columns(file), "state": file.state.value, "problem": file.problem}
                for file in files
                if file.state is not ImageState.MISSING
            ],
        )
        relinks.forget_last_step(s)
    return len(undone)


def refuse(project: "Project", pairs: Iterable[tuple[int, int]]) -> int:
    """Never offer these (missing image, new image) again; returns their number."""
    chosen = list(pairs)
    with project.db.write() as s:
        found = images.get_many(s, [number for pair in chosen for number in pair])
        told = settings.get(s, NOT_THE_SAME_SETTING, [])
        more = [[old, found[new].content_hash] for old, new in chosen if old in found and new in found]
        settings.set(s, NOT_THE_SAME_SETTING, [*told, *(one for one in more if one not in told)])
    return len(more)


def find_pair(project: "Project", old: str, new: str) -> tuple[int, int]:
    """The missing image and the new one that a person names. Raises NotFoundError, BadInputError."""
    with project.db.read() as s:
        one = images.find_missing(s, old)
        return one.id, images.find(s, new).id


def _checked(
    pairs: Sequence[tuple[int, int]], found: Mapping[int, Image], answered: set[int]
) -> list[tuple[Image, Image]]:
    seen: set[int] = set()
    chosen = []
    for number, other in pairs:
        if number not in found or other not in found or {number, other} & seen:
            raise BadInputError(
                translate("Images", "An image of these pairs is no longer there; list the candidates again.")
            )
        old, new = found[number], found[other]
        if old.state is not ImageState.MISSING:
            raise BadInputError(
                translate("Images", "{old} is not missing, so it cannot get another file.").format(
                    old=repr(old.name)
                )
            )
        if new.state is not ImageState.OK:
            raise BadInputError(
                translate("Images", "{new} cannot be read, so no image can be linked to it.").format(
                    new=repr(new.name)
                )
            )
        if new.id in answered:
            raise BadInputError(
                translate(
                    "Images",
                    "{new} has labels or a history of its own, so {old} cannot take its place; copy the "
                    "labels by hand.",
                ).format(new=repr(new.name), old=repr(old.name))
            )
        seen |= {number, other}
        chosen.append((old, new))
    return chosen


def _same_data(old: Image, new: Image, known: Mapping[str, pictures.Picture]) -> bool:
    return _same_hashes(old.content_hash, new.content_hash, known)


def _same_hashes(one: str | None, other: str | None, known: Mapping[str, pictures.Picture]) -> bool:
    if one is None or other is None:
        return False
    if one == other:
        return True
    first, second = known.get(one), known.get(other)
    return (
        first is not None
        and second is not None
        and first.data_hash is not None
        and first.data_hash == second.data_hash
    )


class _Pairing:
    """Pairs missing images with new ones: ``open`` and ``free`` are those without a partner so far."""

    def __init__(self, missing: Sequence[Image], new: Sequence[Image], refused: set[tuple[int, str]]) -> None:
        self.open = {one.id: one for one in missing}
        self.free = {one.id: one for one in new}
        self.pairs: list[tuple[Image, Image, Likeness, float]] = []
        self._refused = refused

    def by_data(self, known: Mapping[str, pictures.Picture]) -> None:
        by_data: dict[str, list[Image]] = defaultdict(list)
        for new in self.free.values():
            if (data := _data_hash(new, known)) is not None:
                by_data[data].append(new)
        for old in list(self.open.values()):
            data = _data_hash(old, known)
            fitting = [] if data is None else [one for one in by_data[data] if self._may_be(old, one)]
            if fitting:
                name = PurePosixPath(old.path).name
                new = next((one for one in fitting if PurePosixPath(one.path).name == name), fitting[0])
                assert data is not None
                by_data[data].remove(new)
                self._join(old, new, Likeness.SAME_PICTURE, 1.0)

    def by_look(
        self, looks: "_Looks", on_progress: ProgressCallback | None, should_stop: StopCheck | None
    ) -> None:
        before = looks.of_missing(list(self.open.values()))
        if not before or not self.free:
            return
        after = looks.of_files(list(self.free.values()), on_progress, should_stop)
        old = [one for one in self.open.values() if one.id in before]
        new = [one for one in self.free.values() if one.id in after]
        if not old or not new:
            return
        there = np.array([after[one.id] for one in new], np.int64)
        self._nearest(
            old,
            new,
            lambda at: 1 - distances(np.array(before[old[at].id], np.int64), there) / _BITS,
            1 - SAME_LOOK / _BITS,
            Likeness.SIMILAR,
        )

    def by_features(self, project: "Project") -> None:
        key = feature_key(project)
        if key is None or not self.open or not self.free:
            return
        try:
            table = feature_store(project, key).table()
        except CoreError:  # doctor reports it; images can be linked without features
            return
        there = set(table.ids.tolist())
        old = [one for one in self.open.values() if one.id in there]
        new = [one for one in self.free.values() if one.id in there]
        if not old or not new:
            return
        store = feature_store(project, key)
        first, second = (store.embeddings([one.id for one in some]).astype(np.float32) for some in (old, new))
        self._nearest(old, new, lambda at: second @ first[at], LIKE_FEATURES, Likeness.FEATURES)

    def _nearest(
        self,
        old: Sequence[Image],
        new: Sequence[Image],
        likeness_of: "Callable[[int], NDArray[Any]]",
        least: float,
        kind: Likeness,
    ) -> None:
        """The most alike pairs first, among those that are alike enough."""
        found: list[tuple[float, int, int]] = []
        for at in range(len(old)):
            values = likeness_of(at)
            for place in np.flatnonzero(values >= least).tolist():
                found.append((float(values[place]), at, place))
        taken_old: set[int] = set()
        taken_new: set[int] = set()
        for value, at, place in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
            if at in taken_old or place in taken_new or not self._may_be(old[at], new[place]):
                continue
            taken_old.add(at)
            taken_new.add(place)
            # Only the encoded picture can say that two files are the same.
            self._join(old[at], new[place], kind, min(value, 0.999))

    def _may_be(self, old: Image, new: Image) -> bool:
        return new.id > old.id and (old.id, new.content_hash) not in self._refused

    def _join(self, old: Image, new: Image, likeness: Likeness, value: float) -> None:
        del self.open[old.id], self.free[new.id]
        self.pairs.append((old, new, likeness, value))


def _data_hash(image: Image, known: Mapping[str, pictures.Picture]) -> str | None:
    found = known.get(image.content_hash or "")
    return None if found is None else found.data_hash


class _Looks:
    """Perceptual hashes: known ones, those of cached thumbnails, and those of files."""

    def __init__(
        self, project: "Project", roots: Mapping[int, Path], known: Mapping[str, pictures.Picture]
    ) -> None:
        self._project, self._roots, self._known = project, roots, known

    def of_missing(self, missing: Sequence[Image]) -> dict[int, int]:
        """By image id; a missing file was seen before if its thumbnail is cached or its look known."""
        found = self._stored(missing)
        rest = [one for one in missing if one.id not in found and one.content_hash is not None]
        if not rest or not self._project.layout.thumbnails.exists():
            return _with_content(found)
        read_only = self._project.read_only is not None
        store = ThumbnailStore(self._project.layout.thumbnails, read_only=read_only)
        try:
            for one in rest:
                assert one.content_hash is not None
                for bucket in BUCKETS:
                    kept = store.get(one.content_hash, bucket)
                    if kept is not None:
                        found[one.id] = look_of(open_image(kept))
                        break
        finally:
            store.close()
        return _with_content(found)

    def of_files(
        self,
        some: Sequence[Image],
        on_progress: ProgressCallback | None,
        should_stop: StopCheck | None,
    ) -> dict[int, int]:
        """By image id; computed ones are stored."""
        found = self._stored(some)
        rest = [one for one in some if one.id not in found and one.content_hash is not None]
        computed = compute_looks(self._project, rest, self._roots, on_progress, should_stop)
        return _with_content(found | computed)

    def _stored(self, some: Sequence[Image]) -> dict[int, int]:
        known = ((one.id, self._known.get(one.content_hash or "")) for one in some)
        return {
            number: picture.look
            for number, picture in known
            if picture is not None and picture.look is not None
        }


def _with_content(looks: Mapping[int, int]) -> dict[int, int]:
    return {number: look for number, look in looks.items() if look != PLAIN}


def compute_looks(
    project: "Project",
    some: Sequence[Image],
    roots: Mapping[int, Path],
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> dict[int, int]:
    """Decode readable images in threads and store how they look; by image id, without those that fail.

    Raises CancelledError; what was computed is kept.
    """
    meter, found = RateMeter(translate("Images", "Comparing pictures"), len(some)), dict[int, int]()

    def look(image: Image) -> int | None:
        try:
            return look_of(open_image(roots[image.root_id] / image.path, draft=DRAFT, cut=True))
        except ImageError:  # the next scan or index run says so
            return None

    with ThreadPoolExecutor(reader_threads(), "looks") as pool:
        for start in range(0, len(some), _BATCH):
            if should_stop is not None and should_stop():
                raise CancelledError(translated("Images", STOPPED))
            part = some[start : start + _BATCH]
            seen = {
                one.id: value
                for one, value in zip(part, pool.map(look, part), strict=True)
                if value is not None
            }
            found |= seen
            kept = [one for one in part if one.id in seen and one.content_hash is not None]
            _keep(project, {one.content_hash or "": seen[one.id] for one in kept})
            if on_progress is not None:
                on_progress(meter.progress(start + len(part)))
    return found


def _keep(project: "Project", looks: Mapping[str, int]) -> None:
    """Store looks by content hash, where the project can be written."""
    if project.read_only is not None:
        return
    with contextlib.suppress(BusyError), project.db.write() as s:  # they can be computed again
        pictures.set_looks(s, looks)
