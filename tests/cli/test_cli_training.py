"""train and models, as a person or a program would run them."""

import re
from dataclasses import replace

import pytest
import torch
from tuning_projects import label, patchy_project, patchy_runner, truth_of

from app.services.project.project import open_project

BANDS = {"total", "head", "medium", "tail"}


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def command_line(command_line):
    return replace(command_line, make_runner=lambda separate: patchy_runner())


@pytest.fixture
def folder(tmp_path):
    with patchy_project(tmp_path, count=90, reviewed=70) as made:
        return made.folder


@pytest.mark.slow
def test_train_prints_one_object_and_the_versions_can_be_managed(cli, folder):
    trained = cli("train", folder, "--epochs", 2, "--json")
    assert trained.code == 0, trained.err
    told = trained.json
    assert told["model"] == "v1"
    assert isinstance(told["activated"], bool)
    assert set(told["metrics"]) == set(told["baseline"]) == BANDS
    # Progress is written every so often, so a fast machine may pass over the first parts.
    assert re.search(r"Tuning, part \d of 6: \d+ of 700", trained.err)
    cli("models", "activate", folder, "v1")
    assert cli("stats", folder, "--json").json["model"] == "v1"
    learners = {
        one["learner"] for line in cli("suggest", folder, "--json").lines for one in line["suggestions"]
    }
    assert "tuned" in learners

    listed = cli("models", "list", folder, "--json").lines
    assert [(one["model"], one["active"], one["parent"]) for one in listed] == [("v1", True, None)]
    assert listed[0]["images"] == 70
    compared = cli("models", "compare", folder, "none", "v1", "--changed", 5, "--json").json
    assert compared["bands"]["total"]["b"] > compared["bands"]["total"]["a"]
    assert len(compared["changed"]) == 5
    assert set(compared["changed"][0]) == {"image", "category", "a", "b"}
    assert cli("models", "rollback", folder, "--json").json == {"active": None}
    deleted = cli("models", "delete", folder, "v1", "--json").json
    assert deleted["deleted"] == "v1" and deleted["bytes"] > 0
    assert cli("models", "list", folder, "--json").lines == []


@pytest.mark.slow
def test_the_same_for_a_person(cli, folder):
    out = cli("train", folder, "--epochs", 1).out
    assert "out of fold" in out
    assert "ctivated: " in out
    assert "v1" in cli("models", "list", folder).out
    shown = cli("models", "show", folder, "v1").out
    assert "Started from the text score of the backbone" in shown
    assert " to " in shown
    assert "difference, 90 %" in cli("models", "compare", folder, "none", "v1").out
    assert cli("models", "activate", folder, "none").out == "no trained version is in use\n"


@pytest.mark.slow
def test_a_damaged_version_is_reported_and_suggestions_come_all_the_same(cli, folder):
    cli("train", folder, "--epochs", 1)
    cli("models", "activate", folder, "v1")
    assert "the tuned model v1 is in use" in cli("stats", folder).out
    for path in (folder / "models" / "1").glob("model-*.safetensors"):
        path.write_bytes(b"")
    result = cli("suggest", folder, "--query", "limit:2", "--json")
    assert result.code == 0
    assert len(result.lines) == 2
    assert "is missing or has changed" in result.err
    assert "Suggestions continue without it." in result.err


def test_known_errors_are_one_sentence(cli, folder):
    missing = cli("models", "activate", folder, "v7")
    assert missing.code == 1
    assert missing.err.count("\n") == 1
    assert "no model version 'v7'" in missing.err
    assert cli("models", "rollback", folder).code == 1
    assert cli("models", "delete", folder, "none").code == 1
    assert cli("train", folder, "--epochs", 0).code == 2
    assert cli("models", "frobnicate", folder).code == 2


def test_nothing_labelled_is_a_sentence_that_says_what_to_do(cli, tmp_path):
    with patchy_project(tmp_path, count=10, reviewed=0) as made:
        folder = made.folder
    result = cli("train", folder)
    assert result.code == 1
    assert "review some images" in result.err
    with open_project(folder) as project:
        label(project, truth_of(10), range(1))
    assert "Review some more images" in cli("train", folder).err
