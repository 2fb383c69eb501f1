"""accept: the numbers first, then one bulk decision that undo takes back."""

import pytest

from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide
from app.services.project.project import open_project
from app.storage.images import all_images

SAID = {"red": LabelState.YES, "blue": LabelState.NO}


@pytest.fixture
def shades(cli, tmp_path, make_image):
    """Twenty reds, twelve of them labelled, and twenty blues, twelve of them labelled as no red."""
    for number in range(20):
        make_image(tmp_path / "shades" / f"red{number:02}.png", colour=(180 + 3 * number, number, 10))
        make_image(tmp_path / "shades" / f"blue{number:02}.png", colour=(number, 10, 180 + 3 * number))
    project = tmp_path / "project"
    cli("new", project, "--images", tmp_path / "shades", "--categories", "red,blue", "--backbone", "bundled")
    cli("index", project)
    with open_project(project) as opened:
        with opened.db.read() as s:
            numbers = {one.path: one.id for one in all_images(s)}
        names = [
            (f"{colour}{number:02}.png", state) for colour, state in SAID.items() for number in range(12)
        ]
        decide(opened, [Decision(numbers[name], 1, state) for name, state in names])
    return project


def yes_of(cli, project):
    return next(
        one["yes"] for one in cli("stats", project, "--json").json["categories"] if one["name"] == "red"
    )


@pytest.mark.slow
def test_a_dry_run_reports_and_writes_nothing(cli, shades):
    result = cli("accept", shades, "red", "--precision", "0.8", "--dry-run", "--json")
    told = result.json
    assert result.code == 0
    assert set(told) == {
        *("category", "precision", "threshold", "images", "expected_errors", "errors_at_most", "missed"),
        *("evidence", "reason", "applied", "accepted"),
    }
    assert (told["images"], told["applied"], told["accepted"]) == (8, False, 0)
    assert 0 < told["expected_errors"] <= told["errors_at_most"] < 8
    assert yes_of(cli, shades) == 12


@pytest.mark.slow
def test_without_an_option_the_numbers_are_reported_and_nothing_is_written(cli, shades):
    result = cli("accept", shades, "red", "--precision", "0.8")
    assert result.code == 1
    assert result.out.startswith("8 undecided images would become yes for 'red'.")
    assert "add --yes" in result.err
    assert yes_of(cli, shades) == 12


def test_accepting_is_one_step_of_undo(cli, shades):
    told = cli("accept", shades, "red", "--precision", "0.8", "--yes", "--json").json
    assert (told["applied"], told["accepted"]) == (True, 8)
    assert yes_of(cli, shades) == 20
    assert "Accept 'red' on 8 likely images" in cli("undo", shades).out
    assert yes_of(cli, shades) == 12


@pytest.mark.slow
def test_too_few_examples_is_one_sentence(cli, shades):
    asked = cli("accept", shades, "red", "--precision", "0.99", "--yes")
    assert (asked.code, asked.out) == (1, "")
    assert "are needed" in asked.err
    looked = cli("accept", shades, "red", "--precision", "0.99", "--dry-run", "--json")
    assert looked.code == 0
    assert looked.json["images"] == 0
    assert "are needed" in looked.json["reason"]


def test_a_dry_run_and_a_yes_exclude_each_other(cli, shades):
    assert cli("accept", shades, "red", "--yes", "--dry-run").code == 2
