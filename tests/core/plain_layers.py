"""An oracle for every variant of the head: the layer written plainly, with the model's own weights."""

import torch
import torch.nn.functional as F
from torch import Tensor

from cprfl_core.model.cprfl import CPRFL


def plain_scores(
    model: CPRFL, patches: Tensor, text: Tensor, delta: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Logits [B, C] and head-averaged attention [B, C, P]; all rows go through the layer.

    Where a gradient path of the model is switched off, the prompts are detached where they enter it.
    """
    layer = model.interaction
    prompts = model.prompt_init(text) + (0 if delta is None else delta)
    tokens = model.visual(patches)
    entering = prompts if model.attention_gradient else prompts.detach()
    classifier = prompts if model.classifier_gradient else prompts.detach()
    asked = entering.expand(len(tokens), -1, -1)
    rows = torch.cat([tokens, asked], dim=1)
    normed = layer.norm_in(rows)
    queries, keys, values = (
        part(normed).unflatten(-1, (layer.heads, -1)).transpose(1, 2)
        for part in (layer.query, layer.key, layer.value)
    )
    scores = queries @ keys.transpose(-1, -2) / layer.dim_head**0.5  # [B, H, P+C, P+C]
    if not layer.joint:
        scores[..., tokens.shape[1] :] = -torch.inf
    weights = scores.softmax(-1)
    refined = layer.output((weights @ values).transpose(1, 2).flatten(2))
    refined = refined + rows if layer.residual else refined
    out = layer.mlp_out(F.gelu(layer.mlp_in(layer.norm_mlp(refined))))
    out = out + refined if layer.residual else out
    count = tokens.shape[1]
    return (out[:, count:] * classifier).sum(-1), weights[:, :, count:, :count].mean(1)
