"""A plain implementation of the paper's head, and the mapping of the authors' parameter names.

`PlainCPRFL` passes all rows, patches and prompts, through the whole layer. It is slow on purpose: tests and
benchmarks compare with it.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cprfl_core.common.errors import InputError
from cprfl_core.model.cprfl import CPRFL

_OURS = {
    "fc.0": "visual",
    "label_emb.0": "prompt_init.0",
    "label_emb.3": "prompt_init.2",
    "attention.layers.0.0.norm": "interaction.norm_in",
    "attention.layers.0.0.fn.to_out.0": "interaction.output",
    "attention.layers.0.1.norm": "interaction.norm_mlp",
    "attention.layers.0.1.fn.net.0": "interaction.mlp_in",
    "attention.layers.0.1.fn.net.3": "interaction.mlp_out",
}
_QKV = "attention.layers.0.0.fn.to_qkv.weight"
_OUR_QKV = tuple(f"interaction.{part}.weight" for part in ("query", "key", "value"))


def to_reference_names(named: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename weights or gradients of a `CPRFL` to the authors' names; q, k and v become one matrix."""
    renamed = {
        f"{theirs}.{kind}": named[f"{ours}.{kind}"]
        for theirs, ours in _OURS.items()
        for kind in ("weight", "bias")
    }
    renamed[_QKV] = torch.cat([named[name] for name in _OUR_QKV])
    return renamed


def load_reference_state(model: CPRFL, state_dict: Mapping[str, Tensor]) -> None:
    """Load weights with the authors' parameter names into `model`; on an error it is unchanged.

    Raises:
        InputError: a name is missing or unknown, a value is not a tensor or has a wrong shape, or a number is
            NaN or infinite.
    """
    expected = to_reference_names(model.state_dict())
    missing = [name for name in expected if name not in state_dict]
    unknown = [name for name in state_dict if name not in expected]
    if missing or unknown:
        parts = [
            f"{what}: {', '.join(names)}"
            for what, names in (("missing", missing), ("unknown", unknown))
            if names
        ]
        raise InputError(f"These weights are not those of a CPRFL head ({'; '.join(parts)}).")
    odd = {name: type(state_dict[name]).__name__ for name in expected if not _is_tensor(state_dict[name])}
    if odd:
        types = ", ".join(f"{name} is of type {kind}" for name, kind in odd.items())
        raise InputError(f"Some of these weights are not tensors: {types}.")
    wrong = [
        f"{name} is {list(state_dict[name].shape)} instead of {list(tensor.shape)}"
        for name, tensor in expected.items()
        if state_dict[name].shape != tensor.shape
    ]
    if wrong:
        raise InputError(f"These weights belong to a CPRFL head of another size: {'; '.join(wrong)}.")
    broken = [name for name in expected if not torch.isfinite(state_dict[name]).all()]
    if broken:
        raise InputError(f"These weights contain NaN or infinite numbers: {', '.join(broken)}.")
    ours = {
        f"{ours}.{kind}": state_dict[f"{theirs}.{kind}"]
        for theirs, ours in _OURS.items()
        for kind in ("weight", "bias")
    }
    ours |= dict(zip(_OUR_QKV, state_dict[_QKV].chunk(3), strict=True))
    model.load_state_dict(ours)


def _is_tensor(value: object) -> bool:
    return isinstance(value, Tensor)


class PlainCPRFL(nn.Module):
    """The paper's forward pass with all P + C rows; no dropout.

    Shapes: B images, P patches, C categories, W backbone channels, T text width, D joint width.
    """

    def __init__(  # noqa: PLR0917 (the same order as in CPRFL)
        self, backbone_dim: int, text_dim: int, dim: int, heads: int, dim_head: int, mlp_dim: int
    ) -> None:
        super().__init__()
        self.heads = heads
        inner = heads * dim_head
        self.fc = nn.Sequential(nn.Linear(backbone_dim, dim))
        self.label_emb = nn.Sequential(
            nn.Linear(text_dim, dim // 2), nn.Identity(), nn.GELU(), nn.Linear(dim // 2, dim)
        )
        attend = nn.ModuleDict(
            {"to_qkv": nn.Linear(dim, 3 * inner, bias=False), "to_out": nn.Sequential(nn.Linear(inner, dim))}
        )
        mlp = nn.Sequential(nn.Linear(dim, mlp_dim), nn.GELU(), nn.Identity(), nn.Linear(mlp_dim, dim))
        first = nn.ModuleDict({"norm": nn.LayerNorm(dim), "fn": attend})
        second = nn.ModuleDict({"norm": nn.LayerNorm(dim), "fn": nn.ModuleDict({"net": mlp})})
        self.attention = nn.ModuleDict({"layers": nn.ModuleList([nn.ModuleList([first, second])])})

    def forward(self, patches: Tensor, text_features: Tensor) -> Tensor:
        """Return the logits [B, C] of patches [B, P, W] and text features [C, T]."""
        return self.score(patches, self.label_emb(text_features))

    def score(self, patches: Tensor, prompts: Tensor) -> Tensor:
        """Return the logits [B, C] of patches [B, P, W] and category prompts [C, D]."""
        tokens = self.fc(patches)  # [B, P, D]
        rows = torch.cat([tokens, prompts.expand(len(tokens), -1, -1)], dim=1)  # [B, P+C, D]
        refined: Tensor = self._layer(rows)[:, tokens.shape[1] :]  # [B, C, D]
        logits: Tensor = (refined * prompts).sum(-1)
        return logits

    def _layer(self, rows: Tensor) -> Tensor:
        part = self.attention.get_submodule
        qkv = part("layers.0.0.fn.to_qkv")(part("layers.0.0.norm")(rows))  # [B, P+C, 3*H*K]
        qkv = qkv.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)  # [3, B, H, P+C, K]
        mixed = F.scaled_dot_product_attention(*qkv.unbind(0))  # [B, H, P+C, K]
        rows = part("layers.0.0.fn.to_out")(mixed.transpose(1, 2).flatten(2))  # [B, P+C, D]
        refined: Tensor = part("layers.0.1.fn.net")(part("layers.0.1.norm")(rows))
        return refined
