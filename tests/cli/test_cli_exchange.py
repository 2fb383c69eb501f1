import csv
import json

import pytest


def coco(path, yes):
    path.write_text(
        json.dumps(
            {
                "images": [{"id": 1, "file_name": "one.png"}, {"id": 2, "file_name": "gone.png"}],
                "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "wolf"}],
                "annotations": [{"id": n, "image_id": 1, "category_id": one} for n, one in enumerate(yes)],
            }
        ),
        encoding="utf-8",
    )
    return path


def test_labels_go_in_and_come_out(cli, folder, tmp_path):
    value = cli("import", folder, "coco", coco(tmp_path / "in.json", [1, 2]), "--json").json
    assert (value["matched"], value["yes"], value["created"]) == (1, 2, ["wolf"])
    assert value["unmatched"] == ["gone.png"]
    exported = cli("export", folder, "coco", tmp_path / "out.json", "--json").json
    assert (exported["labels"], exported["images"], exported["categories"]) == (2, 5, 4)
    assert exported["size"] == (tmp_path / "out.json").stat().st_size
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))["annotations"]) == 2


def test_a_dry_run_says_what_would_happen_and_changes_nothing(cli, folder, tmp_path):
    before = cli("stats", folder).out
    result = cli("import", folder, "coco", coco(tmp_path / "in.json", [2]), "--dry-run")
    assert result.code == 0
    assert "would set 1 yes" in result.out
    assert result.out.endswith("dry run: nothing was changed\n")
    assert cli("stats", folder).out == before


@pytest.mark.slow
def test_conflicts_are_shown_with_both_answers(cli, folder, tmp_path):
    cli("label", folder, "one", "--no", "cat")
    path = coco(tmp_path / "in.json", [1])
    result = cli("import", folder, "coco", path)
    assert "one.png: cat is no here, yes in the file" in result.out
    taken = cli("import", folder, "coco", path, "--overwrite", "--json").json
    assert taken["conflicts"] == [{"image": "one.png", "category": "cat", "project": "no", "file": "yes"}]
    assert cli("stats", folder, "--json").json["categories"][0]["yes"] == 1


def test_complete_reviews_what_the_file_lists(cli, folder, tmp_path):
    cli("import", folder, "coco", coco(tmp_path / "in.json", [1]), "--complete")
    by_name = {one["name"]: one for one in cli("stats", folder, "--json").json["categories"]}
    assert (by_name["wolf"]["no"], by_name["dog"]["no"]) == (1, 0)


def test_a_missing_field_is_one_sentence_and_changes_nothing(cli, folder, tmp_path):
    path = tmp_path / "in.json"
    path.write_text('{"images": [], "categories": [], "annotations": [{"id": 1}]}', encoding="utf-8")
    result = cli("import", folder, "coco", path)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"tailspotter: {path}: annotations[0] has no image_id.\n"


def test_an_unknown_format_names_those_there_are(cli, folder, tmp_path):
    result = cli("export", folder, "xml", tmp_path / "out.xml")
    assert result.code == 1
    assert "there are coco, csv" in result.err
    assert "there are auto, coco" in cli("import", folder, "xml", tmp_path / "in.csv").err


def nothing(path, name="cam2/gone.png"):
    entries = {"images": [{"id": 1, "file_name": name}], "categories": [{"id": 1, "name": "wolf"}]}
    path.write_text(json.dumps(entries | {"annotations": [{"image_id": 1, "category_id": 1}]}))
    return path


def test_an_import_that_matches_nothing_says_so_and_is_no_success(cli, folder, tmp_path):
    path = nothing(tmp_path / "in.json")
    for options in ([], ["--dry-run"], ["--complete"]):
        result = cli("import", folder, "coco", path, "--json", *options)
        assert result.code == 1
        assert result.json["unmatched"] == ["cam2/gone.png"]
        assert result.err == (
            f"tailspotter: {path} names 1 image, none of them certainly in this project, "
            "so nothing was imported; check its file names.\n"
        )
    assert [one["name"] for one in cli("stats", folder, "--json").json["categories"]] == [
        "cat",
        "dog",
        "bird",
    ]
    assert cli("import", folder, "coco", path, "--allow-empty").code == 0


