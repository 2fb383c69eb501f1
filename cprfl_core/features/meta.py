"""``meta.json`` of a feature folder: the key of the backbone and the width, fixed by the first append."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from cprfl_core.common.array_files import write_atomically
from cprfl_core.common.errors import FeatureStoreError

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class FeatureMeta:
    """Fields are None if unknown. The shape of patch tokens is in their basis."""

    key: str | None = None
    embed_dim: int | None = None


def read_meta(folder: Path) -> FeatureMeta | None:
    """Read ``meta.json``; None if nothing has been written yet."""
    path = folder / "meta.json"
    try:
        found = json.loads(path.read_text("utf-8"))
        version, key, width = int(found["version"]), found["key"], int(found["embed_dim"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FeatureStoreError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FeatureStoreError(f"{path} is damaged; delete {folder} and index again.") from error
    if version > _VERSION:
        raise FeatureStoreError(f"{folder} was written by a newer version of this program; update it.")
    return FeatureMeta(key, width)


def write_meta(folder: Path, meta: FeatureMeta) -> None:
    text = json.dumps({"version": _VERSION, **asdict(meta)}, indent=1)
    write_atomically(folder / "meta.json", text.encode())


def agree(folder: Path, held: FeatureMeta, given: FeatureMeta) -> FeatureMeta:
    """``held`` completed by ``given``; raises FeatureStoreError if both are known and differ."""
    for what, a, b in (
        ("of the backbone", held.key, given.key),
        ("of width", held.embed_dim, given.embed_dim),
    ):
        if a is not None and b is not None and a != b:
            raise FeatureStoreError(f"{folder} holds features {what} {a}, not {b}; use another folder.")
    return FeatureMeta(held.key or given.key, held.embed_dim or given.embed_dim)
