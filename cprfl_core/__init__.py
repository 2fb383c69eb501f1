"""Tailspotter's core: suggestions for image collections with many tags and a long tail, without the app.

Importing this package imports nothing heavy: each name below is fetched from its module on first use, so that
a process that only reads cached features never pays for torch.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # for type checkers as typing's, which is not loaded before the search path is safe

if TYPE_CHECKING:
    from typing import Any

    from cprfl_core.backbone import Backbone as Backbone
    from cprfl_core.backbone import load_backbone as load_backbone
    from cprfl_core.device import DeviceChoice as DeviceChoice
    from cprfl_core.device import choose_device as choose_device
    from cprfl_core.errors import CoreError as CoreError
    from cprfl_core.feature_store import FeatureStore as FeatureStore
    from cprfl_core.features import ImageItem as ImageItem
    from cprfl_core.features import IndexSummary as IndexSummary
    from cprfl_core.features import index_images as index_images
    from cprfl_core.images import open_image as open_image
    from cprfl_core.images import read_header as read_header
    from cprfl_core.losses import asymmetric_loss as asymmetric_loss
    from cprfl_core.metrics import average_precision as average_precision
    from cprfl_core.metrics import long_tail_report as long_tail_report
    from cprfl_core.metrics import mean_average_precision as mean_average_precision
    from cprfl_core.model import CPRFL as CPRFL
    from cprfl_core.model_files import LoadedModel as LoadedModel
    from cprfl_core.model_files import load_model as load_model
    from cprfl_core.model_files import save_model as save_model
    from cprfl_core.preprocessing import Preprocessing as Preprocessing
    from cprfl_core.reference import load_reference_state as load_reference_state
    from cprfl_core.suggester import Suggester as Suggester
    from cprfl_core.training import TrainingEvent as TrainingEvent
    from cprfl_core.training import TrainingResult as TrainingResult
    from cprfl_core.training import train_end_to_end as train_end_to_end
    from cprfl_core.training import train_on_patches as train_on_patches
    from cprfl_core.training_options import TrainingOptions as TrainingOptions

_MODULES = {
    "Backbone": "backbone",
    "CPRFL": "model",
    "CoreError": "errors",
    "DeviceChoice": "device",
    "FeatureStore": "feature_store",
    "ImageItem": "features",
    "IndexSummary": "features",
    "LoadedModel": "model_files",
    "Preprocessing": "preprocessing",
    "Suggester": "suggester",
    "TrainingEvent": "training",
    "TrainingOptions": "training_options",
    "TrainingResult": "training",
    "asymmetric_loss": "losses",
    "average_precision": "metrics",
    "choose_device": "device",
    "index_images": "features",
    "load_backbone": "backbone",
    "load_model": "model_files",
    "load_reference_state": "reference",
    "long_tail_report": "metrics",
    "mean_average_precision": "metrics",
    "open_image": "images",
    "read_header": "images",
    "save_model": "model_files",
    "train_end_to_end": "training",
    "train_on_patches": "training",
}

__all__ = sorted(_MODULES)  # noqa: PLE0605 - one table says what is public and where it lives


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
