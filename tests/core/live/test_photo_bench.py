"""The closed-form learners on frozen features of real photographs, out of fold: the published numbers."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FEATURES = ROOT.parent / "shared" / "features" / "photo_features.safetensors"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FEATURES.exists(), reason="needs ../shared/features/photo_features.safetensors"),
]


@pytest.fixture(scope="module")
def found():
    bench = runpy.run_path(str(ROOT / "benchmarks" / "closed_form.py"))
    return bench["accuracy"](FEATURES)


@pytest.mark.parametrize(
    ("learner", "total", "tail"),
    [
        ("discriminant", 0.479, 0.298),
        ("kernel_ridge_raw", 0.490, 0.296),
        ("kernel_ridge_standardised", 0.514, 0.329),
    ],
)
def test_each_learner_reaches_its_published_number(found, learner, total, tail):
    assert found[learner]["total"] == pytest.approx(total, abs=0.01)
    assert found[learner]["tail"] == pytest.approx(tail, abs=0.01)


def test_the_space_in_use_is_better_than_the_published_one(found):
    ours, published = found["centred_kernel_ridge_standardised"], found["kernel_ridge_standardised"]
    assert ours["total"] > published["total"] + 0.01
    assert ours["tail"] > published["tail"] + 0.015


def test_the_calibrated_blend_may_be_pooled_over_folds_like_its_best_part_standardised(found):
    best, blend = found["centred_kernel_ridge_standardised"], found["live"]
    assert blend["total"] > best["total"] - 0.005
    assert blend["tail"] > best["tail"] - 0.005
    assert blend["within_fold"] > best["within_fold"] - 0.005
