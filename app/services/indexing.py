"""Features of the project's images and categories: computed by a runner, cached on disk, resumable."""

import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.errors import CancelledError, KnownError
from app.domain.images import Image, ImageState
from app.domain.progress import ProgressCallback, StopCheck
from app.protocol.files import ItemLine, PromptLine, write_items, write_prompts
from app.protocol.messages import (
    BackboneResult,
    Cancelled,
    DescribeBackbone,
    EncodeText,
    IndexImages,
    IndexResult,
    TextResult,
)
from app.services.feature_plan import PatchWish, choice_of, explained, require_space, settle_wish
from app.services.index_events import IndexEvents, ignore
from app.services.project import Project
from app.services.recorded_jobs import recorded_job
from app.services.runner import Runner, new_job_id, result_of
from app.storage import categories, images, settings
from app.storage.disk import disk_error
from cprfl_core.feature_store import FeatureStore

KEY_SETTING = "backbone_key"

Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Float16 = NDArray[np.float16]
Float32 = NDArray[np.float32]

log = logging.getLogger(__name__)


class NotIndexedError(KnownError):
    """Features are asked for that nobody has computed yet."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """``skipped`` images had their features already; ``failed`` are (path, reason).

    ``device`` is None when there was nothing to do, ``feature_key`` when there has never been. ``patches``
    tells which patch tokens the features have, ``patches_explained`` the share of their variance that is kept
    (of a sample; None without tokens), ``bytes_needed`` what the new features were expected to take.
    """

    embedded: int
    skipped: int
    failed: Sequence[tuple[str, str]]
    seconds: float
    device: str | None
    feature_key: str | None
    warnings: Sequence[str] = ()
    patches: PatchWish = "none"
    patches_explained: float | None = None
    bytes_needed: int = 0


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """One row a category that is not archived: matrix float32 [C,T], rows of length 1 in the joint space.

    Without categories [0,T], T the width of the image embeddings.
    """

    category_ids: Sequence[int]
    matrix: Float32


def feature_key(project: Project) -> str | None:
    """Key of the features in use; None before the backbone has been loaded for the first time."""
    with project.db.read() as s:
        known = settings.get(s, KEY_SETTING)
    return str(known["key"]) if known and known["backbone"] == project.backbone else None


def feature_store(project: Project, key: str) -> FeatureStore:
    """Raises FeatureStoreError (a CoreError) when the folder belongs to another backbone or is damaged."""
    return FeatureStore(project.layout.features(key), key=key)


def index(
    project: Project,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
    *,
    patches: PatchWish | None = None,
) -> IndexReport:
    """Compute the features of all readable images that have none, or whose file has changed since.

    ``patches``, where given, says which patch tokens this project keeps from now on; images that lack them
    are embedded again.
    What is finished is kept whatever happens, and the next call does the rest. Without anything to do no
    worker is started. An image that cannot be decoded is marked unreadable with its reason. Raises
    CancelledError, BusyError (another job runs), the runner's known errors, or a CoreError of the cache.
    """
    begin = time.perf_counter()
    wish = settle_wish(project, patches)
    known = feature_key(project)
    readable = _readable(project)
    pending = readable if known is None else _pending(project, known, readable, wish)
    if not pending:
        return IndexReport(0, len(readable), (), time.perf_counter() - begin, None, known, patches=wish)
    with recorded_job(project, "index", "indexing", {"backbone": project.backbone}):
        events = IndexEvents(project, on_progress)
        backbone = _load(project, runner, events, should_stop)
        if known is not None and known != backbone.key:
            events.warn("The backbone's weights have changed: the images are embedded anew.")
        readable = _readable(project)
        pending = _pending(project, backbone.key, readable, wish)
        needed = require_space(project, len(pending), backbone, wish)
        result = _embed(project, runner, backbone, pending, wish=wish, events=events, should_stop=should_stop)
    return IndexReport(
        embedded=result.embedded,
        skipped=len(readable) - len(pending),
        failed=events.failed,
        seconds=time.perf_counter() - begin,
        device=backbone.device,
        feature_key=backbone.key,
        warnings=events.warnings,
        patches=wish,
        patches_explained=explained(feature_store(project, backbone.key), wish),
        bytes_needed=needed,
    )


def embeddings(project: Project) -> tuple[Int64, Float16]:
    """Ids int64 [R] ascending and embeddings float16 [R,D] of the readable images whose features are current.

    Without readable images [0] and [0,D]; D is 0 where no image has ever had features. Raises
    NotIndexedError when there are readable images and none of them has features, and FeatureStoreError (a
    CoreError).
    """
    readable = _readable(project)
    ids, stamps = _ids_and_stamps(readable)
    key, width = feature_key(project), 0
    if key is not None:
        table = feature_store(project, key).table()
        width = table.embeddings.shape[1]
        place = np.searchsorted(table.ids, ids)
        place[place == len(table.ids)] = 0
        if len(table.ids):
            current = (table.ids[place] == ids) & (table.stamps[place] == stamps)
            if current.any():
                return ids[current], table.embeddings[place[current]]
    if readable:
        raise NotIndexedError(
            "The images of this project have no features yet; compute them with 'tailspotter index'."
        )
    return ids, np.zeros((0, width), dtype=np.float16)


def embeddings_to_learn_from(project: Project) -> tuple[Int64, Float16]:
    """Like :func:`embeddings`, for what needs at least one image.

    Raises NotIndexedError also where no image can be read or there is none, and says which.
    """
    ids, vectors = embeddings(project)
    if len(ids):
        return ids, vectors
    with project.db.read() as s:
        counts = images.counts(s)
    if not counts.total:
        raise NotIndexedError(
            "This project has no images yet; put some into its image folder, then run 'tailspotter scan'."
        )
    raise NotIndexedError(
        f"None of the images of this project can be read ({counts.missing:,} missing, {counts.unreadable:,} "
        "unreadable); restore or replace the files, then run 'tailspotter scan'."
    )


def ensure_text_features(project: Project, runner: Runner) -> TextFeatures:
    """Text features of all categories; the runner encodes those that are not cached yet.

    Raises NotIndexedError when the backbone's weights have changed since the images were indexed, the
    runner's known errors, or FeatureStoreError (a CoreError).
    """
    with project.db.read() as s:
        present = categories.all_categories(s)
    known = feature_key(project)
    cached, width = _cached_text(project, known)
    missing = {text_key(category): category for category in present if text_key(category) not in cached}
    if missing:
        backbone = _load(project, runner)
        if known is not None and known != backbone.key:
            raise NotIndexedError(
                "The backbone's weights have changed since the images were indexed; "
                "compute their features again with 'tailspotter index'."
            )
        texts = {key: category.prompts() for key, category in missing.items()}
        cached |= encode_texts(project, runner, backbone.key, texts)
    ids = [category.id for category in present]
    rows = [cached[text_key(category)] for category in present]
    return TextFeatures(ids, np.stack(rows) if rows else np.zeros((0, width), dtype=np.float32))


def _readable(project: Project) -> list[Image]:
    with project.db.read() as s:
        return [image for image in images.all_images(s, ImageState.OK) if image.content_hash is not None]


def _stamp(image: Image) -> int:
    assert image.content_hash is not None
    return int(image.content_hash[:16], 16)


def _ids_and_stamps(present: Sequence[Image]) -> tuple[Int64, UInt64]:
    ids = np.fromiter((image.id for image in present), dtype=np.int64, count=len(present))
    return ids, np.fromiter((_stamp(image) for image in present), dtype=np.uint64, count=len(present))


def _pending(project: Project, key: str, readable: Sequence[Image], wish: PatchWish) -> list[Image]:
    """The images without current features."""
    outdated = feature_store(project, key).outdated(*_ids_and_stamps(readable), patches=choice_of(wish))
    return [readable[int(place)] for place in np.flatnonzero(outdated)]


def _load(
    project: Project,
    runner: Runner,
    events: IndexEvents | None = None,
    should_stop: StopCheck | None = None,
) -> BackboneResult:
    """Have the runner load the backbone; remember its key, so that it is known without a worker."""
    command = DescribeBackbone(job=new_job_id(), backbone=project.backbone)
    result = result_of(runner.run(command, events or ignore, should_stop), BackboneResult)
    if project.read_only is None and result.key != feature_key(project):
        with project.db.write() as s:
            settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": result.key})
    return result


def _embed(
    project: Project,
    runner: Runner,
    backbone: BackboneResult,
    pending: Sequence[Image],
    *,
    wish: PatchWish,
    events: IndexEvents,
    should_stop: StopCheck | None,
) -> IndexResult:
    with project.db.read() as s:
        roots = images.roots(s)
    items = project.folder / "index-items.jsonl"
    try:
        _write_items(items, pending, roots)
        command = IndexImages(
            job=new_job_id(),
            backbone=project.backbone,
            expected_key=backbone.key,
            items=str(items),
            features=str(project.layout.features(backbone.key)),
            patches=choice_of(wish),
        )
        with events.recording(pending, roots):
            terminal = runner.run(command, events, should_stop)
    finally:
        items.unlink(missing_ok=True)
    if isinstance(terminal, Cancelled):
        done = terminal.result.embedded if isinstance(terminal.result, IndexResult) else "some"
        raise CancelledError(
            f"Indexing was stopped after {done} of {len(pending)} images; run it again for the rest."
        )
    return result_of(terminal, IndexResult)


def _write_items(path: Path, pending: Sequence[Image], roots: Mapping[int, Path]) -> None:
    lines = (ItemLine(one.id, str(roots[one.root_id] / one.path), _stamp(one)) for one in pending)
    try:
        write_items(path, lines)
    except OSError as error:
        raise disk_error(f"{path} cannot be written", error) from error


def text_key(category: Category) -> str:
    """Under which the text features of a category are kept."""
    return "\n".join(category.prompts())


def _cached_text(project: Project, key: str | None) -> tuple[dict[str, Float32], int]:
    """By text key, and the width."""
    if key is None:
        return {}, 0
    keys, matrix = feature_store(project, key).load_text()
    return dict(zip(keys, matrix, strict=True)), matrix.shape[1]


def encode_texts(
    project: Project,
    runner: Runner,
    key: str,
    texts: Mapping[str, Sequence[str]],
    kind: Literal["joint", "raw"] = "joint",
) -> dict[str, Float32]:
    """Have the runner encode prompts by the key of their text, and keep them with the features.

    Where nothing can be written they are computed for this time only. Raises the runner's known errors, or
    FeatureStoreError.
    """
    with tempfile.TemporaryDirectory(prefix="tailspotter-") as folder:
        prompts = Path(folder) / "prompts.jsonl"
        write_prompts(prompts, (PromptLine(name, lines) for name, lines in texts.items()))
        kept = project.read_only is None
        features = project.layout.features(key) if kept else Path(folder) / "features"
        command = EncodeText(
            job=new_job_id(),
            backbone=project.backbone,
            expected_key=key,
            prompts=str(prompts),
            features=str(features),
            kind=kind,
        )
        result_of(runner.run(command, ignore), TextResult)
        keys, matrix = FeatureStore(features, key=key).load_text(kind)
    return dict(zip(keys, matrix, strict=True))
