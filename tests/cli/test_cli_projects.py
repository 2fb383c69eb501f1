from dataclasses import replace

import pytest

from app.cli.main import run
from app.protocol import messages as m


def test_new_creates_a_project_and_scans_it(cli, tmp_path, images_folder):
    (images_folder / "broken.jpg").write_text("no image")
    result = cli("new", tmp_path / "p", "--images", images_folder, "--categories", "cat, Dog ,cat", "--json")
    assert result.code == 0
    value = result.json
    assert value["project"] == str(tmp_path / "p")
    assert (value["categories"], value["backbone"]) == (2, "photo-lite2")
    assert (value["added"], value["unreadable"]) == (6, 1)
    assert [entry["path"] for entry in value["problems"]] == ["broken.jpg"]
    assert value["problems"][0]["reason"]
    names = [category["name"] for category in cli("stats", tmp_path / "p", "--json").json["categories"]]
    assert names == ["cat", "Dog"]


def test_new_counts_the_categories_there_are_and_lists_the_names_that_are_one(cli, tmp_path, images_folder):
    names = tmp_path / "names.txt"
    names.write_text("CO2\nCO\u2082\nstra\u00dfe\nstrasse\n\u0645\u06cc\u200c\u062e\n", encoding="utf-8")
    arguments = ["--images", images_folder, "--categories", names]
    value = cli("new", tmp_path / "p", *arguments, "--json").json
    stored = [one["name"] for one in cli("stats", tmp_path / "p", "--json").json["categories"]]
    assert stored == ["CO2", "stra\u00dfe", "\u0645\u06cc\u200c\u062e"]
    assert value["categories"] == len(stored)
    assert value["joined"] == [
        {"category": "CO2", "names": ["CO2", "CO\u2082"], "places": ["line 1", "line 2"]},
        {"category": "stra\u00dfe", "names": ["stra\u00dfe", "strasse"], "places": ["line 3", "line 4"]},
    ]
    told = cli("new", tmp_path / "q", *arguments).out
    assert "3 categories" in told
    assert 'CO2: "CO2" (line 1), "CO\u2082" (line 2)' in told


def test_undecodable_names_are_refused_with_their_place(cli, tmp_path, images_folder):
    names = tmp_path / "names.txt"
    names.write_bytes(b"fox\nB\xe4r\n")
    result = cli("new", tmp_path / "p", "--images", images_folder, "--categories", names)
    assert (result.code, result.out) == (1, "")
    assert f"{names} is not UTF-8 text (line 2, column 2)" in result.err
    result = cli("new", tmp_path / "p", "--images", images_folder, "--categories", "fox,B\udce4r")
    assert result.code == 1
    assert "name 2: The category name 'B\\udce4r' is not valid text: character 2" in result.err
    assert not (tmp_path / "p").exists()


def test_new_takes_several_folders_and_a_file_of_categories(cli, tmp_path, images_folder, make_image):
    make_image(tmp_path / "more" / "six.png")
    names = tmp_path / "names.txt"
    names.write_text("red deer\n\nroe deer, young\n", encoding="utf-8")
    images = ["--images", images_folder, "--images", tmp_path / "more"]
    assert cli("new", tmp_path / "p", *images, "--categories", names).code == 0
    stats = cli("stats", tmp_path / "p", "--json").json
    assert stats["images"]["total"] == 6
    assert [category["name"] for category in stats["categories"]] == ["red deer", "roe deer, young"]


def test_a_file_of_categories_that_is_not_there_is_no_category_name(cli, tmp_path, images_folder):
    missing = tmp_path / "names.txt"
    result = cli("new", tmp_path / "p", "--images", images_folder, "--categories", missing)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"tailspotter: There is no file {missing} with category names.\n"
    assert not (tmp_path / "p").exists()


def test_new_without_images_is_a_usage_error(cli, tmp_path):
    result = cli("new", tmp_path / "p")
    assert result.code == 2
    assert "--images" in result.err


