"""Changing the image model of a project.

The model in use stays in use until the features of the new one are complete; both are kept. Labels are never
touched.
"""

import shutil

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError, NotFoundError
from app.domain.image_models import ImageModels, ModelFeatures
from app.domain.language import translate
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.sizes import size_words
from app.services.features.index_run import readable_ids_and_stamps, without_features
from app.services.features.indexing import INDEX_KIND, IndexReport, index
from app.services.features.plan import patch_mode
from app.services.project.project import Project
from app.services.runner.job_records import dismiss, recorded
from app.services.runner.runner import Runner
from app.storage import image_models, model_versions
from app.storage.disk import disk_error, folder_bytes
from cprfl_core.backbone.names import absolute_name

Readable = tuple[NDArray[np.int64], NDArray[np.uint64]]
"""Ids and stamps of the readable images."""


def models_of(project: Project) -> ImageModels:
    """The image model in use, an unfinished change, and what is kept of other models.

    Reads the feature folders. Raises FeatureStoreError (a CoreError) if one is damaged.
    """
    with project.db.read() as s:
        used, keys, wanted = image_models.current(s), image_models.keys(s), image_models.wanted(s)
    readable = readable_ids_and_stamps(project)
    kept = [
        name
        for name, key in keys.items()
        if name not in {used.name, wanted} and key != used.key and project.layout.features(key).is_dir()
    ]
    return ImageModels(
        _features(project, used.name, used.key, readable),
        None if wanted is None else _features(project, wanted, keys.get(wanted), readable),
        [_features(project, name, keys[name], readable) for name in sorted(kept)],
        len(readable[0]),
    )


def change_image_model(
    project: Project,
    name: str,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> IndexReport | None:
    """Compute the features of an image model, then use it; None if it could be used at once.

    If interrupted, the next ``index`` continues; see request_image_model and index for what is raised.
    """
    if request_image_model(project, name):
        return None
    return index(project, runner, on_progress, should_stop)


def request_image_model(project: Project, name: str) -> bool:
    """Use an image model at once if its features are complete, else with the end of the next ``index``.

    True if it is in use now. Replaces a change that is under way. Raises BadInputError for the model in use,
    BackboneError for a name that cannot be one, BusyError while a job runs, ReadOnlyError.
    """
    new = absolute_name(name)
    with project.job_lock("changing the image model"):
        with project.db.read() as s:
            used, key = image_models.current(s), image_models.keys(s).get(new)
        if new == used.name:
            raise BadInputError(
                translate("Features", "The project already uses the image model {new}.").format(new=new)
            )
        if key is None or _lacking(project, key, readable_ids_and_stamps(project)):
            with project.db.write() as s:
                image_models.set_wanted(s, new)
            return False
        # Recorded like indexing: that is how open windows learn of new features.
        with recorded(project, INDEX_KIND, {"backbone": new}), project.db.write() as s:
            model_versions.use_image_model(s, new, key)
    return True


def abandon_change(project: Project) -> str:
    """Keep the model in use; return the name of the other, whose features so far are kept.

    Raises BadInputError without an unfinished change, BusyError while a job runs.
    """
    with project.job_lock("changing the image model"):
        with project.db.write() as s:
            wanted = image_models.wanted(s)
            image_models.set_wanted(s, None)
        if wanted is None:
            raise BadInputError(
                translate("Features", "The image model of this project is not being changed.")
            )
        dismiss(project, INDEX_KIND)
    return wanted


def remove_features(project: Project, name: str) -> ModelFeatures:
    """Delete the features of an image model that is not in use; return what there was.

    Raises NotFoundError, BadInputError for the model in use or wanted, BusyError while a job runs.
    """
    with project.job_lock("removing features"):
        name = absolute_name(name)
        key = _removable(project, name)
        removed, place = (
            _features(project, name, key, readable_ids_and_stamps(project)),
            project.layout.features(key),
        )
        try:
            shutil.rmtree(place)
        except OSError as error:
            raise disk_error(
                translate("Features", "{place} cannot be removed").format(place=place), error
            ) from error
    return removed


def _removable(project: Project, name: str) -> str:
    """The key of the features of a model that is neither in use nor wanted."""
    with project.db.read() as s:
        used, keys, wanted = image_models.current(s), image_models.keys(s), image_models.wanted(s)
    if name == used.name:
        raise BadInputError(
            translate(
                "Features", "The image model {name} is in use; change to another one before removing it."
            ).format(name=name)
        )
    if name == wanted:
        raise BadInputError(
            translate(
                "Features", "The project is changing to the image model {name}; abandon the change first."
            ).format(name=name)
        )
    if name in keys and keys[name] in {used.key, keys.get(wanted or "")}:
        raise BadInputError(
            translate(
                "Features", "The features of {name} are the same as those of {used}, which are needed."
            ).format(name=name, used=used.name)
        )
    if name not in keys or not project.layout.features(keys[name]).is_dir():
        raise NotFoundError(
            translate("Features", "There are no features of the image model {name} in this project.").format(
                name=name
            )
        )
    return keys[name]


def _features(project: Project, name: str, key: str | None, readable: Readable) -> ModelFeatures:
    if key is None:
        return ModelFeatures(name, 0, 0, size_words(0), complete=not len(readable[0]))
    lacking = _lacking(project, key, readable)
    size = folder_bytes(project.layout.features(key))
    return ModelFeatures(name, len(readable[0]) - lacking, size, size_words(size), complete=not lacking)


def _lacking(project: Project, key: str, readable: Readable) -> int:
    """How many readable images have no current features under this key."""
    return int(without_features(project, key, *readable, patch_mode(project)).sum())
