import numpy as np
import pytest

from cprfl_core.closed_form.discriminant import Discriminant
from cprfl_core.common.errors import InputError


@pytest.fixture
def rows():
    return np.random.default_rng(0).normal(size=(200, 12)) @ np.diag(np.linspace(0.2, 2, 12)) + 0.5


def test_scores_equal_the_dense_formula(rows):
    learner = Discriminant(rows, 2, shrinkage=0.7, prior_count=0.0)
    learner.add(1, rows[:9])
    centred = rows - rows.mean(axis=0)
    covariance = centred.T @ centred / len(rows)
    matrix = covariance + 0.7 * np.trace(covariance) / 12 * np.eye(12)
    weight = np.linalg.solve(matrix, rows[:9].mean(axis=0) - rows.mean(axis=0))
    unit = np.trace(np.linalg.solve(matrix, covariance))
    np.testing.assert_allclose(learner.scores(rows)[:, 1], centred @ weight / unit, rtol=1e-5, atol=1e-7)
    assert not learner.scores(rows)[:, 0].any()


def test_prior_count_shrinks_a_small_category_to_the_mean(rows):
    free, drawn = Discriminant(rows, 1, prior_count=0.0), Discriminant(rows, 1, prior_count=3.0)
    free.add(0, rows[0])
    drawn.add(0, rows[0])
    np.testing.assert_allclose(drawn.scores(rows) * 4, free.scores(rows), rtol=1e-9)


def test_decisions_and_undo_in_any_order_leave_every_bit(rows):
    rng = np.random.default_rng(1)
    learner, other = Discriminant(rows, 1), Discriminant(rows, 1)
    learner.add(0, rows[:30])
    before = learner.weights().copy()
    for i in rng.permutation(np.arange(30, 200)):
        learner.add(0, rows[i])
    for i in rng.permutation(np.arange(30, 200)):
        learner.remove(0, rows[i])
    assert np.array_equal(learner.weights(), before)
    for i in rng.permutation(30):
        other.add(0, rows[i])
    assert np.array_equal(other.weights(), before)


def test_leave_one_out_equals_learning_without_that_image(rows):
    learner, fewer = Discriminant(rows, 1), Discriminant(rows, 1)
    learner.add(0, rows[:8])
    fewer.add(0, rows[1:8])
    found = learner.leave_one_out_scores(
        learner.scores(rows[:1])[:, 0], learner.self_scores(rows[:1]), learner.counts[:1]
    )
    np.testing.assert_allclose(found, fewer.scores(rows[:1])[:, 0], rtol=1e-6)


def test_the_only_yes_says_nothing_about_itself(rows):
    learner = Discriminant(rows, 1)
    learner.add(0, rows[0])
    assert (
        learner.leave_one_out_scores(
            learner.scores(rows[:1])[:, 0], learner.self_scores(rows[:1]), np.ones(1)
        )
        == 0
    )


def test_one_category_over_many_rows_equals_the_matrix_of_scores(rows):
    learner = Discriminant(rows, 3)
    learner.add(2, rows[:5])
    single = learner.score_category(2, rows.astype(np.float32))
    np.testing.assert_allclose(single, learner.scores(rows)[:, 2], atol=1e-5)


def test_a_new_category_scores_zero(rows):
    learner = Discriminant(rows, 1)
    assert learner.add_category() == 1
    assert not learner.scores(rows).any()
    learner.add(1, rows[3])
    assert learner.scores(rows)[3, 1] > 0


def test_collection_without_spread_gives_finite_scores():
    learner = Discriminant(np.ones((4, 3)), 1)
    learner.add(0, np.array([2.0, 1.0, 1.0]))
    assert np.isfinite(learner.scores(np.eye(3))).all()


def test_bad_input_is_named(rows):
    learner = Discriminant(rows, 1)
    with pytest.raises(InputError, match="cannot be removed"):
        learner.remove(0, rows[0])
    with pytest.raises(InputError, match="width 12"):
        learner.add(0, np.zeros(5))
    with pytest.raises(InputError, match="row 2"):
        Discriminant(np.array([[1.0], [2.0], [np.nan]]))
    with pytest.raises(InputError, match="at least one"):
        Discriminant(np.zeros((0, 4)))
    with pytest.raises(InputError, match="shrinkage"):
        Discriminant(rows, shrinkage=0)
