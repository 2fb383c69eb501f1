"""Memory that runs out, numbers that run away, input that does not fit."""

import numpy as np
import pytest
import torch
from torch import nn
from training_parts import (
    CATEGORIES,
    Pictures,
    data,
    head,
    one_thread,  # noqa: F401 (it acts by itself)
    same,
    small_trunk,
    train,
    weights,
)

from cprfl_core.common.errors import DeviceError, DeviceMemoryError, InputError, TrainingError
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.training.step import is_out_of_memory
from cprfl_core.training.training import TrainingOptions, TrainingWarning, train_end_to_end

FULL = torch.OutOfMemoryError("CUDA out of memory")


def narrow(most: int, *, error=FULL, backward=False) -> CPRFL:
    """A head that has no room for more than so many images at once."""

    class Narrow(CPRFL):
        def forward(self, patches, *rest):
            logits = super().forward(patches, *rest)
            if len(patches) <= most:
                return logits
            if not backward or not logits.requires_grad:
                raise error
            logits.register_hook(self._fail)
            return logits

        def _fail(self, gradient):
            raise error

    torch.manual_seed(0)
    return Narrow(12, 10, 16, 2, 6, 20, dropout=0.0)


@pytest.mark.slow
@pytest.mark.parametrize("backward", [False, True])
def test_a_batch_that_does_not_fit_is_processed_in_parts_with_a_warning(backward):
    events = []
    result = train(narrow(2, backward=backward), on_event=events.append)
    warnings = [event.sentence for event in events if isinstance(event, TrainingWarning)]
    assert len(warnings) == 2 and "continuing with 4" in warnings[0] and "continuing with 2" in warnings[1]
    assert result.batch_size == 2
    wide = train(narrow(99))
    assert wide.batch_size == 8
    for name, value in weights(wide).items():
        torch.testing.assert_close(weights(result)[name], value, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_validation_that_does_not_fit_goes_through_in_parts():
    class Narrow(CPRFL):
        def forward(self, patches, *rest):
            if not self.training and len(patches) > 3:
                raise FULL
            return super().forward(patches, *rest)

    torch.manual_seed(0)
    model, validation = Narrow(12, 10, 16, 2, 6, 20), data(seed=1)[:2]
    found, expected = train(model, validation=validation), train(validation=validation)
    assert (found.batch_size, expected.batch_size) == (2, 8)
    assert found.history[0].total == pytest.approx(expected.history[0].total)


def test_what_does_not_fit_after_three_halvings_is_a_known_error():
    events = []
    with pytest.raises(DeviceMemoryError, match="1 of the 8 images of a batch do not fit"):
        train(narrow(0), on_event=events.append)
    assert sum(isinstance(event, TrainingWarning) for event in events) == 3
    with pytest.raises(DeviceMemoryError, match="2 of the 16 images of a batch do not fit"):
        train(narrow(1), options={"batch_size": 16})


@pytest.mark.parametrize(
    ("error", "memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), True),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:115] DefaultCPUAllocator: can't allocate memory"),
            True,
        ),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
    ids=str,
)
def test_memory_errors_are_distinguished_from_bugs(error, memory):
    assert is_out_of_memory(error) is memory


def test_a_bug_in_the_network_passes_with_its_own_error():
    with pytest.raises(RuntimeError, match="a bug"):
        train(narrow(0, error=RuntimeError("a bug")))


@pytest.mark.parametrize(
    "told", ["CUDA error: unspecified launch failure\nCompile with", "CUDA error: the launch timed out"]
)
def test_a_device_that_is_lost_is_a_known_error(tmp_path, told):
    class Lost(CPRFL):
        calls = 0

        def forward(self, *inputs):
            Lost.calls += 1
            if Lost.calls == 8:
                raise RuntimeError(told)
            return super().forward(*inputs)

    torch.manual_seed(0)
    model = Lost(12, 10, 16, 2, 6, 20)
    with pytest.raises(DeviceError, match=r"cpu has stopped working \(CUDA error: [a-z ]*\)"):
        train(model, folder=tmp_path)
    assert same(train(model, folder=tmp_path), train(model))


def test_an_assertion_on_the_device_is_a_bug():
    with pytest.raises(RuntimeError, match="device-side"):
        train(narrow(0, error=RuntimeError("CUDA error: device-side assert triggered")))


@pytest.mark.slow
def test_a_loss_that_is_not_finite_names_the_place_and_keeps_the_last_checkpoint(tmp_path):
    class Bursting(CPRFL):
        steps = 0

        def forward(self, *inputs):
            logits = super().forward(*inputs)
            Bursting.steps += self.training
            return logits * (float("nan") if Bursting.steps == 8 else 1.0)

    torch.manual_seed(0)
    model = Bursting(12, 10, 16, 2, 6, 20)
    with pytest.raises(
        TrainingError, match=r"epoch 2 at step 8 of 15: the loss is nan.*0\.01.*checkpoint is kept"
    ):
        train(model, folder=tmp_path)
    Bursting.steps = 100
    assert same(train(model, folder=tmp_path), train(model))


