"""The trained network as one module: head, prompt deltas and, end to end, the trunk."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from cprfl_core.common.errors import InputError
from cprfl_core.model.checks import check_finite
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.training.options import TrainingOptions


class Network(nn.Module):
    """Copies of the given modules with the categories' text features; from inputs to logits [B, C].

    Parameters in half precision are converted to float32, because averages and small steps would be lost in
    rounding.

    Raises:
        InputError: prompt deltas have a wrong shape, a feature is not finite, or every weight is frozen.
    """

    text_features: Tensor

    def __init__(
        self,
        model: CPRFL,
        text_features: Tensor,
        prompt_delta: Tensor | None,
        trunk: nn.Module | None,
        options: TrainingOptions,
    ) -> None:
        super().__init__()
        check_finite(text_features.sum(), text_features=text_features)
        # Copied together, so that weights shared by head and trunk stay shared.
        self.parts = nn.ModuleDict(
            copy.deepcopy({"head": model} | ({} if trunk is None else {"trunk": trunk}))
        )
        for module in self.parts.values():
            _widen(module)
        like = self.head.visual.weight
        self.register_buffer("text_features", text_features.detach().clone().to(like), persistent=False)
        self.prompt_delta = self._delta(prompt_delta, options, like)
        self._frozen_trunk = options.trunk_rate == 0 or options.tune == "prompts"
        self._choose(options)

    @property
    def head(self) -> CPRFL:
        """The CPRFL head."""
        head = self.parts["head"]
        assert isinstance(head, CPRFL)
        return head

    @property
    def trunk(self) -> nn.Module | None:
        """The image tower, end to end."""
        return self.parts["trunk"] if "trunk" in self.parts else None  # noqa: SIM401 (torch 2.6: no get)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return logits [B, C] of patches [B, P, W], or of images if there is a trunk."""
        trunk = self.trunk
        patches = inputs if trunk is None else _tokens(trunk(inputs))
        logits: Tensor = self.head(patches, self.text_features, self.prompt_delta)
        return logits

    def train(self, mode: bool = True) -> Network:
        """As torch's; a frozen trunk stays in evaluation mode, because running statistics would change."""
        super().train(mode)
        if self._frozen_trunk and self.trunk is not None:
            self.trunk.eval()
        return self

    def groups(self, options: TrainingOptions) -> list[dict[str, Any]]:
        """Parameter groups for AdamW, each with its `peak` learning rate.

        Parameters of the trunk are identified by object. The published code identifies them by name, which
        gave an empty group and trained the trunk at the head's rate.
        """
        head = {id(weight) for weight in [*self.head.parameters(), self.prompt_delta]}
        groups = []
        for peak, members in (
            (options.learning_rate, [w for w in self.learning() if id(w) in head]),
            (options.learning_rate * options.trunk_rate, [w for w in self.learning() if id(w) not in head]),
        ):
            for decay, chosen in (
                (options.weight_decay, [weight for weight in members if weight.ndim > 1]),
                (0.0, [weight for weight in members if weight.ndim <= 1]),
            ):
                if chosen:
                    groups.append({"params": chosen, "lr": peak, "peak": peak, "weight_decay": decay})
        return groups

    def learning(self) -> list[nn.Parameter]:
        """The trainable parameters, each once."""
        return [weight for weight in self.parameters() if weight.requires_grad]

    def learned_delta(self) -> Tensor | None:
        """Prompt deltas [C, D], or None."""
        return None if self.prompt_delta is None else self.prompt_delta.detach()

    def thaw(self) -> None:
        """Restore `requires_grad` of the caller's modules."""
        for name, weight in self.parts.named_parameters():
            weight.requires_grad_(self._thawed[name])

    def _choose(self, options: TrainingOptions) -> None:
        """Set `requires_grad` according to the options; what the caller froze stays frozen."""
        self._thawed = {name: weight.requires_grad for name, weight in self.parts.named_parameters()}
        head = self.head
        if options.tune == "prompts":
            for module in (head.visual, head.interaction):
                module.requires_grad_(False)
        if self.trunk is not None and self._frozen_trunk:
            own = {id(weight) for weight in head.parameters()}
            for weight in self.trunk.parameters():
                weight.requires_grad_(weight.requires_grad and id(weight) in own)
        if not self.learning():
            raise InputError('All weights are frozen; unfreeze some, or use tune="all".')

    def _delta(self, given: Tensor | None, options: TrainingOptions, like: Tensor) -> nn.Parameter | None:
        if given is None and not options.prompt_delta:
            return None
        shape = (len(self.text_features), self.head.dim)
        delta = torch.zeros(shape) if given is None else given.detach().clone()
        if tuple(delta.shape) != shape:
            raise InputError(
                f"The prompt deltas have shape {list(delta.shape)}; "
                f"give {list(shape)}, a row for each category."
            )
        check_finite(delta.sum(), prompt_delta=delta)
        return nn.Parameter(delta.to(like), requires_grad=options.prompt_delta)


def _widen(module: nn.Module) -> None:
    tensors: Iterable[Tensor] = module.parameters()
    if any(tensor.dtype in (torch.float16, torch.bfloat16) for tensor in tensors):
        module.float()


def _tokens(found: Tensor) -> Tensor:
    """Tokens [B, P, W] from such, or from a map [B, W, h, w] in row-major order."""
    if found.ndim == 4:
        return found.flatten(2).transpose(1, 2)  # [B, W, h, w] -> [B, P, W]
    if found.ndim != 3:
        raise InputError(
            f"The trunk returned {list(found.shape)}; it should return [B, P, W] or a map [B, W, h, w]."
        )
    return found
