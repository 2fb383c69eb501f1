"""Builds the image tower and the classifier of a photo model from its weights."""

import pickle  # noqa: TID251 - for the name of torch's error
import warnings
from typing import Any

import numpy as np
import timm
import torch
from torch import Tensor, nn

from cprfl_core.backbone.photo_models import PhotoModel, verified_weights
from cprfl_core.common.errors import BackboneError
from cprfl_core.nouns.classifier import Classifier


def build_photo(model: PhotoModel) -> tuple[nn.Module, Classifier]:
    """The tower, whose output is the pooled feature [B,1280], and the classifier. Raises BackboneError."""
    weights = _read(model)
    tower: Any = timm.create_model(model.architecture, pretrained=False)
    own = tower.state_dict()
    shapes = [tuple(tensor.shape) for tensor in weights.values()]
    if shapes != [tuple(tensor.shape) for tensor in own.values()]:
        raise BackboneError(
            f"The weights of {model.name} do not fit {model.architecture} of timm {timm.__version__}; "
            "install another version of timm, or report this."
        )
    # The package has the names of another implementation, in the same order.
    tower.load_state_dict(dict(zip(own, weights.values(), strict=True)))
    head = tower.get_classifier()
    classifier = Classifier(_array(head.weight), _array(head.bias), model.norm)
    tower.reset_classifier(0)
    return tower, classifier


def _read(model: PhotoModel) -> dict[str, Tensor]:
    path, again = verified_weights(model), f"install them again: {model.remedy}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            found: Any = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise BackboneError(
            f"The weights of {model.name} hold more than tensors, which is refused; {again}."
        ) from error
    except (RuntimeError, OSError, EOFError, ValueError) as error:
        raise BackboneError(
            f"The weights of {model.name} cannot be read ({str(error).splitlines()[0]}); {again}."
        ) from error
    if not isinstance(found, dict) or not all(isinstance(value, Tensor) for value in found.values()):
        raise BackboneError(f"The weights of {model.name} are not tensors by name; {again}.")
    return found


def _array(tensor: Tensor) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.array(tensor.detach().numpy(), dtype=np.float32)
