"""What is wrong with the files beside the database: features, versions, thumbnails, backups, leftovers."""

import json
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from app.domain.errors import KnownError, VersionError
from app.domain.models import ModelVersion
from app.services.project.project import Project
from app.services.project.unsaved_file import NAME as UNSAVED
from app.services.safety.faults import Fault, remove, set_aside, told
from app.services.versions import files as version_files
from app.storage import backup, backup_contents, images, model_versions
from app.storage.layout import ProjectLayout, database_files
from app.storage.read_only import open_immutable
from cprfl_core.common.array_files import DamagedFileError, verify_arrays
from cprfl_core.common.errors import CoreError
from cprfl_core.features.meta import FeatureMeta, read_meta, write_meta
from cprfl_core.features.shards import examine
from cprfl_core.tuning import scores as tuned_scores

INDEX_AGAIN: Final = "set it aside; the next 'tailspotter index' computes what is missing"
WORK: Final = ".recovery-"
"""How the name of a recovery's temporary folder begins."""
_YOUNG_SECONDS: Final = 60.0
"""A temporary file may belong to a program that is just writing it."""


def file_faults(project: Project, *, alone: bool) -> Iterator[Fault]:
    """Every fault of the files; nothing is changed. ``alone``: no job of another program is running."""
    with project.db.read() as s:
        last = images.last_given_id(s)
    for folder in _subfolders(project.layout.folder / "features"):
        yield from _feature_faults(folder, last)
    yield from _version_faults(project, alone=alone)
    yield from _thumbnail_faults(project.layout)
    yield from backup_faults(project.layout)
    yield from leftover_faults(project.layout)
    yield from _unsaved(project.layout)


# --- features


def _feature_faults(folder: Path, last: int) -> Iterator[Fault]:
    """``last``: the highest id that an image of the project ever had. Features of images that are gone, as
    after a restore or a relink, are ignored wherever features are read, and no fault.
    """
    widths: dict[int, Path] = {}
    for path in sorted((folder / "shards").glob("*.safetensors")):
        try:
            ids, width = examine(path)
        except FileNotFoundError:
            continue
        except (DamagedFileError, OSError) as error:
            yield _damaged("features_damaged", "The features", path, error, INDEX_AGAIN)
            continue
        widths.setdefault(width, path)
        foreign = int((np.asarray(ids) > last).sum())
        if foreign:
            yield Fault(
                "features_foreign",
                f"The features {path} have {foreign:,} of {len(ids):,} images that were never in the "
                "project.",
                INDEX_AGAIN,
                partial(set_aside, path),
            )
    yield from _meta_faults(folder, widths)
    for name in ("text", "text_raw", "tokens", "classifier"):
        path = folder / f"{name}.safetensors"
        try:
            verify_arrays(path)
        except FileNotFoundError:
            continue
        except (DamagedFileError, OSError) as error:
            yield _damaged("features_damaged", "The file", path, error, INDEX_AGAIN)


def _meta_faults(folder: Path, widths: dict[int, Path]) -> Iterator[Fault]:
    """meta.json against the shards, from which it can be made again."""
    path = folder / "meta.json"
    try:
        meta = read_meta(folder)
    except CoreError as error:
        if not widths:
            yield Fault("features_damaged", str(error), INDEX_AGAIN, partial(set_aside, path))
            return
        meta = None
        sentence = f"The description {path} of the features is damaged."
    else:
        sentence = f"The description {path} of the features is gone."
    for width, shard in widths.items():
        if meta is not None and meta.embed_dim not in {None, width}:
            yield Fault(
                "features_damaged",
                f"The features {shard} have {width} numbers for each image instead of {meta.embed_dim}.",
                INDEX_AGAIN,
                partial(set_aside, shard),
            )
    if meta is None and len(widths) == 1:
        (width,) = widths
        remedy = "write it again from the features"
        yield Fault("features_damaged", sentence, remedy, partial(_write_meta, folder, width))


def _write_meta(folder: Path, width: int) -> None:
    key = None
    for path in (folder / "shards").glob("*.safetensors"):
        with suppress(OSError, ValueError, KeyError), path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            key = json.loads(stream.read(min(length, 1 << 20)))["__metadata__"]["key"]
            break
    write_meta(folder, FeatureMeta(key or folder.name, width))


# --- versions


def _version_faults(project: Project, *, alone: bool) -> Iterator[Fault]:
    with project.db.read() as s:
        versions = model_versions.all_versions(s)
    for version in versions:
        try:
            version_files.require_whole(project, version)
        except version_files.VersionDamagedError as error:
            yield Fault(
                "version_damaged",
                str(error).partition("; ")[0].rstrip(".") + ".",
                "set its files aside and remove it from the list of versions; train again",
                partial(_retire, project, version),
            )
            continue
        scores = version_files.scores_path(project, version.id)
        if not scores.exists() and not tuned_scores.index_path(scores).exists():
            yield Fault(
                "scores_missing",
                f"The version {version.name} has no scores.",
                "run 'tailspotter index', which computes them",
                note=True,
            )
            continue
        try:
            version_files.load_scores(project, version)
        except CoreError as error:
            yield Fault(
                "scores_damaged",
                str(error),
                "delete the scores; the next 'tailspotter index' computes them again",
                partial(_drop_scores, scores),
            )
    if alone:
        yield from _unnamed_versions(project, {str(version.id) for version in versions})


