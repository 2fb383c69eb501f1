"""Exported graphs on disk, each with a card that identifies its source and verifies its bytes. No torch.

A graph is two files: ``NAME.onnx`` and its card ``NAME.json``. The card is written last; a graph without one,
or with other bytes than the card says, is invalid.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from cprfl_core.common.array_files import write_atomically
from cprfl_core.common.errors import OnnxError

OPSET: Final = 18
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class OnnxCard:
    """``key``: feature key of the tower; ``weights``: hash of its parameters; ``digest``: of the file."""

    key: str
    weights: str
    digest: str
    opset: int = OPSET
    version: int = _VERSION


def digest_of(path: Path) -> str:
    """Hash of a file's bytes. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "blake2b").hexdigest()[:32]


def write_card(path: Path, key: str, weights: str) -> OnnxCard:
    """Write the card of the graph at ``path``. Raises FeatureStoreError if it cannot be written."""
    card = OnnxCard(key, weights, digest_of(path))
    write_atomically(_card_path(path), json.dumps(asdict(card), indent=1).encode())
    return card


def verify(path: Path, key: str, weights: str) -> None:
    """Raise OnnxError, with the reason, unless ``path`` is the graph of this key and weights."""
    try:
        found = json.loads(_card_path(path).read_text("utf-8"))
        card = OnnxCard(**found)
        actual = digest_of(path)
    except FileNotFoundError:
        raise OnnxError(f"There is no exported graph {path}; export it first.") from None
    except (OSError, ValueError, TypeError) as error:
        raise OnnxError(f"The exported graph {path} cannot be read ({error}); export it again.") from error
    if (card.version, card.opset) != (_VERSION, OPSET):
        raise OnnxError(f"The exported graph {path} has another format version; export it again.")
    if (card.key, card.weights) != (key, weights):
        raise OnnxError(f"The exported graph {path} belongs to {card.key}, not to {key}; export it again.")
    if card.digest != actual:
        raise OnnxError(f"The exported graph {path} is damaged or was replaced; export it again.")


def _card_path(path: Path) -> Path:
    return path.with_suffix(".json")
