import pytest


def answers(cli, folder):
    stats = cli("stats", folder, "--json").json
    return {one["name"]: (one["yes"], one["no"], one["unknown"]) for one in stats["categories"]}


def test_label_decides_about_several_categories_in_one_step(cli, folder):
    result = cli("label", folder, "one", "--yes", "cat", "--yes", "dog", "--no", "bird", "--json")
    assert result.json == {
        "image": "one.png",
        "changed": [
            {"category": "cat", "before": "unknown", "after": "yes"},
            {"category": "dog", "before": "unknown", "after": "yes"},
            {"category": "bird", "before": "unknown", "after": "no"},
        ],
    }
    assert answers(cli, folder) == {"cat": (1, 0, 4), "dog": (1, 0, 4), "bird": (0, 1, 4)}
    assert cli("undo", folder).code == 0
    assert answers(cli, folder) == dict.fromkeys(("cat", "dog", "bird"), (0, 0, 5))


def test_unknown_takes_a_label_back(cli, folder):
    cli("label", folder, "one.png", "--yes", "cat")
    assert "cat yes -> unknown" in cli("label", folder, "one.png", "--unknown", "cat").out
    assert answers(cli, folder)["cat"] == (0, 0, 5)


def test_an_unknown_category_names_a_near_match_and_changes_nothing(cli, folder):
    result = cli("label", folder, "one", "--yes", "cat", "--no", "birt")
    assert (result.code, result.out) == (1, "")
    assert "There is no category 'birt' in this project; did you mean 'bird'?" in result.err
    assert answers(cli, folder) == dict.fromkeys(("cat", "dog", "bird"), (0, 0, 5))


def test_an_unknown_image_names_near_matches(cli, folder):
    result = cli("label", folder, "thre.png", "--yes", "cat")
    assert result.code == 1
    assert "'three.png'" in result.err


@pytest.mark.parametrize("second", ["cat", "CAT"])
def test_two_answers_about_one_category_are_refused(cli, folder, second):
    result = cli("label", folder, "one", "--yes", "cat", "--no", second)
    assert result.code == 1
    assert "'cat' is given as yes and as no" in result.err
    assert answers(cli, folder)["cat"] == (0, 0, 5)


@pytest.mark.slow
def test_label_without_an_answer_is_a_usage_error(cli, folder):
    result = cli("label", folder, "one")
    assert result.code == 2
    assert "--yes" in result.err


def test_a_reviewed_image_says_no_to_what_it_does_not_show(cli, folder):
    cli("label", folder, "one", "--yes", "cat")
    result = cli("reviewed", folder, "one", "two.png", "one.png", "--json")
    assert result.json == {"images": ["one.png", "two.png"], "changed": 2}
    assert answers(cli, folder) == {"cat": (1, 1, 3), "dog": (0, 2, 3), "bird": (0, 2, 3)}
    assert cli("stats", folder, "--json").json["images"]["reviewed"] == 2
    assert cli("reviewed", folder, "one", "--off", "--json").json["changed"] == 1
    assert answers(cli, folder)["dog"] == (0, 1, 4)


def test_one_unknown_image_stops_reviewed_before_anything_is_marked(cli, folder):
    assert cli("reviewed", folder, "one", "nothing.png").code == 1
    assert cli("stats", folder, "--json").json["images"]["reviewed"] == 0


def test_undo_and_redo_say_what_they_did(cli, folder):
    cli("label", folder, "one", "--yes", "cat")
    undone = cli("undo", folder, "--json").json
    assert undone == {"undone": "Yes for 'cat' on 'one.png'", "labels": 1, "reviews": 0, "categories": 0}
    assert "redone: Yes for 'cat' on 'one.png' (1 label)" in cli("redo", folder).out
    assert answers(cli, folder)["cat"] == (1, 0, 4)


def test_redo_without_an_undo_is_a_known_error(cli, folder):
    result = cli("redo", folder)
    assert (result.code, result.err) == (1, "tailspotter: There is nothing to redo.\n")


def test_an_unknown_said_on_purpose_stays_when_the_image_is_reviewed(cli, folder):
    cli("label", folder, "one.png", "--yes", "dog", "--unknown", "cat")
    cli("reviewed", folder, "one.png")
    assert answers(cli, folder) == {"cat": (0, 0, 5), "dog": (1, 0, 4), "bird": (0, 1, 4)}
    cli("label", folder, "one.png", "--no", "cat")
    cli("undo", folder)
    assert answers(cli, folder)["cat"] == (0, 0, 5)
