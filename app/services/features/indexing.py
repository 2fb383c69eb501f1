"""Features of the project's images and categories: computed by a runner, cached on disk, resumable."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.errors import KnownError
from app.domain.language import number, translate
from app.domain.progress import ProgressCallback, StopCheck
from app.protocol.files import PromptLine, write_prompts
from app.protocol.messages import (
    EncodeText,
    TextResult,
)
from app.services.features.index_events import IndexEvents
from app.services.features.index_run import (
    IndexRun,
    lacks_classifier,
    load_model,
    outdated,
    readable_ids_and_stamps,
    readable_images,
)
from app.services.features.index_thumbnails import IndexThumbnails
from app.services.features.parts import InParts
from app.services.features.plan import PatchMode, explained, set_patch_mode
from app.services.project.project import Project
from app.services.runner.events import log_warnings
from app.services.runner.job_records import recorded_job
from app.services.runner.runner import Runner, new_job_id, result_of
from app.storage import categories, image_models, images, model_versions
from cprfl_core.backbone.names import text_side
from cprfl_core.common.mapped_arrays import is_mapped, mapped_zeros, release, released_blocks
from cprfl_core.features.store import FeatureStore

INDEX_KIND = "index"
_BLOCK_ROWS = 8_192

Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Float16 = NDArray[np.float16]
Float32 = NDArray[np.float32]


class NotIndexedError(KnownError):
    """Features that have not been computed yet are needed."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """``skipped`` images had their features already; ``failed`` are (path, reason).

    ``device`` is None when there was nothing to do, ``feature_key`` when nothing was ever indexed.
    ``patches``: which patch tokens are stored; ``patches_explained``: the share of their variance that is
    kept (of a sample; None without tokens); ``bytes_needed``: the expected size of the new features;
    ``switched_to``: the image model that is in use from now on, None if that has not changed.
    """

    embedded: int
    skipped: int
    failed: Sequence[tuple[str, str]]
    seconds: float
    device: str | None
    feature_key: str | None
    warnings: Sequence[str] = ()
    patches: PatchMode = "none"
    patches_explained: float | None = None
    bytes_needed: int = 0
    switched_to: str | None = None


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """One row per category that is not archived: matrix float32 [C,T], L2-normalised, in the joint space.

    [0,T] without categories; T is the width of the image embeddings. Empty for a photo model, whose text
    scores come from nouns.
    """

    category_ids: Sequence[int]
    matrix: Float32


def feature_key(project: Project) -> str | None:
    """Key of the current features; None before the backbone was first loaded."""
    with project.db.read() as s:
        return image_models.current(s).key


def feature_store(project: Project, key: str) -> FeatureStore:
    """Raises FeatureStoreError (a CoreError) if the folder belongs to a different backbone or is damaged."""
    return FeatureStore(project.layout.features(key), key=key)


def index(
    project: Project,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
    *,
    patches: PatchMode | None = None,
    in_parts: InParts | None = None,
) -> IndexReport:
    """Compute the features of all readable images that have none, or whose file has changed since.

    If the project is changing to another image model, its features are computed, and the project uses it once
    they are complete; if that model cannot be used, or its features do not fit on the disk, the change ends.
    ``patches`` changes which patch tokens this project stores; images that lack them are embedded again.
    ``in_parts``: in several parts, without it all at once.
    Images without a kept thumbnail get one on the way, from the same decoded picture, while there is room.
    Finished features are kept in any case, and the next call does the rest. No worker is started if there is
    nothing to do. An image that cannot be decoded is marked unreadable with the reason. Raises
    CancelledError, BusyError (another job runs), the runner's known errors, or a CoreError of the cache.
    """
    begin = time.perf_counter()
    mode = set_patch_mode(project, patches)
    with project.db.read() as s:
        used, wanted = image_models.current(s), image_models.wanted(s)
    readable = readable_images(project)
    pending = readable if used.key is None else outdated(project, used.key, readable, mode)
    complete = not pending and not lacks_classifier(project, used.name, used.key)
    if wanted is None and complete:
        seconds = time.perf_counter() - begin
        return IndexReport(0, len(readable), (), seconds, None, used.key, patches=mode)
    with (
        recorded_job(project, INDEX_KIND, "indexing", {"backbone": wanted or used.name}),
        closing(IndexThumbnails(project)) as thumbnails,
    ):
        events = IndexEvents(project, on_progress, thumbnails)
        with project.db.read() as s:  # again: another program may have held the lock until now
            used, wanted = image_models.current(s), image_models.wanted(s)
        run = IndexRun(
            project,
            runner,
            wanted or used.name,
            mode=mode,
            events=events,
            thumbnails=thumbnails,
            should_stop=should_stop,
        )
        backbone = run.begin() if wanted is None else run.begin_change()
        run.embed(in_parts)
        if wanted is not None:
            with project.db.write() as s:
                model_versions.use_image_model(s, wanted, backbone.key)
    return IndexReport(
        embedded=run.embedded,
        skipped=run.skipped,
        failed=events.failed,
        seconds=time.perf_counter() - begin,
        device=backbone.device,
        feature_key=backbone.key,
        warnings=events.warnings,
        patches=mode,
        patches_explained=explained(feature_store(project, backbone.key), mode),
        bytes_needed=run.bytes_needed,
        switched_to=wanted,
    )


def embeddings(project: Project, *, mapped: bool = False) -> tuple[Int64, Float16]:
    """Ids int64 [R] ascending and embeddings float16 [R,D] of the readable images whose features are current.

    [0] and [0,D] without readable images; D is 0 before the first indexing. ``mapped``: many embeddings are
    put into a temporary file (cprfl_core.common.mapped_arrays). Raises NotIndexedError if there are readable
    images and none of them has features, and FeatureStoreError (a CoreError).
    """
    ids, stamps = readable_ids_and_stamps(project)
    key, width = feature_key(project), 0
    if key is not None:
        table = feature_store(project, key).table(mapped=mapped)
        width = table.embeddings.shape[1]
        current, places = _current(ids, stamps, table.ids, table.stamps)
        if len(places) == len(table.ids) > 0:
            return ids[current], table.embeddings
        if len(places):
            return ids[current], _picked(table.embeddings, places)
    if len(ids):
        raise _not_indexed()
    return ids, np.zeros((0, width), dtype=np.float16)


def indexed_ids(project: Project) -> Int64:
    """The ids of :func:`embeddings_to_learn_from`, without reading the embeddings. Raises the same."""
    ids, stamps = readable_ids_and_stamps(project)
    key = feature_key(project)
    if key is not None and len(ids):
        store = feature_store(project, key)
        current, _ = _current(ids, stamps, store.ids(), store.stamps())
        if current.any():
            return ids[current]
    if len(ids):
        raise _not_indexed()
    raise _no_images(project)


def _current(
    ids: Int64, stamps: UInt64, stored: Int64, stored_stamps: UInt64
) -> tuple[NDArray[np.bool_], Int64]:
    """Which images [n] have current features, and the rows of these in the store, ascending."""
    if not len(stored):
        return np.zeros(len(ids), np.bool_), np.zeros(0, np.int64)
    place = np.minimum(np.searchsorted(stored, ids), len(stored) - 1)
    current = (stored[place] == ids) & (stored_stamps[place] == stamps)
    return current, place[current]


def _picked(rows: Float16, places: Int64) -> Float16:
    """Some of the rows; mapped if the rows are."""
    if not is_mapped(rows):
        return rows[places]
    found: Float16 = mapped_zeros((len(places), rows.shape[1]), rows.dtype, above=0)
    for block in released_blocks(found, _BLOCK_ROWS):
        found[block] = rows[places[block]]
        release(rows)
    return found


def _not_indexed() -> NotIndexedError:
    return NotIndexedError(
        translate(
            "Features",
            "The images of this project have no features yet; compute them with 'tailspotter index'.",
        )
    )


def embeddings_to_learn_from(project: Project, *, mapped: bool = False) -> tuple[Int64, Float16]:
    """Like :func:`embeddings`, but also raises NotIndexedError if the project has no readable image."""
    ids, vectors = embeddings(project, mapped=mapped)
    if not len(ids):
        raise _no_images(project)
    return ids, vectors


def _no_images(project: Project) -> NotIndexedError:
    with project.db.read() as s:
        counts = images.counts(s)
    if not counts.total:
        return NotIndexedError(
            translate(
                "Features",
                "This project has no images yet; put some in its image folder, then run 'tailspotter scan'.",
            )
        )
    return NotIndexedError(
        translate(
            "Features",
            "None of the images of this project can be read ({missing} missing, {unreadable} "
            "unreadable); restore or replace the files, then run 'tailspotter scan'.",
        ).format(missing=number(counts.missing), unreadable=number(counts.unreadable))
    )


def ensure_text_features(project: Project, runner: Runner) -> TextFeatures:
    """Text features of all categories; the runner encodes those that are not cached yet.

    Raises NotIndexedError if the backbone's weights have changed since the images were indexed, the runner's
    known errors, or FeatureStoreError (a CoreError).
    """
    if text_side(project.backbone) == "nouns":
        return TextFeatures((), np.zeros((0, 0), dtype=np.float32))
    with project.db.read() as s:
        present = categories.all_categories(s)
        used = image_models.current(s)
    known = used.key
    cached, width = _cached_text(project, known)
    missing = {text_key(category): category for category in present if text_key(category) not in cached}
    if missing:
        backbone = load_model(project, runner, used.name)
        if known is not None and known != backbone.key:
            raise NotIndexedError(
                translate(
                    "Features",
                    "The backbone's weights have changed since the images were indexed; compute their "
                    "features again with 'tailspotter index'.",
                )
            )
        texts = {key: category.prompts() for key, category in missing.items()}
        cached |= encode_texts(project, runner, backbone.key, texts)
    ids = [category.id for category in present]
    rows = [cached[text_key(category)] for category in present]
    return TextFeatures(ids, np.stack(rows) if rows else np.zeros((0, width), dtype=np.float32))


def text_key(category: Category) -> str:
    """The key under which a category's text features are cached."""
    return "\n".join(category.prompts())


def _cached_text(project: Project, key: str | None) -> tuple[dict[str, Float32], int]:
    """The cached rows by text key, and their width."""
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
    *,
    keep: bool = True,
) -> dict[str, Float32]:
    """Encode prompts by text key in the runner and cache the rows, unless the project is read-only.

    Not ``keep``: nothing is cached. Raises the runner's known errors, or FeatureStoreError.
    """
    with tempfile.TemporaryDirectory(prefix="tailspotter-") as folder:
        prompts = Path(folder) / "prompts.jsonl"
        write_prompts(prompts, (PromptLine(name, lines) for name, lines in texts.items()))
        writable = project.read_only is None and keep
        features = project.layout.features(key) if writable else Path(folder) / "features"
        command = EncodeText(
            job=new_job_id(),
            backbone=project.backbone,
            expected_key=key,
            prompts=str(prompts),
            features=str(features),
            kind=kind,
        )
        result_of(runner.run(command, log_warnings), TextResult)
        keys, matrix = FeatureStore(features, key=key).load_text(kind)
    return dict(zip(keys, matrix, strict=True))
