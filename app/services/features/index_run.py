"""One indexing job: loads an image model and embeds the images that lack its features."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import CancelledError, KnownError
from app.domain.images import Image, ImageState
from app.domain.language import translate
from app.domain.progress import StopCheck
from app.protocol.files import ItemLine, write_items
from app.protocol.messages import BackboneResult, Cancelled, DescribeBackbone, IndexImages, IndexResult
from app.services.features.image_model import checked_model
from app.services.features.index_events import IndexEvents
from app.services.features.index_thumbnails import IndexThumbnails
from app.services.features.parts import InParts, parts_of
from app.services.features.plan import PatchMode, core_mode, require_space
from app.services.image_models.hub import require_files
from app.services.project.project import Project
from app.services.runner.events import log_warnings
from app.services.runner.runner import Runner, WorkerCrashedError, new_job_id, result_of
from app.storage import image_models, images, settings
from app.storage.disk import disk_error
from app.storage.image_columns import content_columns
from app.storage.settings import ACCEPT_CUT_SETTING
from cprfl_core.backbone.names import text_side
from cprfl_core.common.errors import CoreError
from cprfl_core.features.store import FeatureStore

Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]


class ModelNotChangedError(KnownError):
    """The image model that a project was changing to cannot be used, so the change has ended."""


class IndexRun:
    """Call begin() or begin_change(), then embed(), while the job lock is held."""

    def __init__(
        self,
        project: Project,
        runner: Runner,
        name: str,
        *,
        mode: PatchMode,
        events: IndexEvents,
        thumbnails: IndexThumbnails,
        should_stop: StopCheck | None,
    ) -> None:
        """``name`` of the image model; ``thumbnails`` are those that ``events`` keeps."""
        self._project, self._runner, self._name = project, runner, name
        self._mode, self._events, self._should_stop = mode, events, should_stop
        self._thumbnails = thumbnails
        self._key = ""
        self.embedded = 0
        self.skipped = 0
        """Images that had their features already."""
        self.bytes_needed = 0
        """The expected size of the missing features."""

    def begin(self) -> BackboneResult:
        """Load the image model. Raises the runner's known errors, ProjectError if the disk is too full."""
        with self._project.db.read() as s:
            known = image_models.keys(s).get(self._name)
        backbone = load_model(self._project, self._runner, self._name, self._events, self._should_stop)
        self._key = backbone.key
        if known is not None and known != backbone.key:
            self._events.warn(
                translate("Features", "The backbone's weights have changed: all images are embedded again.")
            )
        self.bytes_needed = require_space(self._project, len(self._left()), backbone, self._mode)
        return backbone

    def begin_change(self) -> BackboneResult:
        """As begin(), for the image model that the project is changing to.

        If it cannot be used, or its features do not fit on the disk, the change ends and ModelNotChangedError
        is raised.
        """
        try:
            checked_model(self._name, self._runner, should_stop=self._should_stop)
            return self.begin()
        except (CancelledError, WorkerCrashedError):
            raise
        except (KnownError, CoreError) as error:
            with self._project.db.write() as s:
                image_models.set_wanted(s, None)
            used = self._project.backbone
            raise ModelNotChangedError(
                translate(
                    "Features",
                    "{error} The project keeps its image model {used} until {name} is chosen again.",
                ).format(error=error, used=used, name=self._name)
            ) from error

    def embed(self, in_parts: InParts | None = None) -> None:
        """Embed the images without current features, also those that a scan finds meanwhile."""
        readable = readable_images(self._project)
        pending = outdated(self._project, self._key, readable, self._mode)
        self.skipped = len(readable) - len(pending)
        tried: set[int] = set()
        if not pending and lacks_classifier(self._project, self._name, self._key):
            self._embed([], 0)
        while pending:
            before = 0
            for part in parts_of(pending, in_parts):
                with self._events.part_of_run(before, len(pending)):
                    self.embedded += self._embed(part, len(pending)).embedded
                before += len(part)
            tried |= {image.id for image in pending}
            pending = [image for image in self._left() if image.id not in tried]

    def _left(self) -> list[Image]:
        return outdated(self._project, self._key, readable_images(self._project), self._mode)

    def _embed(self, part: Sequence[Image], in_run: int) -> IndexResult:
        project = self._project
        with project.db.read() as s:
            roots, accept_cut = images.roots(s), bool(settings.get(s, ACCEPT_CUT_SETTING, False))
        items = project.folder / "index-items.jsonl"
        try:
            _write_items(items, part, roots, self._thumbnails.wanted(part, self.bytes_needed))
            command = IndexImages(
                job=new_job_id(),
                backbone=self._name,
                expected_key=self._key,
                items=str(items),
                features=str(project.layout.features(self._key)),
                patches=core_mode(self._mode),
                run=in_run,
                accept_cut=accept_cut,
            )
            with self._events.recording(part, roots):
                terminal = self._runner.run(command, self._events, self._should_stop)
        finally:
            items.unlink(missing_ok=True)
        if isinstance(terminal, Cancelled):
            done = terminal.result.embedded if isinstance(terminal.result, IndexResult) else 0
            raise CancelledError(
                translate(
                    "Features",
                    "Indexing was stopped after {embedded} of {in_run} images; run it again for the rest.",
                ).format(embedded=self.embedded + done, in_run=in_run)
            )
        return result_of(terminal, IndexResult)


