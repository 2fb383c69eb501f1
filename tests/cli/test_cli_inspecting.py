import os

import pytest


def test_doctor_prints_each_check_and_fails_with_status_1(cli, folder, images_folder):
    healthy = cli("doctor", folder)
    assert healthy.code == 0
    assert "ok    backbone: bundled: 3 values per image, 2 x 3 patches" in healthy.out
    assert "warn  features:" in healthy.out
    images_folder.rename(images_folder.with_name("elsewhere"))
    ill = cli("doctor", folder)
    assert ill.code == 1
    assert f"fail  image folder: {images_folder} is not there" in ill.out
    assert ill.err == "tailspotter: 1 check failed; the lines marked fail say what to do.\n"


def test_doctor_as_json_is_one_object(cli):
    value = cli("doctor", "--json").json
    assert value["ok"] is True
    assert {"version", "sqlite", "backbone", "disk"} <= {check["name"] for check in value["checks"]}


def test_stats_for_a_person_show_every_category(cli, folder):
    cli("label", folder, "one", "--yes", "cat", "--no", "dog")
    lines = cli("stats", folder).out.splitlines()
    assert lines[0] == "5 images, 0 reviewed"
    assert lines[1].split() == ["category", "band", "yes", "no", "unknown", "AP", "threshold"]
    assert [line.split() for line in lines[2:5]] == [
        ["cat", "tail", "1", "0", "4", "-", "-"],
        ["dog", "tail", "0", "1", "4", "-", "-"],
        ["bird", "tail", "0", "0", "5", "-", "-"],
    ]
    assert lines[5:] == ["AP and threshold are known once 'tailspotter index' has encoded all categories"]


@pytest.mark.slow
def test_commands_that_only_read_work_in_a_place_that_cannot_be_written(cli, coloured, tmp_path, monkeypatch):
    cli("index", coloured)
    monkeypatch.setattr("app.storage.read_only.os.access", lambda _path, mode, **_: not mode & os.W_OK)
    before = {path: path.stat().st_mtime_ns for path in coloured.rglob("*")}
    assert cli("stats", coloured, "--json").json["images"]["total"] == 6
    assert len(cli("suggest", coloured, "--query", "is:unreviewed", "--json").lines) == 6
    assert cli("review", coloured, "red", "--json").code == 0
    assert cli("export", coloured, "csv", tmp_path / "out.csv").code == 0
    refused = cli("label", coloured, "red0", "--yes", "red")
    assert refused.code == 1
    assert "is read-only here (you may not write into its folder): nothing was changed" in refused.err
    assert {path: path.stat().st_mtime_ns for path in coloured.rglob("*")} == before