def test_an_image_in_another_folder_needs_an_option(cli, folder, tmp_path):
    path = nothing(tmp_path / "in.json", "cam2/one.png")
    result = cli("import", folder, "coco", path)
    assert result.code == 1
    assert 'images[0] "cam2/one.png": one.png' in result.out
    assert "--match-names" in result.err
    dry = cli("import", folder, "coco", path, "--match-names", "--dry-run")
    assert dry.code == 0
    assert 'images[0] "cam2/one.png" is one.png' in dry.out
    assert cli("import", folder, "coco", path, "--match-names", "--json").json["yes"] == 1
    assert cli("import", folder, "coco", path, "--match-names", "--json").json["unchanged"] == 1


def test_a_file_that_contradicts_itself_is_reported_with_both_entries(cli, folder, tmp_path):
    images = [{"id": 1, "file_name": "one.png"}, {"id": 2, "file_name": "./one.png", "neg_category_ids": [1]}]
    entries = {"images": images, "categories": [{"id": 1, "name": "cat"}]}
    path = tmp_path / "in.json"
    path.write_text(json.dumps(entries | {"annotations": [{"image_id": 1, "category_id": 1}]}))
    told = cli("import", folder, "coco", path).out
    assert 'one.png: cat is yes in images[0] "one.png" and no in images[1] "./one.png"' in told
    assert cli("stats", folder, "--json").json["categories"][0]["yes"] == 0


def test_csv_comes_out_as_a_table(cli, folder, tmp_path):
    cli("label", folder, "one", "--yes", "cat")
    assert cli("export", folder, "csv", tmp_path / "out.csv").code == 0
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as stream:
        rows = {row["path"]: row for row in csv.DictReader(stream)}
    assert rows["one.png"] == {"path": "one.png", "cat": "1", "dog": "", "bird": "", "reviewed": "0"}
    assert len(rows) == 5


def test_a_report_is_saved_whole_and_replaces_only_a_report(cli, folder, tmp_path):
    images = [{"id": n, "file_name": f"gone{n}.png"} for n in range(30)] + [
        {"id": 30, "file_name": "one.png"}
    ]
    path = tmp_path / "in.json"
    path.write_text(json.dumps({"images": images, "categories": [], "annotations": []}))
    for _ in range(2):
        result = cli("import", folder, "coco", path, "--dry-run", "--report", tmp_path / "report.txt")
        assert (result.code, "30 of 31 images" in result.err) == (0, True)
    text = (tmp_path / "report.txt").read_text("utf-8")
    assert all(f"gone{n}.png" in text for n in range(30))
    assert "gone29.png" not in result.out
    cli("import", folder, "coco", path, "--report", tmp_path / "report.json")
    assert len(json.loads((tmp_path / "report.json").read_text("utf-8"))["unmatched"]) == 30
    before = path.read_bytes()
    (tmp_path / "notes.txt").write_text("mine")
    for name, words in (
        ("in.json", "not an import report"),
        ("notes.txt", "not an import report"),
        ("report.pdf", ".json or .txt"),
        ("no/report.txt", "does not exist"),
    ):
        result = cli("import", folder, "coco", path, "--complete", "--report", tmp_path / name)
        assert (result.code, result.out) == (1, "")
        assert words in result.err
    assert (path.read_bytes(), (tmp_path / "notes.txt").read_text()) == (before, "mine")
    assert cli("stats", folder, "--json").json["images"]["reviewed"] == 0


