"""The command category: names, description, and the meaning of a name."""

import pytest

CRANE_MACHINE, CRANE_BIRD = "n03126707", "n02012849"


@pytest.fixture
def photos(cli, tmp_path, images_folder):
    given = ("--images", images_folder, "--categories", "crane,xqzt,cat", "--backbone", "photo-lite0")
    assert cli("new", tmp_path / "photos", *given).code == 0
    return tmp_path / "photos"


def test_the_properties_and_the_possible_meanings_are_shown(cli, photos):
    shown = cli("category", photos, "Crane").out.splitlines()
    assert shown == [
        "crane",
        "key: 1",
        "meaning, chosen by the program: crane: lifts and moves heavy objects",
        "",
        "possible meanings (--sense ID chooses one, --sense auto leaves it to the program):",
        "* n03126707  crane: lifts and moves heavy objects (directly: 1 class of the image model)",
        "  n02012849  crane: large long-necked wading bird of marshes and plains in many parts of the world "
        "(directly: 1 class of the image model)",
    ]
    assert cli("category", photos, "xqzt").out.splitlines() == [
        "xqzt",
        "key: 2",
        "The image model does not know the word 'xqzt'; add another name for it, or label a few images.",
    ]


def test_a_meaning_is_chosen_and_left_to_the_program_again(cli, photos):
    changed = cli("category", photos, "crane", "--sense", CRANE_BIRD, "--json").json
    assert (changed["changed"], changed["sense"], changed["chosen"]) == (True, CRANE_BIRD, True)
    assert [one["sense"] for one in changed["meanings"]] == [CRANE_MACHINE, CRANE_BIRD]
    again = cli("category", photos, "crane", "--sense", "auto", "--json").json
    assert (again["sense"], again["chosen"]) == (CRANE_MACHINE, False)
    refused = cli("category", photos, "crane", "--sense", "n1")
    assert refused.code == 1 and "There is no noun with the sense 'n1'" in refused.err


def test_all_properties_change_in_one_step_of_undo(cli, photos):
    options = ("--rename", "grus", "--alias", "crane bird", "--alias", "kurki", "--description", "a bird")
    changed = cli("category", photos, "crane", *options, "--json").json
    assert (changed["category"], changed["aliases"]) == ("grus", ["crane bird", "kurki"])
    shown = cli("category", photos, "kurki").out.splitlines()
    assert shown[:4] == ["grus", "other names: crane bird, kurki", "key: 1", "description: a bird"]
    assert cli("category", photos, "grus", "--alias", "", "--json").json["aliases"] == []
    assert cli("undo", photos).code == cli("undo", photos).code == 0
    assert cli("category", photos, "crane", "--json").json["aliases"] == []


def test_a_refused_property_changes_nothing(cli, photos):
    refused = cli("category", photos, "crane", "--description", "a bird", "--rename", "cat")
    assert refused.code == 1 and "already belongs to the category 'cat'" in refused.err
    shown = cli("category", photos, "crane", "--json").json
    assert (shown["description"], shown["changed"]) == ("", False)
    unknown = cli("category", photos, "cran")
    assert unknown.code == 1 and "did you mean 'crane'?" in unknown.err


def test_a_model_with_a_text_encoder_shows_prompts(cli, folder):
    shown = cli("category", folder, "cat", "--prompt", "{name} in snow", "--json").json
    assert (shown["text"], shown["prompts"], shown["meanings"]) == ("prompts", ["cat in snow"], [])
    assert cli("category", folder, "cat").out.splitlines() == ["cat", "key: 1", "prompt: cat in snow"]


def test_parent_group_colour_and_place_are_set_and_shown(cli, folder):
    assert cli("category", folder, "cat", "--parent", "dog", "--group", "pets", "--order", "3").code == 0
    shown = cli("category", folder, "cat", "--colour", "#2A7F62", "--json").json
    assert (shown["parent"], shown["group"], shown["colour"]) == ("dog", "pets", "#2a7f62")
    assert (shown["order"], shown["children"], shown["archived"]) == (3, [], False)
    assert cli("category", folder, "dog", "--json").json["children"] == ["cat"]
    lines = cli("category", folder, "cat").out.splitlines()
    assert lines[:5] == ["cat", "key: 1", "parent: dog", "group: pets", "colour: #2a7f62"]
    circle = cli("category", folder, "dog", "--parent", "cat")
    assert circle.code == 1 and "'cat' is already below 'dog'" in circle.err
    wrong = cli("category", folder, "dog", "--colour", "blue")
    assert wrong.code == 1 and "#rrggbb" in wrong.err
    assert cli("category", folder, "cat", "--parent", "", "--json").json["parent"] is None


def test_a_category_is_archived_and_restored(cli, folder):
    assert cli("category", folder, "cat", "--archive", "--json").json["archived"] is True
    assert "archived" in cli("category", folder, "cat").out
    assert cli("category", folder, "cat", "--restore", "--json").json["archived"] is False


def test_merging_says_what_happens_and_is_one_step_of_undo(cli, folder):
    cli("label", folder, "one.png", "--yes", "cat", "--no", "dog")
    cli("label", folder, "two.png", "--yes", "dog")
    tried = cli("category", folder, "dog", "--merge-into", "cat", "--dry-run", "--json").json
    assert (tried["merged"], tried["yes"], tried["conflicts"], tried["aliases"]) == (False, 1, 1, ["dog"])
    done = cli("category", folder, "dog", "--merge-into", "cat", "--conflicts", "open")
    assert done.out.splitlines()[:4] == [
        "Merged dog into cat:",
        "  1 yes label and 0 no labels move",
        "  0 images with yes for both, 0 with no for both",
        "  1 conflict of yes and no: the images are left open",
    ]
    assert [one["image"] for one in cli("list", folder, "cat", "--json").lines] == ["two.png"]
    assert cli("undo", folder).code == 0
    assert cli("category", folder, "dog", "--json").json["category"] == "dog"
    both = cli("category", folder, "dog", "--merge-into", "cat", "--group", "x")
    assert both.code == 2
    assert cli("category", folder, "dog", "--merge-into", "dog").code == 1


@pytest.mark.parametrize("option", [["--dry-run"], ["--conflicts", "yes"]])
def test_options_of_a_merge_are_refused_without_one_and_nothing_is_changed(cli, folder, option):
    assert cli("category", folder, "dog", "--rename", "hound", *option).code == 2
    assert cli("category", folder, "dog", "--json").json["category"] == "dog"
