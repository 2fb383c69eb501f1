"""Which files of the hub a model needs, and which of them are on this disk. No network, no torch."""

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.errors import NotFoundError
from app.domain.language import translate
from app.services.image_models.known import KNOWN, TRANSFORMERS, HubFiles
from cprfl_core.backbone.hub_cache import CONFIG_NAME, cached_file
from cprfl_core.backbone.names import HF_HUB, hub_file, hub_repository, split_name

PARTIAL_SUFFIX: Final = ".incomplete"
TOKENIZER_FILES: Final = ("tokenizer.json", "spiece.model", "sentencepiece.bpe.model", "vocab.txt")
_TOKENIZER_EXTRAS: Final = ("tokenizer_config.json", "special_tokens_map.json", "config.json")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a model: the first of ``names`` that ``repository`` has."""

    repository: str
    names: tuple[str, ...]
    optional: bool = False

    @property
    def cached(self) -> Path | None:
        return cached_file(self.repository, self.names)


def hub_files(name: str) -> HubFiles | None:
    """Where the files of a model are on the hub; None for a model that is not there, or not known to be.

    Raises BackboneError for a name of the hub that is not complete.
    """
    if name in KNOWN:
        return KNOWN[name].hub
    if name.startswith(HF_HUB):
        return HubFiles(hub_repository(name), configured=True)
    _, weights = split_name(name)
    if weights is not None and weights.startswith(HF_HUB):
        repository, file = hub_file(weights)
        return HubFiles(repository, (file,))
    return None


def config_part(files: HubFiles) -> Part:
    return Part(files.repository, (CONFIG_NAME,))


def model_parts(files: HubFiles, tokenizer: bool) -> list[Part]:
    """The weights, and the tokenizer if the texts of the model need one."""
    found = [Part(files.repository, files.weights)]
    if tokenizer:
        found.append(Part(files.repository, TOKENIZER_FILES))
        found += [Part(files.repository, (extra,), optional=True) for extra in _TOKENIZER_EXTRAS]
    return found


def cached_files(files: HubFiles) -> list[Path] | None:
    """The files of a model on this disk; None if one is missing."""
    found = []
    tokenizer = files.tokenizer
    if files.configured:
        config = config_part(files).cached
        if config is None:
            return None
        found.append(config)
        tokenizer = bool(text_package(config))
    for part in model_parts(files, tokenizer):
        path = part.cached
        if path is not None:
            found.append(path)
        elif not part.optional:
            return None
    return found


def partial_bytes(files: HubFiles) -> int:
    """Bytes of an interrupted download of this model."""
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    folder = Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=files.repository, repo_type="model")
    return sum(path.stat().st_size for path in folder.glob(f"blobs/*{PARTIAL_SUFFIX}"))


def text_package(config: Path | None) -> str:
    """The package that the texts of a model need, by its configuration; empty if none."""
    try:
        text = json.loads(config.read_bytes())["model_cfg"]["text_cfg"] if config else {}
        needs = text.get("hf_tokenizer_name") or text.get("hf_model_name")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""  # loading the model says what is wrong with it
    return TRANSFORMERS if needs else ""


def needed_package(name: str) -> str:
    """The package that a model needs besides this program's own, as far as this disk tells; empty if none."""
    known, files = KNOWN.get(name), hub_files(name)
    if known is not None and known.package:
        return known.package
    return text_package(config_part(files).cached) if files is not None and files.configured else ""


def is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def require_package(name: str, package: str | None = None) -> None:
    """Raise NotFoundError if ``package``, by default the one that the model needs, is not installed."""
    package = needed_package(name) if package is None else package
    if package and not is_installed(package):
        project = package.replace("_", "-")
        raise NotFoundError(
            translate(
                "ImageModels",
                "{name} needs the package {project}; install it (pip install {project}) or choose "
                "another model.",
            ).format(name=name, project=project)
        )


def require_files(name: str) -> None:
    """Raise NotFoundError if a model of the hub has not been downloaded, or a package for it is missing."""
    require_package(name)
    files = hub_files(name)
    if files is not None and cached_files(files) is None:
        raise NotFoundError(
            translate(
                "ImageModels",
                "{name} has not been downloaded; download it first (tailspotter backbones download "
                "{name}), or choose another image model.",
            ).format(name=name)
        )
