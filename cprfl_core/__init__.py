"""Tailspotter's core library: tag suggestions for image collections with a long tail of categories.

Importing this package is cheap: each name below is loaded from its module on first use, so that a process
that only reads cached features never imports torch.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # type checkers treat it as typing's; typing must not be imported before safe_path ran

if TYPE_CHECKING:
    from typing import Any

    from cprfl_core.backbone.backbone import Backbone as Backbone
    from cprfl_core.backbone.backbone import load_backbone as load_backbone
    from cprfl_core.common.device import DeviceChoice as DeviceChoice
    from cprfl_core.common.device import choose_device as choose_device
    from cprfl_core.common.errors import CoreError as CoreError
    from cprfl_core.evaluation.metrics import average_precision as average_precision
    from cprfl_core.evaluation.metrics import long_tail_report as long_tail_report
    from cprfl_core.evaluation.metrics import mean_average_precision as mean_average_precision
    from cprfl_core.features.indexing import ImageItem as ImageItem
    from cprfl_core.features.indexing import IndexSummary as IndexSummary
    from cprfl_core.features.indexing import index_images as index_images
    from cprfl_core.features.store import FeatureStore as FeatureStore
    from cprfl_core.images.preprocessing import Preprocessing as Preprocessing
    from cprfl_core.images.reading import open_image as open_image
    from cprfl_core.images.reading import read_header as read_header
    from cprfl_core.model.cprfl import CPRFL as CPRFL
    from cprfl_core.model.losses import asymmetric_loss as asymmetric_loss
    from cprfl_core.model.model_files import LoadedModel as LoadedModel
    from cprfl_core.model.model_files import load_model as load_model
    from cprfl_core.model.model_files import save_model as save_model
    from cprfl_core.model.reference import load_reference_state as load_reference_state
    from cprfl_core.suggester.suggester import Suggester as Suggester
    from cprfl_core.training.options import TrainingOptions as TrainingOptions
    from cprfl_core.training.training import TrainingEvent as TrainingEvent
    from cprfl_core.training.training import TrainingResult as TrainingResult
    from cprfl_core.training.training import train_end_to_end as train_end_to_end
    from cprfl_core.training.training import train_on_patches as train_on_patches

_MODULES = {
    "Backbone": "backbone.backbone",
    "CPRFL": "model.cprfl",
    "CoreError": "common.errors",
    "DeviceChoice": "common.device",
    "FeatureStore": "features.store",
    "ImageItem": "features.indexing",
    "IndexSummary": "features.indexing",
    "LoadedModel": "model.model_files",
    "Preprocessing": "images.preprocessing",
    "Suggester": "suggester.suggester",
    "TrainingEvent": "training.training",
    "TrainingOptions": "training.options",
    "TrainingResult": "training.training",
    "asymmetric_loss": "model.losses",
    "average_precision": "evaluation.metrics",
    "choose_device": "common.device",
    "index_images": "features.indexing",
    "load_backbone": "backbone.backbone",
    "load_model": "model.model_files",
    "load_reference_state": "model.reference",
    "long_tail_report": "evaluation.metrics",
    "mean_average_precision": "evaluation.metrics",
    "open_image": "images.reading",
    "read_header": "images.reading",
    "save_model": "model.model_files",
    "train_end_to_end": "training.training",
    "train_on_patches": "training.training",
}

__all__ = sorted(_MODULES)  # noqa: PLE0605 - one table defines what is public and where it is


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
