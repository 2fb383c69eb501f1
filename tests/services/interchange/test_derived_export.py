"""What follows from a category below is written as a yes, and the categories in the person's order."""

import csv
import json

import pytest

from app.domain.category_properties import CategoryEdit
from app.domain.labels import Decision, LabelState
from app.services.interchange.exporting import export_labels
from app.services.interchange.importing import import_labels
from app.services.labelling.decisions import decide, image_states, review
from app.services.project.categories import add_categories, edit_category
from app.services.project.category_order import move_categories
from app.storage import images


@pytest.fixture
def animals(project):
    """A yes for cat on one.png, which is reviewed; cat is an animal."""
    add_categories(project, ["animal"])
    edit_category(project, 1, CategoryEdit(parent=4))
    decide(project, [Decision(1, 1, LabelState.YES)])
    review(project, [1])
    return project


def test_a_derived_yes_is_exported_as_a_yes(animals, tmp_path):
    export_labels(animals, "csv", tmp_path / "labels.csv", card_path=tmp_path / "card.json")
    with (tmp_path / "labels.csv").open() as stream:
        (one,) = [row for row in csv.DictReader(stream) if _name(animals, 1) in row.values()]
    assert (one["cat"], one["animal"], one["dog"]) == ("1", "1", "0")
    card = json.loads((tmp_path / "card.json").read_text())
    assert card["sources"]["derived"] == {"yes": 1, "no": 0}
    assert card["sources"]["human"] == {"yes": 1, "no": 0}


def test_the_columns_are_in_the_persons_order(animals, tmp_path):
    move_categories(animals, [4], 1)
    export_labels(animals, "csv", tmp_path / "labels.csv")
    heading = (tmp_path / "labels.csv").read_text().splitlines()[0].split(",")
    names = [name for name in heading if name in {"cat", "dog", "bird", "animal"}]
    assert names == ["animal", "cat", "dog", "bird"]


def test_a_no_for_the_parent_in_a_file_is_a_conflict(animals, tmp_path):
    (tmp_path / "given.csv").write_text(f"image,animal\n{_name(animals, 1)},0\n")
    report = import_labels(animals, "csv", tmp_path / "given.csv")
    assert len(report.conflicts) == 1
    assert image_states(animals, 1)[4] is LabelState.YES


def _name(project, number):
    with project.db.read() as s:
        return images.names(s)[number]
