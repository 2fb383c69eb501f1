from contextlib import contextmanager

import numpy as np
import pytest
import torch

from cprfl_core.backbone.transfers import CudaTransfers, PlainTransfers, transfers_for

PIXELS = [np.full((3, 4, 5), number, dtype=np.uint8) for number in range(3)]


class FakeStream:
    def __init__(self, log: list[str], name: str) -> None:
        self.log, self.name = log, name

    def wait_stream(self, other: "FakeStream") -> None:
        self.log.append(f"{self.name} waits for {other.name}")


class FakeCuda:
    """Stands for torch.cuda and tells in which order it was used; what it copies stays on the CPU."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.computing = FakeStream(self.log, "computing")
        self.names = iter(("inward", "outward"))

    def Stream(self, device: str) -> FakeStream:
        return FakeStream(self.log, next(self.names))

    def Event(self) -> "FakeCuda":
        return self

    def record(self, stream: FakeStream) -> None:
        self.log.append(f"event after {stream.name}")

    def synchronize(self) -> None:
        self.log.append("host waits for event")

    def current_stream(self, device: str) -> FakeStream:
        return self.computing

    @contextmanager
    def stream(self, stream: FakeStream):
        self.log.append(f"on {stream.name}")
        yield


@pytest.fixture
def cuda(monkeypatch) -> FakeCuda:
    fake = FakeCuda()
    monkeypatch.setattr(
        torch.Tensor, "record_stream", lambda _self, stream: fake.log.append(f"kept for {stream.name}")
    )
    return fake


def test_plain_copies_bring_a_batch_there_and_back():
    transfers = transfers_for("cpu")
    assert isinstance(transfers, PlainTransfers)
    batch = transfers.upload(PIXELS)
    assert (batch.numpy() == np.stack(PIXELS)).all()
    assert transfers.download([batch.float() * 2])()[0][2, 0, 0, 0] == 4.0


def test_computing_waits_for_the_copy_and_its_memory_is_kept_as_long(cuda):
    batch = CudaTransfers("cpu", cuda, pin=False).upload(PIXELS)
    assert (batch.numpy() == np.stack(PIXELS)).all()
    assert cuda.log == ["on inward", "computing waits for inward", "kept for computing"]


def test_the_host_waits_only_when_it_asks_for_the_result(cuda):
    transfers = CudaTransfers("cpu", cuda, pin=False)
    result = torch.arange(6.0).view(2, 3)
    download = transfers.download([result])
    order = ["outward waits for computing", "on outward", "kept for outward", "event after outward"]
    assert cuda.log == order
    assert (download()[0] == result.numpy()).all()
    assert cuda.log == [*order, "host waits for event"]
