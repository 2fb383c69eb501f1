"""The text encoder of an open_clip model."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch
import torch.nn.functional as F
from torch import Tensor

from cprfl_core.common.errors import InputError

Tokenizer = Callable[[list[str]], Tensor]

_BATCH: Final = 256


class PromptEncoder:
    """Encodes prompts on ``device`` with the text tower of ``model``."""

    def __init__(self, model: Any, tokenizer: Tokenizer, device: str) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._device = device

    def encode(self, prompts: list[str]) -> Tensor:
        """Features float32 [n,T] of n prompts, on the CPU.

        Always in float32: there is little text, and all scores depend on it.
        """
        with torch.inference_mode():
            features: Tensor = self._model.encode_text(self._tokenizer(prompts).to(self._device))
        return features.float().cpu().clone()

    def means(self, prompts: Sequence[Sequence[str]], *, normalize: bool) -> Tensor:
        """The mean feature of each category's prompts, [C,T]; there must be a category.

        ``normalize``: scale each prompt's feature to unit length first. Raises InputError for a category
        without prompts.
        """
        for number, category in enumerate(prompts):
            if isinstance(category, str) or not category:
                raise InputError(f"Category {number} needs a list of at least one prompt.")
        flat = [prompt for category in prompts for prompt in category]
        features = torch.cat([self.encode(flat[at : at + _BATCH]) for at in range(0, len(flat), _BATCH)])
        if normalize:
            features = F.normalize(features, dim=-1)
        parts = torch.split_with_sizes(features, [len(category) for category in prompts])
        return torch.stack([part.mean(dim=0) for part in parts])