def load_model(
    project: Project,
    runner: Runner,
    name: str,
    events: IndexEvents | None = None,
    should_stop: StopCheck | None = None,
) -> BackboneResult:
    """Load an image model in the runner and store its key, so that later no worker is needed to know it."""
    require_files(name)
    command = DescribeBackbone(job=new_job_id(), backbone=name)
    result = result_of(runner.run(command, events or log_warnings, should_stop), BackboneResult)
    if project.read_only is None:
        with project.db.read() as s:
            used = image_models.current(s)
            known = used.key if used.name == name else image_models.keys(s).get(name)
        if result.key != known:
            with project.db.write() as s:
                image_models.set_key(s, name, result.key)
    return result


def lacks_classifier(project: Project, name: str, key: str | None) -> bool:
    """True if the classifier of a photo model is missing from its features."""
    if key is None or text_side(name) != "nouns":
        return False
    return not FeatureStore(project.layout.features(key), key=key).has_classifier()


def readable_images(project: Project) -> list[Image]:
    with project.db.read() as s:
        return [image for image in images.all_images(s, ImageState.OK) if image.content_hash is not None]


def outdated(project: Project, key: str, readable: Sequence[Image], mode: PatchMode) -> list[Image]:
    """The images without current features under this key."""
    lacking = without_features(project, key, *ids_and_stamps(readable), mode)
    return [readable[int(place)] for place in np.flatnonzero(lacking)]


def without_features(
    project: Project, key: str, ids: Int64, stamps: UInt64, mode: PatchMode
) -> NDArray[np.bool_]:
    """Mask [n] of the images without current features under this key."""
    store = FeatureStore(project.layout.features(key), key=key)
    return store.outdated(ids, stamps, patches=core_mode(mode))


def ids_and_stamps(present: Sequence[Image]) -> tuple[Int64, UInt64]:
    ids = np.fromiter((image.id for image in present), dtype=np.int64, count=len(present))
    return ids, np.fromiter((_stamp(image) for image in present), dtype=np.uint64, count=len(present))


def readable_ids_and_stamps(project: Project) -> tuple[Int64, UInt64]:
    """As ids_and_stamps of the readable images, without building each image."""
    with project.db.read() as s:
        found = content_columns(s)
    known = np.fromiter(map(bool, found.hashes), dtype=np.bool_, count=len(found.hashes))
    ids = found.ids[known]
    return ids, np.fromiter((_stamp_of(text) for text in found.hashes if text), np.uint64, len(ids))


def _stamp(image: Image) -> int:
    assert image.content_hash is not None
    return _stamp_of(image.content_hash)


def _stamp_of(content_hash: str) -> int:
    return int(content_hash[:16], 16)


def _write_items(
    path: Path, pending: Sequence[Image], roots: Mapping[int, Path], thumbnails: Mapping[int, int]
) -> None:
    lines = (
        ItemLine(one.id, str(roots[one.root_id] / one.path), _stamp(one), thumbnails.get(one.id, 0))
        for one in pending
    )
    try:
        write_items(path, lines)
    except OSError as error:
        raise disk_error(
            translate("Features", "{path} cannot be written").format(path=path), error
        ) from error
