from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file
from sklearn.metrics import average_precision_score

from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.metrics import (
    average_precision,
    long_tail_report,
    mean_average_precision,
    precision_recall_f1,
)

REFERENCE = Path(__file__).parents[2] / "data" / "cprfl_reference_small.safetensors"
NAMES = ("OP", "OR", "OF1", "CP", "CR", "CF1")


@pytest.fixture(scope="module")
def reference():
    return load_file(REFERENCE)


def test_average_precision_equals_the_authors_meter(reference):
    ap = average_precision(reference["metric.scores"], reference["metric.targets"])
    np.testing.assert_allclose(ap, reference["metric.expected.average_precision"], atol=1e-6)


def test_bands_equal_the_authors_numbers(reference):
    ap = average_precision(reference["metric.scores"], reference["metric.targets"])
    report = long_tail_report(ap, reference["metric.train_frequency"])
    expected = reference["metric.expected.total_head_medium_tail"]
    np.testing.assert_allclose(
        [report["total"], report["head"], report["medium"], report["tail"]], expected, atol=1e-6
    )
    assert report["absent"] == 0


def test_precision_recall_and_f1_equal_the_authors_numbers(reference):
    found = precision_recall_f1(reference["metric.scores"], reference["metric.targets"], threshold=0.0)
    np.testing.assert_allclose(
        [found[n] for n in NAMES], reference["metric.expected.op_or_of1_cp_cr_cf1"], atol=1e-6
    )


def test_top_three_version_equals_the_authors_numbers(reference):
    found = precision_recall_f1(
        reference["metric.scores"], reference["metric.targets"], threshold=0.0, top_k=3
    )
    np.testing.assert_allclose([found[n] for n in NAMES], reference["metric.expected.top3"], atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-4, 4), st.sampled_from([0, 1])), min_size=1, max_size=40).filter(
        lambda rows: any(y for _, y in rows)
    )
)
def test_average_precision_equals_scikit_learn_with_ties(rows):
    scores = np.array([[float(s)] for s, _ in rows])
    targets = np.array([[y] for _, y in rows])
    expected = average_precision_score(targets[:, 0], scores[:, 0])
    assert average_precision(scores, targets)[0] == pytest.approx(expected, abs=1e-12)


def test_unknown_entries_are_left_out_and_not_counted_as_no():
    scores = np.array([[0.9], [0.8], [0.7], [0.1]])
    assert average_precision(scores, np.array([[-1], [1], [-1], [0]]))[0] == 1.0
    assert average_precision(scores, np.array([[0], [1], [0], [0]]))[0] == 0.5


def test_category_without_a_yes_has_no_average_precision():
    ap = average_precision(np.array([[0.5, 0.5], [0.1, 0.2]]), np.array([[0, 1], [-1, 0]]))
    assert np.isnan(ap[0])
    assert ap[1] == 1.0
    assert mean_average_precision(np.array([[0.5], [0.1]]), np.array([[1], [0]])) == 1.0
    assert np.isnan(mean_average_precision(np.array([[0.5]]), np.array([[0]])))


def test_report_names_absent_categories_and_gives_none_for_an_empty_band():
    report = long_tail_report([0.5, float("nan"), 0.7], [150, 30, 120])
    assert report == {
        "total": pytest.approx(0.6),
        "head": pytest.approx(0.6),
        "medium": None,
        "tail": None,
        "absent": 1,
    }


def test_cuts_are_inclusive_at_the_head_and_exclusive_at_the_tail():
    report = long_tail_report([0.1, 0.2, 0.3, 0.4], [19, 20, 99, 100])
    assert (report["tail"], report["head"]) == (pytest.approx(0.1), pytest.approx(0.4))
    assert report["medium"] == pytest.approx(0.25)


def test_nothing_predicted_gives_zero_not_a_division_by_zero():
    found = precision_recall_f1(np.zeros((3, 2)), np.array([[1, 0], [0, 1], [0, 0]]))
    assert found == dict.fromkeys(NAMES, 0.0)


@pytest.mark.parametrize(
    ("scores", "targets", "word"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), "Scores and targets"),
        (np.zeros(3), np.zeros(3), r"\(3,\)"),
        (np.array([[0.0, np.nan]]), np.array([[1, 0]]), "1 of 2 are not.*nan for image 0, category 1"),
        (np.array([[0.0], [np.inf]]), np.array([[1], [0]]), "inf for image 1, category 0"),
        (np.zeros((1, 1)), np.array([[2]]), "Targets.*got 2 for image 0, category 0"),
        (np.zeros((1, 2)), np.array([[1, 0.5]]), "Targets.*got 0.5 for image 0, category 1"),
        (np.zeros((1, 1)), np.array([[np.nan]]), "Targets.*got nan"),
        (np.zeros((1, 1)), np.array([[256]]), "Targets.*got 256"),
    ],
)
@pytest.mark.parametrize("metric", [average_precision, mean_average_precision, precision_recall_f1])
def test_input_that_cannot_be_judged_is_named(metric, scores, targets, word):
    with pytest.raises(InputError, match=word):
        metric(scores, targets)


@pytest.mark.parametrize(
    ("options", "word"),
    [({"threshold": float("nan")}, "threshold is NaN"), ({"top_k": 0}, "got 0"), ({"top_k": 3}, "got 3")],
)
def test_settings_of_precision_and_recall_out_of_range_are_named(options, word):
    with pytest.raises(InputError, match=word):
        precision_recall_f1(np.zeros((1, 2)), np.zeros((1, 2)), **options)


def test_no_images_and_no_categories_have_nothing_to_judge_and_no_error():
    assert np.isnan(average_precision(np.zeros((0, 2)), np.zeros((0, 2)))).all()
    assert average_precision(np.zeros((3, 0)), np.zeros((3, 0))).shape == (0,)
    assert long_tail_report([], [])["total"] is None


def test_categories_without_a_yes_are_left_out_of_precision_and_recall():
    scores = np.array([[0.9, 0.9], [0.1, 0.9]])
    alone = precision_recall_f1(scores[:, :1], np.array([[1], [0]]))
    assert precision_recall_f1(scores, np.array([[1, 0], [0, 0]])) == alone
    nothing = precision_recall_f1(scores, np.zeros((2, 2)))
    assert all(np.isnan(nothing[name]) for name in ("OP", "OR", "CP", "CR"))


@pytest.mark.parametrize(
    ("ap", "positives", "word"),
    [
        ([0.5, 0.5], [3], r"\(2,\) and \(1,\)"),
        ([[0.5]], [[3]], r"\(1, 1\)"),
        ([0.5, np.inf], [3, 4], "got inf"),
        ([0.5, 0.5], [3, -1], "got -1.0 for category 1"),
        ([0.5], [np.nan], "got nan for category 0"),
    ],
)
def test_reports_of_what_is_no_precision_or_no_count_are_refused(ap, positives, word):
    with pytest.raises(InputError, match=word):
        long_tail_report(ap, positives)


def test_cuts_that_shrink_are_refused():
    with pytest.raises(InputError, match="cuts"):
        long_tail_report([0.1], [3], cuts=(100, 20))
