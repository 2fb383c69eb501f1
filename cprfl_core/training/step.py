"""One training step: loss, gradients and update, in smaller parts if memory is short."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, TypeVar

import torch
from torch import Tensor, nn

from cprfl_core.common.errors import DeviceError, DeviceMemoryError, InputError
from cprfl_core.model.losses import asymmetric_loss, binary_cross_entropy
from cprfl_core.training.data import Batch
from cprfl_core.training.ema import WeightAverage
from cprfl_core.training.network import Network
from cprfl_core.training.options import TrainingOptions
from cprfl_core.training.randomness import seed_step
from cprfl_core.training.schedule import pace

_HALVINGS: Final = 3
_SMALLEST_SCALE: Final = 2.0**-10
_DTYPES: Final = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}

Result = TypeVar("Result")


class NotFiniteError(Exception):
    """Training cannot continue; the text is a fragment that follows epoch and step."""


class Memory:
    """The number of images processed at once: halved, up to three times, if they do not fit."""

    def __init__(self, device: torch.device, size: int, warn: Callable[[str], None]) -> None:
        self.device, self.size = device, size
        self._first, self._warn = size, warn
        self.halvings = 0

    def within(self, work: Callable[[int], Result]) -> Result:
        """Return `work(size)`, restarted with half the size if memory runs out.

        Raises:
            DeviceMemoryError: it does not fit even after the last halving, or with a single image.
            DeviceError: the device has stopped working.
        """
        while True:
            try:
                return work(self.size)
            except RuntimeError as error:
                if is_lost_device(error):
                    raise DeviceError(
                        f"{self.device} has stopped working ({str(error).splitlines()[0]}); "
                        "restart the program, and use the cpu if it happens again."
                    ) from error
                if not is_out_of_memory(error):
                    raise
            # Outside the handler, because the error keeps the tensors of its frames alive.
            self._halve()

    def _halve(self) -> None:
        if self.halvings == _HALVINGS or self.size == 1:
            raise DeviceMemoryError(
                f"{self.size} of the {self._first} images of a batch do not fit in the memory of "
                f"{self.device}; close other programs, use a smaller model or train on the cpu."
            )
        self.halvings += 1
        self.size = -(-self.size // 2)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        self._warn(
            f"The batch does not fit in the memory of {self.device}; continuing with {self.size} images at a "
            "time. The batch size of each step stays the same."
        )


def is_out_of_memory(error: BaseException) -> bool:
    """True for CUDA's error type, and for the messages of the CPU's allocator, MPS and cuBLAS."""
    if isinstance(error, torch.OutOfMemoryError):
        return True
    message = str(error)
    return isinstance(error, RuntimeError) and any(
        words in message
        for words in ("not enough memory", "can't allocate memory", "out of memory", "ALLOC_FAILED")
    )


def is_lost_device(error: BaseException) -> bool:
    """True if a driver or card failed; a device-side assertion is a bug instead."""
    message = str(error)
    failed = message.startswith(("CUDA error", "HIP error")) and "device-side assert" not in message
    return isinstance(error, RuntimeError) and failed and not is_out_of_memory(error)


class Stepper:
    """Network, averaged network and optimiser, with a method for one step."""

    def __init__(self, network: Network, options: TrainingOptions, steps: int, memory: Memory) -> None:
        self.network, self.options, self.steps, self.memory = network, options, steps, memory
        self.device = memory.device
        self.average = WeightAverage(network, options.ema)
        # One pass over the weights instead of ten; older versions of torch have no such kernel for MPS.
        fused = self.device.type in ("cpu", "cuda")
        self.optimiser = torch.optim.AdamW(network.groups(options), fused=fused)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=options.precision == "float16")
        self._learning = network.learning()

    def step(self, batch: Batch, number: int) -> float | None:
        """Train on a batch as step `number`, from 0; return its loss, None if no label in it is known.

        Raises:
            NotFiniteError: loss or gradient is not finite; weights and averages are unchanged.
            InputError: a feature is not finite; the sentence names the image.
            DeviceMemoryError: see `Memory`.
        """
        known = int((batch.targets >= 0).sum())
        if not known:
            return None
        now = pace(self.options.schedule, number, self.steps, self.options.warmup)
        for group in self.optimiser.param_groups:
            group["lr"], group["betas"] = group["peak"] * now.rate, (now.beta, 0.999)
        self.network.train()
        loss = self.memory.within(lambda size: self._gradients(batch, number, known, size))
        if not math.isfinite(loss):
            self._name_bad_features(batch)
            raise NotFiniteError(f"the loss is {loss}")
        self._update()
        return loss

    def logits(self, network: Network, batch: Batch) -> Tensor:
        """Return float32 logits [b, C] of `network` on the CPU, without gradients."""

        def score(size: int) -> Tensor:
            parts = []
            for at in range(0, len(batch), size):
                inputs, _ = batch.part(at, at + size).on(self.device)
                with torch.no_grad(), self._autocast():
                    parts.append(network(inputs).float().cpu())
            return torch.cat(parts)

        try:
            return self.memory.within(score)
        except InputError:
            self._name_bad_features(batch)
            raise

    def _gradients(self, batch: Batch, number: int, known: int, size: int) -> float:
        """Accumulate the gradient of the whole batch from parts; the loss is the mean over known entries."""
        self.optimiser.zero_grad(set_to_none=True)
        total = torch.zeros((), device=self.device)
        for part, at in enumerate(range(0, len(batch), size)):
            some = batch.part(at, at + size)
            share = int((some.targets >= 0).sum()) / known
            if not share:
                continue
            seed_step(self.device, self.options.seed, number, part)
            inputs, targets = some.on(self.device)
            try:
                with self._autocast():
                    logits = self.network(inputs)
            except InputError:
                self._name_bad_features(batch)
                raise
            loss = self._loss(logits, targets) * share
            self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            total += loss.detach()
        return float(total)

    def _loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        options = self.options
        if options.loss == "bce":
            return binary_cross_entropy(logits, targets)
        return asymmetric_loss(
            logits,
            targets,
            options.gamma_neg,
            options.gamma_pos,
            options.clip,
            focusing_gradient=options.focusing_gradient,
        )

    def _update(self) -> None:
        self.scaler.unscale_(self.optimiser)
        longest = math.inf if self.options.clip_norm is None else self.options.clip_norm
        norm = float(nn.utils.clip_grad_norm_(self._learning, longest))
        if not math.isfinite(norm) and not self.scaler.is_enabled():
            raise NotFiniteError(f"the norm of the gradient is {norm}")
        try:
            if math.isfinite(norm):
                self.scaler.step(self.optimiser)
                self.average.update()
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            # The moments are allocated in the first step; a smaller batch would not help.
            raise DeviceMemoryError(
                f"The weights and the optimiser's state do not fit in the memory of {self.device}; "
                "use a smaller model or train on the cpu."
            ) from error
        self.scaler.update()
        if self.scaler.is_enabled() and self.scaler.get_scale() < _SMALLEST_SCALE:
            raise NotFiniteError("the gradient overflows in float16 at any scale")

    def _autocast(self) -> Any:
        dtype = _DTYPES[self.options.precision]
        return torch.autocast(self.device.type, dtype=dtype, enabled=dtype != torch.float32)

    def _name_bad_features(self, batch: Batch) -> None:
        """Raise InputError if an input is not finite, with its row in the data instead of the batch."""
        inputs, _ = batch.on(torch.device("cpu"))
        bad = ~torch.isfinite(inputs).flatten(1).all(1)
        if bad.any():
            rows = batch.rows[bad.numpy()]
            raise InputError(
                f"The features of {len(rows)} images in a batch hold NaN or infinite numbers, the first in "
                f"image {int(rows[0])} of the data; compute these features again."
            )
