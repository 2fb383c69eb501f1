"""Published weights, by tag or from the model hub: from the local caches, or downloaded if allowed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import open_clip
from open_clip.pretrained import download_pretrained

from cprfl_core.backbone.hub_cache import CONFIG_NAME, MODEL_WEIGHTS, cached_file
from cprfl_core.backbone.names import HF_HUB, expanded
from cprfl_core.common.errors import BackboneError


def tags_of(name: str) -> list[str]:
    """Tags of the published weights of an open_clip architecture."""
    return list(open_clip.list_pretrained_tags_by_model(name))


def tag_config(name: str, tag: str) -> dict[str, Any]:
    """Location of the weights and their preprocessing (mean, std, interpolation, quick_gelu)."""
    return dict(open_clip.get_pretrained_cfg(name, tag))


def fetch(name: str, tag: str, config: dict[str, Any], *, allow_download: bool) -> Path:
    """The weights file, downloaded if necessary and allowed. Raises BackboneError."""
    cached = _cached(config)
    if cached is not None:
        return cached
    if not allow_download:
        raise BackboneError(
            f"The weights {tag!r} of {name} have not been downloaded; allow the download, or give a file, as "
            f"in {name}@FILE."
        )
    try:
        return Path(download_pretrained(config))
    except Exception as error:  # from the network and two download libraries
        raise BackboneError(f"The weights {tag!r} of {name} could not be downloaded ({error}).") from error


def _cached(config: dict[str, Any]) -> Path | None:
    if hub := config.get("hf_hub"):
        return _cached_from_hub(hub)
    if url := config.get("url"):
        file = expanded("~/.cache/clip") / url.rsplit("/", 1)[-1]
        return file if file.is_file() else None
    return None


def _cached_from_hub(hub: str) -> Path | None:
    """``hub`` is "organisation/model/file"; an empty file means open_clip's default names."""
    repository, _, file = hub.rpartition("/")
    return cached_file(repository, [file.rsplit(".", 1)[0] + ".safetensors", file] if file else MODEL_WEIGHTS)


def fetch_file(repository: str, names: Sequence[str], *, allow_download: bool) -> Path:
    """The first of these files that ORGANISATION/MODEL has, downloaded if necessary and allowed.

    Raises BackboneError.
    """
    cached = cached_file(repository, names)
    if cached is not None:
        return cached
    if not allow_download:
        raise BackboneError(
            f"The model {HF_HUB}{repository} has not been downloaded; allow the download, or give a model "
            "folder or a weights file."
        )
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    for name in names:
        try:
            return Path(hf_hub_download(repository, name))
        except EntryNotFoundError:
            continue
        except Exception as error:  # from the network and the download library
            raise BackboneError(f"{name} of {repository} could not be downloaded ({error}).") from error
    raise BackboneError(f"{repository} has no {names[0]}; it is not a model for open_clip, use another one.")


def fetch_model(repository: str, *, allow_download: bool) -> tuple[Path, Path]:
    """The folder with the configuration of ORGANISATION/MODEL, and its weights. Raises BackboneError."""
    config = fetch_file(repository, [CONFIG_NAME], allow_download=allow_download)
    return config.parent, fetch_file(repository, MODEL_WEIGHTS, allow_download=allow_download)
