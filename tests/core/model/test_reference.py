"""The head against the numbers of the authors' own code."""

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from cprfl_core.common.errors import InputError
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.interaction import Order
from cprfl_core.model.losses import asymmetric_loss
from cprfl_core.model.reference import PlainCPRFL, load_reference_state, to_reference_names

FIXTURE = Path(__file__).parents[2] / "data" / "cprfl_reference_small.safetensors"
ORDERS = [Order(fold, values) for fold in (True, False) for values in ("pool", "project", "output")]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors gain nothing from threads, and on a busy machine they wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def numbers() -> dict[str, Tensor]:
    return load_file(FIXTURE)


@pytest.fixture(scope="module")
def weights(numbers) -> dict[str, Tensor]:
    return part(numbers, "weight.")


@pytest.fixture
def model(weights) -> CPRFL:
    made = CPRFL(**sizes(), dropout=0.1).eval()
    load_reference_state(made, weights)
    return made


def sizes() -> dict[str, int]:
    with safe_open(FIXTURE, "pt") as file:
        told = file.metadata()
    names = ("backbone_dim", "text_dim", "dim", "heads", "dim_head", "mlp_dim")
    return {name: int(told[name]) for name in names}


def part(numbers: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in numbers.items() if name.startswith(prefix)}


def rows(patch_map: Tensor) -> Tensor:
    return patch_map.flatten(2).transpose(1, 2)  # [B, W, rows, columns] -> [B, P, W]


def off(actual: Tensor, expected: Tensor) -> float:
    """Largest difference relative to the largest number."""
    return ((actual - expected).abs().max() / expected.abs().max()).item()


def test_prompts_equal_the_authors(model, numbers):
    assert off(model.prompts(numbers["input.text_features"]), numbers["expected.prompts"]) < 1e-5


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_logits_loss_and_every_gradient_equal_the_authors_in_every_order(model, numbers, monkeypatch, order):
    monkeypatch.setattr("cprfl_core.model.cprfl.cheapest_order", lambda **_: order)
    patch_map = numbers["input.patch_map"].clone().requires_grad_()
    logits = model(rows(patch_map), numbers["input.text_features"])
    loss = asymmetric_loss(logits, numbers["input.targets"])
    loss.backward()
    assert off(logits, numbers["expected.logits"]) < 1e-5
    assert off(loss, numbers["expected.asl_loss"]) < 1e-5
    gradients = to_reference_names({name: value.grad for name, value in model.named_parameters()})
    gradients["patch_map"] = patch_map.grad
    expected = part(numbers, "expected.grad.")
    assert gradients.keys() == expected.keys()
    worst = {name: off(gradients[name], expected[name]) for name in expected}
    assert max(worst.values()) < 1e-5, worst


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_folded_scorer_equals_the_authors_in_every_order(model, numbers, monkeypatch, order):
    monkeypatch.setattr("cprfl_core.model.cprfl.cheapest_order", lambda **_: order)
    scorer = model.fold(numbers["input.text_features"])
    patches = rows(numbers["input.patch_map"])
    assert off(scorer(patches), numbers["expected.logits"]) < 1e-5
    assert off(scorer.from_tokens(scorer.tokens(patches)), numbers["expected.logits"]) < 1e-5


def test_plain_forward_equals_the_authors(weights, numbers):
    plain = PlainCPRFL(**sizes())
    plain.load_state_dict(weights)
    logits = plain(rows(numbers["input.patch_map"]), numbers["input.text_features"])
    assert off(logits, numbers["expected.logits"]) < 1e-5


def test_weights_survive_the_way_to_the_authors_names_and_back(model, weights):
    renamed = to_reference_names(model.state_dict())
    assert renamed.keys() == weights.keys()
    assert all(torch.equal(renamed[name], weights[name]) for name in weights)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda state: state.pop("fc.0.bias"), "missing: fc.0.bias"),
        (lambda state: state.update({"fc.1.weight": torch.zeros(1)}), "unknown: fc.1.weight"),
        (
            lambda state: state.update({"label_emb.0.weight": torch.zeros(32, 31)}),
            r"label_emb.0.weight is \[32, 31\] instead of \[32, 32\]",
        ),
        (lambda state: state.update({"fc.0.bias": [0.0] * 64}), "not tensors: fc.0.bias is of type list"),
        (lambda state: state.clear(), "missing: fc.0.weight, fc.0.bias"),
        (lambda state: state.update({"fc.0.bias": torch.full((64,), torch.nan)}), "NaN.*: fc.0.bias"),
    ],
)
def test_weights_that_do_not_fit_are_named_and_leave_the_model_as_it_was(model, weights, change, told):
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = {name: value + 1 for name, value in weights.items()}
    change(state)
    with pytest.raises(InputError, match=told):
        load_reference_state(model, state)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
