"""Scanning: bringing the project's images in line with the files on the disk."""

import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import CancelledError
from app.domain.images import GONE, HIDDEN, Image, ImageState, image_name, root_prefixes
from app.domain.language import translate, translated
from app.domain.passed_over import PassedOver
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.domain.relinking import Candidate
from app.services.fewer_collections import fewer_collections
from app.services.images.file_content import CUT, CUT_SLIGHTLY, VANISHED, FileContent, read_contents
from app.services.images.file_matching import FileChanges, Matching
from app.services.images.file_walk import STOPPED, FileKey, Walk, walk_roots
from app.services.images.known_pictures import record_pictures
from app.services.images.reading_revision import renew_readings
from app.storage import changed_images, images, pictures, settings
from app.storage.database import Database, Session
from app.storage.settings import ACCEPT_CUT_SETTING

if TYPE_CHECKING:
    from app.services.project.project import Project

COMMIT_EVERY = 500
"""Files between two commits: no more is lost by a crash."""

COMMIT_SECONDS = 1.0
"""Most seconds between two commits, so that a window can show the first images soon."""

MOST_COMPARED = 200
"""New files that a scan decodes to compare them with missing images; 'relink' compares all."""

REPORT_EVERY = 0.1
"""Seconds between two reports of progress."""

