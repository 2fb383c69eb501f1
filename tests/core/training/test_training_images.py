"""End to end: trunk and head together, on a dataset of images."""

import copy
import multiprocessing

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
    stop_after,
)

from cprfl_core.common.errors import ImageError
from cprfl_core.training.network import Network
from cprfl_core.training.training import TrainingOptions, TrainingResult, train_end_to_end


def train(trunk=None, model=None, pictures=None, options=None, **more) -> TrainingResult:
    chosen = TrainingOptions(**({"epochs": 2, "batch_size": 8, "learning_rate": 1e-2} | (options or {})))
    return train_end_to_end(
        trunk or small_trunk(),
        model or head(),
        pictures or Pictures(),
        data()[2],
        options=chosen,
        device="cpu",
        **more,
    )


def test_trunk_and_head_learn_and_what_was_given_stays():
    trunk, model = small_trunk(), head()
    before = copy.deepcopy(trunk.state_dict())
    result = train(trunk, model, validation=Pictures(seed=1))
    assert all(torch.equal(value, before[name]) for name, value in trunk.state_dict().items())
    assert not torch.equal(result.raw_trunk[0].weight, trunk[0].weight)
    assert not torch.equal(result.raw_model.visual.weight, model.visual.weight)
    assert result.history[-1].total is not None and result.history[-1].tail is None
    banded = train(validation=Pictures(seed=1), train_positives=np.arange(CATEGORIES) * 10)
    assert banded.history[-1].tail is not None and banded.history[-1].medium is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [{}, {"trunk_rate": 0.0}, {"tune": "prompts", "prompt_delta": True}], ids=str
)
def test_augmentation_does_not_depend_on_processes_nor_on_where_a_run_was_resumed(tmp_path, options):
    whole = train(options=options, validation=Pictures(seed=1))
    part = train(
        options=options, validation=Pictures(seed=1), folder=tmp_path, should_stop=stop_after(7), workers=1
    )
    assert part.stopped and part.epochs_done == 1
    assert same(whole, train(options=options, validation=Pictures(seed=1), folder=tmp_path))
    assert not multiprocessing.active_children()


def test_another_seed_gives_another_augmentation():
    assert not same(train(), train(options={"seed": 1}))


def test_the_trunk_has_its_own_rate_whatever_its_parameters_are_called():
    """In the published code the groups go by a prefix of names that matches nothing."""

    class Trunk(nn.Module):
        def __init__(self):
            super().__init__()
            self.prompt_init = nn.Conv2d(3, 12, 4, 4)  # a name that the head has too
            self.visual = nn.BatchNorm2d(12)

        def forward(self, images):
            return self.visual(self.prompt_init(images))

    options = TrainingOptions(learning_rate=1.0, trunk_rate=0.1, weight_decay=0.5, prompt_delta=True)
    network = Network(head(), torch.from_numpy(data()[2]), None, Trunk(), options)
    found = {
        id(weight): (group["peak"], group["weight_decay"])
        for group in network.groups(options)
        for weight in group["params"]
    }
    assert len(found) == sum(len(group["params"]) for group in network.groups(options))
    assert found.keys() == {id(weight) for weight in network.parameters()}
    for weight in network.trunk.parameters():
        assert found[id(weight)] == (pytest.approx(0.1), 0.5 if weight.ndim > 1 else 0.0)
    for weight in [*network.head.parameters(), network.prompt_delta]:
        assert found[id(weight)] == (1.0, 0.5 if weight.ndim > 1 else 0.0)


def test_weights_that_head_and_trunk_share_stay_shared_and_are_the_heads():
    model = head()

    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.own = nn.Conv2d(3, 16, 4, 4)
            self.visual = model.visual

        def forward(self, images):
            return self.own(images).flatten(2).transpose(1, 2) @ self.visual.weight  # [B, P, 16] @ [16, 12]

    options = TrainingOptions(learning_rate=1.0)
    network = Network(model, torch.from_numpy(data()[2]), None, Tied(), options)
    assert network.trunk.visual is network.head.visual
    heads = [id(weight) for group in network.groups(options)[:2] for weight in group["params"]]
    assert id(network.head.visual.weight) in heads
    result = train(Tied(), model)
    assert result.trunk.visual.weight is result.model.visual.weight


def test_a_frozen_trunk_does_not_move_nor_its_running_statistics():
    trunk = small_trunk()
    for options in ({"trunk_rate": 0.0}, {"tune": "prompts"}):
        result = train(trunk, options=options)
        after = result.raw_trunk.state_dict()
        assert all(torch.equal(value, after[name]) for name, value in trunk.state_dict().items())
        assert all(weight.requires_grad for weight in result.trunk.parameters())


def test_tokens_and_a_map_give_the_same_numbers():
    class Tokens(nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, images):
            return self.inner(images).flatten(2).transpose(1, 2)

    mapped, tokens = train(small_trunk()), train(Tokens(small_trunk()))
    assert [record.loss for record in mapped.history] == [record.loss for record in tokens.history]


def test_images_with_nothing_known_are_counted_and_a_batch_of_them_is_left_out():
    pictures = Pictures()
    pictures.targets[5:] = -1
    result = train(pictures=pictures, options={"batch_size": 1, "epochs": 1, "weight_decay": 0.5})
    assert result.skipped == 15 and result.epochs_done == 1
    pictures.targets[:] = -1
    unchanged = train(pictures=pictures, options={"weight_decay": 0.5})
    start = head().state_dict()
    assert all(torch.equal(value, start[name]) for name, value in unchanged.raw_model.state_dict().items())


@pytest.mark.parametrize("workers", [0, 1])
def test_a_known_error_of_the_dataset_arrives_as_it_is(workers):
    class Broken(Pictures):
        def __getitem__(self, index):
            if index == 3:
                raise ImageError("truncated: the file ends early")
            return super().__getitem__(index)

    with pytest.raises(ImageError) as caught:
        train(pictures=Broken(), workers=workers)
    assert str(caught.value) == "truncated: the file ends early"
