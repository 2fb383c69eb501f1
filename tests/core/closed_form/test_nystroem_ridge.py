import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cprfl_core.closed_form.gaussian_kernel import rbf
from cprfl_core.closed_form.kernel_ridge import KernelRidge
from cprfl_core.closed_form.nystroem_ridge import NystroemRidge
from cprfl_core.common.errors import InputError

GAMMA, ALPHA = 0.7, 0.2


def unit_rows(seed, count, width=6):
    rows = np.random.default_rng(seed).normal(size=(count, width))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


LANDMARKS = unit_rows(100, 5)


def features(rows):
    factor = np.linalg.cholesky(rbf(LANDMARKS, LANDMARKS, GAMMA) + 1e-6 * np.eye(len(LANDMARKS)))
    return np.linalg.solve(factor, rbf(LANDMARKS, rows, GAMMA)).T


def assert_equals_oracle(ridge, side, embeddings):
    """Plain ridge regression on the features, solved again for each category and each image left out."""
    queries = unit_rows(99, 3)
    predicted = ridge.predict(ridge.kernel(queries))
    for category in range(ridge.categories):
        known = ridge.known(category)
        columns = [
            ridge.states[known, category] == 1,
            [side[int(s)][category] for s in known],
            np.ones(len(known)),
        ]
        values = np.stack(columns, axis=1).astype(float)
        there = np.array([embeddings[int(s)] for s in known])
        phi = features(there) if len(known) else np.zeros((0, len(LANDMARKS)))

        def solve(rows, phi=phi, values=values):
            gram = phi[rows].T @ phi[rows] + ALPHA * np.eye(len(LANDMARKS))
            return np.linalg.solve(gram, phi[rows].T @ values[rows])

        everyone = np.arange(len(known))
        expected = features(queries) @ solve(everyone)
        found = np.stack([one[:, category] for one in predicted], axis=1)
        np.testing.assert_allclose(found, expected, atol=1e-5)
        mixed = ridge.kernel(queries) @ ridge.expansion(category, [1.0, -2.0, 0.5])
        np.testing.assert_allclose(mixed, expected @ [1.0, -2.0, 0.5], atol=1e-4)
        leave_one_out = ridge.leave_one_out(known, np.full(len(known), category))
        for i in everyone:
            rest = phi[i] @ solve(np.delete(everyone, i))
            np.testing.assert_allclose(leave_one_out[i], rest, atol=1e-5)


def test_bulk_solution_equals_plain_ridge_on_the_features():
    rng = np.random.default_rng(0)
    rows, side = unit_rows(0, 30), rng.normal(size=(30, 4))
    states = rng.integers(-1, 2, size=(30, 4))
    states[20:, 1:] = -1
    states[:, 3] = -1
    states[:2, 3] = 1  # known almost nowhere: more rows differ than there are landmarks
    ridge = NystroemRidge.from_rows(rows, states, side, landmarks=LANDMARKS, gamma=GAMMA, alpha=ALPHA)
    assert_equals_oracle(ridge, dict(enumerate(side)), rows)


steps = st.lists(
    st.tuples(
        st.sampled_from(["insert", "remove", "set", "all", "category", "side"]),
        st.integers(0, 10**6),
        st.integers(-1, 1),
    ),
    max_size=40,
)


@settings(max_examples=30, deadline=None)
@given(steps)
def test_any_sequence_of_decisions_equals_solving_from_scratch(todo):
    ridge = NystroemRidge(LANDMARKS, 2, gamma=GAMMA, alpha=ALPHA)
    side: dict[int, np.ndarray] = {}
    embeddings: dict[int, np.ndarray] = {}
    for what, number, state in todo:
        slots = sorted(side)
        if what == "insert" and len(slots) < 12:
            values = np.random.default_rng(number).normal(size=ridge.categories)
            slot = ridge.insert(unit_rows(number, 1)[0], values)
            side[slot], embeddings[slot] = values, unit_rows(number, 1)[0]
        elif what == "category" and ridge.categories < 5:
            column = np.random.default_rng(number).normal(size=ridge.capacity)
            ridge.add_category(column)
            side = {s: np.append(v, column[s]) for s, v in side.items()}
        elif slots and what == "remove":
            slot = slots[number % len(slots)]
            ridge.remove(slot)
            del side[slot]
        elif slots and what == "set":
            ridge.set(slots[number % len(slots)], [number % ridge.categories], [state])
        elif slots and what == "all":
            ridge.set(slots[number % len(slots)], np.arange(ridge.categories), state)
        elif slots and what == "side":
            category = number % ridge.categories
            column = np.random.default_rng(number).normal(size=ridge.capacity)
            ridge.set_side(category, column)
            for s in slots:
                side[s] = side[s].copy()
                side[s][category] = column[s]
    assert_equals_oracle(ridge, side, embeddings)


def test_with_every_row_a_landmark_it_is_kernel_ridge():
    rng = np.random.default_rng(1)
    rows, states = unit_rows(1, 40), rng.integers(0, 2, size=(40, 3))
    exact = KernelRidge.from_rows(rows, states, gamma=GAMMA, alpha=ALPHA)
    near = NystroemRidge.from_rows(rows, states, landmarks=rows, gamma=GAMMA, alpha=ALPHA)
    queries = unit_rows(2, 10)
    np.testing.assert_allclose(
        near.predict(near.kernel(queries))[0], exact.predict(exact.kernel(queries))[0], atol=1e-4
    )
    slots, categories = np.repeat(np.arange(40), 3), np.tile(np.arange(3), 40)
    np.testing.assert_allclose(
        near.leave_one_out(slots, categories), exact.leave_one_out(slots, categories), atol=1e-3
    )


def test_undo_restores_every_prediction():
    rng = np.random.default_rng(3)
    rows, states = unit_rows(3, 80), rng.integers(0, 2, size=(80, 4))
    ridge = NystroemRidge.from_rows(rows[:60], states[:60], landmarks=LANDMARKS)
    queries = ridge.kernel(unit_rows(4, 10))
    before = ridge.predict(queries)[0]
    for _ in range(3):
        added = [ridge.insert(row) for row in rows[60:]]
        for slot, state in zip(added, states[60:], strict=True):
            ridge.set(slot, np.arange(4), state)
        ridge.set(5, [2], [1 - states[5, 2]])
        ridge.set(5, [2], [states[5, 2]])
        for slot in reversed(added):
            ridge.remove(slot)
    np.testing.assert_allclose(ridge.predict(queries)[0], before, atol=1e-9)


def test_bad_landmarks_are_refused():
    with pytest.raises(InputError, match="landmarks"):
        NystroemRidge(np.zeros((0, 3)))
