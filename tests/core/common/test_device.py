import warnings
from types import SimpleNamespace

import pytest
import torch

from cprfl_core.common import device
from cprfl_core.common.device import choose_device
from cprfl_core.common.errors import DeviceError


@pytest.fixture
def machine(monkeypatch):
    """Give this machine the accelerators a test wants."""

    def equip(*, cuda: tuple[int, ...] = (), mps: bool = False, warn: str = "", broken: str = "") -> None:
        def available() -> bool:
            if warn:
                warnings.warn(warn, UserWarning, stacklevel=2)
            return bool(cuda)

        def ones(*_args, device):
            if broken:
                raise RuntimeError(broken)
            return real_ones(2)

        real_ones = torch.ones
        monkeypatch.setattr(torch.cuda, "is_available", available)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: len(cuda))
        monkeypatch.setattr(
            torch.cuda,
            "get_device_properties",
            lambda index: SimpleNamespace(name=f"GPU {index}", major=cuda[index], total_memory=8 << 30),
        )
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 16 << 30)
        monkeypatch.setattr(device.torch, "ones", ones)

    return equip


def test_without_accelerator_the_cpu_computes_in_float32_and_says_why(machine):
    machine()
    choice = choose_device()
    assert (choice.device, choice.precision, choice.kind) == ("cpu", "float32", "cpu")
    assert choice.reason == "CPU: no CUDA device found"
    assert choice.name
    assert choice.memory > 1 << 28


def test_cuda_is_preferred_and_its_precision_follows_the_hardware(machine):
    machine(cuda=(9, 7), mps=True)
    choice = choose_device()
    assert (choice.device, choice.precision, choice.dtype) == ("cuda:0", "bfloat16", torch.bfloat16)
    assert choice.reason == "CUDA: GPU 0, bfloat16"
    assert choice.memory == 8 << 30
    second = choose_device("cuda:1")
    assert (second.device, second.precision) == ("cuda:1", "float16")
    assert second.reason == "CUDA: GPU 1, asked for, float16"


def test_mps_comes_before_the_cpu(machine):
    machine(mps=True)
    assert choose_device().device == "mps"


def test_a_preference_is_respected(machine):
    machine(cuda=(9,), mps=True)
    assert choose_device("cpu").reason == "CPU: asked for"
    assert choose_device(" MPS ").device == "mps"
    assert choose_device("cuda").device == "cuda:0"


@pytest.mark.parametrize(
    ("preferred", "words"),
    [
        ("cuda", "no CUDA device found"),
        ("cuda:3", "no CUDA device found"),
        ("mps", "Apple GPU"),
        ("tpu", "There is no device 'tpu'"),
        ("cuda:x", "There is no device 'cuda:x'"),
        ("cpu:1", "There is no device 'cpu:1'"),
    ],
)
def test_a_preference_that_cannot_be_met_is_an_error(machine, preferred, words):
    machine()
    with pytest.raises(DeviceError, match=words):
        choose_device(preferred)


def test_a_cuda_number_beyond_the_machine_is_an_error(machine):
    machine(cuda=(9,))
    with pytest.raises(DeviceError, match="this machine has 1 CUDA device"):
        choose_device("cuda:1")


def test_an_old_driver_is_the_reason_for_the_cpu_and_not_a_warning(machine):
    machine(warn="CUDA initialization: The NVIDIA driver on your system is too old\nmore")
    reason = choose_device().reason
    assert reason == (
        "CPU: CUDA cannot be used: CUDA initialization: The NVIDIA driver on your system is too old"
    )


def test_a_device_that_fails_a_small_computation_is_not_used(machine):
    machine(cuda=(5,), broken="no kernel image is available for execution on the device\nhint")
    choice = choose_device()
    assert choice.device == "cpu"
    assert "no kernel image" in choice.reason
    with pytest.raises(DeviceError, match="no kernel image"):
        choose_device("cuda:0")


def test_the_precision_can_be_asked_for(machine):
    machine(cuda=(9,))
    choice = choose_device(precision="float32")
    assert (choice.device, choice.dtype) == ("cuda:0", torch.float32)
    assert choice.reason.endswith("float32 as asked")
    with pytest.raises(DeviceError, match="no precision 'int4'"):
        choose_device(precision="int4")
