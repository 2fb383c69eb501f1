"""What the history says in English is recognised, so that the window can say it in its language."""

import re

import pytest

from app.domain import language
from app.domain.category_properties import CategoryEdit
from app.domain.labels import Decision, LabelState, Source
from app.domain.stored_words import step_words
from app.services.labelling import decisions
from app.services.project import categories
from app.services.project.categories import add_categories
from app.services.project.category_merge import merge_categories
from app.services.project.category_order import move_categories, number_first_ten


@pytest.fixture
def brackets():
    """A language that puts each text into brackets."""
    language.install(lambda _context, text: f"[{text}]")
    yield
    language.install(None)


def steps(project):
    """Each kind of step, and what the history says of it."""
    yes, no, unknown = LabelState.YES, LabelState.NO, LabelState.UNKNOWN
    yield decisions.decide(project, [Decision(1, 1, yes)])
    yield decisions.decide(project, [Decision(number, 2, no) for number in (1, 2)], source=Source.BULK)
    yield decisions.decide(project, [Decision(1, 1, unknown)])
    yield decisions.decide(project, [Decision(1, 1, yes), Decision(2, 2, yes)], source=Source.BULK)
    yield decisions.review(project, [1])
    yield decisions.review(project, [1, 2, 3])
    yield decisions.review(project, [1], False)
    yield add_categories(project, ["fox"], Source.HUMAN)
    yield add_categories(project, ["a", "b", "c", "d", "e"], Source.HUMAN)
    yield categories.rename(project, 1, "lynx")
    yield categories.set_templates(project, 1, ["a {name} in snow"])
    yield categories.set_aliases(project, 1, ["bobcat"])
    yield categories.set_description(project, 1, "spotted")
    yield categories.edit_category(project, 1, CategoryEdit(name="cat", description="tame"))
    for edit in (CategoryEdit(parent=2), CategoryEdit(group="pets"), CategoryEdit(colour="#2a7f62")):
        yield categories.edit_category(project, 1, edit)
    yield number_first_ten(project)
    yield move_categories(project, [2], 1)
    yield move_categories(project, [3, 4], 1)
    yield merge_categories(project, 4, 3)
    yield categories.archive(project, 1)
    yield categories.archive(project, 2, 3)
    yield categories.restore(project, 1)


def test_every_kind_of_step_is_recognised(project, brackets):
    said = [change.description for change in steps(project)]
    assert all(said)
    assert [words for words in said if not step_words(words).startswith("[")] == []


def test_names_in_a_step_stay_as_they_were_typed(project, brackets):
    change = categories.rename(project, 1, "Add dog")
    assert re.fullmatch(r"\[Rename 'cat' to 'Add dog'\]", step_words(change.description))
