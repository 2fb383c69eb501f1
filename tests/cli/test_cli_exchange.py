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