PASSED_OVER_SETTING = "passed_over"


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan found.

    ``added``, ``changed`` (other content at the same path), ``moved``, ``returned`` (missing before) and
    ``unchanged`` count files. ``missing`` counts all images without a file, ``unreadable`` all files that
    cannot be used. ``problems`` holds (name, reason) of unusable files and folders, ``lost`` of all
    images without a file. ``changed_labelled`` holds all images, from this scan or earlier ones, whose
    labels are about a previous picture and that nobody has reviewed since. ``passed_over`` are files that
    are not images. ``partial``: only some folders were looked at; ``newly_missing`` images had a file
    before. ``relinkable``: missing images with the new file that each may be. ``notes`` counts all usable
    images with something odd, such as a missing end mark. Files are named as images are; see Image.name.
    """

    added: int
    changed: int
    moved: int
    unchanged: int
    missing: int
    unreadable: int
    returned: int = 0
    problems: Sequence[tuple[str, str]] = field(default=())
    lost: Sequence[tuple[str, str]] = field(default=())
    changed_labelled: Sequence["ChangedImage"] = field(default=())
    passed_over: PassedOver = field(default_factory=PassedOver)
    notes: Mapping[str, int] = field(default_factory=dict)
    relinkable: Sequence[Candidate] = field(default=())
    partial: bool = False
    newly_missing: int = 0

    @property
    def found_news(self) -> bool:
        """Whether anything differs from what was known before."""
        return bool(self.added or self.changed or self.moved or self.returned or self.newly_missing)

    @property
    def nearly_whole(self) -> int:
        """How many truncated files could be used with set_accept_cut."""
        return sum(reason.startswith(CUT_SLIGHTLY) for _, reason in self.problems)


@dataclass(frozen=True, slots=True)
class ChangedImage:
    """An image whose picture was replaced; ``yes`` and ``no`` count its labels, which are kept.

    ``reviewed``: it was reviewed, but the review does not count until somebody reviews the new picture.
    """

    name: str
    yes: int
    no: int
    reviewed: bool


@dataclass(frozen=True, slots=True)
class ScanState:
    """What only a scan changes: the number of images in each state, and which pictures were replaced."""

    total: int
    ok: int
    unreadable: int
    missing: int
    replaced: tuple[int, int]


def scan(
    project: "Project",
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
    *,
    only: Collection[FileKey] | None = None,
) -> ScanReport:
    """Find new, changed, moved, returned and missing images below the project's roots.

    ``only``: the folders to look at, with what is below them. An image that was moved out of them into other
    folders counts as missing until those are scanned.

    Files with unchanged size and time are not read. Labels stay with the content of an image through moves
    and renames, and with an image that is missing or has become unreadable. Where a file holds a different
    picture, the labels stay and its review is set aside (docs/decisions/0232). Results are committed along
    the way. Raises CancelledError when stopped, BusyError while another scan runs.
    """
    report = _Reporter(on_progress)
    with project.scan_lock():
        renew_readings(project, should_stop)
        with project.db.read() as s, fewer_collections():
            roots, known = images.roots(s), images.all_images(s)
            if only is not None:
                known = [one for one in known if _concerns(one, only)]
            accept_cut = bool(settings.get(s, ACCEPT_CUT_SETTING, False))
        looking = RateMeter(translate("Images", "Looking for images"))

        def so_far(walk: Walk) -> None:
            report(looking, len(walk.files))

        with fewer_collections():
            walk = walk_roots(roots, project.folder, so_far, should_stop, only=only)
            matching = Matching(known, walk)
        returned = [image.id for image in matching.same if image.state is ImageState.MISSING]
        with project.db.write() as s:
            images.set_present(s, returned)
        tally = _Tally(unchanged=len(matching.same) - len(returned), returned=len(returned))
        changes = _read_all(project.db, matching, tally, report, should_stop, accept_cut=accept_cut)
        # Lost images first: they free the paths that other images have taken.
        lost, newly_missing = _record_lost(project.db, matching, walk)
        _record(project.db, changes, tally)
        passed_over = walk.passed_over()
        if only is None:
            record_pictures(project, matching.same, roots, should_stop, accept_cut=accept_cut)
            with project.db.write() as s:
                settings.set(s, PASSED_OVER_SETTING, passed_over.words())
    unusable = [
        (walk.files[image.root_id, image.path].absolute, image.problem or "")
        for image in matching.same
        if image.state is ImageState.UNREADABLE
    ]
    unusable += tally.unusable
    problems = [*unusable, *tally.vanished, *walk.problems]
    name_of = _namer(roots)
    return ScanReport(
        added=tally.added,
        changed=tally.changed,
        moved=tally.moved,
        unchanged=tally.unchanged,
        missing=len(lost),
        unreadable=len(unusable),
        returned=tally.returned,
        problems=[(name_of(path), reason) for path, reason in problems],
        lost=lost,
        changed_labelled=_changed_labelled(project),
        passed_over=passed_over,
        notes=_notes(project),
        partial=only is not None,
        newly_missing=newly_missing,
        relinkable=_relinkable(project, report.callback, should_stop) if lost else (),
    )


def _concerns(image: Image, only: Collection[FileKey]) -> bool:
    """Whether an image is in these folders, or missing and may be back in them."""
    if image.state is ImageState.MISSING and image.problem == GONE:
        return True
    return any(
        root == image.root_id and (not folder or image.path.startswith(folder + "/")) for root, folder in only
    )


def _relinkable(
    project: "Project", on_progress: ProgressCallback | None, should_stop: StopCheck | None
) -> list[Candidate]:
    from app.services.images.relinking import candidates

    return candidates(project, on_progress, should_stop, most_new=MOST_COMPARED)


def _notes(project: "Project") -> dict[str, int]:
    with project.db.read() as s:
        return pictures.note_counts(s)


def set_accept_cut(project: "Project", accepted: bool) -> bool:
    """Whether scans use truncated JPEG files of which only a little is missing; returns whether that is new.

    The next scan looks again at the files that this concerns.
    """
    with project.db.write() as s:
        if bool(settings.get(s, ACCEPT_CUT_SETTING, False)) is accepted:
            return False
        settings.set(s, ACCEPT_CUT_SETTING, accepted)
        ids = pictures.with_note(s, CUT) if not accepted else images.with_problem(s, "truncated")
        images.forget_times(s, ids)
    return True


def scan_state(project: "Project") -> ScanState:
    with project.db.read() as s:
        counts, replaced = images.counts(s), changed_images.stamp(s)
    return ScanState(counts.total, counts.ok, counts.unreadable, counts.missing, replaced)


def last_passed_over(project: "Project") -> str:
    """The files that the last scan passed over, as text; empty for none."""
    with project.db.read() as s:
        return str(settings.get(s, PASSED_OVER_SETTING, ""))


def _namer(roots: Mapping[int, Path]) -> Callable[[str], str]:
    """From the absolute path of a file in a root to the name of its image; other paths stay as they are."""
    prefixes = root_prefixes(roots)
    starts = [(os.path.join(root, ""), prefixes[number]) for number, root in roots.items()]  # noqa: PTH118

    def name_of(path: str) -> str:
        for start, prefix in starts:
            if path.startswith(start):
                return image_name(prefix, path[len(start) :].replace(os.sep, "/"))
        return path

    return name_of


def _changed_labelled(project: "Project") -> list[ChangedImage]:
    """Sorted by name."""
    with project.db.read() as s:
        ids = changed_images.changed_ids(s)
        found, given = images.get_many(s, ids), changed_images.answers(s, ids)
    listed = [
        ChangedImage(found[one].name, given[one].yes, given[one].no, given[one].reviewed) for one in ids
    ]
    return sorted(listed, key=lambda one: one.name)


@dataclass(slots=True)
class _Tally:
    unchanged: int
    returned: int
    added: int = 0
    changed: int = 0
    moved: int = 0
    unusable: list[tuple[str, str]] = field(default_factory=list)
    vanished: list[tuple[str, str]] = field(default_factory=list)


class _Reporter:
    """Reports progress at most ten times a second, and at the end of a stage."""

    def __init__(self, on_progress: ProgressCallback | None) -> None:
        self.callback = on_progress
        self._last = 0.0

    def __call__(self, meter: RateMeter, done: int) -> None:
        now = time.monotonic()
        if self.callback is not None and (now - self._last >= REPORT_EVERY or done == meter.total):
            self._last = now
            self.callback(meter.progress(done))


def _read_all(
    db: Database,
    matching: Matching,
    tally: _Tally,
    report: _Reporter,
    should_stop: StopCheck | None,
    *,
    accept_cut: bool,
) -> FileChanges:
    """Read the files that need it and record what they are; return the changes still to be recorded."""
    meter = RateMeter(translate("Images", "Reading images"), len(matching.to_read))
    report(meter, 0)
    changes, committed = FileChanges(), time.monotonic()
    with closing(read_contents(matching.to_read, accept_cut=accept_cut)) as contents:
        for done, content in enumerate(contents, 1):
            if content.problem == VANISHED:
                tally.vanished.append((content.file.absolute, VANISHED))
            else:
                matching.classify(content, changes)
            stopping = should_stop is not None and should_stop()
            late = time.monotonic() - committed >= COMMIT_SECONDS
            if stopping or len(changes) >= COMMIT_EVERY or (late and len(changes)):
                _record(db, changes, tally)
                changes, committed = FileChanges(), time.monotonic()
            if stopping:
                raise CancelledError(translated("Images", STOPPED))
            report(meter, done)
    matching.classify_deferred(changes)
    return changes


def _record(db: Database, changes: FileChanges, tally: _Tally) -> None:
    """Write the changes in one transaction."""
    known = [*changes.moved, *changes.changed, *changes.touched]
    read = [*changes.added, *(content for _, content in known)]
    altered = [(image, content) for image, content in known if _differs(image, content)]
    replaced = {
        image.id: content.content_hash
        for image, content in altered
        if content.content_hash != image.content_hash and not content.is_content_of(image)
    }
    with db.write() as s:
        pictures.add(s, _pictures(read))
        same = _same_pictures(s, altered)
        changed_images.note_contents(s, {one: new for one, new in replaced.items() if one not in same})
        # Images that swap paths are marked missing first: two may never share a path.
        images.set_missing(s, [image.id for image, _ in changes.moved], GONE)
        images.update_many(s, [{"id": image.id, **_columns(content)} for image, content in altered])
        images.add_many(s, [_columns(content) for content in changes.added])
    back = sum(image.state is ImageState.MISSING for image, _ in changes.touched)
    unaltered = len(known) - len(altered)
    tally.added += len(changes.added)
    tally.moved += len(changes.moved)
    tally.changed += len(changes.changed) - unaltered
    tally.unchanged += len(changes.touched) - back + unaltered
    tally.returned += back
    tally.unusable += [(c.file.absolute, c.problem) for c in read if c.problem is not None]


def _pictures(contents: Sequence[FileContent]) -> list[pictures.Picture]:
    return [
        pictures.Picture(one.content_hash, one.data_hash, note=one.note)
        for one in contents
        if one.content_hash is not None
    ]


def _same_pictures(s: Session, altered: Sequence[tuple[Image, FileContent]]) -> set[int]:
    """The images of which only metadata were rewritten: labels and reviews are about this picture."""
    before = pictures.get_many(s, [image.content_hash for image, _ in altered])
    return {
        image.id
        for image, content in altered
        if image.content_hash in before
        and content.data_hash is not None
        and before[image.content_hash].data_hash == content.data_hash
    }


def _record_lost(db: Database, matching: Matching, walk: Walk) -> tuple[list[tuple[str, str]], int]:
    """Mark the images that have no file; return the name of each, with the reason, and how many had one."""
    newly = 0
    reasons: dict[str, list[int]] = {GONE: [], HIDDEN: []}
    lost: list[tuple[str, str]] = []
    for image in matching.lost():
        reason = GONE if walk.can_see((image.root_id, image.path)) else HIDDEN
        lost.append((image.name, reason))
        if (image.state, image.problem) != (ImageState.MISSING, reason):
            reasons[reason].append(image.id)
            newly += image.state is not ImageState.MISSING
    with db.write() as s:
        for reason, ids in reasons.items():
            images.set_missing(s, ids, reason)
    return lost, newly


def _differs(image: Image, content: FileContent) -> bool:
    """False for a file that is unreadable as before: it is tried at every scan."""
    columns = _columns(content)
    return any(getattr(image, name) != value for name, value in columns.items())


def _columns(content: FileContent) -> dict[str, Any]:
    file = content.file
    return {
        "root_id": file.root_id,
        "path": file.path,
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "width": content.width,
        "height": content.height,
        "content_hash": content.content_hash,
        "state": (ImageState.OK if content.problem is None else ImageState.UNREADABLE).value,
        "problem": content.problem,
    }
