"""The list of similar images with near-duplicates behind the first of them."""

from hypothesis import given
from hypothesis import strategies as st

from app.jobs.project.stacks import Stacks


def test_near_duplicates_are_behind_the_first_and_follow_it_once_open():
    stacks, ids = Stacks({1: (4, 6), 3: (5,)}), [1, 2, 3, 4, 5, 6, 7]
    assert stacks.visible(ids) == [1, 2, 3, 7]
    assert stacks.within(ids).sizes == {1: 3, 3: 2}
    stacks.toggle(4)
    assert stacks.opened == {1}
    assert stacks.visible(ids) == [1, 4, 6, 2, 3, 7]
    assert stacks.of(6) == stacks.of(1) == (1, 4, 6) and stacks.of(2) == ()
    stacks.toggle(1)
    assert stacks.visible(ids) == [1, 2, 3, 7]


def test_where_the_first_is_gone_the_next_one_leads_and_those_gone_do_not_count():
    stacks = Stacks({1: (4, 6)})
    assert stacks.visible([2, 4, 6]) == [2, 4]
    assert stacks.within([2, 4, 6]).sizes == {4: 2}
    stacks.toggle(6)
    assert stacks.visible([2, 4, 6]) == [2, 4, 6] and stacks.within([2, 4, 6]).opened == {4}
    assert stacks.within([1, 2, 6]).sizes == {1: 2}
    assert stacks.within([1, 2]).sizes == {} and stacks.visible([6, 2]) == [6, 2]


def test_only_stacks_that_are_still_there_stay_open():
    assert Stacks({1: (4,)}, opened=[1, 3]).opened == {1}


@given(st.lists(st.integers(0, 5), max_size=30), st.sets(st.integers(0, 29)), st.sets(st.integers(0, 29)))
def test_every_image_is_listed_once_or_behind_one_that_is(groups, opened, gone):
    first: dict[int, list[int]] = {}
    for image, group in enumerate(groups):
        first.setdefault(group, []).append(image)
    members = {found[0]: tuple(found[1:]) for found in first.values() if len(found) > 1}
    stacks = Stacks(members, opened)
    ids = [image for image in range(len(groups)) if image not in gone]
    listed = stacks.visible(ids)
    assert len(set(listed)) == len(listed)
    here = stacks.within(ids)
    behind = {other for leader in here.sizes if leader not in here.opened for other in here.of(leader)[1:]}
    assert set(listed) | behind == set(ids) and not set(listed) & behind
    assert all(listed.index(leader) >= 0 for leader in here.sizes)
    for group in first.values():
        there = [image for image in group if image in ids]
        if len(there) > 1:
            assert here.of(there[-1]) == tuple(there)
