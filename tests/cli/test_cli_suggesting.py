"""What the command line suggests."""

import pytest


def test_suggest_names_the_likeliest_categories_of_every_readable_image(cli, coloured):
    lines = cli("suggest", coloured, "--top", "2", "--json").lines
    assert [line["image"] for line in lines] == [
        f"{c}{n}.png" for c in ("blue", "green", "red") for n in (0, 1)
    ]
    for line in lines:
        first, second = line["suggestions"]
        assert first["category"] == line["image"][:-5]
        assert 1 >= first["probability"] >= second["probability"] >= 0
        assert (first["learner"], first["state"]) == ("text", "unknown")
        assert set(first) == {"category", "probability", "learner", "state"}


@pytest.mark.slow
def test_suggest_keeps_to_the_images_of_a_query(cli, coloured):
    cli("label", coloured, "red1", "--yes", "red")
    lines = cli("suggest", coloured, "--query", "red", "--json").lines
    assert [line["image"] for line in lines] == ["red1.png"]
    states = {one["category"]: one["state"] for one in lines[0]["suggestions"]}
    assert states == {"red": "yes", "green": "unknown", "blue": "unknown"}


def test_a_wrong_query_is_one_sentence(cli, coloured):
    result = cli("suggest", coloured, "--query", "is:reviewt")
    assert (result.code, result.out) == (1, "")
    assert "reviewed" in result.err


def test_suggest_for_a_person_shows_probability_name_and_learner(cli, coloured):
    lines = cli("suggest", coloured, "--top", "1", "--query", "path:red*").out.splitlines()
    assert lines[0] == "red0.png"
    assert lines[1] == "     -  red (not learned yet)"


@pytest.mark.slow
def test_images_without_features_are_listed_empty_and_reported(cli, coloured, make_image):
    make_image(coloured.parent / "shades" / "white.png", colour=(255, 255, 255))
    cli("scan", coloured)
    result = cli("suggest", coloured, "--json")
    assert result.lines[-1] == {"image": "white.png", "suggestions": []}
    assert result.err == "tailspotter: 1 image without features; 'tailspotter index' computes them.\n"


def test_suggest_before_indexing_says_what_to_do(cli, folder):
    result = cli("suggest", folder)
    assert (result.code, result.out) == (1, "")
    assert "tailspotter index" in result.err


def test_review_lists_undecided_images_likely_ones_first(cli, coloured):
    cli("label", coloured, "red0", "--yes", "red")
    cli("label", coloured, "blue0", "--no", "red")
    lines = cli("review", coloured, "RED", "--limit", "3", "--seed", "0", "--json").lines
    assert len(lines) == 3
    assert lines[0]["image"] == "red1.png"
    assert {line["category"] for line in lines} == {"red"}
    assert not {"red0.png", "blue0.png"} & {line["image"] for line in lines}
    chances = [line["probability"] for line in lines]
    assert chances == sorted(chances, reverse=True)
    assert all("too few examples" in line["reason"] for line in lines)


def test_review_of_a_category_that_is_decided_everywhere_says_so(cli, coloured):
    cli("reviewed", coloured, *(f"{name}{n}" for name in ("red", "green", "blue") for n in (0, 1)))
    result = cli("review", coloured, "red")
    assert (result.code, result.out) == (0, "")
    assert result.err == "tailspotter: no image is undecided for 'red'.\n"
    assert "did you mean 'red'?" in cli("review", coloured, "redd").err


@pytest.mark.slow
def test_stats_judge_the_suggestions_once_there_is_evidence(cli, coloured):
    assert all(one["ap"] is None for one in cli("stats", coloured, "--json").json["categories"])
    for image in ("red0", "red1", "green0"):
        cli("label", coloured, image, "--yes", "red")
    for image in ("blue0", "blue1", "green1"):
        cli("label", coloured, image, "--no", "red")
    rows = {one["name"]: one for one in cli("stats", coloured, "--json").json["categories"]}
    assert 0 <= rows["red"]["ap"] <= 1
    assert 0 <= rows["red"]["threshold"] <= 1
    assert rows["blue"]["ap"] is None


def test_stats_do_not_load_a_model_for_a_category_it_has_not_seen(cli, coloured, tmp_path):
    path = tmp_path / "in.json"
    path.write_text(
        '{"images": [{"id": 1, "file_name": "red0.png"}], "categories": [{"id": 1, "name": "wolf"}], '
        '"annotations": [{"id": 1, "image_id": 1, "category_id": 1}]}'
    )
    cli("import", coloured, "coco", path)
    assert "known once 'tailspotter index'" in cli("stats", coloured).out
    cli("index", coloured)
    assert "known once" not in cli("stats", coloured).out


def test_review_shows_no_number_for_a_category_that_is_not_learned(cli, coloured):
    cli("label", coloured, "red0", "--yes", "red")
    assert all(line.startswith("   -  ") for line in cli("review", coloured, "red").out.splitlines())
    cli("label", coloured, "blue0", "--no", "red")
    assert all(line[:2] in {"0.", "1."} for line in cli("review", coloured, "red").out.splitlines())


@pytest.mark.parametrize("command", [["suggest"], ["review", "red"], ["accept", "red", "--dry-run"]])
def test_suggestions_without_names_say_so_on_stderr(cli, coloured, monkeypatch, command):
    monkeypatch.setattr(
        "app.services.suggestions.suggestions.texts_or_reason", lambda *_: (None, "The names are not used.")
    )
    name, *rest = command
    result = cli(name, coloured, *rest)
    assert result.code == 0
    assert "tailspotter: The names are not used.\n" in result.err
