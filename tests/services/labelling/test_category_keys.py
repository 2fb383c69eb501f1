"""Keys that categories own: set at creation, changed by a person, never shared."""

import pytest

from app.domain.category_properties import CategoryEdit
from app.domain.errors import BadInputError
from app.services.labelling.decisions import undo
from app.services.project.categories import add_categories, archive, edit_category, restore
from app.services.project.creation import create_project
from app.storage import categories


def keys(project):
    with project.db.read() as s:
        return {one.name: one.shortcut for one in categories.all_categories(s)}


def edit(project, number, key):
    return edit_category(project, number, CategoryEdit(shortcut=key))


def test_up_to_ten_categories_of_a_new_project_own_the_digits_in_their_order(tmp_path, images_folder):
    names = [f"species {n}" for n in range(10)]
    with create_project(tmp_path / "ten", [images_folder], names) as project:
        assert "".join(keys(project).values()) == "1234567890"
        add_categories(project, ["late"])
        assert keys(project)["late"] is None
    with create_project(tmp_path / "many", [images_folder], [*names, "one more"]) as project:
        assert set(keys(project).values()) == {None}


def test_a_key_is_changed_taken_away_and_given_back_by_undo(project):
    edit(project, 1, "b")
    assert keys(project) == {"cat": "B", "dog": "2", "bird": "3"}
    edit(project, 1, "")
    assert keys(project)["cat"] is None
    undo(project)
    assert keys(project)["cat"] == "B"


@pytest.mark.parametrize("key", ["Y", "12", "?", "é"])
def test_a_key_that_a_command_has_or_that_is_none_is_refused(project, key):
    with pytest.raises(BadInputError, match="choose a digit or one of B, C"):
        edit(project, 1, key)
    assert keys(project)["cat"] == "1"


def test_a_key_of_another_category_is_refused_and_one_of_an_archived_one_is_free(project):
    with pytest.raises(BadInputError, match="belongs to the category 'dog'"):
        edit(project, 1, "2")
    archive(project, 2)
    edit(project, 1, "2")
    restore(project, 2)
    assert keys(project) == {"cat": "2", "dog": None, "bird": "3"}
