"""The list of similar images with near-duplicates behind the first of them."""

from hypothesis import given
from hypothesis import strategies as st

from app.jobs.project.stacks import Stacks


def test_near_duplicates_are_behind_the_first_and_follow_it_once_open():
    stacks, ids = Stacks({1: (4, 6), 3: (5,)}), [1, 2, 3, 4, 5, 6, 7]
    assert stacks.visible(ids) == [1, 2, 3, 7]
    assert stacks.sizes(ids) == {1: 3, 3: 2}
    stacks.toggle(4)
    assert stacks.opened == {1}
    assert stacks.visible(ids) == [1, 4, 6, 2, 3, 7]
    assert stacks.of(6) == stacks.of(1) == (1, 4, 6) and stacks.of(2) == ()
    stacks.toggle(1)
    assert stacks.visible(ids) == [1, 2, 3, 7]


def test_images_whose_first_is_gone_are_shown_and_those_gone_do_not_count():
    stacks = Stacks({1: (4, 6)})
    assert stacks.visible([2, 4, 6]) == [2, 4, 6]
    assert stacks.sizes([1, 2, 6]) == {1: 2}
    assert stacks.sizes([1, 2]) == {}


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
    behind = {
        other
        for leader, others in members.items()
        if leader in ids and leader not in stacks.opened
        for other in others
        if other in ids
    }
    assert set(listed) | behind == set(ids) and not set(listed) & behind
    assert len(ids) - len(listed) == sum(
        size - 1 for leader, size in stacks.sizes(ids).items() if leader not in stacks.opened
    )


def test_a_stack_stays_open_when_another_of_its_images_is_the_first():
    assert Stacks({4: (6,), 5: (7,)}, opened=[1, 4, 6]).opened == {4}
    assert Stacks({4: (6,), 5: (7,)}, opened=[6]).opened == {4}
