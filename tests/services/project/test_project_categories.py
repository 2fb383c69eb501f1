"""Operations on categories, each one step of undo."""

import pytest

from app.domain.errors import BadInputError, NotFoundError
from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide, image_states, next_undo, redo, undo
from app.services.project.categories import (
    add_categories,
    archive,
    rename,
    restore,
    set_aliases,
    set_templates,
)
from app.storage import categories


def known(project, archived=False):
    with project.db.read() as s:
        return categories.all_categories(s, archived)


def names(project, archived=False):
    return [category.name for category in known(project, archived)]


def find(project, name):
    with project.db.read() as s:
        return categories.find(s, name)


def test_new_names_are_added_in_order_and_known_ones_passed_over(project):
    change = add_categories(project, ["owl", " CAT ", "Owl", "fox"])
    assert change.categories == [4, 5]
    assert names(project) == ["cat", "dog", "bird", "owl", "fox"]
    assert not add_categories(project, ["cat"])


def test_an_undone_category_comes_back_as_the_same_one(project):
    add_categories(project, ["owl"])
    before = known(project)
    undo(project)
    assert names(project) == ["cat", "dog", "bird"]
    redo(project)
    assert known(project) == before


def test_the_number_of_an_undone_category_is_never_given_to_another(project):
    add_categories(project, ["owl"])
    undo(project)
    assert add_categories(project, ["fox"]).categories == [5]


OPERATIONS = [
    lambda project: rename(project, 1, "lynx"),
    lambda project: set_templates(project, 1, ["a {name} in the snow", "tracks of a {name}"]),
    lambda project: set_aliases(project, 1, ["kitty", "Felis catus"]),
    lambda project: archive(project, 1),
]


@pytest.mark.parametrize("operate", OPERATIONS, ids=["rename", "templates", "aliases", "archive"])
def test_an_operation_names_its_category_and_is_undone_and_redone(project, operate):
    before = known(project, archived=True)
    assert operate(project).categories == [1]
    after = known(project, archived=True)
    assert after != before
    assert undo(project).categories == [1]
    assert known(project, archived=True) == before
    assert redo(project).categories == [1]
    assert known(project, archived=True) == after


@pytest.mark.parametrize("operate", OPERATIONS, ids=["rename", "templates", "aliases", "archive"])
def test_an_operation_that_changes_nothing_is_no_step(project, operate):
    operate(project)
    words = next_undo(project)
    assert not operate(project)
    assert next_undo(project) == words


def test_labels_stay_through_a_rename_and_an_archive(project):
    decide(project, [Decision(1, 1, LabelState.YES)])
    rename(project, 1, "lynx")
    archive(project, 1)
    assert 1 not in image_states(project, 1)
    restore(project, 1)
    assert image_states(project, 1)[1] is LabelState.YES


def test_a_category_is_found_by_name_then_alias_whatever_the_case(project):
    set_aliases(project, 1, ["Kitty", "Felis  catus"])
    assert find(project, "CAT").id == find(project, "kitty").id == find(project, "felis catus").id == 1
    assert add_categories(project, ["KITTY"]).categories == ()


def test_an_unknown_category_is_refused_with_the_likely_one(project):
    with pytest.raises(NotFoundError, match=r"no category 'brid' in this project; did you mean 'bird'\?"):
        find(project, "brid")
    with pytest.raises(NotFoundError, match=r"no category 'xylophone' in this project\."):
        find(project, "xylophone")


def test_an_archived_category_says_so_instead_of_being_made_twice(project):
    archive(project, 1)
    assert names(project) == ["dog", "bird"]
    with pytest.raises(NotFoundError, match="'cat' is archived; restore it first"):
        find(project, "cat")
    with pytest.raises(BadInputError, match="'cat' is archived; restore it instead"):
        add_categories(project, ["cat"])


def test_a_name_belongs_to_one_category(project):
    set_aliases(project, 2, ["hound"])
    for attempt in (
        lambda: rename(project, 1, "Dog"),
        lambda: rename(project, 1, "HOUND"),
        lambda: set_aliases(project, 1, ["kitty", "dog"]),
    ):
        with pytest.raises(BadInputError, match="already belongs to the category 'dog'"):
            attempt()
    assert names(project) == ["cat", "dog", "bird"]


def test_a_category_may_change_the_case_of_its_own_name(project):
    rename(project, 1, "Cat")
    assert names(project)[0] == "Cat"


@pytest.mark.parametrize("templates", [[], ["a {name}", "  "]])
def test_a_category_keeps_at_least_one_prompt(project, templates):
    with pytest.raises(BadInputError, match="at least one prompt"):
        set_templates(project, 1, templates)


def test_prompts_carry_the_name(project):
    set_templates(project, 1, ["a  {name}", "a {name}", "{name} tracks"])
    assert find(project, "cat").prompts() == ("a cat", "cat tracks")


def test_operations_on_an_unknown_number_are_refused(project):
    with pytest.raises(NotFoundError, match="no category with the number 99"):
        rename(project, 99, "x")


def test_steps_have_descriptions(project):
    rename(project, 1, "lynx")
    assert next_undo(project) == "Rename 'cat' to 'lynx'"
    add_categories(project, ["a", "b", "c", "d", "e"])
    assert next_undo(project) == "Add 'a', 'b', 'c' and 2 more"
