"""Writes an image tower, or a folded CPRFL head, as an ONNX graph (opset 18, any batch size).

Shapes: pixels uint8 [B,3,H,W] -> embeddings [B,D] and tokens [B,P,W]; patches [B,P,W] -> logits [B,C].
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
from torch import Tensor, nn

from cprfl_core.backbone import Backbone
from cprfl_core.disk import fault_and_remedy, size_words
from cprfl_core.errors import OnnxError
from cprfl_core.folding import FoldedScorer
from cprfl_core.onnx_files import OPSET, verify, write_card

# A graph with its weights inside is one protobuf message, and those end at two gigabytes.
_LARGEST: Final = 1_900_000_000

log = logging.getLogger(__name__)


def weights_hash(module: nn.Module) -> str:
    """Hash of all parameters and buffers by name: 32 hex digits."""
    digest = hashlib.blake2b(digest_size=16)
    for name, tensor in sorted(module.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def export_tower(backbone: Backbone, path: Path) -> str:
    """Export the image tower for its feature key, unless ``path`` is it already; returns the weights' hash.

    Normalisation of the pixels and of the embedding is part of the graph. Raises OnnxError, in words, for a
    tower that the exporter cannot take; FeatureStoreError when the file cannot be written.
    """
    if (backbone.choice.kind, backbone.precision) != ("cpu", "float32"):
        raise OnnxError(f"{backbone.name} is on {backbone.device}; load it on the CPU to export it.")
    tower, preprocessing = backbone.image_graph(), backbone.preprocessing
    pixels = torch.zeros((2, 3, preprocessing.height, preprocessing.width), dtype=torch.uint8)
    return _export(tower, pixels, path, backbone.key, ("pixels", "embeddings", "tokens"))


def export_scorer(scorer: FoldedScorer, patches: int, path: Path, key: str) -> str:
    """Export a folded head for images of so many ``patches``; returns the weights' hash. Raises as above.

    The graph does not check its input: features that are not finite give logits that are not finite.
    """
    example = torch.randn((2, patches, scorer.backbone_dim), generator=torch.Generator().manual_seed(0))
    return _export(_Head(scorer), example, path, key, ("patches", "logits"))


class _Head(nn.Module):
    """The scorer without what depends on values (checks) and on the size of a batch (groups)."""

    def __init__(self, scorer: FoldedScorer) -> None:
        super().__init__()
        self.scorer = scorer

    def forward(self, patches: Tensor) -> Tensor:
        return self.scorer._logits(self.scorer._project(patches))


def _export(module: nn.Module, example: Tensor, path: Path, key: str, names: tuple[str, ...]) -> str:
    weights = weights_hash(module)
    try:
        verify(path, key, weights)
        return weights
    except OnnxError as reason:
        log.info("%s", reason)
    size = sum(tensor.nbytes for tensor in module.state_dict().values())
    if size > _LARGEST:
        raise OnnxError(f"{key} cannot be exported: {size_words(size)} of weights do not fit into one graph.")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(module.eval(), example, temporary, names)
        temporary.replace(path)
        write_card(path, key, weights)
    except OSError as error:
        raise OnnxError(f"{path} cannot be written: {fault_and_remedy(error)}.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return weights


def _write(module: nn.Module, example: Tensor, path: Path, names: tuple[str, ...]) -> None:
    """The exporter talks through prints, warnings and the root logger; only its errors are of use."""
    said = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        warnings.simplefilter("ignore")
        try:
            program: Any = torch.onnx.export(
                module,
                (example,),
                dynamo=True,
                opset_version=OPSET,
                input_names=[names[0]],
                output_names=list(names[1:]),
                dynamic_shapes=({0: torch.export.Dim("batch", min=1, max=1 << 16)},),
                verbose=False,
            )
            program.save(str(path), external_data=False)
        except OSError:
            raise
        except Exception as error:  # exporter, decompositions and optimiser raise whatever they like
            words = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise OnnxError(f"The graph cannot be exported ({type(error).__name__}: {words}).") from error
    if said.getvalue():
        log.debug("the exporter said: %s", said.getvalue()[:2000])
