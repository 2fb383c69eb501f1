"""Transfers batches to a device and results back: asynchronously on CUDA, otherwise synchronously.

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
    """Moves batches between host and device."""

    def upload(self, pixels: Sequence[NDArray[np.uint8]]) -> Tensor:
        """Copy the batch to the device, [B,3,H,W], ready for the current stream."""
        ...

    def download(self, results: Sequence[Tensor]) -> Download:
        """Start copying float32 results; the returned function waits until they are in host memory."""
        ...


def transfers_for(device: str) -> Transfers:
    """Streams and pinned memory for "cuda" and "cuda:N"; plain copies for other devices."""
    return CudaTransfers(device) if device.partition(":")[0] == "cuda" else PlainTransfers(device)


class PlainTransfers:
    """Synchronous copies."""

    def __init__(self, device: str) -> None:
        self._device = device

    def upload(self, pixels: Sequence[NDArray[np.uint8]]) -> Tensor:
        return torch.from_numpy(np.stack(pixels)).to(self._device)

    def download(self, results: Sequence[Tensor]) -> Download:
        arrays = [result.cpu().numpy() for result in results]
        return lambda: arrays


class CudaTransfers:
    """Copies on two separate streams, which overlap with the kernels of the current stream.

    The caller has at most one batch pending: the host memory of a batch is pinned, and torch's allocator
    keeps it until the copy has ended. ``cuda`` is torch.cuda, or a test double.
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
        # Allocated on the copy stream: the memory must not be reused while the batch is in use.
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
            # Copied, because pinned memory is scarce and rows may wait long to be written.
            return [host.numpy().copy() for host in hosts]

        return wait