def test_a_gradient_that_is_not_finite_is_an_error_and_never_reaches_the_weights():
    class Bursting(CPRFL):
        def forward(self, *inputs):
            logits = super().forward(*inputs)
            if logits.requires_grad:
                logits.register_hook(lambda gradient: gradient * float("inf"))
            return logits

    with pytest.raises(TrainingError, match="step 1 of 15: the norm of the gradient is"):
        train(Bursting(12, 10, 16, 2, 6, 20))


def test_float16_leaves_out_steps_whose_gradient_overflows():
    """The loss scale starts at 65536 and halves until the gradient fits."""

    class Steep(CPRFL):
        def forward(self, *inputs):
            logits = super().forward(*inputs)
            if logits.requires_grad:
                logits.register_hook(lambda gradient: gradient * 64)
            return logits

    torch.manual_seed(0)
    result = train(Steep(12, 10, 16, 2, 6, 20), options={"precision": "float16", "loss": "bce"})
    assert all(torch.isfinite(value).all() for value in weights(result).values())


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_feature_that_is_not_finite_is_named_by_its_image(value):
    patches, labels, text = data()
    patches[23, 1, 4] = value
    with pytest.raises(InputError, match="image 23 of the data"):
        train(given=(patches, labels, text))
    with pytest.raises(InputError, match="image 23 of the data"):
        train(validation=(patches, labels))
    text[3, 1] = value
    with pytest.raises(InputError, match=r"text_features.*row 3"):
        train(given=(data()[0], labels, text))


def test_input_that_does_not_fit_is_refused_before_anything_is_trained():
    patches, labels, text = data()
    events = []

    def refused(words, *, model=None, given=(patches, labels, text), **more):
        with pytest.raises(InputError, match=words):
            train(model, given, on_event=events.append, **more)

    refused(r"\[40, 7\]", given=(patches, labels[:, :6], text))
    refused(r"labels have shape \[39, 7\]", given=(patches, labels[:39], text))
    refused(r"\[7, 9\]; give \[categories, 10\]", given=(patches, labels, text[:, :9]))
    refused("no categories", given=(patches, labels[:, :0], text[:0]))
    refused("int64", given=(patches, labels, text.astype(np.int64)))
    refused("No label is known on 40 images", given=(patches, np.full_like(labels, -1), text))
    refused(r"deltas have shape \[7, 15\]; give \[7, 16\]", prompt_delta=np.ones((7, 15), np.float32))
    refused("best", options={"keep": "best"})
    refused(r"\[3, 7\]", validation=(patches[:3], labels))
    refused("frozen", model=head().requires_grad_(False))
    assert not events
    with pytest.raises(DeviceError, match="tpu"):
        train_end_to_end(nn.Identity(), head(), Pictures(), text, device="tpu")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epochs": 0}, "epochs is 0"),
        ({"batch_size": -1}, "batch_size is -1"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"ema": 1.0}, r"ema is 1\.0"),
        ({"clip": 1.0}, r"clip is 1\.0"),
        ({"clip_norm": 0.0}, "clip_norm is 0"),
        ({"warmup": 1.5}, r"warmup is 1\.5"),
        ({"seed": -1}, "seed is -1"),
        ({"precision": "float8"}, "'float8'; give \"float32\" or"),
        ({"loss": "focal"}, "'focal'"),
        ({"weight_decay": float("inf")}, "weight_decay is inf"),
    ],
    ids=str,
)
def test_options_out_of_range_are_refused_with_their_value(options, words):
    with pytest.raises(InputError, match=words):
        TrainingOptions(**options)


def test_a_trunk_or_collate_that_gives_the_wrong_shape_is_reported():
    text, pictures = data()[2], Pictures()
    options = TrainingOptions(epochs=1, batch_size=8)
    with pytest.raises(InputError, match=r"trunk returned \[7, 192\]"):
        train_end_to_end(nn.Flatten(), head(), pictures, text, options=options, device="cpu")
    with pytest.raises(InputError, match=r"labels have shape \[7, 7\]; give \[7, 2\]"):
        train_end_to_end(small_trunk(), head(), pictures, text[:2], options=options, device="cpu")
    with pytest.raises(InputError, match="returned 1 images for 7"):
        train_end_to_end(
            small_trunk(),
            head(),
            pictures,
            text,
            options=options,
            device="cpu",
            collate=lambda samples: (samples[0][0][None], samples[0][1][None]),
        )
    with pytest.raises(InputError, match="empty"):
        train_end_to_end(small_trunk(), head(), [], text, options=options, device="cpu")
    assert CATEGORIES == 7
