"""Exports an image tower as an ONNX graph (opset 18, any batch size).

Shapes: pixels uint8 [B,3,H,W] -> embeddings [B,D] and tokens [B,P,W].
"""

import contextlib
import hashlib
import io
import logging
import os
import warnings
from pathlib import Path
from typing import Any, Final

import torch
from timm.models.efficientnet import EfficientNet
from torch import nn

from cprfl_core.backbone.backbone import Backbone, ImageGraph
from cprfl_core.common.disk import fault_and_remedy, size_words
from cprfl_core.common.errors import OnnxError
from cprfl_core.onnx.efficientnet import lite_graph
from cprfl_core.onnx.files import OPSET, verify, write_card

# A graph with its weights is a single protobuf message, which is limited to two gigabytes.
_LARGEST: Final = 1_900_000_000

log = logging.getLogger(__name__)


def weights_hash(module: nn.Module) -> str:
    """Hash of all parameters and buffers by name: 32 hex digits."""
    digest = hashlib.blake2b(digest_size=16)
    for name, tensor in sorted(module.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def exports_at_once(backbone: Backbone) -> bool:
    """True if the graph is written directly, in a fraction of a second, and not by torch's exporter."""
    return isinstance(backbone.image_graph().tower, EfficientNet)


def export_tower(backbone: Backbone, path: Path) -> str:
    """Export the image tower, unless ``path`` already holds it; returns the hash of its weights.

    The graph includes the normalisation of the pixels and of the embedding. Raises OnnxError for a tower that
    the exporter does not support, FeatureStoreError when the file cannot be written.
    """
    if (backbone.choice.kind, backbone.precision) != ("cpu", "float32"):
        raise OnnxError(f"{backbone.name} is on {backbone.device}; load it on the CPU to export it.")
    tower, preprocessing = backbone.image_graph(), backbone.preprocessing
    weights = weights_hash(tower)
    try:
        verify(path, backbone.key, weights)
        return weights
    except OnnxError as reason:
        log.info("%s", reason)
    size = sum(tensor.nbytes for tensor in tower.state_dict().values())
    if size > _LARGEST:
        raise OnnxError(
            f"{backbone.key} cannot be exported: {size_words(size)} of weights do not fit into one graph."
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (_write_lite if exports_at_once(backbone) else _write)(
            tower, (preprocessing.height, preprocessing.width), temporary
        )
        temporary.replace(path)
        write_card(path, backbone.key, weights)
    except OSError as error:
        raise OnnxError(f"{path} cannot be written: {fault_and_remedy(error)}.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return weights


def _write_lite(tower: ImageGraph, size: tuple[int, int], path: Path) -> None:
    mean, std = tower.mean.flatten().numpy(), tower.std.flatten().numpy()
    path.write_bytes(lite_graph(tower.tower, mean, std, size).SerializeToString())


def _write(tower: nn.Module, size: tuple[int, int], path: Path) -> None:
    """Export ``tower`` for images of ``size`` (height, width). The exporter's prints go to the log."""
    pixels = torch.zeros((2, 3, *size), dtype=torch.uint8)
    output = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        warnings.simplefilter("ignore")
        try:
            program: Any = torch.onnx.export(
                tower,
                (pixels,),
                dynamo=True,
                opset_version=OPSET,
                input_names=["pixels"],
                output_names=["embeddings", "tokens"],
                dynamic_shapes=({0: torch.export.Dim("batch", min=1, max=1 << 16)},),
                verbose=False,
            )
            program.save(str(path), external_data=False)
        except OSError:
            raise
        except Exception as error:  # exporter, decompositions and optimiser may raise anything
            words = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise OnnxError(f"The graph cannot be exported ({type(error).__name__}: {words}).") from error
    if output.getvalue():
        log.debug("the exporter printed: %s", output.getvalue()[:2000])
