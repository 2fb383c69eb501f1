import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.queues import (
    centred_units,
    doubt,
    label_surprise,
    near_duplicates,
    review_values,
    spread_out,
    with_audit,
)


def units(rng, rows, width=8):
    return centred_units(rng.standard_normal((rows, width)), np.zeros(width))


def test_a_review_is_worth_more_where_a_positive_of_a_rarer_category_is_likely():
    chances = np.array([[0.5, 0.0], [0.0, 0.5], [0.9, 0.0], [0.9, 0.0], [0.9, 0.0]])
    values = review_values(chances, np.array([0, 0]), np.zeros(5, bool))
    assert values[1] > values[0]


def test_review_values_follow_their_formula():
    rng = np.random.default_rng(0)
    chances, yes, reviewed = rng.random((9, 4)), np.array([0, 3, 1, 50]), rng.random(9) < 0.4
    values = review_values(chances, yes, reviewed)
    for i in range(9):
        wanted = 0.0
        for c in range(4):
            expected = max(1.0, yes[c] + sum(chances[j, c] for j in range(9) if not reviewed[j]))
            wanted += chances[i, c] / (expected * (1 + yes[c]))
        assert values[i] == pytest.approx(wanted)


def test_review_values_refuse_shapes_that_do_not_fit():
    with pytest.raises(InputError, match=r"\(3, 2\)"):
        review_values(np.zeros((3, 2)), np.zeros(3), np.zeros(3, bool))


def test_doubt_is_greatest_at_the_threshold_and_finite_at_the_ends():
    found = doubt([0.0, 0.2, 0.3, 0.4, 1.0], 0.3)
    assert np.argmax(found) == 2
    assert found[2] == 1.0
    assert np.isfinite(found).all()


def test_a_label_is_surprising_where_the_probability_speaks_against_it():
    rng = np.random.default_rng(1)
    chances, labels = np.array([0.9, 0.1, 0.9, 0.1, 0.5]), np.array([1, 1, 0, 0, -1])
    found = label_surprise(chances, labels, units(rng, 5))
    assert found[4] == 0.0
    assert min(found[1], found[2]) > max(found[0], found[3])


def test_neighbours_with_the_other_answer_add_to_the_surprise():
    near = np.eye(4, dtype=np.float32)[[0] * 6 + [1] * 6]
    labels = np.array([1, 0, 0, 0, 0, 0] + [1] * 6)
    found = label_surprise(np.full(12, 0.4), labels, near)
    assert found[0] > found[6]


def test_surprise_of_one_label_or_none_is_defined():
    rng = np.random.default_rng(2)
    assert label_surprise([0.5, 0.5], [-1, -1], units(rng, 2)).tolist() == [0, 0]
    assert label_surprise([0.5, 0.5], [1, -1], units(rng, 2))[0] == pytest.approx(np.log(2))


def test_near_duplicates_stand_behind_the_first_of_them():
    base = np.eye(3, dtype=np.float32)
    rows = np.stack([base[0], base[1], base[0], base[2], base[1]])
    assert near_duplicates(rows).tolist() == [0, 1, 0, 3, 1]


def test_a_chain_of_likeness_does_not_join_its_ends():
    angles = np.deg2rad([0, 12, 24])
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert near_duplicates(rows, similarity=0.97).tolist() == [0, 0, 2]


def test_unlike_images_are_preferred_among_equally_good_ones():
    rows = np.array([[1, 0], [1, 0.01], [0, 1], [-1, 0]], np.float32)
    picked = spread_out([1.0, 0.99, 0.9, 0.0], rows / np.linalg.norm(rows, axis=1, keepdims=True), 2)
    assert picked.tolist() == [0, 2]


def test_without_a_cost_the_order_is_plain():
    rng = np.random.default_rng(3)
    values = rng.random(30)
    assert spread_out(values, units(rng, 30), 30, cost=0.0).tolist() == np.argsort(-values).tolist()


@given(
    chosen=st.integers(0, 60),
    rest=st.integers(0, 60),
    limit=st.integers(1, 60),
    page=st.integers(1, 20),
    seed=st.integers(0, 5),
)
def test_chosen_rows_keep_their_order_and_audits_come_from_the_rest(chosen, rest, limit, page, seed):
    best, remaining = np.arange(chosen), 100 + np.arange(rest)
    picked = with_audit(best, remaining, np.random.default_rng(seed), limit=limit, page=page)
    kept = picked.rows[~picked.audit]
    assert kept.tolist() == best[: len(kept)].tolist()
    assert len(set(picked.rows.tolist())) == len(picked.rows) <= max(limit, chosen)
    assert set(picked.rows[picked.audit].tolist()).isdisjoint(kept.tolist())
    assert (picked.inclusion[~picked.audit] == 1).all()
    assert ((picked.inclusion > 0) & (picked.inclusion <= 1)).all()


def test_each_page_holds_an_audit():
    picked = with_audit(np.arange(48), 100 + np.arange(500), np.random.default_rng(0), limit=48)
    assert len(picked.rows) == 48
    assert [bool(picked.audit[i : i + 12].any()) for i in range(0, 48, 12)] == [True] * 4
    assert picked.inclusion[picked.audit] == pytest.approx(4 / 504)


def test_short_queues_hold_an_audit_in_proportion():
    rng = np.random.default_rng(0)
    audits = [with_audit(np.arange(3), 100 + np.arange(50), rng, limit=3).audit.sum() for _ in range(2000)]
    assert np.mean(audits) == pytest.approx(3 / 12, abs=0.04)


def test_dividing_by_the_inclusion_estimates_the_whole_without_bias():
    rng = np.random.default_rng(4)
    there = np.concatenate([np.ones(20), rng.random(480) < 0.1])
    estimates = []
    for _ in range(2000):
        picked = with_audit(np.arange(30), np.arange(30, 500), rng, limit=30, page=3)
        estimates.append((there[picked.rows] / picked.inclusion).sum())
    assert np.mean(estimates) == pytest.approx(there.sum(), rel=0.05)
