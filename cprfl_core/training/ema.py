"""An exponential moving average of a network's weights."""

from __future__ import annotations

import copy
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

Net = TypeVar("Net", bound=nn.Module)


class WeightAverage(Generic[Net]):
    """A copy of a network whose weights are moving averages of the network's.

    Update t = 1, 2, ... sets the average to d * average + (1 - d) * weights with d = min(decay, t / (9 + t)):
    after ten steps the weight of the initial values is negligible, while it would be 98 % with a constant
    decay of 0.998. Floating buffers (running statistics) are averaged too, others copied; frozen weights are
    shared, not copied. With decay 0 there is no copy: `network` is the network itself.
    """

    def __init__(self, source: Net, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        if decay == 0:
            self.network: Net = source
            return
        shared = {id(weight): weight for weight in source.parameters() if not weight.requires_grad}
        self.network = copy.deepcopy(source, memo=dict(shared)).requires_grad_(False)
        averaged, current = _floating(self.network), _floating(source)
        pairs = [(averaged[name], current[name]) for name in averaged if averaged[name] is not current[name]]
        self._averaged, self._current = (
            [list(side) for side in zip(*pairs, strict=True)] if pairs else ([], [])
        )
        self._copies = list(zip(_whole(self.network), _whole(source), strict=True))

    def update(self) -> None:
        """Update the average with the network's current weights."""
        self.updates += 1
        if self.decay == 0:
            return
        decay = min(self.decay, self.updates / (9 + self.updates))
        with torch.no_grad():
            get_ema_multi_avg_fn(decay)(  # type: ignore[no-untyped-call]
                self._averaged, self._current, self.updates
            )
            for mine, theirs in self._copies:
                mine.copy_(theirs)


def _floating(module: nn.Module) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in _named(module).items() if tensor.is_floating_point()}


def _whole(module: nn.Module) -> list[Tensor]:
    return [tensor for tensor in _named(module).values() if not tensor.is_floating_point()]


def _named(module: nn.Module) -> dict[str, Tensor]:
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}
