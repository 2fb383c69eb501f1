import random
from functools import cache

import numpy as np
import pytest
import torch
from training_parts import (
    CATEGORIES,
    FAST,
    data,
    head,
    one_thread,  # noqa: F401 (it acts by itself)
    same,
    stop_after,
    train,
    uninterrupted,
    weights,
)

from cprfl_core.training.training import TrainingFinished, TrainingOptions, TrainingStarted, train_on_patches


@pytest.mark.slow
def test_training_lowers_the_loss_and_raises_held_out_precision():
    patches, labels, text = data(images=200)
    result = train(
        given=(patches[:160], labels[:160], text),
        options={"epochs": 12, "loss": "bce", "ema": 0.9},
        validation=(patches[160:], labels[160:]),
    )
    assert result.history[-1].loss < 0.6 * result.history[0].loss
    assert result.history[-1].total > result.history[0].total + 0.2
    assert result.epochs_done == 12 and not result.stopped


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    first = train(options={"prompt_delta": True})
    torch.rand(5)
    assert same(first, train(options={"prompt_delta": True}))
    assert not same(first, train(options={"prompt_delta": True, "seed": 1}))


def test_what_is_given_and_the_global_generators_stay_as_they_were():
    model, before = head(), head().state_dict()
    torch.manual_seed(5), random.seed(5), np.random.seed(5)
    train(model, options={"tune": "prompts"})
    drawn = torch.rand(1).item(), random.random(), np.random.rand()
    torch.manual_seed(5), random.seed(5), np.random.seed(5)
    assert drawn == (torch.rand(1).item(), random.random(), np.random.rand())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(weight.requires_grad for weight in model.parameters()) and model.training


def test_a_callback_that_draws_random_numbers_changes_nothing():
    assert same(uninterrupted(), train(on_event=lambda _: torch.rand(3)))


@cache
def _whole(**options):
    return train(options=options, validation=data(seed=1, images=10)[:2])


@pytest.mark.parametrize("batches", [0, 3, 5, 6, 7, 14])
@pytest.mark.parametrize("options", [{}, {"ema": 0.0, "prompt_delta": True}], ids=str)
def test_a_run_that_is_stopped_and_resumed_gives_the_numbers_of_one_that_was_not(tmp_path, batches, options):
    more = {"options": options, "validation": data(seed=1, images=10)[:2]}
    whole = _whole(**options)
    part = train(**more, folder=tmp_path, should_stop=stop_after(batches))
    assert part.stopped and part.epochs_done == batches // 7, (
        "an epoch has five batches and two of validation"
    )
    assert not same(whole, part)
    torch.rand(7)
    assert same(whole, train(**more, folder=tmp_path))


def test_a_finished_run_is_not_trained_again(tmp_path):
    first, events = train(folder=tmp_path), []
    assert same(first, train(folder=tmp_path, on_event=events.append))
    assert [type(event) for event in events] == [TrainingStarted, TrainingFinished]
    assert events[0].resumed_at == events[0].steps == 15


def test_a_category_with_only_unknown_entries_has_exactly_no_gradient():
    patches, labels, text = data()
    labels[:, 2] = -1
    options = {"prompt_delta": True, "weight_decay": 0.0}
    delta = train(head(interaction="cross"), (patches, labels, text), options).raw_prompt_delta
    assert not delta[2].any() and delta[1].any()


def test_images_with_nothing_known_are_counted_and_change_nothing():
    patches, labels, text = data()
    wild = np.concatenate([patches, np.full_like(patches[:3], 1e6)])
    unknown = np.concatenate([labels, np.full_like(labels[:3], -1)])
    events = []
    with_unknown = train(given=(wild, unknown, text), on_event=events.append)
    assert with_unknown.skipped == 3 and (events[0].images, events[0].skipped) == (40, 3)
    assert same(uninterrupted(), with_unknown)


def test_the_result_has_a_delta_for_each_category_only_where_asked_for():
    assert train().prompt_delta is None
    assert train(options={"prompt_delta": True}).prompt_delta.shape == (CATEGORIES, 16)
    assert weights(train(prompt_delta=np.ones((CATEGORIES, 16), np.float32)))["raw_delta"].eq(1).all()


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_a_cuda_device_learns_as_the_cpu_does(tmp_path, precision):
    patches, labels, text = data()
    options = TrainingOptions(**FAST, loss="bce", precision=precision, prompt_delta=True)
    given = head(dropout=0.0), patches, labels, text
    more = {"options": options, "validation": (patches, labels)}
    whole = train_on_patches(*given, **more, device="cuda")
    assert whole.model.visual.weight.device.type == "cpu"
    train_on_patches(*given, **more, device="cuda", folder=tmp_path, should_stop=stop_after(7))
    resumed = train_on_patches(*given, **more, device="cuda", folder=tmp_path)
    on_cpu = train(head(dropout=0.0), options={"loss": "bce", "prompt_delta": True})
    for one, other, third in zip(whole.history, resumed.history, on_cpu.history, strict=True):
        assert one.loss == pytest.approx(other.loss, rel=1e-4)
        assert one.loss == pytest.approx(third.loss, rel=1e-3 if precision == "float32" else 5e-2)
