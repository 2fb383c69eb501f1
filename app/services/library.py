"""Keeping the project's images in line with the files on the disk."""

import hashlib
import os
import re
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import CancelledError
from app.domain.images import Image, ImageState, image_name, root_prefixes
from app.domain.passed_over import PassedOver
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.services.file_matching import FileContent, Matching, Outcome
from app.services.file_walk import STOPPED, FoundFile, Walk, walk_roots
from app.services.reading_revision import renew_readings
from app.storage import changed_images, images, settings
from app.storage.database import Database
from cprfl_core.errors import ImageError
from cprfl_core.images import read_header

if TYPE_CHECKING:
    from app.services.project import Project

COMMIT_EVERY = 500
"""Files between two commits: a stop or a crash loses no more."""

REPORT_EVERY = 0.1
"""Seconds between two reports of progress."""

PASSED_OVER_SETTING = "passed_over"

GONE = "the file is gone"
HIDDEN = "its folder cannot be read"
VANISHED = "vanished while the scan was running"


_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan found.

    ``added``, ``changed`` (other content at the same place), ``moved``, ``returned`` (missing before) and
    ``unchanged`` count files. ``missing`` counts all images without a file, ``unreadable`` all files that
    cannot be used. ``problems`` are (name, reason) of files that cannot be used and of folders, ``lost`` of
    all images without a file. ``changed_labelled`` are all images that carry answers about a picture that was
    there before, changed now or earlier, and that nobody has reviewed since. ``passed_over`` are the files
    that were not looked into. Files are named as images are; see Image.name.
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


@dataclass(frozen=True, slots=True)
class ChangedImage:
    """An image with another picture than before; ``yes`` and ``no`` count its labels, which are kept.

    ``reviewed``: it bears a review mark, which does not count until somebody has looked at the new picture.
    """

    name: str
    yes: int
    no: int
    reviewed: bool


def scan(
    project: "Project",
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> ScanReport:
    """Find new, changed, moved, returned and missing images below the project's roots.

    Files whose size and time are as they were are not read. Labels stay with the content of an image, through
    moves and renames, and with an image that is missing or has become unreadable. Where a file holds another
    picture the labels stay and a review mark is set aside (docs/decisions/0232). Work is committed as it
    goes. Raises CancelledError when stopped, BusyError while another scan runs.
    """
    report = _Reporter(on_progress)
    with project.scan_lock():
        renew_readings(project, read_content, should_stop)
        with project.db.read() as s:
            roots, known = images.roots(s), images.all_images(s)
        looking = RateMeter("Looking for images")
        walk = walk_roots(roots, project.folder, lambda n: report(looking, n), should_stop)
        matching = Matching(known, walk)
        returned = [image.id for image in matching.same if image.state is ImageState.MISSING]
        with project.db.write() as s:
            images.set_present(s, returned)
        tally = _Tally(unchanged=len(matching.same) - len(returned), returned=len(returned))
        outcome = _read_all(project.db, matching, tally, report, should_stop)
        # Before the rest: what is lost makes room for what has taken its place.
        lost = _record_lost(project.db, matching, walk)
        _record(project.db, outcome, tally)
        passed_over = walk.passed_over()
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
    )


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
    """By name."""
    with project.db.read() as s:
        ids = changed_images.changed_ids(s)
        found, said = images.get_many(s, ids), changed_images.answers(s, ids)
    listed = [ChangedImage(found[one].name, said[one].yes, said[one].no, said[one].reviewed) for one in ids]
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
    """Passes progress on, at most ten times a second and at the end of a stage."""

    def __init__(self, on_progress: ProgressCallback | None) -> None:
        self._on_progress = on_progress
        self._last = 0.0

    def __call__(self, meter: RateMeter, done: int) -> None:
        now = time.monotonic()
        if self._on_progress is not None and (now - self._last >= REPORT_EVERY or done == meter.total):
            self._last = now
            self._on_progress(meter.progress(done))


