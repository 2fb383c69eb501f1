import pytest
import torch
from torch.optim.lr_scheduler import OneCycleLR

from cprfl_core.training.schedule import one_cycle, pace


@pytest.mark.parametrize(("steps", "warmup"), [(40, 0.2), (100, 0.3), (7, 0.5), (1000, 0.05), (12, 0.1)])
def test_one_cycle_equals_torch_at_every_step(steps, warmup):
    weight = torch.nn.Parameter(torch.ones(1))
    optimiser = torch.optim.AdamW([weight], lr=1.0)
    schedule = OneCycleLR(optimiser, max_lr=1.0, total_steps=steps, pct_start=warmup)
    for step in range(steps):
        (group,) = optimiser.param_groups
        found = one_cycle(step, steps, warmup)
        assert found.rate == pytest.approx(group["lr"], rel=1e-9)
        assert found.beta == pytest.approx(group["betas"][0], rel=1e-9)
        optimiser.step()
        if step < steps - 1:
            schedule.step()


@pytest.mark.parametrize("warmup", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("steps", [1, 2, 3, 5])
def test_very_short_runs_have_a_rate_that_is_no_zero_and_no_more_than_the_peak(steps, warmup):
    rates = [one_cycle(step, steps, warmup).rate for step in range(steps)]
    assert all(0 < rate <= 1 for rate in rates)
    assert max(rates) > 0.9 or steps < 3 or warmup == 1.0


def test_a_constant_rate_rises_over_the_warm_up_and_stays():
    rates = [pace("constant", step, 10, 0.4).rate for step in range(10)]
    assert rates == [0.25, 0.5, 0.75, *[1.0] * 7]
    assert pace("constant", 0, 10, 0.0).rate == 1.0
