import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from training_parts import one_thread  # noqa: F401 (it acts by itself)

from cprfl_core.training.ema import WeightAverage


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))


def shake(module):
    """Change every weight, and the running statistics by a forward pass."""
    with torch.no_grad():
        for weight in module.parameters():
            weight.add_(torch.randn_like(weight))
    module.train()(torch.randn(5, 3))


def test_the_average_follows_its_formula_from_the_first_update_on():
    source = network()
    average = WeightAverage(source, 0.8)
    expected = source[0].weight.detach().double().numpy().copy()
    for update in range(1, 60):
        shake(source)
        average.update()
        decay = min(0.8, update / (9 + update))
        expected = decay * expected + (1 - decay) * source[0].weight.detach().double().numpy()
        np.testing.assert_allclose(average.network[0].weight.numpy(), expected, rtol=1e-4, atol=1e-5)


def test_past_its_warm_up_it_equals_torchs_averaged_model():
    source = network()
    average = WeightAverage(source, 0.95)
    average.updates = 10_000
    oracle = AveragedModel(source, multi_avg_fn=get_ema_multi_avg_fn(0.95), use_buffers=True)
    oracle.update_parameters(source)  # the first one copies
    for _ in range(20):
        shake(source)
        average.update()
        oracle.update_parameters(source)
    found = average.network.state_dict()
    for name, value in oracle.module.state_dict().items():
        if value.is_floating_point():
            torch.testing.assert_close(found[name], value)


def test_counters_are_copied_and_running_statistics_averaged():
    source = network()
    average = WeightAverage(source, 0.9)
    before = source[1].running_mean.clone()
    for _ in range(3):
        shake(source)
    average.update()
    assert average.network[1].num_batches_tracked == source[1].num_batches_tracked == 3
    torch.testing.assert_close(average.network[1].running_mean, 0.1 * before + 0.9 * source[1].running_mean)


def test_a_short_run_is_not_stuck_at_its_start():
    source = network()
    start = source[0].weight.detach().clone()
    average = WeightAverage(source, 0.998)
    with torch.no_grad():
        source[0].weight.add_(1.0)
    for _ in range(10):
        average.update()
    assert (average.network[0].weight - start).min() > 0.9999


def test_weights_that_do_not_learn_are_shared_and_others_are_not():
    source = network()
    source[2].requires_grad_(False)
    average = WeightAverage(source, 0.9)
    assert average.network[2].weight is source[2].weight
    assert average.network[0].weight.data_ptr() != source[0].weight.data_ptr()
    assert not average.network[0].weight.requires_grad and source[0].weight.requires_grad


@pytest.mark.parametrize("updates", [0, 3])
def test_without_decay_it_is_the_network_itself(updates):
    source = network()
    average = WeightAverage(source, 0.0)
    for _ in range(updates):
        average.update()
    assert average.network is source
