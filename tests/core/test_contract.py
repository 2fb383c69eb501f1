"""The lines of Python that others build on, to the letter: names, order, defaults, shapes."""

import inspect

import numpy as np
import pytest
import torch

import cprfl_core
from cprfl_core import CPRFL, asymmetric_loss, average_precision, load_reference_state, long_tail_report
from cprfl_core.model.reference import to_reference_names

REQUIRED = inspect.Parameter.empty


def signature_of(function, count):
    """The first parameters with their defaults, all of which can be given by position and by name."""
    parameters = list(inspect.signature(function).parameters.values())[:count]
    assert all(p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for p in parameters)
    return {parameter.name: parameter.default for parameter in parameters}


@pytest.fixture
def model():
    torch.manual_seed(0)
    return CPRFL(
        backbone_dim=12,
        text_dim=10,
        dim=16,
        heads=2,
        dim_head=6,
        mlp_dim=20,
        dropout=0.1,
        interaction="joint",
    ).eval()


def test_the_model_has_the_papers_size_by_default_and_49_million_parameters():
    assert signature_of(CPRFL, 8) == {
        "backbone_dim": 2048,
        "text_dim": 1024,
        "dim": 2048,
        "heads": 8,
        "dim_head": 512,
        "mlp_dim": 2048,
        "dropout": 0.1,
        "interaction": "joint",
    }
    with torch.device("meta"):  # shapes without memory
        assert round(sum(weight.numel() for weight in CPRFL().parameters()) / 1e6, 1) == 49.3


def test_patches_and_texts_give_logits_and_the_fold_gives_the_same(model):
    assert signature_of(CPRFL.forward, 3) == {
        "self": REQUIRED,
        "patches": REQUIRED,
        "text_features": REQUIRED,
    }
    assert list(signature_of(CPRFL.fold, 2)) == ["self", "text_features"]
    patches, text_features = torch.randn(3, 5, 12), torch.randn(7, 10)  # [B, P, W], [C, T]
    logits = model(patches, text_features)
    assert logits.shape == (3, 7)
    scorer = model.fold(text_features)
    assert (scorer(patches) - logits).abs().max() < 1e-4 * logits.abs().max()


def test_the_authors_weights_are_loaded_into_the_model(model):
    assert list(signature_of(load_reference_state, 2)) == ["model", "state_dict"]
    weights = {name: value + 1 for name, value in to_reference_names(model.state_dict()).items()}
    assert load_reference_state(model, weights) is None
    loaded = to_reference_names(model.state_dict())
    assert all(torch.equal(loaded[name], weights[name]) for name in weights)


def test_the_loss_takes_three_states_and_has_the_papers_settings():
    assert signature_of(asymmetric_loss, 5) == {
        "logits": REQUIRED,
        "targets": REQUIRED,
        "gamma_neg": 4.0,
        "gamma_pos": 0.0,
        "clip": 0.05,
    }
    logits = torch.zeros(1, 3)
    loss = asymmetric_loss(logits, torch.tensor([[1, 0, -1]]), gamma_neg=4.0, gamma_pos=0.0, clip=0.05)
    by_hand = (-np.log(0.5) - 0.45**4 * np.log(1 - 0.45)) / 2
    assert loss.item() == pytest.approx(by_hand, rel=1e-6)


def test_average_precision_and_the_report_take_arrays():
    assert list(signature_of(average_precision, 2)) == ["scores", "targets"]
    assert list(signature_of(long_tail_report, 2)) == ["ap", "train_positives"]
    scores = np.array([[0.9, 0.1, 0.3], [0.8, 0.7, 0.2], [0.1, 0.9, 0.5]])
    targets = np.array([[0, 1, 0], [1, 0, 0], [-1, 1, 0]])
    ap = average_precision(scores, targets)
    np.testing.assert_allclose(ap, [0.5, (1 + 2 / 3) / 2, np.nan])
    assert long_tail_report(ap, np.array([100, 20, 3])) == {
        "total": pytest.approx((0.5 + 5 / 6) / 2),
        "head": pytest.approx(0.5),
        "medium": pytest.approx(5 / 6),
        "tail": None,
        "absent": 1,
    }


@pytest.mark.parametrize(
    "name", ["CPRFL", "asymmetric_loss", "average_precision", "long_tail_report", "load_reference_state"]
)
def test_the_names_come_from_the_package_itself(name):
    assert name in cprfl_core.__all__