def _retire(project: Project, version: ModelVersion) -> None:
    with project.db.write() as s:
        if model_versions.active_id(s) == version.id:
            model_versions.set_active(s, None)
        model_versions.remove(s, version.id)
    place = version_files.folder(project, version.id)
    if place.exists():
        set_aside(place)
    _drop_scores(version_files.scores_path(project, version.id))


def _drop_scores(path: Path) -> None:
    with told(path):
        tuned_scores.remove(path)


def _unnamed_versions(project: Project, known: set[str]) -> Iterator[Fault]:
    """Folders and scores that no version names: half written, or of a version that a restore took back."""
    for place in _subfolders(project.layout.models):
        if place.name.isdigit() and place.name not in known:
            if (place / version_files.CARD).is_file():
                yield Fault(
                    "version_unused",
                    f"{place} belongs to no version of this project, perhaps after a restore.",
                    "delete it if you do not need it",
                    note=True,
                )
            else:
                yield Fault(
                    "version_unfinished",
                    f"{place} is the beginning of a version that was never finished.",
                    "delete it",
                    partial(shutil.rmtree, place, ignore_errors=True),
                )
    for path in sorted(_files(project.layout.scores)):
        number = path.name.partition(".")[0]
        whole = path.suffix == ".npy" and tuned_scores.index_path(path).is_file()
        if number.isdigit() and number not in known and path.suffix == ".npy" and not whole:
            yield Fault(
                "scores_unfinished",
                f"The scores {path} were never finished.",
                "delete them",
                partial(remove, path),
            )


# --- caches, backups, leftovers


def _thumbnail_faults(layout: ProjectLayout) -> Iterator[Fault]:
    path = layout.thumbnails
    if not path.is_file() or path.stat().st_size == 0:
        return
    try:
        with closing(_reading(path)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError:  # in use, or in a read-only place
        return
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        yield Fault(
            "thumbnails_damaged",
            f"The thumbnails {path} are damaged ({str(found).splitlines()[0]}).",
            "delete them; they are made again when needed",
            partial(remove, *database_files(path)),
        )


def _reading(path: Path) -> sqlite3.Connection:
    """A connection to thumbnails for reading, which leaves no file beside them."""
    _, log, *_ = database_files(path)
    if log.exists():  # another program has them open
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    return open_immutable(path)


def backup_faults(layout: ProjectLayout) -> Iterator[Fault]:
    for one in backup.listed(layout.backups):
        try:
            backup_contents.contents(one.path)
        except VersionError:
            continue
        except KnownError:
            yield Fault(
                "backup_damaged",
                f"The backup {one.path} cannot be read.",
                "set it aside, so that nobody relies on it",
                partial(set_aside, one.path),
            )


def leftover_faults(layout: ProjectLayout) -> Iterator[Fault]:
    """Temporary files of programs that were ended while writing."""
    features = _subfolders(layout.folder / "features")
    places = [layout.folder, layout.backups, layout.scores, *features]
    places += [folder / "shards" for folder in features]
    places += [place for place in _subfolders(layout.models) if place.name.isdigit()]
    left = [path for place in places for path in _files(place) if _is_temporary(path) and _is_old(path)]
    left += [path for path in _subfolders(layout.folder) if path.name.startswith(WORK) and _is_old(path)]
    if left:
        words = f"{left[0]}" if len(left) == 1 else f"{left[0]} and {len(left) - 1} more"
        yield Fault(
            "leftover_files",
            f"{len(left)} temporary file{'s' if len(left) > 1 else ''} of a program that was ended "
            f"while writing: {words}.",
            "delete them",
            partial(_remove_all, left),
        )


def _remove_all(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            remove(path)


def _is_temporary(path: Path) -> bool:
    name = path.name
    stem, _, rest = name.partition("project.db.")
    copy = not stem and len(rest) >= 32 and all(letter in "0123456789abcdef" for letter in rest[:32])
    part = name.startswith("project-") and ".part" in name
    return copy or part or (name.startswith(".") and name.endswith(".tmp"))


def _is_old(path: Path) -> bool:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime > _YOUNG_SECONDS
    return False


def _unsaved(layout: ProjectLayout) -> Iterator[Fault]:
    path = layout.folder / UNSAVED
    if path.is_file():
        yield Fault(
            "answers_unsaved",
            f"{path} has answers that could not be saved when the window was last closed.",
            "open the project in the window, which offers to save them",
            note=True,
        )


def _damaged(kind: str, what: str, path: Path, error: Exception, remedy: str) -> Fault:
    return Fault(kind, f"{what} {path} cannot be used: {error}.", remedy, partial(set_aside, path))


def _subfolders(folder: Path) -> list[Path]:
    return sorted(path for path in _entries(folder) if path.is_dir())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in _entries(folder) if path.is_file())


def _entries(folder: Path) -> Iterable[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return list(folder.iterdir())
    return []
