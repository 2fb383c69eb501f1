import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cprfl_core.closed_form.gaussian_kernel import rbf
from cprfl_core.closed_form.kernel_ridge import KernelRidge
from cprfl_core.common.errors import InputError

GAMMA, ALPHA = 0.7, 0.2


def unit_rows(seed, count, width=6):
    rows = np.random.default_rng(seed).normal(size=(count, width))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def oracle(rows, values):
    """Coefficients and leave-one-out predictions by plain solving, one image left out at a time."""
    matrix = rbf(rows, rows, GAMMA)
    coefficients = np.linalg.solve(matrix + ALPHA * np.eye(len(rows)), values)
    leave_one_out = np.zeros_like(values)
    for i in range(len(rows)):
        rest = np.delete(np.arange(len(rows)), i)
        inner = matrix[np.ix_(rest, rest)] + ALPHA * np.eye(len(rest))
        leave_one_out[i] = matrix[i, rest] @ np.linalg.solve(inner, values[rest])
    return coefficients, leave_one_out


def assert_equals_oracle(ridge, side):
    """``side``: slot -> side information [C]."""
    queries = unit_rows(99, 3)
    targets, smoothed, ones = ridge.predict(ridge.kernel(queries))
    for category in range(ridge.categories):
        known = ridge.known(category)
        given = np.stack(
            [
                ridge.states[known, category] == 1,
                [side[int(s)][category] for s in known],
                np.ones(len(known)),
            ],
            axis=1,
        ).astype(float)
        coefficients, leave_one_out = oracle(ridge.embeddings[known], given)
        fit = ridge.fit(category)
        assert np.array_equal(fit.rows, known)
        np.testing.assert_allclose(fit.coefficients, coefficients, atol=1e-9)
        np.testing.assert_allclose(fit.leave_one_out, leave_one_out, atol=1e-9)
        found = ridge.leave_one_out(known, np.full(len(known), category))
        np.testing.assert_allclose(found, leave_one_out, atol=1e-9)
        predicted = rbf(queries, ridge.embeddings[known], GAMMA) @ coefficients
        said = np.stack([targets[:, category], smoothed[:, category], ones[:, category]], axis=1)
        np.testing.assert_allclose(said, predicted, atol=1e-9)
        mixed = ridge.kernel(queries) @ ridge.expansion(category, [2.0, -1.0, 0.5])
        np.testing.assert_allclose(mixed, predicted @ [2.0, -1.0, 0.5], atol=1e-9)


def test_bulk_solution_equals_plain_solving_with_unknown_entries_left_out():
    rng = np.random.default_rng(0)
    rows, side = unit_rows(0, 30), rng.normal(size=(30, 4))
    states = rng.integers(-1, 2, size=(30, 4))
    states[20:, 1:] = -1  # rows known for one category only
    ridge = KernelRidge.from_rows(rows, states, side, gamma=GAMMA, alpha=ALPHA)
    assert_equals_oracle(ridge, dict(enumerate(side)))


def test_one_by_one_equals_in_bulk():
    rng = np.random.default_rng(1)
    rows, states = unit_rows(1, 25), rng.integers(0, 2, size=(25, 3))
    bulk = KernelRidge.from_rows(rows, states, gamma=GAMMA, alpha=ALPHA)
    single = KernelRidge(6, 3, gamma=GAMMA, alpha=ALPHA)
    for row, state in zip(rows, states, strict=True):
        single.set(single.insert(row), np.arange(3), state)
    queries = unit_rows(2, 5)
    for a, b in zip(bulk.predict(bulk.kernel(queries)), single.predict(single.kernel(queries)), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-9)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(0, 10**6), st.just(0)),
        st.tuples(st.just("remove"), st.integers(0, 50), st.just(0)),
        st.tuples(st.just("set"), st.integers(0, 50), st.integers(-1, 1)),
        st.tuples(st.just("all"), st.integers(0, 50), st.integers(-1, 1)),
        st.tuples(st.just("category"), st.integers(0, 10**6), st.just(0)),
        st.tuples(st.just("side"), st.integers(0, 10**6), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_any_sequence_of_decisions_equals_solving_from_scratch(todo):
    ridge = KernelRidge(6, 2, gamma=GAMMA, alpha=ALPHA)
    side: dict[int, np.ndarray] = {}
    for what, number, state in todo:
        slots = sorted(side)
        if what == "insert" and len(slots) < 12:
            given = np.random.default_rng(number).normal(size=ridge.categories)
            side[ridge.insert(unit_rows(number, 1)[0], given)] = given
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
    assert_equals_oracle(ridge, side)


def test_undo_restores_every_prediction_after_hundreds_of_decisions():
    rng = np.random.default_rng(3)
    rows, states = unit_rows(3, 60), rng.integers(0, 2, size=(60, 5))
    ridge = KernelRidge.from_rows(rows[:40], states[:40])
    queries = ridge.kernel(unit_rows(4, 10))
    before = ridge.predict(queries)[0]
    for _ in range(5):
        added = [ridge.insert(row) for row in rows[40:]]
        for slot, state in zip(added, states[40:], strict=True):
            ridge.set(slot, np.arange(5), state)
        for slot in range(40):
            ridge.set(slot, [slot % 5], [1 - states[slot, slot % 5]])
        for slot in reversed(range(40)):
            ridge.set(slot, [slot % 5], [states[slot, slot % 5]])
        for slot in reversed(added):
            ridge.remove(slot)
    after = ridge.predict(ridge.kernel(unit_rows(4, 10)))[0]
    np.testing.assert_allclose(after, before, atol=1e-9)


def test_an_unknown_entry_is_not_a_no():
    rows = unit_rows(5, 3)
    ridge = KernelRidge.from_rows(rows, [[1], [-1], [0]])
    alone = KernelRidge.from_rows(rows[[0, 2]], [[1], [0]])
    query = unit_rows(6, 4)
    np.testing.assert_allclose(
        ridge.predict(ridge.kernel(query))[0], alone.predict(alone.kernel(query))[0], atol=1e-12
    )


def test_capacity_grows():
    ridge = KernelRidge(6, 1)
    for row in unit_rows(7, 150):
        ridge.set(ridge.insert(row), [0], [1])
    assert ridge.used.sum() == 150
    rebuilt = KernelRidge.from_rows(ridge.embeddings[:150], np.ones((150, 1)))
    np.testing.assert_allclose(ridge.fit(0).coefficients, rebuilt.fit(0).coefficients, atol=1e-9)


def test_bad_parameters_are_refused():
    with pytest.raises(InputError, match="gamma"):
        KernelRidge(3, gamma=0)
    with pytest.raises(InputError, match="same rows"):
        KernelRidge.from_rows(np.zeros((2, 3)), np.zeros((3, 1)))
