"""Where a version lies, and whether it is still what was written: nothing half-written is ever used."""

import hashlib
import json
import shutil
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from app.domain.errors import KnownError
from app.domain.models import ModelVersion, VersionCard
from app.services.project import Project
from cprfl_core import tuned_scores
from cprfl_core.array_files import write_atomically
from cprfl_core.tuned_scores import TunedScores

CARD = "card.json"
WORK = ".training"
_UNTOLD = (CARD,)


class VersionDamagedError(KnownError):
    """The folder or the scores of a version are gone or are not what was written."""


def folder(project: Project, version_id: int) -> Path:
    return project.layout.models / str(version_id)


def scores_path(project: Project, version_id: int) -> Path:
    return project.layout.scores / f"{version_id}.npy"


def work_folder(project: Project) -> Path:
    """Snapshot, checkpoints and the version in the making; left behind by a run that was interrupted."""
    return project.layout.models / WORK


def digests(place: Path) -> dict[str, str]:
    """Relative name and digest of every file below a folder, the card left out. Raises OSError."""
    found = {}
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_file() and name not in _UNTOLD:
            with path.open("rb") as stream:
                found[name] = hashlib.file_digest(stream, "blake2b").hexdigest()[:32]
    return found


def write_card(place: Path, card: VersionCard, name: str, reason: str) -> None:
    """The card for people and other programs, beside the weights. Raises FeatureStoreError (disk full)."""
    told = {"name": name, "reason": reason, **asdict(card)}
    write_atomically(place / CARD, json.dumps(told, indent=1, allow_nan=False).encode())


def settle(project: Project, made: Path, version_id: int, scores: TunedScores) -> None:
    """Bring a finished folder to its place, and its scores. Raises OSError, FeatureStoreError."""
    place = folder(project, version_id)
    if place.exists():  # of a run that died between here and the end of its transaction: no row names it
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    scores.save(scores_path(project, version_id))
    made.replace(place)


def remove_tree(place: Path) -> None:
    """Take a folder away, as far as it goes."""
    shutil.rmtree(place, ignore_errors=True)


def discard(project: Project, version_id: int) -> None:
    """Take folder and scores away, as far as they are there."""
    with suppress(OSError):
        tuned_scores.remove(scores_path(project, version_id))
    shutil.rmtree(folder(project, version_id), ignore_errors=True)


def require_whole(project: Project, version: ModelVersion) -> None:
    """Raise VersionDamagedError unless every file of the version is what was written."""
    place = folder(project, version.id)
    if not place.is_dir():
        raise VersionDamagedError(
            f"The folder of the model version {version.name} is gone ({place}); activate another version "
            "or tune again."
        )
    try:
        found = digests(place)
    except OSError as error:
        raise VersionDamagedError(f"{place} cannot be read ({error.strerror or error}).") from error
    odd = sorted(
        name
        for name in found.keys() | version.card.files.keys()
        if found.get(name) != version.card.files.get(name)
    )
    if odd:
        raise VersionDamagedError(
            f"The file {odd[0]} of the model version {version.name} is not what was written; activate "
            "another version or tune again."
        )


def load_scores(project: Project, version: ModelVersion) -> TunedScores:
    """Scores of a version that is whole. Raises VersionDamagedError, ModelFileError (a CoreError)."""
    require_whole(project, version)
    return TunedScores.load(scores_path(project, version.id))
