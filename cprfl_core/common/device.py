"""Chooses device and precision, with a reason in words."""

import platform
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import psutil
import torch

from cprfl_core.common.errors import DeviceError

Precision = Literal["float32", "bfloat16", "float16"]

_DTYPES: Final[dict[Precision, torch.dtype]] = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """``device`` is torch's name; ``memory`` in bytes, None if the system does not report it."""

    device: str
    precision: Precision
    reason: str
    name: str = ""
    memory: int | None = None

    @property
    def kind(self) -> str:
        """ "cuda", "mps" or "cpu"."""
        return self.device.partition(":")[0]

    @property
    def dtype(self) -> torch.dtype:
        return _DTYPES[self.precision]


def choose_device(preferred: str | None = None, precision: Precision | None = None) -> DeviceChoice:
    """The best device of this machine: CUDA, then Apple's MPS, then the CPU.

    ``preferred``: "cpu", "cuda", "cuda:1" or "mps". ``precision`` overrides the device's default. Raises
    DeviceError if a preference cannot be met; without one the CPU is always available.
    """
    if precision is not None and precision not in _DTYPES:
        raise DeviceError(f"There is no precision {precision!r}; use {', '.join(_DTYPES)}.")
    choice = _preferred(preferred) if preferred is not None else _best()
    if precision is None or precision == choice.precision:
        return choice
    reason = f"{choice.reason}, {precision} as asked"
    return DeviceChoice(choice.device, precision, reason, choice.name, choice.memory)


def _best() -> DeviceChoice:
    fault = _cuda_fault(0)
    if fault is None:
        return _cuda(0, "")
    if _mps_usable():
        return _mps()
    return _cpu(fault)


def _preferred(preferred: str) -> DeviceChoice:
    kind, _, number = preferred.strip().lower().partition(":")
    if kind == "cpu" and not number:
        return _cpu("asked for")
    if kind == "mps" and not number:
        if not _mps_usable():
            raise DeviceError("The device 'mps' is not available (it needs an Apple GPU); use cpu.")
        return _mps()
    if kind != "cuda" or (number and not number.isdigit()):
        raise DeviceError(f"There is no device {preferred!r}; use cpu, cuda, cuda:1 or mps.")
    fault = _cuda_fault(int(number or 0))
    if fault is not None:
        raise DeviceError(f"The device {preferred!r} cannot be used ({fault}); use cpu.")
    return _cuda(int(number or 0), ", asked for")


def _cuda_fault(index: int) -> str | None:
    """None if a small computation succeeds on the device, otherwise what is wrong."""
    with warnings.catch_warnings(record=True) as caught:
        # If a driver is old or missing, torch only warns and reports no device.
        warnings.simplefilter("always")
        available = torch.cuda.is_available()
    if not available:
        warning = str(caught[0].message).splitlines()[0].strip() if caught else ""
        return f"CUDA cannot be used: {warning}" if warning else "no CUDA device found"
    count = torch.cuda.device_count()
    if index >= count:
        return f"this machine has {count} CUDA device{'s' if count > 1 else ''}"
    try:
        torch.ones(2, device=f"cuda:{index}").sum().item()
    except RuntimeError as error:
        return f"CUDA cannot be used: {str(error).splitlines()[0].strip()}"
    return None


def _cuda(index: int, why: str) -> DeviceChoice:
    properties = torch.cuda.get_device_properties(index)
    # Below compute capability 8 bfloat16 is emulated.
    precision: Precision = "bfloat16" if properties.major >= 8 else "float16"
    reason = f"CUDA: {properties.name}{why}, {precision}"
    return DeviceChoice(f"cuda:{index}", precision, reason, properties.name, int(properties.total_memory))


def _mps_usable() -> bool:
    return torch.backends.mps.is_available()


def _mps() -> DeviceChoice:
    memory = int(torch.mps.recommended_max_memory())
    return DeviceChoice("mps", "float16", "MPS: Apple GPU, float16", "Apple GPU", memory)


def _cpu(why: str) -> DeviceChoice:
    return DeviceChoice("cpu", "float32", f"CPU: {why}", _cpu_name(), int(psutil.virtual_memory().total))


def _cpu_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
