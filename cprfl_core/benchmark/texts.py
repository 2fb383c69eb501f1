"""Text features of a data set's categories: from a file, or from the text encoder of an open_clip model."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from cprfl_core.errors import DatasetError

TEMPLATE: Final = "a photo of a {}."
_KEY: Final = "text_features"


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """``values`` float32 [C,T], not normalised; ``source`` for the report, ``digest`` of the numbers."""

    values: Tensor
    source: str
    digest: str


def text_features(source: str, categories: tuple[str, ...], weights: Path | None = None) -> TextFeatures:
    """Features [C,T] of ``categories``.

    ``source``: a safetensors file with one tensor, or one named ``text_features``; where its metadata lists
    ``classes`` (JSON), they must be the categories. Otherwise a model as `load_backbone` names it, such as
    ``RN50-quickgelu@FILE``, which encodes "a photo of a NAME."; its ``weights`` may be given apart.

    Raises:
        DatasetError: the file cannot be used; BackboneError: the model cannot.
    """
    if source.endswith(".safetensors") and "@" not in source:
        values = _from_file(Path(source).expanduser(), categories)
        told = source
    else:
        from cprfl_core.backbone import load_backbone

        backbone = load_backbone(source, weights=weights, device="cpu")
        values = backbone.raw_text([[TEMPLATE.format(name)] for name in categories])
        told = f'{backbone.name}, "{TEMPLATE.format("NAME")}"'
    if not torch.isfinite(values).all():
        raise DatasetError(f"The text features of {source} hold NaN or infinite numbers; make them again.")
    values = values.float().contiguous()
    return TextFeatures(values, told, hashlib.sha256(values.numpy().tobytes()).hexdigest()[:12])


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
        raise DatasetError(f"{file} holds {', '.join(names) or 'nothing'}; name the text features {_KEY!r}.")
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
        raise DatasetError(f"{file}: the metadata 'classes' is no list of names.") from error
    for index, (found, wanted) in enumerate(zip(names, categories, strict=False)):
        if found.replace("_", " ") != wanted:
            raise DatasetError(
                f"{file} has {found!r} in row {index} where the lists have {wanted!r}; order the rows alike."
            )
    if len(names) != len(categories):
        raise DatasetError(f"{file} names {len(names)} classes for {len(categories)} categories.")