def _read_all(
    db: Database, matching: Matching, tally: _Tally, report: _Reporter, should_stop: StopCheck | None
) -> Outcome:
    """Read the files that need it and write down what they are; return what is left to be written."""
    meter = RateMeter("Reading images", len(matching.to_read))
    report(meter, 0)
    outcome = Outcome()
    with closing(_read_in_threads(matching.to_read)) as contents:
        for done, content in enumerate(contents, 1):
            if content.problem is VANISHED:
                tally.vanished.append((content.file.absolute, VANISHED))
            else:
                matching.settle(content, outcome)
            stopping = should_stop is not None and should_stop()
            if stopping or len(outcome) >= COMMIT_EVERY:
                _record(db, outcome, tally)
                outcome = Outcome()
            if stopping:
                raise CancelledError(STOPPED)
            report(meter, done)
    matching.settle_rest(outcome)
    return outcome


def _read_in_threads(files: Iterable[FoundFile]) -> Generator[FileContent, None, None]:
    """The contents in the order of the files; reading stays a few files ahead."""
    workers = min(8, (os.cpu_count() or 1) + 2)
    ahead: deque[Future[FileContent]] = deque()
    pool = ThreadPoolExecutor(workers, "scan")
    try:
        for file in files:
            ahead.append(pool.submit(read_content, file))
            if len(ahead) >= 4 * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_content(file: FoundFile) -> FileContent:
    """Pixel size and BLAKE2b-128 of a file, or the reason why it cannot be used.

    Where its pixels are made in another way than in earlier versions, the hash differs from the one of then:
    features and thumbnails of the two are not mixed.
    """
    try:
        header = read_header(file.absolute)
        with open(file.absolute, "rb") as stream:  # noqa: PTH123  # a string, a million times
            digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16))
        former = digest.hexdigest() if header.reading else None
        if header.reading:
            digest.update(f"reading {header.reading}".encode())
    except (ImageError, OSError) as error:
        if not os.path.lexists(file.absolute):
            return FileContent(file, problem=VANISHED)
        if isinstance(error, OSError):
            return FileContent(file, problem=f"cannot be read ({error.strerror})")
        return FileContent(file, problem=_printable(str(error)))
    return FileContent(file, digest.hexdigest(), header.width, header.height, former_hash=former)


def _record(db: Database, outcome: Outcome, tally: _Tally) -> None:
    """Write one portion in one transaction."""
    known = [*outcome.moved, *outcome.changed, *outcome.touched]
    altered = [(image, content) for image, content in known if _differs(image, content)]
    replaced = {
        image.id: content.content_hash
        for image, content in altered
        if content.content_hash != image.content_hash and not content.is_content_of(image)
    }
    with db.write() as s:
        changed_images.note_contents(s, replaced)
        # Images that exchange their places step aside first: two must not be at one place at any time.
        images.set_missing(s, [image.id for image, _ in outcome.moved], GONE)
        images.update_many(s, [{"id": image.id, **_columns(content)} for image, content in altered])
        images.add_many(s, [_columns(content) for content in outcome.added])
    back = sum(image.state is ImageState.MISSING for image, _ in outcome.touched)
    as_before = len(known) - len(altered)
    tally.added += len(outcome.added)
    tally.moved += len(outcome.moved)
    tally.changed += len(outcome.changed) - as_before
    tally.unchanged += len(outcome.touched) - back + as_before
    tally.returned += back
    contents = [*outcome.added, *(content for _, content in known)]
    tally.unusable += [(c.file.absolute, c.problem) for c in contents if c.problem is not None]


def _record_lost(db: Database, matching: Matching, walk: Walk) -> list[tuple[str, str]]:
    """Mark the images that have no file; return the names of all of them, with the reasons."""
    reasons: dict[str, list[int]] = {GONE: [], HIDDEN: []}
    lost: list[tuple[str, str]] = []
    for image in matching.lost():
        reason = GONE if walk.can_see((image.root_id, image.path)) else HIDDEN
        lost.append((image.name, reason))
        if (image.state, image.problem) != (ImageState.MISSING, reason):
            reasons[reason].append(image.id)
    with db.write() as s:
        for reason, ids in reasons.items():
            images.set_missing(s, ids, reason)
    return lost


def _differs(image: Image, content: FileContent) -> bool:
    """False for a file that was as unreadable before: it is tried at every scan, and says nothing new."""
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


def _printable(text: str) -> str:
    """Without the lone surrogates that stand for undecodable bytes: those break every output."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