@pytest.mark.parametrize("command", ["scan", "index", "stats", "undo"])
def test_an_unknown_project_is_one_sentence(cli, tmp_path, command):
    result = cli(command, tmp_path / "nowhere")
    assert (result.code, result.out) == (1, "")
    assert result.err == f"tailspotter: There is no folder {tmp_path / 'nowhere'}.\n"


def test_scan_reports_what_is_new_and_what_is_missing(cli, folder, images_folder, make_image):
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    (images_folder / "one.png").unlink()
    value = cli("scan", folder, "--json").json
    assert (value["added"], value["missing"], value["unchanged"]) == (1, 1, 4)
    assert "5 unchanged, 1 missing" in cli("scan", folder).out


def test_index_does_what_is_left_to_do(cli, folder, images_folder, make_image):
    first = cli("index", folder, "--json")
    assert first.code == 0
    assert (first.json["embedded"], first.json["skipped"], first.json["failed"]) == (5, 0, [])
    assert first.json["feature_key"] == "colours-1"
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    cli("scan", folder)
    again = cli("index", folder, "--json").json
    assert (again["embedded"], again["skipped"]) == (1, 5)
    assert "0 images indexed" in cli("index", folder).out


def test_index_lists_images_that_cannot_be_decoded(cli, folder, images_folder):
    (images_folder / "one.png").write_bytes(b"changed after the scan")
    value = cli("index", folder, "--json").json
    assert value["failed"] == [{"path": "one.png", "reason": "cannot be decoded"}]
    assert value["embedded"] == 4


def test_progress_goes_to_stderr_and_never_into_json(cli, folder):
    result = cli("index", folder, "--json")
    assert len(result.out.splitlines()) == 1
    assert "embedding: 5 of 5" in result.err


def test_skipped_files_are_reported_with_their_kind(cli, tmp_path):
    (tmp_path / "raw").mkdir()
    for name in ("1.nef", "2.NEF", "scan.dcm", "notes.txt"):
        (tmp_path / "raw" / name).write_bytes(b"MM")
    said = cli("new", tmp_path / "project", "--images", tmp_path / "raw").out
    assert "no images found" in said
    assert (
        "skipped: 2 .nef (camera raw, not supported yet), 1 .dcm (DICOM, not supported yet), "
        "1 other file (.txt)"
    ) in said
    value = cli("scan", tmp_path / "project", "--json").json
    assert value["passed_over"] == {".nef": 2, ".dcm": 1, ".txt": 1}
    assert value["not_supported"] == {"camera raw": 2, "DICOM": 1}


class Refusing:
    """A runner whose worker cannot load any model."""

    def run(self, command, on_event, should_stop=None):
        assert isinstance(command, m.DescribeBackbone)
        return m.Failed(job=command.job, known=True, message=f"There is no {command.backbone}.")


def test_a_model_that_cannot_be_loaded_is_refused_and_nothing_is_made(
    command_line, images_folder, tmp_path, capfd, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    line = replace(command_line, make_runner=lambda separate: Refusing())
    arguments = ["new", "deep/p", "--images", str(images_folder), "--backbone", "ViT-B-32@w.pt"]
    assert run(arguments, line) == 1
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1] == f"tailspotter: There is no ViT-B-32@{tmp_path}/w.pt."
    assert not (tmp_path / "deep").exists()
    assert run([*arguments[:4], "--json"], line) == 0


def test_the_model_is_stored_and_reported_with_an_absolute_path(cli, images_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = cli("new", "p", "--images", images_folder, "--backbone", "local-dir:m", "--json")
    assert made.json["backbone"] == f"local-dir:{tmp_path}/m"


def test_an_empty_image_model_is_refused_and_not_replaced_by_the_default(cli, tmp_path, images_folder):
    result = cli("new", tmp_path / "P", "--images", images_folder, "--backbone", "")
    assert result.code == 1
    assert "The name of the image model is empty" in result.err
    assert not (tmp_path / "P").exists()
