"""Exports of a format that is a folder, split or not."""

from dataclasses import replace

import pytest
from labelled_projects import make_project, say

from app.domain.errors import KnownError
from app.services.interchange import exporting
from app.services.interchange.exporting import export_labels
from app.services.interchange.formats.wide_csv import CSV
from app.services.interchange.splitting import parse_split


def write(table, folder, _options):
    for row in table.rows:
        (folder / f"{row.name}.{row.split}").touch()
    return ["written for a test"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    plain = replace(CSV, name="plain", suffixes=(), write=None, write_folder=write)
    known = {"plain": plain, "parted": replace(plain, name="parted", splits=True)}
    monkeypatch.setattr(exporting, "exporter", known.__getitem__)
    with make_project(tmp_path, [f"{at}.jpg" for at in range(4)]) as project:
        say(project, "0.jpg", cat="yes")
        yield project


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_format_that_names_the_parts_is_one_folder(project, tmp_path):
    report = export_labels(project, "parted", tmp_path / "out", split=parse_split("1/1"))
    assert report.paths == [tmp_path / "out"]
    assert report.notes == ["written for a test"]
    assert {name.rpartition(".")[2] for name in names(tmp_path / "out")} == {"train", "val"}


def test_another_one_is_a_folder_for_each_part(project, tmp_path):
    report = export_labels(project, "plain", tmp_path / "out.d", split=parse_split("1/0/1"))
    assert report.paths == [tmp_path / "out.d-train", tmp_path / "out.d-test"]
    assert len(names(tmp_path / "out.d-train")) == len(names(tmp_path / "out.d-test")) == 2
    plain = export_labels(project, "plain", tmp_path / "whole")
    assert (plain.split, names(tmp_path / "whole")[0]) == (None, "0.jpg.None")


def test_a_part_that_exists_refuses_all_of_them(project, tmp_path):
    (tmp_path / "out-test").mkdir()
    (tmp_path / "out-test" / "mine").touch()
    with pytest.raises(KnownError, match="out-test exists and is not an empty folder"):
        export_labels(project, "plain", tmp_path / "out", split=parse_split("1/0/1"))
    assert [path.name for path in tmp_path.glob("*out*")] == ["out-test"]