def test_an_export_can_be_chosen_by_a_query_and_by_answers(cli, folder, tmp_path):
    cli("label", folder, "one", "--yes", "cat", "--no", "dog")
    cli("reviewed", folder, "two")
    chosen = cli("export", folder, "csv", tmp_path / "cats.csv", "--query", "cat", "--json").json
    assert (chosen["images"], chosen["left_out"]) == (1, 0)
    answered = cli("export", folder, "csv", tmp_path / "answered.csv", "--labelled-only")
    assert "2 images (1 reviewed)" in answered.out
    assert "left out: without an answer or a review" in answered.out
    wrong = cli("export", folder, "csv", tmp_path / "wrong.csv", "--query", "unknowncat")
    assert (wrong.code, (tmp_path / "wrong.csv").exists()) == (1, False)


def test_a_split_writes_a_file_for_each_part_and_the_same_ones_again(cli, folder, tmp_path):
    cli("label", folder, "one", "--yes", "cat")
    options = ["--split", "50/25/25", "--seed", "3", "--card", tmp_path / "card.md"]
    result = cli("export", folder, "coco", tmp_path / "out.json", *options)
    assert "cat (1 yes): not in" in result.out
    names = ["out-test.json", "out-train.json", "out-val.json"]
    assert sorted(path.name for path in tmp_path.glob("out*")) == names
    first = [(tmp_path / name).read_bytes() for name in names]
    images = [one["file_name"] for text in first for one in json.loads(text)["images"]]
    assert len(images) == len(set(images)) == 5
    report = cli("export", folder, "coco", tmp_path / "out.json", *options, "--json").json
    assert [(tmp_path / name).read_bytes() for name in names] == first
    assert report["size"] == sum(map(len, first))
    assert sum(report["split"]["parts"].values()) == 5
    assert "seed 3" in (tmp_path / "card.md").read_text("utf-8")


def test_a_wrong_export_option_is_one_sentence_and_writes_nothing(cli, folder, tmp_path):
    before = sorted(tmp_path.iterdir())
    for options, words in (
        (["--split", "80"], "80/10/10"),
        (["--images", "move"], "none, copy, link"),
        (["--images", "copy"], "has no images"),
        (["--card", tmp_path / "card.pdf"], ".md or .json"),
        (["--card", tmp_path / "out.json"], "choose two names"),
    ):
        result = cli("export", folder, "coco", tmp_path / "out.json", *options)
        assert (result.code, result.out) == (1, "")
        assert words in result.err
    assert sorted(tmp_path.iterdir()) == before


def test_an_export_onto_a_full_disk_or_a_folder_is_one_sentence_and_changes_nothing(
    cli, folder, tmp_path, monkeypatch
):
    import errno
    import os

    (tmp_path / "folder.json").mkdir()
    result = cli("export", folder, "coco", tmp_path / "folder.json")
    assert (result.code, "is a folder" in result.err) == (1, True)
    (tmp_path / "out-val.json").write_text("old")
    before = sorted(tmp_path.rglob("*.json"))

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for options in ([], ["--split", "80/20"]):
        result = cli("export", folder, "coco", tmp_path / "out.json", *options)
        assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
        assert "the disk is full" in result.err
    assert sorted(tmp_path.rglob("*.json")) == before
    assert (tmp_path / "out-val.json").read_text() == "old"
    assert not list(tmp_path.glob(".*.tmp"))


@pytest.mark.slow
def test_a_data_card_names_the_model_and_the_thresholds(cli, coloured, tmp_path):
    for shade in ("red", "green", "blue"):
        for other in ("red", "green", "blue"):
            for number in (0, 1):
                answer = "--yes" if shade == other else "--no"
                cli("label", coloured, f"{shade}{number}", answer, other)
    cli("label", coloured, "red0", "--yes", "green")
    cli("label", coloured, "blue0", "--yes", "green")
    cli("export", coloured, "csv", tmp_path / "out.csv", "--card", tmp_path / "card.json")
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    by_name = {one["name"]: one for one in card["categories"]}
    assert (card["image_model"], card["model_version"]) == ("bundled", None)
    assert 0 <= by_name["green"]["threshold"] <= 1
    assert by_name["red"]["threshold"] is None
