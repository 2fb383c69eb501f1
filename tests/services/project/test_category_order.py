"""The order of the categories, and the keys of the first ten."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.categories import CATEGORY_KEYS
from app.domain.category_properties import CategoryEdit
from app.domain.errors import NotFoundError
from app.domain.hierarchy import in_order
from app.services.labelling.decisions import next_undo, undo
from app.services.project.categories import add_categories, edit_category
from app.services.project.category_order import move_categories, number_first_ten
from app.storage import categories


def ordered(project):
    with project.db.read() as s:
        return in_order(categories.all_categories(s))


def names(project):
    return "".join(one.name[0] for one in ordered(project))


def test_one_moves_to_the_front_between_two_and_to_the_end(project):
    assert names(project) == "cdb"
    assert move_categories(project, [3], 1).description == "Move 'bird'"
    assert names(project) == "bcd"
    move_categories(project, [3], 2)
    assert names(project) == "cbd"
    move_categories(project, [1], None)
    assert names(project) == "bdc"
    add_categories(project, ["new"])
    assert names(project) == "bdcn"
    undo(project)
    undo(project)
    assert names(project) == "cbd"


def test_several_keep_their_order_and_staying_put_is_no_step(project):
    add_categories(project, ["elk", "fox"])
    move_categories(project, [5, 1], 3)
    assert names(project) == "dcfbe"
    words = next_undo(project)
    assert not move_categories(project, [1, 5], 3)
    assert next_undo(project) == words
    with pytest.raises(NotFoundError):
        move_categories(project, [77], None)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=st.lists(st.tuples(st.sets(st.integers(1, 5), min_size=1), st.none() | st.integers(1, 5))))
def test_any_moves_give_the_order_of_a_plain_list(project, moves):
    add_categories(project, ["elk", "fox"])
    plain = [one.id for one in ordered(project)]
    for moved, before in moves:
        move_categories(project, sorted(moved), before)
        others = [one for one in plain if one not in moved]
        if before is None:
            at = len(others)
        elif before in moved:
            at = sum(one not in moved for one in plain[: plain.index(before)])
        else:
            at = others.index(before)
        plain = [*others[:at], *(one for one in plain if one in moved), *others[at:]]
        assert [one.id for one in ordered(project)] == plain


def test_there_is_always_room_between_two(project):
    for turn in range(150):  # halves the gap each time, until all get new places
        move_categories(project, [1 + turn % 2], 3)
        first = "dc" if turn % 2 == 0 else "cd"
        assert names(project) == f"{first}b"
    add_categories(project, ["new"])
    assert names(project).endswith("n")


def test_the_first_ten_get_the_digits_and_the_others_lose_theirs(project):
    add_categories(project, [f"n{one}" for one in range(9)])
    edit_category(project, 12, CategoryEdit(shortcut="4"))
    edit_category(project, 11, CategoryEdit(shortcut="Z"))
    move_categories(project, [3], 1)
    number_first_ten(project)
    found = ordered(project)
    assert "".join(one.shortcut or "" for one in found[:10]) == CATEGORY_KEYS[:10]
    assert [one.shortcut for one in found[10:]] == ["Z", None]
    words = next_undo(project)
    assert not number_first_ten(project)
    assert next_undo(project) == words
    undo(project)
    assert ordered(project)[11].shortcut == "4"
