"""Side information by slot: rows of a table and rows of its own."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cprfl_core.closed_form.nystroem_ridge import NystroemRidge
from cprfl_core.closed_form.side_rows import SideRows

ROWS, CATEGORIES = 6, 3

steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "forget", "column", "category"]), st.integers(0, ROWS + 1), st.integers(0, 2)
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(steps)
def test_it_reads_like_an_array_by_slot(done: list[tuple[str, int, int]]) -> None:
    random = np.random.default_rng(0)
    table = random.normal(size=(20, CATEGORIES)).astype(np.float32)
    rows = random.permutation(20)[:ROWS]
    side = SideRows(CATEGORIES, lambda: table)
    side.grow(ROWS + 2)
    side.show(rows)
    expected = np.concatenate([table[rows], np.zeros((2, CATEGORIES), np.float32)])
    of_row = np.concatenate([rows, [-1, -1]])
    for kind, slot, category in done:
        if kind == "put":
            expected[slot] = random.normal(size=expected.shape[1])
            side.put(slot, expected[slot])
            of_row[slot] = -1
        elif kind == "forget":
            expected[slot], of_row[slot] = 0, -1
            side.forget(slot)
        elif kind == "column":
            table[:, category] = random.normal(size=20)
            used = of_row >= 0
            expected[used, category] = table[of_row[used], category]
            side.set_column(category, expected[:, category])
        else:
            table = np.hstack([table, np.zeros((20, 1), np.float32)])
            expected = np.hstack([expected, np.zeros((ROWS + 2, 1), np.float32)])
            side.add_category()
    assert side.shape == expected.shape
    slots = random.integers(0, ROWS + 2, 5)
    np.testing.assert_array_equal(side[slots], expected[slots])
    np.testing.assert_array_equal(side.column(1, slots), expected[slots, 1])
    np.testing.assert_array_equal(side.row(3), expected[3])


def test_ridge_from_a_table_is_that_from_an_array() -> None:
    random = np.random.default_rng(1)
    embeddings = random.normal(size=(60, 5))
    table = random.normal(size=(60, CATEGORIES)).astype(np.float32)
    rows = np.sort(random.permutation(60)[:40])
    states = random.integers(-1, 2, (40, CATEGORIES)).astype(np.int8)
    from_table, from_array = (
        NystroemRidge.from_rows(embeddings, states, side, landmarks=embeddings[:10], rows=rows)
        for side in (lambda: table, table[rows])
    )
    known, category = np.nonzero(states >= 0)
    new = np.flatnonzero(~np.isin(np.arange(60), rows))[0]
    for turn in range(3):
        if turn == 1:
            for ridge in (from_table, from_array):
                ridge.set(ridge.insert(embeddings[new], table[new]), [0, 2], [1, 0])
        elif turn == 2:
            table[:, 1] = random.normal(size=60)
            at = np.concatenate([rows, [new], np.zeros(from_table.capacity - 41, np.intp)])
            for ridge in (from_table, from_array):
                ridge.set_side(1, table[at, 1])
        np.testing.assert_array_equal(
            from_table.leave_one_out(known, category), from_array.leave_one_out(known, category)
        )
