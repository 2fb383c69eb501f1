"""Files of the model hub that are already in its cache on this disk. No torch, no network."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

CONFIG_NAME: Final = "open_clip_config.json"
MODEL_WEIGHTS: Final = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
)
"""Names of the weights in a repository of open_clip, best first."""


def cached_file(repository: str, names: Sequence[str]) -> Path | None:
    """The first of these files of ORGANISATION/MODEL that is in the cache, in its newest known version."""
    from huggingface_hub import try_to_load_from_cache

    for name in names:
        found = try_to_load_from_cache(repository, name)
        if isinstance(found, str):
            return Path(found)
    return None
