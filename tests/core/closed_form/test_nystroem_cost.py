"""The cost of a decision with thousands of labels: no pass over all of them."""

import numpy as np
import pytest

from cprfl_core.closed_form import nystroem_ridge
from cprfl_core.closed_form.nystroem_features import NystroemFeatures
from cprfl_core.closed_form.nystroem_leverage import Leverage
from cprfl_core.closed_form.nystroem_ridge import NystroemRidge
from cprfl_core.closed_form.packed_inverse import CategoryInverse, TriangleStore

ROWS, CATEGORIES = 300, 6


def unit_rows(seed, count, width=8):
    rows = np.random.default_rng(seed).normal(size=(count, width))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def ridge_of(own_width=None, landmarks=20):
    """Most images are reviewed, 40 have single answers."""
    rng = np.random.default_rng(0)
    rows, states = unit_rows(0, ROWS), rng.integers(0, 2, size=(ROWS, CATEGORIES)).astype(np.int8)
    states[:40, 1:] = -1
    states[:10, 3] = 1
    chosen = rows[:landmarks]
    return NystroemRidge.from_rows(
        rows, states, rng.normal(size=states.shape), landmarks=chosen, own_width=own_width
    ), rows


def everything(ridge, queries):
    entries = np.nonzero(ridge.states >= 0)
    return np.concatenate(
        [*(part.ravel() for part in ridge.predict(queries)), *ridge.leave_one_out(*entries)]
    )


def test_decisions_and_the_scores_of_their_image_touch_no_other_rows(monkeypatch):
    ridge, _ = ridge_of()
    visited = []

    def count(name):
        plain = getattr(NystroemFeatures, name)

        def counted(self, *given):
            visited.append(name)
            return plain(self, *given)

        monkeypatch.setattr(NystroemFeatures, name, counted)

    for name in ("fill", "gram", "sums", "leverages", "products"):
        count(name)
    for turn in range(20):
        slot = ridge.insert(unit_rows(50 + turn, 1)[0])
        ridge.set(slot, np.arange(CATEGORIES) if turn % 2 else [turn % CATEGORIES], 1)
        known = np.flatnonzero(ridge.states[slot] >= 0)
        ridge.leave_one_out(np.full(len(known), slot), known)
        ridge.predict(ridge.kernel(unit_rows(9, 1)))
    ridge.remove(slot)
    assert visited == []
    for turn in range(64):  # changes of the leverages are accumulated and applied once
        ridge.set(ridge.insert(unit_rows(200 + turn, 1)[0]), np.arange(CATEGORIES), 0)
    assert set(visited) == {"products"}
    assert len(visited) <= 4


@pytest.mark.parametrize("own_width", [None, 7])
def test_undo_restores_everything_after_hundreds_of_decisions(own_width):
    ridge, _ = ridge_of(own_width)
    rng, queries = np.random.default_rng(4), ridge.kernel(unit_rows(5, 6))
    before = everything(ridge, queries)
    done = []
    for turn in range(200):
        if turn % 3 == 0:
            slot = ridge.insert(unit_rows(300 + turn, 1)[0])
            ridge.set(slot, np.arange(CATEGORIES), rng.integers(0, 2, CATEGORIES))
            done.append((slot, None, None))
        else:
            slot, category = rng.integers(ROWS), rng.integers(CATEGORIES)
            done.append((slot, category, int(ridge.states[slot, category])))
            ridge.set(slot, [category], [rng.integers(-1, 2)])
    for slot, category, state in reversed(done):
        if category is None:
            ridge.remove(slot)
        else:
            ridge.set(slot, [category], [state])
    np.testing.assert_allclose(everything(ridge, queries), before, atol=1e-6)


def test_a_category_known_on_the_shared_rows_again_uses_the_common_inverse():
    ridge, _ = ridge_of()
    ridge.set(50, [2], [-1])
    assert 2 in ridge._own
    ridge.set(50, [2], [1])
    assert 2 not in ridge._own


def test_leverages_of_the_shared_rows_serve_a_category_with_few_others(monkeypatch):
    monkeypatch.setattr(nystroem_ridge, "SIMILAR_RATIO", 1)
    ridge, _ = ridge_of()
    known = ridge.known(0)
    exact = ridge.leave_one_out(known, np.zeros(len(known), dtype=int))
    monkeypatch.setattr(nystroem_ridge, "MIN_SHARED_ROWS", 100)
    near = ridge.leave_one_out(known, np.zeros(len(known), dtype=int))
    assert 0 < np.abs(near - exact).max() < 40 / 260  # the share of its other rows
    few = ridge.leave_one_out(known[:5], np.zeros(5, dtype=int))
    np.testing.assert_allclose(few, exact[:5], atol=1e-9)


def test_two_matrices_in_one_array_do_not_overlap():
    rng, store = np.random.default_rng(1), TriangleStore(9)
    made, oracles = [], []
    for _ in range(5):
        rows, values = rng.normal(size=(30, 9)), rng.normal(size=(30, 3))
        gram = rows.T @ rows + 0.2 * np.eye(9)
        made.append(CategoryInverse(store, np.linalg.inv(gram), rows.T @ values))
        oracles.append([gram, rows.T @ values])
    for turn in range(60):
        own, oracle = made[turn % 5], oracles[turn % 5]
        feature, values = rng.normal(size=9), rng.normal(size=3)
        own.add(feature, values)
        oracle[0] = oracle[0] + np.outer(feature, feature)
        oracle[1] = oracle[1] + np.outer(feature, values)
        if turn % 4 == 3:
            own.remove(feature, values).change(feature, np.zeros(3))
            oracle[0] = oracle[0] - np.outer(feature, feature)
            oracle[1] = oracle[1] - np.outer(feature, values)
    for own, (gram, right) in zip(made, oracles, strict=True):
        np.testing.assert_allclose(own.weights, np.linalg.solve(gram, right), atol=1e-8)
        some = rng.normal(size=(4, 9))
        wanted = np.einsum("km,km->k", some @ np.linalg.inv(gram), some)
        np.testing.assert_allclose(own.leverages(some), wanted, atol=1e-8)
        np.testing.assert_allclose(own.leverages(some[:1]), wanted[:1], atol=1e-8)
    made[0].close()
    assert store.take() == 0


def test_accumulated_changes_of_leverages_equal_direct_computation():
    rows = unit_rows(7, 40)
    features = NystroemFeatures(rows[:6], 0.7)
    features.grow(40)
    features.fill(rows, np.arange(40))
    leverages = Leverage(features, 4)
    inverse = np.eye(4) / 0.2
    there = np.zeros(40, dtype=np.bool_)
    there[:20] = True
    for slot in range(20):
        feature = features.of(slot)[:4]
        inverse = inverse - np.outer(inverse @ feature, inverse @ feature) / (1 + feature @ inverse @ feature)
    leverages.solve(inverse, there)
    for slot in range(20, 30):
        feature = features.of(slot)[:4]
        image = inverse @ feature
        scale = 1 / (1 + feature @ image)
        inverse = inverse - scale * np.outer(image, image)
        leverages.update(inverse, slot, image, scale)
        there[slot] = True
    wanted = features.leverages(inverse, there)[there]
    np.testing.assert_allclose(leverages.of(np.array([25, 3]), inverse), wanted[[25, 3]], atol=1e-12)
    np.testing.assert_allclose(leverages.of(np.flatnonzero(there), inverse), wanted, atol=1e-6)
