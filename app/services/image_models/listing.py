"""The image models of this computer with their state. No network, no torch."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.disk import fault_and_remedy
from app.domain.errors import KnownError
from app.domain.language import translate
from app.services.image_models.checks import PassedCheck, file_stamps, passed_checks
from app.services.image_models.hub import (
    cached_files,
    hub_files,
    is_installed,
    needed_package,
    partial_bytes,
)
from app.services.image_models.known import INCLUDED, KNOWN, ImageModel, Use
from cprfl_core.common.errors import BackboneError


class ModelState(StrEnum):
    """``UNCHECKED``: its files are here, but this program has not checked them (another one fetched them)."""

    READY = "ready"
    UNCHECKED = "to be checked"
    MISSING = "to be downloaded"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """``missing_package`` must be installed before the model can be used; empty if nothing is missing.

    ``disk_bytes`` is what its files take, None without files; ``partial_bytes`` what an interrupted download
    has left. ``check`` is the last one that it passed.
    """

    model: ImageModel
    state: ModelState
    missing_package: str = ""
    disk_bytes: int | None = None
    check: PassedCheck | None = None
    partial_bytes: int = 0

    @property
    def usable(self) -> bool:
        """Whether a project can use it now."""
        return self.state is ModelState.READY and not self.missing_package

    def to_json(self) -> dict[str, Any]:
        model, check = self.model, self.check
        return {
            "name": model.name,
            "title": model.title,
            "use": model.use.value,
            "description": model.description,
            "licence": model.licence,
            "image_size": model.image_size,
            "download_bytes": model.download_bytes,
            "included": model.hub is None,
            "state": self.state.value,
            "missing_package": self.missing_package or None,
            "disk_bytes": self.disk_bytes,
            "partial_bytes": self.partial_bytes,
            "images_per_second": None if check is None else round(check.images_per_second, 1),
            "device": None if check is None else check.device,
        }


def listed_models() -> list[ListedModel]:
    """The known models in the order of the list, then other models of the hub that were checked here.

    Raises KnownError if the cache of the hub cannot be read.
    """
    checks = passed_checks()
    others = [_unlisted(check) for name, check in checks.items() if name not in KNOWN]
    models = [*KNOWN.values(), *(model for model in others if model is not None)]
    try:
        return [listed(model, checks.get(model.name)) for model in models]
    except OSError as error:
        raise KnownError(
            translate("ImageModels", "The downloaded models cannot be listed: {reason}.").format(
                reason=fault_and_remedy(error)
            )
        ) from error


def included_models() -> list[ListedModel]:
    """The models of the installation alone, without their checks. Reads no file."""
    return [listed(model, None) for model in INCLUDED]


def listed(model: ImageModel, check: PassedCheck | None) -> ListedModel:
    package = needed_package(model.name)
    missing = package if package and not is_installed(package) else ""
    if model.hub is None:
        return ListedModel(model, ModelState.READY, missing, check=check)
    paths = cached_files(model.hub)
    if paths is None:
        return ListedModel(model, ModelState.MISSING, missing, partial_bytes=partial_bytes(model.hub))
    size = sum(path.stat().st_size for path in paths)
    if check is None or check.files != file_stamps(model.name):
        return ListedModel(model, ModelState.UNCHECKED, missing, size)
    return ListedModel(model, ModelState.READY, missing, size, check)


def _unlisted(check: PassedCheck) -> ImageModel | None:
    """A model of the hub outside the list; None for a local file or folder."""
    try:
        files = hub_files(check.name)
    except BackboneError:
        return None
    if files is None:
        return None
    height, width = check.image_size
    description = translate("ImageModels", "Not in the list; see its page on the hub.")
    return ImageModel(
        check.name,
        files.repository,
        Use.GENERAL,
        description,
        translate("ImageModels", "see its page"),
        max(height, width),
        files,
    )
