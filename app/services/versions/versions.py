"""Versions of the tuned model: listed, activated, rolled back, deleted."""

from dataclasses import replace
from typing import Final

from app.domain.errors import BadInputError
from app.domain.language import translate
from app.domain.models import LONGEST_NOTE, ModelVersion
from app.services.features.indexing import feature_key
from app.services.project.project import Project
from app.services.versions import files as version_files
from app.storage import model_versions
from cprfl_core.common.errors import CoreError

NONE: Final = "none"
"""The name of the learners without a tuned head."""


def versions(project: Project) -> list[ModelVersion]:
    """Newest first, also those of other image models, with their sizes on the disk."""
    with project.db.read() as s:
        found = model_versions.all_versions(s)
    return [replace(one, bytes=version_files.size(project, one.id)) for one in found]


def newest_version(project: Project) -> ModelVersion | None:
    """Of the image model in use."""
    with project.db.read() as s:
        return model_versions.newest(s)


def number_in_use(project: Project) -> int | None:
    """The id of the active version; cheap."""
    with project.db.read() as s:
        return model_versions.active_id(s)


def active_version(project: Project) -> ModelVersion | None:
    """None if the learners work without a tuned head."""
    with project.db.read() as s:
        return model_versions.active(s)


def version_named(project: Project, name: str) -> ModelVersion | None:
    """None for "none". Raises NotFoundError, naming the existing versions."""
    if name.strip().lower() == NONE:
        return None
    with project.db.read() as s:
        return model_versions.named(s, name)


def activate(project: Project, name: str) -> ModelVersion | None:
    """Use a version or, for "none", no version. Raises NotFoundError, VersionDamagedError, BadInputError."""
    version = version_named(project, name)
    if version is not None:
        _require_usable(project, version)
    with project.db.write() as s:
        model_versions.set_active(s, None if version is None else version.id)
    return version_named(project, name)


def roll_back(project: Project) -> ModelVersion | None:
    """Activate the parent of the active version, or none.

    Raises BadInputError if no version is active, else as activate.
    """
    version = active_version(project)
    if version is None:
        raise BadInputError(
            translate("Training", "No trained version is active, so there is nothing to roll back.")
        )
    return activate(project, version.card.parent or NONE)


def delete(project: Project, name: str) -> int:
    """Delete a version permanently; the bytes that this frees.

    Raises BadInputError for the active one, NotFoundError.
    """
    version = version_named(project, name)
    if version is None:
        raise BadInputError(translate("Training", "'none' is not a version, so it cannot be deleted."))
    if version.active:
        raise BadInputError(
            translate(
                "Training",
                "{version} is in use and cannot be deleted; activate another version or 'none' first.",
            ).format(version=version.name)
        )
    size = version_files.size(project, version.id)
    with project.db.write() as s:
        model_versions.remove(s, version.id)
    version_files.discard(project, version.id)
    return size


def set_note(project: Project, name: str, note: str) -> None:
    """Write a note on a version; an empty one removes it.

    Raises NotFoundError, or BadInputError for "none" and for a note of more than LONGEST_NOTE letters.
    """
    version = version_named(project, name)
    if version is None:
        raise BadInputError(translate("Training", "'none' is not a version, so it cannot have a note."))
    words = " ".join(note.split())
    if len(words) > LONGEST_NOTE:
        sentence = translate("Training", "A note has at most {most} letters; this one has {n}.")
        raise BadInputError(sentence.format(most=LONGEST_NOTE, n=len(words)))
    with project.db.write() as s:
        model_versions.set_note(s, version.id, words)


def require_same_model(project: Project, version: ModelVersion) -> None:
    """Raise BadInputError for a version of another image model than the one in use."""
    if version.other_model is not None and version.other_model != version.backbone:
        raise BadInputError(
            translate(
                "Training",
                "{version} belongs to the image model {other_model}, and the project uses "
                "{backbone}; change the image model first, or train again.",
            ).format(version=version.name, other_model=version.other_model, backbone=project.backbone)
        )
    if version.backbone != feature_key(project):
        raise BadInputError(
            translate(
                "Training",
                "{version} was tuned on features of {backbone}, and the project uses those of "
                "{project}; train again.",
            ).format(version=version.name, backbone=version.backbone, project=feature_key(project))
        )


def _require_usable(project: Project, version: ModelVersion) -> None:
    require_same_model(project, version)
    try:
        version_files.load_scores(project, version)
    except CoreError as error:
        raise version_files.VersionDamagedError(
            translate("Training", "{error} Train again, or activate another version.").format(error=error)
        ) from error
