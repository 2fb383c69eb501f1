"""A suggester on the disk: a folder with ``suggester.json``, one safetensors file, and CPRFL's head.

The JSON names the tensor file and holds a digest over itself, the bytes of that file and the heads. It is
written last, by renaming: until then the old suggester is complete, from then on the new one. No pickle.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.array_files import DamagedFileError, read_arrays, write_arrays, write_atomically
from cprfl_core.common.disk import fault_and_remedy
from cprfl_core.common.errors import FeatureStoreError, ModelFileError
from cprfl_core.evaluation.gate import BandEvidence, PartVerdict
from cprfl_core.suggester.input import Collection

if TYPE_CHECKING:
    from cprfl_core.tuning.scoring_heads import ScoringHeads

NAME: Final = "suggester"
_FORMAT: Final = "tailspotter-suggester"
_VERSION: Final = 2
"""Version 1 had a head for each fold, and gains by band in place of the gate's evidence."""
_ARRAYS: Final = ("embeddings", "labels", "text", "zero_shot", "tuned")
_PICKLES: Final = frozenset({".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle", ".joblib"})
_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class SuggesterState:
    """Everything in a suggester except CPRFL's heads. The ``first`` images and ``columns`` categories come
    from `fit`, later ones from updates; ``tuned`` [first, columns] are CPRFL's scores."""

    collection: Collection
    first: int
    columns: int
    tuned: NDArray[np.float32] | None
    verdict: PartVerdict | None
    exact_limit: int


def write_state(folder: Path, state: SuggesterState, heads: "ScoringHeads | None") -> None:
    """Raises ModelFileError where the folder is a file, or the disk is full or cannot be written."""
    if folder.is_file() or folder.suffix.lower() in _PICKLES | {".safetensors", ".json"}:
        raise ModelFileError(f"{folder} is a file name; a suggester is a folder, so give a folder.")
    data = state.collection
    arrays: dict[str, NDArray[Any]] = {"embeddings": data.embeddings, "labels": data.labels}
    for name, values in (("text", data.text), ("zero_shot", data.zero_shot), ("tuned", state.tuned)):
        if values is not None:
            arrays[name] = values
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "names": data.names,
        "aligned": data.aligned,
        "first": state.first,
        "columns": state.columns,
        "exact_limit": state.exact_limit,
        "verdict": None if state.verdict is None else asdict(state.verdict),
    }
    content = _digest(json.dumps(document, sort_keys=True).encode(), *(a.tobytes() for a in arrays.values()))
    tensors = folder / f"{NAME}-{content[:_SHORT]}.safetensors"
    try:
        write_arrays(tensors, arrays, {})
        document |= {"arrays": tensors.name, "heads": []}
        if heads is not None:
            document["heads"] = heads.save(folder / f"heads-{content[:_SHORT]}")
        told = json.dumps(document, sort_keys=True)
        digest = _digest(told.encode(), tensors.read_bytes())
        write_atomically(
            folder / f"{NAME}.json", json.dumps(document | {"digest": digest}, indent=1).encode()
        )
    except FeatureStoreError as error:
        raise ModelFileError(error.sentence) from error
    except OSError as error:
        raise ModelFileError(f"{folder} cannot be written: {fault_and_remedy(error)}.") from error
    _remove_strays(folder, content[:_SHORT])


def read_state(folder: Path) -> "tuple[SuggesterState, ScoringHeads | None]":
    """Raises ModelFileError; see `Suggester.load`."""
    if folder.suffix.lower() in _PICKLES and not folder.is_dir():
        raise ModelFileError(f"{folder} is a pickle, which may run code when it is opened, so it is refused.")
    document = _document(folder / f"{NAME}.json")
    digest, arrays_name = document.pop("digest", None), document.get("arrays")
    if not isinstance(arrays_name, str) or Path(arrays_name).name != arrays_name:
        raise ModelFileError(f"{folder / f'{NAME}.json'} does not name its tensor file; it was altered.")
    path = folder / arrays_name
    try:
        found = _digest(json.dumps(document, sort_keys=True).encode(), path.read_bytes())
        if found != digest:
            raise ModelFileError(f"{path} and {NAME}.json are not what was written; make them again.")
        arrays, _ = read_arrays(path, _ARRAYS)
        state = _state(document, arrays)
    except FileNotFoundError:
        raise ModelFileError(f"There is no {path}, although the file beside it names it.") from None
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror or error}).") from error
    except DamagedFileError as error:
        raise ModelFileError(f"{path} {error}.") from error
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ModelFileError(
            f"{folder} contains no suggester that this program can read ({error})."
        ) from error
    if not document["heads"]:
        return state, None
    from cprfl_core.tuning.scoring_heads import ScoringHeads

    where = folder / f"heads-{path.stem.removeprefix(f'{NAME}-')}"
    return state, ScoringHeads.load(where, document["heads"])


def _state(document: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> SuggesterState:
    data = Collection(
        arrays["embeddings"],
        arrays["labels"],
        list(document["names"]),
        arrays.get("text"),
        arrays.get("zero_shot"),
        bool(document["aligned"]),
    )
    images, categories = data.labels.shape
    if len(data.embeddings) != images or len(data.names) != categories:
        raise ValueError(f"{len(data.embeddings)} embeddings, labels {data.labels.shape}")
    return SuggesterState(
        data,
        int(document["first"]),
        int(document["columns"]),
        arrays.get("tuned"),
        _verdict(document["verdict"]),
        int(document["exact_limit"]),
    )


def _verdict(told: dict[str, Any] | None) -> PartVerdict | None:
    """Of a suggester of version 1 only the answer and its reason are known."""
    if told is None:
        return None
    bands = tuple(BandEvidence(**band) for band in told.get("bands", ()))
    images, positives = int(told.get("images", 0)), int(told.get("positives", 0))
    return PartVerdict(bool(told["earned"]), str(told["reason"]), images, positives, bands)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ModelFileError(f"There is no {path}, so {path.parent} is not a suggester.") from None
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{path} is not JSON; it is damaged ({error}).") from error
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise ModelFileError(f"{path} does not describe a suggester.")
    version = document.get("version")
    if not isinstance(version, int) or version > _VERSION:
        raise ModelFileError(
            f"{path} has version {version!r} and this program reads up to {_VERSION}; update it."
        )
    return document


def _digest(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _remove_strays(folder: Path, kept: str) -> None:
    for path in folder.iterdir():
        if path.name.startswith(f"{NAME}-") and path.name != f"{NAME}-{kept}.safetensors":
            path.unlink(missing_ok=True)
        elif path.name.startswith("heads-") and path.name != f"heads-{kept}":
            shutil.rmtree(path, ignore_errors=True)
