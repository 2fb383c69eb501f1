"""The files of a version, and whether they are intact: an incomplete version is never used."""

import hashlib
import json
import shutil
from contextlib import suppress
from pathlib import Path

from app.domain.errors import KnownError
from app.domain.language import translate
from app.domain.models import ModelVersion, VersionCard
from app.services.project.project import Project
from cprfl_core.common.array_files import write_atomically
from cprfl_core.tuning import scores as tuned_scores
from cprfl_core.tuning.facts import flat
from cprfl_core.tuning.scores import TunedScores

CARD = "card.json"
WORK = ".training"
_WITHOUT_DIGEST = (CARD,)


class VersionDamagedError(KnownError):
    """The folder or the scores of a version are missing or damaged."""


def folder(project: Project, version_id: int) -> Path:
    return project.layout.models / str(version_id)


def scores_path(project: Project, version_id: int) -> Path:
    return project.layout.scores / f"{version_id}.npy"


def work_folder(project: Project) -> Path:
    """Snapshot, checkpoints and the unfinished version; an interrupted run leaves it behind."""
    return project.layout.models / WORK


def digests(place: Path) -> dict[str, str]:
    """Relative name and digest of every file below a folder, except the card. Raises OSError."""
    found = {}
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_file() and name not in _WITHOUT_DIGEST:
            with path.open("rb") as stream:
                found[name] = hashlib.file_digest(stream, "blake2b").hexdigest()[:32]
    return found


def write_card(place: Path, card: VersionCard, name: str, reason: str) -> None:
    """Write the card, for people and other programs. Raises FeatureStoreError (disk full)."""
    document = {"name": name, "reason": reason, **flat(card)}
    write_atomically(place / CARD, json.dumps(document, indent=1, allow_nan=False).encode())


def settle(project: Project, made: Path, version_id: int, scores: TunedScores) -> None:
    """Move the folder ``made`` to its place and save the scores. Raises OSError, FeatureStoreError."""
    place = folder(project, version_id)
    if place.exists():  # left by a run that died before the end of its transaction: no row names it
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    scores.save(scores_path(project, version_id))
    made.replace(place)


def size(project: Project, version_id: int) -> int:
    """Bytes on the disk of the folder and the scores, as far as they exist."""
    scores = scores_path(project, version_id)
    paths = [*folder(project, version_id).rglob("*"), scores, tuned_scores.index_path(scores)]
    found = 0
    for path in paths:
        with suppress(OSError):
            found += path.stat().st_size if path.is_file() else 0
    return found


def remove_tree(place: Path) -> None:
    """Delete a folder, as far as possible."""
    shutil.rmtree(place, ignore_errors=True)


def discard(project: Project, version_id: int) -> None:
    """Delete the folder and the scores, as far as they exist."""
    with suppress(OSError):
        tuned_scores.remove(scores_path(project, version_id))
    shutil.rmtree(folder(project, version_id), ignore_errors=True)


def require_whole(project: Project, version: ModelVersion) -> None:
    """Raise VersionDamagedError unless every file of the version is intact."""
    place = folder(project, version.id)
    if not place.is_dir():
        raise VersionDamagedError(
            translate(
                "Training",
                "The folder of the model version {version} is gone ({place}); activate another "
                "version or train again.",
            ).format(version=version.name, place=place)
        )
    try:
        found = digests(place)
    except OSError as error:
        raise VersionDamagedError(
            translate("Training", "{place} cannot be read ({reason}).").format(
                place=place, reason=error.strerror or error
            )
        ) from error
    odd = sorted(
        name
        for name in found.keys() | version.card.files.keys()
        if found.get(name) != version.card.files.get(name)
    )
    if odd:
        raise VersionDamagedError(
            translate(
                "Training",
                "The file {odd} of the model version {version} is missing or has changed; activate "
                "another version or train again.",
            ).format(odd=odd[0], version=version.name)
        )


def load_scores(project: Project, version: ModelVersion) -> TunedScores:
    """The scores of an intact version. Raises VersionDamagedError, ModelFileError (a CoreError)."""
    require_whole(project, version)
    return TunedScores.load(scores_path(project, version.id))
