"""Batches to a device and results back: on CUDA while the device computes, elsewhere at once.

Shapes: B images, uint8 [3,H,W] each.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Download = Callable[[], list[NDArray[np.float32]]]


class Transfers(Protocol):
    """How a backbone moves its batches."""

    def upload(self, pixels: Sequence[NDArray[np.uint8]]) -> Tensor:
        """The batch [B,3,H,W] on the device, ready for what is computed next there."""
        ...

    def download(self, results: Sequence[Tensor]) -> Download:
        """Begin to copy float32 results; what is returned waits until they are in host memory."""
        ...


def transfers_for(device: str) -> Transfers:
    """Streams and pinned memory for "cuda" and "cuda:N"; plain copies for every other device."""
    return CudaTransfers(device) if device.partition(":")[0] == "cuda" else PlainTransfers(device)


class PlainTransfers:
    """Copies that are done when the call returns."""

    def __init__(self, device: str) -> None:
        self._device = device

    def upload(self, pixels: Sequence[NDArray[np.uint8]]) -> Tensor:
        return torch.from_numpy(np.stack(pixels)).to(self._device)

    def download(self, results: Sequence[Tensor]) -> Download:
        arrays = [result.cpu().numpy() for result in results]
        return lambda: arrays


class CudaTransfers:
    """Copies on two streams of their own, so that they overlap with the kernels of the stream in use.

    The caller holds at most one batch back: the host memory of a batch is pinned, given to the copy, and kept
    by torch's allocator until the copy has ended. ``cuda`` is torch.cuda, or its double in a test.
    """

    def __init__(self, device: str, cuda: Any = torch.cuda, *, pin: bool = True) -> None:
        self._device = device
        self._cuda = cuda
        self._pin = pin
        self._inward, self._outward = cuda.Stream(device=device), cuda.Stream(device=device)

    def upload(self, pixels: Sequence[NDArray[np.uint8]]) -> Tensor:
        host = torch.empty((len(pixels), *pixels[0].shape), dtype=torch.uint8, pin_memory=self._pin)
        np.stack(pixels, out=host.numpy())
        computing = self._cuda.current_stream(self._device)
        with self._cuda.stream(self._inward):
            batch = host.to(self._device, non_blocking=True)
        computing.wait_stream(self._inward)
        # Its memory was taken on the copying stream and must not be given away while it is computed on.
        batch.record_stream(computing)
        return batch

    def download(self, results: Sequence[Tensor]) -> Download:
        self._outward.wait_stream(self._cuda.current_stream(self._device))
        copied = self._cuda.Event()
        with self._cuda.stream(self._outward):
            hosts = [
                torch.empty(result.shape, dtype=result.dtype, pin_memory=self._pin) for result in results
            ]
            for host, result in zip(hosts, results, strict=True):
                host.copy_(result, non_blocking=True)
                result.record_stream(self._outward)
            copied.record(self._outward)

        def wait() -> list[NDArray[np.float32]]:
            copied.synchronize()
            # A copy of its own: pinned memory is scarce, and rows wait long to be written.
            return [host.numpy().copy() for host in hosts]

        return wait
