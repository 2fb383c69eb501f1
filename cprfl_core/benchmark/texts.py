"""Text features of a dataset's categories: from a file, or from the text encoder of an open_clip model."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from cprfl_core.common.errors import DatasetError

TEMPLATE: Final = "a photo of a {}."
_KEY: Final = "text_features"


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """``values`` float32 [C,T], not normalised; ``source`` for the report; ``digest`` of the values."""

    values: Tensor
    source: str
    digest: str


def text_features(source: str, categories: tuple[str, ...], weights: Path | None = None) -> TextFeatures:
    """Features [C,T] of ``categories``.

    ``source``: a safetensors file with one tensor, or one named ``text_features``; if its metadata lists
    ``classes`` (JSON), they must be the categories. Otherwise a model name as for `load_backbone`, such as
    ``RN50-quickgelu@FILE``, which encodes "a photo of a NAME."; its ``weights`` may be given separately.

    Raises:
        DatasetError: the file cannot be used; BackboneError: the model cannot.
    """
    if source.endswith(".safetensors") and "@" not in source:
        values = _from_file(Path(source).expanduser(), categories)
        origin = source
    else:
        from cprfl_core.backbone.backbone import load_backbone

        backbone = load_backbone(source, weights=weights, device="cpu")
        values = backbone.raw_text([[TEMPLATE.format(name)] for name in categories])
        origin = f'{backbone.name}, "{TEMPLATE.format("NAME")}"'
    if not torch.isfinite(values).all():
        raise DatasetError(
            f"The text features of {source} contain NaN or infinite numbers; compute them again."
        )
    values = values.float().contiguous()
    return TextFeatures(values, origin, hashlib.sha256(values.numpy().tobytes()).hexdigest()[:12])


def _from_file(file: Path, categories: tuple[str, ...]) -> Tensor:
    try:
        with safe_open(file, framework="pt") as opened:
            names = list(opened.keys())
            metadata = opened.metadata() or {}
            wanted = names[0] if len(names) == 1 else _KEY
            values: Tensor | None = opened.get_tensor(wanted) if wanted in names else None
    except (SafetensorError, OSError) as error:
        raise DatasetError(f"The text features {file} cannot be read: {error}.") from error
    if values is None:
        raise DatasetError(
            f"{file} contains {', '.join(names) or 'nothing'}; name the text features {_KEY!r}."
        )
    if values.ndim != 2 or len(values) != len(categories) or not values.is_floating_point():
        raise DatasetError(
            f"The text features in {file} are {values.dtype} {list(values.shape)}; "
            f"give a floating type with a row for each of the {len(categories)} categories."
        )
    _check_names(file, metadata.get("classes"), categories)
    return values


def _check_names(file: Path, listed: str | None, categories: tuple[str, ...]) -> None:
    if listed is None:
        return
    try:
        names = [str(name) for name in json.loads(listed)]
    except (ValueError, TypeError) as error:
        raise DatasetError(f"The metadata 'classes' of {file} is not a list of names; correct it.") from error
    for index, (found, wanted) in enumerate(zip(names, categories, strict=False)):
        if found.replace("_", " ") != wanted:
            raise DatasetError(
                f"{file} has {found!r} in row {index}, but the lists have {wanted!r}; use the same order."
            )
    if len(names) != len(categories):
        raise DatasetError(f"{file} lists {len(names)} classes, but there are {len(categories)} categories.")
