"""Removing the files of a downloaded image model."""

import shutil

from app.domain.errors import BusyError, KnownError, NotFoundError
from app.domain.language import translate
from app.services.image_models.checks import forget
from app.services.image_models.download import download_lock
from app.services.image_models.hub import config_part, hub_files, model_parts
from app.services.image_models.known import KNOWN, HubFiles
from app.storage.disk import disk_error, folder_bytes


def remove_model(name: str) -> int:
    """Delete the files of a model from the cache of the hub and forget its check; the bytes that are freed.

    Other models in the same repository stay. Projects keep their labels and features. Raises KnownError for a
    model that is part of the installation, local or not there, BusyError while another one is downloaded, and
    a ProjectError of the disk.
    """
    files = hub_files(name)
    if files is None:
        if name in KNOWN:
            raise KnownError(
                translate("ImageModels", "{name} is part of the installation and cannot be removed.").format(
                    name=name
                )
            )
        raise KnownError(
            translate(
                "ImageModels",
                "{name} is not a downloaded image model; 'tailspotter backbones list' shows those that are.",
            ).format(name=name)
        )
    with download_lock(_refuse_to_wait):
        freed = _delete(files, _shared(name, files))
    if freed is None:
        raise NotFoundError(
            translate("ImageModels", "{name} is not on this disk; there is nothing to remove.").format(
                name=name
            )
        )
    forget([name])
    return freed


def _refuse_to_wait() -> None:
    raise BusyError(translate("ImageModels", "A download is running; remove image models when it has ended."))


def _names(files: HubFiles) -> set[str]:
    parts = [config_part(files), *model_parts(files, tokenizer=True)]
    return {name for part in parts for name in part.names}


def _shared(name: str, files: HubFiles) -> set[str]:
    """Names of files that another known model in the same repository needs too."""
    others = [
        model.hub
        for model in KNOWN.values()
        if model.name != name and model.hub is not None and model.hub.repository == files.repository
    ]
    return {file for other in others for file in _names(other)}


def _delete(files: HubFiles, keep: set[str]) -> int | None:
    """Delete the files in every commit, and partial ones; None if there were none."""
    from app.services.image_models.transfer import cache_folder

    folder = cache_folder(files.repository)
    try:
        if not folder.is_dir():
            return None
        before = folder_bytes(folder)
        doomed = _names(files) - keep
        for pointer in [path for path in folder.glob("snapshots/*/**/*") if not path.is_dir()]:
            if pointer.relative_to(folder).as_posix().split("/", 2)[2] in doomed:
                pointer.unlink()
        needed = {path.resolve() for path in folder.glob("snapshots/*/**/*") if not path.is_dir()}
        for blob in folder.glob("blobs/*"):
            if blob.resolve() not in needed:
                blob.unlink()
        freed = before - folder_bytes(folder)
        if not needed:
            shutil.rmtree(folder)
    except OSError as error:
        raise disk_error(
            translate("ImageModels", "The files of {repository} in {folder} cannot be deleted").format(
                repository=files.repository, folder=folder
            ),
            error,
        ) from error
    return freed
