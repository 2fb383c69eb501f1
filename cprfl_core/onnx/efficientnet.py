"""Writes an EfficientNet-Lite as an ONNX graph at once; torch's exporter takes half a minute.

Shapes: pixels uint8 [B,3,H,W] -> embeddings [B,D] and tokens [B,P,D]. Batch normalisation is folded into the
convolutions.
"""

from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from timm.layers.conv2d_same import Conv2dSame
from torch import nn

from cprfl_core.common.errors import OnnxError
from cprfl_core.onnx.files import OPSET

Float32 = NDArray[np.float32]

# The newest version of the format that onnxruntime 1.18 reads.
_IR_VERSION: Final = 10
_CONVOLUTIONS: Final = (("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3"))
_FIRST_CONVOLUTIONS: Final = (("conv_dw", "bn1"), ("conv_pw", "bn2"))


def lite_graph(tower: Any, mean: Float32, std: Float32, size: tuple[int, int]) -> onnx.ModelProto:
    """The graph of timm's EfficientNet ``tower`` for images of ``size`` (height, width).

    ``mean`` and ``std`` [3] are for channels in 0 to 1. Raises OnnxError for a layer that EfficientNet-Lite
    does not have.
    """
    graph = _Graph(size)
    floats = graph.add("Cast", "pixels", to=TensorProto.FLOAT)
    scaled = graph.add("Mul", floats, graph.constant((1 / (255 * std)).reshape(3, 1, 1)))
    last = graph.add("Sub", scaled, graph.constant((mean / std).reshape(3, 1, 1)))
    last = graph.convolution(last, tower.conv_stem, tower.bn1)
    for block in (block for stage in tower.blocks for block in stage):
        last = graph.block(last, block)
    last = graph.convolution(last, tower.conv_head, tower.bn2)
    cells = graph.size[0] * graph.size[1]
    flat = graph.add("Reshape", last, graph.constant(np.array([0, tower.num_features, cells])))
    graph.add("Transpose", flat, output="tokens", perm=[0, 2, 1])
    pooled = graph.add("Flatten", graph.add("GlobalAveragePool", last))
    graph.add("LpNormalization", pooled, output="embeddings", axis=1, p=2)
    return graph.model(tower.num_features, cells)


class _Graph:
    """Nodes and constants in order; ``size`` is that of the last feature map."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._input = size
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[TensorProto] = []

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node; returns the name of its output."""
        name = output or f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, values: NDArray[Any]) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def block(self, before: str, block: Any) -> str:
        """A depthwise separable convolution, or an inverted residual."""
        inverted = hasattr(block, "conv_pwl")
        _refuse_others(block)
        last = before
        for convolution, norm in _CONVOLUTIONS if inverted else _FIRST_CONVOLUTIONS:
            last = self.convolution(last, getattr(block, convolution), getattr(block, norm))
        return self.add("Add", last, before) if block.has_skip else last

    def convolution(self, before: str, convolution: nn.Conv2d, norm: Any) -> str:
        """A convolution with its normalisation and activation."""
        values = [_array(norm.weight), _array(norm.bias), _array(norm.running_mean), _array(norm.running_var)]
        scale = values[0] / np.sqrt(values[3] + norm.eps)
        weight = _array(convolution.weight) * scale[:, None, None, None]
        pads, self.size = _pads(convolution, self.size)
        last = self.add(
            "Conv",
            before,
            self.constant(weight.astype(np.float32)),
            self.constant((values[1] - values[2] * scale).astype(np.float32)),
            group=convolution.groups,
            kernel_shape=list(convolution.kernel_size),
            strides=list(convolution.stride),
            pads=pads,
        )
        if isinstance(norm.act, nn.Identity):
            return last
        if not isinstance(norm.act, nn.ReLU6):
            raise OnnxError(f"EfficientNet-Lite has no activation {type(norm.act).__name__}.")
        low, high = (self.constant(np.array(value, np.float32)) for value in (0, 6))
        return self.add("Clip", last, low, high)

    def model(self, width: int, cells: int) -> onnx.ModelProto:
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            self._nodes,
            "efficientnet-lite",
            [value("pixels", TensorProto.UINT8, ["batch", 3, *self._input])],
            [
                value("embeddings", TensorProto.FLOAT, ["batch", width]),
                value("tokens", TensorProto.FLOAT, ["batch", cells, width]),
            ],
            self._constants,
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION
        )


def _pads(convolution: nn.Conv2d, size: tuple[int, int]) -> tuple[list[int], tuple[int, int]]:
    """Padding top, left, bottom, right, and the size of the result."""
    before, after, result = [], [], []
    for at, length in enumerate(size):
        kernel, stride = convolution.kernel_size[at], convolution.stride[at]
        if isinstance(convolution, Conv2dSame):  # as TensorFlow pads: the larger half comes last
            total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
        else:
            total = 2 * int(convolution.padding[at])
        before.append(total // 2)
        after.append(total - total // 2)
        result.append((length + total - kernel) // stride + 1)
    return [*before, *after], (result[0], result[1])


def _refuse_others(block: Any) -> None:
    """Raise OnnxError for a block with squeeze and excitation or another layer that is not written."""
    for name in ("conv_s2d", "aa", "se", "drop_path"):
        layer = getattr(block, name, None)
        if layer is not None and not isinstance(layer, nn.Identity):
            raise OnnxError(f"EfficientNet-Lite has no layer {name} ({type(layer).__name__}).")


def _array(tensor: Any) -> NDArray[np.float64]:
    return np.asarray(tensor.detach().numpy(), dtype=np.float64)
