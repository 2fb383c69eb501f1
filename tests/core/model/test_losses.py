from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file
from torch.nn.functional import binary_cross_entropy_with_logits

from cprfl_core.common.errors import InputError
from cprfl_core.model.losses import asymmetric_loss, binary_cross_entropy

FIXTURE = Path(__file__).parents[2] / "data" / "cprfl_reference_small.safetensors"
SETTINGS = [(0.0, 0.0, 0.0), (2.0, 0.0, 0.0), (4.0, 0.0, 0.05), (4.0, 1.0, 0.05)]
LOSSES = [
    asymmetric_loss,
    lambda logits, targets: asymmetric_loss(logits, targets, 2.0, 1.0, 0.0, focusing_gradient=True),
    lambda logits, targets: asymmetric_loss(logits, targets, 0.5, 0.5, 0.05, focusing_gradient=True),
    binary_cross_entropy,
]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors gain nothing from threads, and on a busy machine they wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(("gamma_neg", "gamma_pos", "clip"), SETTINGS)
def test_value_and_gradient_equal_the_authors(gamma_neg, gamma_pos, clip):
    numbers = load_file(FIXTURE)
    key = f"loss.gn{gamma_neg:.0f}_gp{gamma_pos:.0f}_clip{clip}"
    logits = numbers["loss.logits"].requires_grad_()
    loss = asymmetric_loss(logits, numbers["loss.targets"], gamma_neg, gamma_pos, clip)
    loss.backward()
    assert loss.item() == pytest.approx(numbers[f"{key}.value"].item(), rel=1e-5)
    gradient = numbers[f"{key}.grad"]
    assert (logits.grad - gradient).abs().max() < 1e-5 * gradient.abs().max()


def test_focusing_gradient_is_that_of_the_formula():
    logits = torch.tensor([[0.3, 1.0, -0.4, 2.0]], dtype=torch.float64, requires_grad=True)
    targets = torch.tensor([[1, 0, 1, 0]])

    def loss(values):
        return asymmetric_loss(values, targets, 4.0, 1.0, 0.05, focusing_gradient=True)

    assert torch.autograd.gradcheck(loss, logits)


def test_without_focusing_and_clip_it_is_binary_cross_entropy():
    torch.manual_seed(0)
    logits, targets = torch.randn(6, 5) * 4, torch.randint(0, 2, (6, 5))
    expected = binary_cross_entropy_with_logits(logits, targets.float())
    torch.testing.assert_close(asymmetric_loss(logits, targets, 0.0, 0.0, 0.0), expected)
    torch.testing.assert_close(binary_cross_entropy(logits, targets), expected)


@pytest.mark.parametrize("loss", LOSSES)
def test_unknown_entries_weigh_nothing(loss):
    torch.manual_seed(1)
    logits = torch.randn(5, 4, dtype=torch.float64, requires_grad=True)
    targets = torch.randint(0, 2, (5, 4))
    unknown = torch.rand(5, 4) < 0.4
    value = loss(logits, targets.masked_fill(unknown, -1))
    known = loss(logits[~unknown][None], targets[~unknown][None])
    torch.testing.assert_close(value, known)
    value.backward()
    assert not logits.grad[unknown].any()
    assert logits.grad[~unknown].all()


@pytest.mark.parametrize("loss", LOSSES)
def test_nothing_known_costs_nothing_and_can_be_trained_on(loss):
    logits = torch.tensor([[80.0, -80.0]], requires_grad=True)
    value = loss(logits, torch.full((1, 2), -1))
    value.backward()
    assert value.item() == 0
    assert not logits.grad.any()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_wide_logits_give_finite_values_and_gradients(loss, dtype):
    scale = torch.tensor([0.0, 1e-4, 3.0, 17.0, 90.0, 6e4], dtype=dtype)
    logits = torch.cat([scale, -scale]).repeat(3, 1).requires_grad_()
    targets = torch.tensor([[1], [0], [-1]]).expand(3, 12)
    value = loss(logits, targets)
    value.backward()
    assert value.isfinite()
    assert logits.grad.isfinite().all()


def test_a_very_wrong_yes_still_learns():
    logits = torch.tensor([[-60.0]], requires_grad=True)
    asymmetric_loss(logits, torch.tensor([[1]])).backward()
    assert logits.grad.item() == pytest.approx(-1.0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-40, 40), st.sampled_from([1, 0, -1])), min_size=1, max_size=12))
def test_loss_is_never_negative_and_does_not_depend_on_the_order(entries):
    logits = torch.tensor([[logit for logit, _ in entries]], dtype=torch.float64)
    targets = torch.tensor([[target for _, target in entries]])
    value = asymmetric_loss(logits, targets)
    assert value >= 0
    torch.testing.assert_close(asymmetric_loss(logits.flip(1), targets.flip(1)), value)


def test_gradients_stay_off_where_they_are_off():
    with torch.no_grad():
        value = asymmetric_loss(torch.zeros(1, 1, requires_grad=True), torch.ones(1, 1))
        assert not torch.is_grad_enabled()
    assert not value.requires_grad
    assert torch.is_grad_enabled()


@pytest.mark.parametrize(
    ("logits", "targets", "told"),
    [
        (torch.zeros(2, 3), torch.zeros(3, 2), r"\[2, 3\].*\[3, 2\]"),
        (torch.zeros(0, 3), torch.zeros(0, 3), "neither empty"),
        (torch.zeros(3, 0), torch.zeros(3, 0), r"\[3, 0\].*neither empty"),
        (torch.zeros(3), torch.zeros(3), r"shape \[3\].*give both as \[images, categories\]"),
        (torch.zeros(2, 3, dtype=torch.int32), torch.zeros(2, 3), "logits are torch.int32"),
        (torch.zeros(1, 2), torch.tensor([[1.0, 0.5]]), "A target is 0.5"),
        (torch.zeros(1, 1), torch.tensor([[torch.nan]]), "A target is nan"),
    ],
)
def test_inputs_that_do_not_fit_are_named(logits, targets, told):
    for loss in (asymmetric_loss, binary_cross_entropy):
        with pytest.raises(InputError, match=told):
            loss(logits, targets)


@pytest.mark.parametrize(
    "setting",
    [
        {"gamma_neg": -1.0},
        {"gamma_pos": -0.1},
        {"clip": 1.0},
        {"clip": -0.1},
        {"gamma_neg": float("nan")},
        {"gamma_pos": float("inf")},
        {"clip": float("nan")},
    ],
)
def test_settings_out_of_range_are_named(setting):
    (name, value), *_ = setting.items()
    with pytest.raises(InputError, match=f"{name}={value}"):
        asymmetric_loss(torch.zeros(1, 1), torch.ones(1, 1), **setting)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
def test_a_broken_logit_of_a_known_entry_shows_in_the_loss_and_one_of_an_unknown_does_not(loss, bad):
    logits, targets = torch.tensor([[bad, 0.5]]), torch.tensor([[0 if bad > 0 else 1, 1]])
    if torch.isnan(torch.tensor(bad)) or loss is binary_cross_entropy:
        assert not loss(logits, targets).isfinite()
    assert loss(logits, torch.tensor([[-1, 1]])).isfinite()


def test_a_category_without_a_yes_is_pushed_down_and_one_category_is_enough():
    logits = torch.zeros(4, 1, requires_grad=True)
    asymmetric_loss(logits, torch.zeros(4, 1)).backward()
    assert (logits.grad > 0).all()
