"""Which category is above which."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domain.categories import Category
from app.domain.hierarchy import Hierarchy, in_order

NUMBERS = range(1, 7)


def linked(parents, archived=()):
    now = datetime.now(UTC)
    return [
        Category(one, f"c{one}", parent=parents.get(one), archived_at=now if one in archived else None)
        for one in NUMBERS
    ]


def test_a_chain_is_followed_upwards_and_downwards():
    tree = Hierarchy(linked({1: 2, 2: 3, 4: 3}))
    assert tree.above(1) == [2, 3] and tree.above(3) == []
    assert sorted(tree.below(3)) == [1, 2, 4] and tree.below(1) == []


def test_an_archived_category_passes_on_but_gives_nothing():
    tree = Hierarchy(linked({1: 2, 2: 3}, archived={2}))
    assert tree.below(3) == [1]
    assert tree.parents == {3: [1]}


def test_a_circle_and_a_parent_that_does_not_exist_end_quietly():
    assert Hierarchy(linked({1: 2, 2: 3, 3: 1})).above(1) == [2, 3]
    assert Hierarchy(linked({1: 1, 2: 99})).above(1) == []
    assert Hierarchy(linked({2: 99})).above(2) == []


@given(st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)))
def test_a_link_that_is_accepted_never_closes_a_circle(wanted):
    accepted = {}
    for child, parent in wanted.items():
        tree = Hierarchy(linked(accepted))
        if not tree.problem(child, parent):
            accepted[child] = parent
            assert child not in Hierarchy(linked(accepted)).above(child)
            assert parent in Hierarchy(linked(accepted)).above(child)
        else:
            assert child == parent or child in tree.above(parent)


def test_the_order_is_the_persons_and_new_ones_come_last():
    places = {1: None, 2: 0.5, 3: None, 4: 1.0}
    known = [Category(one, "?abcd"[one], position=place) for one, place in places.items()]
    assert [one.name for one in in_order(known)] == ["b", "a", "d", "c"]
