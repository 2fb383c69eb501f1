"""The command image-model. The model that knows colours answers to every name with the same key."""

import pytest
from colour_backbone import colour_runner

from app.cli.context import CommandLine
from app.protocol import messages as m

OTHER = "ViT-B-32@laion"


class ByName:
    """A runner whose features have a key for each model; it knows no model that is named "none"."""

    def __init__(self):
        import colour_backbone

        self._module = colour_backbone

    def run(self, command, on_event, should_stop=None):
        key = f"key of {command.backbone}" if hasattr(command, "backbone") else ""
        if command.backbone == "none":
            return m.Failed(job=command.job, known=True, message="There is no model none.")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self._module, "KEY", key)
            return colour_runner().run(command, on_event, should_stop)


@pytest.fixture
def command_line():
    return CommandLine(make_runner=lambda separate: ByName(), start_log=lambda folder, verbose: None)


def test_the_model_in_use_is_shown_with_its_size(cli, coloured):
    found = cli("image-model", coloured, "--json").json
    assert (found["used"]["name"], found["used"]["images"], found["readable"]) == ("bundled", 6, 6)
    assert found["used"]["complete"] and found["used"]["bytes"] > 0
    assert (found["wanted"], found["kept"]) == (None, [])
    assert "in use: bundled (features of 6 of 6 images, " in cli("image-model", coloured).out


def test_another_model_is_used_and_the_former_one_kept_until_it_is_removed(cli, coloured):
    changed = cli("image-model", coloured, "--use", OTHER, "--json")
    assert changed.code == 0
    assert (changed.json["used"]["name"], changed.json["embedded"]) == (OTHER, 6)
    kept = changed.json["kept"]
    assert [(one["name"], one["complete"]) for one in kept] == [("bundled", True)]
    assert len(cli("suggest", coloured, "--json").lines) == 6
    assert cli("image-model", coloured, "--use", "bundled", "--json").json["embedded"] == 0
    gone = cli("image-model", coloured, "--remove", OTHER, "--json").json
    assert gone["removed"] == OTHER and gone["freed"] > 0 and gone["kept"] == []
    refused = cli("image-model", coloured, "--remove", "bundled")
    assert refused.code == 1 and "is in use" in refused.err


def test_a_model_that_cannot_be_loaded_changes_nothing(cli, coloured):
    refused = cli("image-model", coloured, "--use", "none")
    assert refused.code == 1
    assert "There is no model none. The project keeps its image model bundled until none is" in refused.err
    found = cli("image-model", coloured, "--json").json
    assert (found["used"]["name"], found["wanted"]) == ("bundled", None)


@pytest.mark.slow
def test_an_unfinished_change_is_shown_continued_by_index_or_abandoned(cli, coloured):
    from app.services.features.model_change import request_image_model
    from app.services.project.project import open_project

    with open_project(coloured) as project:
        request_image_model(project, OTHER)
    shown = cli("image-model", coloured)
    assert f"changing to: {OTHER} (features of 0 of 6 images, 0 bytes)" in shown.out
    assert cli("image-model", coloured, "--abandon", "--json").json["abandoned"] == OTHER
    assert cli("index", coloured, "--json").json["switched_to"] is None
    with open_project(coloured) as project:
        request_image_model(project, OTHER)
    assert cli("index", coloured, "--json").json["switched_to"] == OTHER
    refused = cli("image-model", coloured, "--abandon")
    assert refused.code == 1 and "not being changed" in refused.err


def test_only_one_thing_is_done_at_a_time(cli, coloured):
    assert cli("image-model", coloured, "--abandon", "--use", OTHER).code == 2
