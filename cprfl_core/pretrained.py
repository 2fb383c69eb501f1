"""Published weights by tag: from this machine's caches, and from the network only when that is asked for."""

from pathlib import Path
from typing import Any, Final

import open_clip
from open_clip.pretrained import download_pretrained

from cprfl_core.backbone_names import expanded
from cprfl_core.errors import BackboneError

OFFLINE_VARIABLE: Final = "HF_HUB_OFFLINE"
_HUB_NAMES: Final = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")


def tags_of(name: str) -> list[str]:
    """Tags of the published weights of an open_clip architecture."""
    return list(open_clip.list_pretrained_tags_by_model(name))


def tag_config(name: str, tag: str) -> dict[str, Any]:
    """Where the weights lie and how their images were prepared (mean, std, interpolation, quick_gelu)."""
    return dict(open_clip.get_pretrained_cfg(name, tag))


def fetch(name: str, tag: str, config: dict[str, Any], *, allow_download: bool) -> Path:
    """The weights file, downloaded if need be and allowed. Raises BackboneError."""
    cached = _cached(config)
    if cached is not None:
        return cached
    if not allow_download:
        raise BackboneError(
            f"The weights {tag!r} of {name} are not on this machine; allow the download, for nothing is "
            f"downloaded otherwise, or give a file, as in {name}@FILE."
        )
    try:
        return Path(download_pretrained(config))
    except Exception as error:  # the network and two download libraries stand behind this call
        raise BackboneError(f"The weights {tag!r} of {name} could not be downloaded ({error}).") from error


def _cached(config: dict[str, Any]) -> Path | None:
    if hub := config.get("hf_hub"):
        return _cached_from_hub(hub)
    if url := config.get("url"):
        file = expanded("~/.cache/clip") / url.rsplit("/", 1)[-1]
        return file if file.is_file() else None
    return None


def _cached_from_hub(hub: str) -> Path | None:
    """``hub`` is "organisation/model/file", or with an empty file for open_clip's usual names."""
    from huggingface_hub import try_to_load_from_cache

    repository, _, file = hub.rpartition("/")
    names = [file.rsplit(".", 1)[0] + ".safetensors", file] if file else list(_HUB_NAMES)
    for candidate in names:
        found = try_to_load_from_cache(repository, candidate)
        if isinstance(found, str):
            return Path(found)
    return None
