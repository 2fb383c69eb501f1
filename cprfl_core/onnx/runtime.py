"""Runs exported graphs with onnxruntime, on the best available provider. No torch.

Shapes: B images of uint8 [3,H,W]; D embedding width, P patch tokens of width W, C categories.
"""

import logging
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.errors import DeviceMemoryError, OnnxError
from cprfl_core.features.token_compression import TokenCompression
from cprfl_core.images.decoding import thread_count
from cprfl_core.images.preprocessing import Preprocessing
from cprfl_core.onnx.files import verify

Float32 = NDArray[np.float32]
UInt8 = NDArray[np.uint8]

_PROVIDERS: Final = {
    "CUDAExecutionProvider": ("cuda", "an NVIDIA GPU"),
    "CoreMLExecutionProvider": ("coreml", "Apple's Core ML"),
    "DmlExecutionProvider": ("directml", "a GPU through DirectML"),
    "CPUExecutionProvider": ("cpu", "the processor"),
}
_CPU: Final = "CPUExecutionProvider"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """``name`` is onnxruntime's, ``device`` a short name, ``reason`` a fragment for messages."""

    name: str
    device: str
    reason: str


def choose_provider(available: Sequence[str] | None = None, preferred: str | None = None) -> ProviderChoice:
    """The best provider of this build of onnxruntime: CUDA, Core ML, DirectML, then the CPU.

    ``preferred``: "cuda", "coreml", "directml" or "cpu". Raises OnnxError if it, or onnxruntime itself, is
    not available.
    """
    offered = list(available) if available is not None else list(_onnxruntime().get_available_providers())
    usable = {_PROVIDERS[name][0]: name for name in _PROVIDERS if name in offered}
    if preferred is not None:
        if preferred not in usable:
            raise OnnxError(
                f"This onnxruntime has no provider {preferred!r}; it has {', '.join(usable) or 'none'}."
            )
        return ProviderChoice(
            usable[preferred], preferred, f"onnxruntime on {_words(usable[preferred])}, as asked"
        )
    if not usable:
        raise OnnxError(f"onnxruntime has no supported provider; it has {', '.join(offered)}.")
    device, name = next(iter(usable.items()))
    why = "" if device != "cpu" else ": this build has no provider for a graphics card"
    return ProviderChoice(name, device, f"onnxruntime on {_words(name)}{why}")


class OnnxGraph:
    """The graph exported for ``key`` and ``weights``, verified and ready to run; thread-safe.

    If the chosen provider cannot load it, the CPU is used; :attr:`provider` says which and why. Raises
    OnnxError if the file is not that graph or onnxruntime cannot load it.
    """

    def __init__(
        self,
        path: Path,
        *,
        key: str,
        weights: str,
        provider: ProviderChoice | None = None,
        threads: int | None = None,
    ) -> None:
        verify(path, key, weights)
        wanted = provider or choose_provider()
        self.threads = threads or thread_count()
        try:
            self._session, self.provider = self._open(path, wanted), wanted
        except OnnxError as error:
            if wanted.name == _CPU:
                raise
            reason = f"{wanted.reason} failed ({error}), using the CPU"
            log.warning("%s", reason)
            self.provider = ProviderChoice(_CPU, "cpu", reason)
            self._session = self._open(path, self.provider)

    def run(self, **inputs: NDArray[Any]) -> list[NDArray[Any]]:
        """All outputs in the order of the graph. Raises DeviceMemoryError if the batch is too large."""
        try:
            outputs: list[NDArray[Any]] = self._session.run(None, inputs)
        except Exception as error:  # onnxruntime's own kinds of errors differ between its versions
            if re.search(r"[Ff]ailed to allocate|out of memory|bad allocation", str(error)):
                count = len(next(iter(inputs.values())))
                raise DeviceMemoryError(
                    f"A batch of {count} images does not fit in the memory of {self.provider.device}."
                ) from error
            raise OnnxError(f"onnxruntime failed: {_first_line(error)}.") from error
        return outputs

    def _open(self, path: Path, provider: ProviderChoice) -> Any:
        onnxruntime = _onnxruntime()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = self.threads
        # Spinning threads would take CPU time from the threads that decode images.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        names = [provider.name] if provider.name == _CPU else [provider.name, _CPU]
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=names)
        except Exception as error:  # as in run
            raise OnnxError(f"onnxruntime cannot load {path}: {_first_line(error)}.") from error


class OnnxEncoder:
    """An ImageEncoder that runs an exported tower.

    Its features equal those of the exported backbone within the tolerances of engine_choice.py. With
    ``lanes`` the images of a batch are computed one by one in so many threads, asynchronously: for a small
    convolutional network, whose feature maps then stay in the cache, this takes less time than a batch.
    """

    def __init__(
        self,
        graph: OnnxGraph,
        preprocessing: Preprocessing,
        grid: tuple[int, int],
        patch_width: int,
        *,
        lanes: int | None = None,
    ) -> None:
        self.graph = graph
        self.preprocessing = preprocessing
        self.grid = grid
        self.patch_width = patch_width
        self.overlaps = lanes is not None
        self._lanes = None if lanes is None else ThreadPoolExecutor(lanes, thread_name_prefix="onnx")

    @property
    def device(self) -> str:
        return self.graph.provider.device

    def begin(
        self, pixels: Sequence[UInt8], basis: TokenCompression | None
    ) -> Callable[[], tuple[Float32, Float32 | None]]:
        """As Backbone.begin; synchronous without lanes."""
        if self._lanes is not None:
            running = [self._lanes.submit(self.graph.run, pixels=image[None]) for image in pixels]

            def wait() -> tuple[Float32, Float32 | None]:
                embeddings, tokens = zip(*(one.result() for one in running), strict=True)
                kept = None if basis is None else basis.reduce(np.concatenate(tokens))
                return np.concatenate(embeddings), kept

            return wait
        embeddings, tokens = self.graph.run(pixels=np.stack(pixels))
        kept = None if basis is None else basis.reduce(tokens)
        return lambda: (embeddings, kept)


def _words(provider: str) -> str:
    return _PROVIDERS[provider][1]


def _onnxruntime() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise OnnxError(f"onnxruntime cannot be used on this machine ({_first_line(error)}).") from error
    return onnxruntime


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
