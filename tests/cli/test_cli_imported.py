"""What another model suggests, on the command line."""

import json

import pytest


def results(path, found, model="md_v5a"):
    """A file of MegaDetector; ``found``: {image: {category: confidence}}."""
    names = sorted({name for scores in found.values() for name in scores})
    images = [
        {
            "file": image,
            "detections": [{"category": str(names.index(name)), "conf": conf} for name, conf in one.items()],
        }
        for image, one in found.items()
    ]
    document = {
        "info": {"detector": model},
        "detection_categories": {str(at): name for at, name in enumerate(names)},
        "images": images,
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def suggested(cli, project):
    lines = cli("suggest", project, "--json").lines
    return {line["image"]: {one["category"]: one for one in line["suggestions"]} for line in lines}


def test_suggestions_are_shown_before_anything_is_indexed_and_go_with_undo(cli, folder, tmp_path):
    path = results(tmp_path / "md.json", {"one.png": {"cat": 0.9, "elk": 0.5}, "two.png": {"cat": 0.95}})
    result = cli("import", folder, "auto", path)
    assert "3 suggestions of md_v5a to review" in result.out
    found = suggested(cli, folder)
    assert {name: one["probability"] for name, one in found["one.png"].items()} == {"cat": 0.9, "elk": 0.5}
    assert found["one.png"]["cat"] | {"probability": 0} == {
        "category": "cat",
        "probability": 0,
        "learner": "imported",
        "state": "unknown",
    }
    assert found["three.png"] == {}
    lines = cli("review", folder, "cat", "--queue", "imported", "--json").lines
    assert [(line["image"], line["probability"]) for line in lines] == [("two.png", 0.95), ("one.png", 0.9)]
    assert lines[0]["reason"] == "suggested by md_v5a"
    cli("undo", folder)
    assert "tailspotter index" in cli("suggest", folder, "--json").err
    result = cli("review", folder, "cat", "--queue", "imported")
    assert (result.code, result.out) == (0, "")
    assert "no undecided image has an imported suggestion for 'cat'" in result.err
    cli("redo", folder)
    assert set(suggested(cli, folder)["one.png"]) == {"cat", "elk"}


def test_nothing_becomes_a_label_and_complete_does_not_review_what_a_model_looked_at(cli, folder, tmp_path):
    path = results(tmp_path / "md.json", {"one.png": {"cat": 0.9}, "two.png": {}})
    value = cli("import", folder, "megadetector", path, "--complete", "--json").json
    assert (value["yes"], value["no"], value["reviewed"], value["suggested"]) == (0, 0, 0, 1)
    stats = cli("stats", folder, "--json").json
    assert stats["images"]["reviewed"] == 0
    assert all(one["yes"] == one["no"] == 0 for one in stats["categories"])


@pytest.mark.slow
def test_a_guess_gives_way_to_another_model_and_what_was_learned_does_not(cli, coloured, tmp_path):
    path = results(tmp_path / "md.json", {"red0.png": {"blue": 0.97}, "red1.png": {"blue": 0.97}})
    cli("import", coloured, "megadetector", path)
    before = suggested(cli, coloured)
    assert next(iter(before["red0.png"])) == "blue"
    assert (before["red0.png"]["blue"]["learner"], before["red0.png"]["blue"]["probability"]) == (
        "imported",
        0.97,
    )
    assert before["green0.png"]["blue"]["learner"] == "text"
    cli("label", coloured, "blue0.png", "--yes", "blue")
    cli("label", coloured, "green0.png", "--no", "blue")
    after = suggested(cli, coloured)["red0.png"]["blue"]
    assert after["learner"] != "imported"
    cli("label", coloured, "red0.png", "--no", "blue")
    lines = cli("review", coloured, "blue", "--queue", "imported", "--json").lines
    assert [line["image"] for line in lines] == ["red1.png"]


def test_the_least_confidence_can_be_chosen(cli, folder, tmp_path):
    path = results(tmp_path / "md.json", {"one.png": {"cat": 0.9, "elk": 0.5}})
    value = cli("import", folder, "megadetector", path, "--confidence", "0.6", "--json").json
    assert (value["suggested"], value["unused"]) == (1, ["elk"])
