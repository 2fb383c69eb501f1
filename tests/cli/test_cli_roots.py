"""Projects over several image folders: one name for each image everywhere, and folders that were moved."""

import json
import shlex
import shutil
import unicodedata

import pytest


@pytest.fixture
def two_roots(cli, tmp_path, make_image):
    """A project over ``data/north`` and ``data/south``, each with ``sub/a0.png`` and ``sub/a1.png``."""
    for shade, name in enumerate(("north", "south")):
        for i in range(2):
            make_image(tmp_path / "data" / name / "sub" / f"a{i}.png", colour=(99 * i, 90 * shade, 40))
    roots = (option for name in ("north", "south") for option in ("--images", tmp_path / "data" / name))
    assert cli("new", tmp_path / "P", *roots, "--categories", "red,blue").code == 0
    return tmp_path / "P"


NAMES = ["north/sub/a0.png", "north/sub/a1.png", "south/sub/a0.png", "south/sub/a1.png"]


def listed(cli, project, query=""):
    return [line["image"] for line in cli("list", project, query, "--json").lines]


def test_an_ambiguous_name_is_refused_with_names_that_are_accepted(cli, two_roots):
    refused = cli("label", two_roots, "sub/a0.png", "--yes", "red")
    assert refused.code == 1
    assert "('north/sub/a0.png', 'south/sub/a0.png')" in refused.err
    for name in ("north/sub/a0.png", "south/sub/a0.png"):
        assert cli("label", two_roots, name, "--yes", "red", "--json").json["image"] == name


@pytest.mark.slow
def test_every_command_shows_the_names_of_the_export_and_takes_them_back(cli, two_roots, tmp_path):
    assert listed(cli, two_roots) == NAMES
    assert cli("index", two_roots).code == 0
    assert cli("reviewed", two_roots, *NAMES, "--json").json == {"images": NAMES, "changed": 4}
    assert (
        "'north/sub/a1.png'" in cli("reviewed", two_roots, NAMES[1], "--off").out + cli("undo", two_roots).out
    )
    suggested = [line["image"] for line in cli("suggest", two_roots, "--json").lines]
    assert sorted(suggested) == NAMES
    cli("label", two_roots, NAMES[0], "--unknown", "red", "--unknown", "blue")
    assert [line["image"] for line in cli("review", two_roots, "red", "--json").lines] == [NAMES[0]]
    assert cli("export", two_roots, "coco", tmp_path / "out.json", "--all").code == 0
    exported = json.loads((tmp_path / "out.json").read_text())
    assert sorted(image["file_name"] for image in exported["images"]) == NAMES


def test_queries_take_names_and_paths_inside_a_root(cli, two_roots):
    cli("index", two_roots)
    assert listed(cli, two_roots, "path:south/**") == NAMES[2:]
    assert listed(cli, two_roots, "path:north/sub/a0.png") == NAMES[:1]
    assert listed(cli, two_roots, "path:sub/a0.png") == [NAMES[0], NAMES[2]]
    assert listed(cli, two_roots, "similar:south/sub/a1.png limit:1") == [NAMES[3]]


def test_what_worked_with_one_root_works_with_several(cli, two_roots, tmp_path, make_image):
    make_image(tmp_path / "data" / "south" / "alone.png")
    cli("scan", two_roots)
    for spelling in ("alone.png", "alone", "south/alone.png", tmp_path / "data" / "south" / "alone.png"):
        value = cli("label", two_roots, spelling, "--yes", "red", "--json").json
        assert value["image"] == "south/alone.png"


def test_a_shown_name_takes_precedence_over_a_path_inside_another_root(cli, tmp_path, make_image):
    make_image(tmp_path / "x" / "a.png", colour=(9, 9, 9))
    make_image(tmp_path / "y" / "x" / "a.png")
    cli("new", tmp_path / "P", "--images", tmp_path / "x", "--images", tmp_path / "y", "--categories", "c")
    assert listed(cli, tmp_path / "P") == ["x/a.png", "y/x/a.png"]
    for name in ("x/a.png", "y/x/a.png"):
        assert cli("label", tmp_path / "P", name, "--yes", "c", "--json").json["image"] == name


def test_the_exact_spelling_takes_precedence_over_other_forms_of_accents(cli, tmp_path, make_image):
    composed, decomposed = (unicodedata.normalize(form, "été.png") for form in ("NFC", "NFD"))
    make_image(tmp_path / "i" / "p" / composed, colour=(9, 9, 9))
    make_image(tmp_path / "i" / "q" / decomposed)
    if len(list((tmp_path / "i").rglob("*.png"))) < 2:
        pytest.skip("a file system that composes accents")
    cli("new", tmp_path / "P", "--images", tmp_path / "i", "--categories", "c")
    for folder, name in (("p", composed), ("q", decomposed)):
        assert cli("label", tmp_path / "P", name, "--yes", "c", "--json").json["image"] == f"{folder}/{name}"


def test_folders_whose_names_differ_in_the_form_of_accents_stay_apart(cli, tmp_path, make_image):
    names = [unicodedata.normalize(form, "caf\u00e9") for form in ("NFC", "NFD")]
    for shade, name in enumerate(names):
        make_image(tmp_path / name / "a.png", colour=(9, 9, 99 * shade))
    roots = [option for name in names for option in ("--images", tmp_path / name)]
    cli("new", tmp_path / "P", *roots, "--categories", "red")
    cli("label", tmp_path / "P", names[1] + "/a.png", "--yes", "red")
    cli("export", tmp_path / "P", "coco", tmp_path / "out.json")
    cli("new", tmp_path / "Q", *roots)
    assert cli("import", tmp_path / "Q", "coco", tmp_path / "out.json", "--json").json["matched"] == 2
    assert listed(cli, tmp_path / "Q", "red") == [names[1] + "/a.png"]


def test_relocate_takes_a_folder_name_however_its_accents_are_composed(cli, tmp_path, make_image):
    composed, decomposed = (unicodedata.normalize(form, "caf\u00e9") for form in ("NFC", "NFD"))
    make_image(tmp_path / decomposed / "a.png")
    cli("new", tmp_path / "P", "--images", tmp_path / decomposed)
    for name in (composed, tmp_path / composed):
        (tmp_path / decomposed).rename(tmp_path / "new")
        assert cli("relocate", tmp_path / "P", name, tmp_path / "new").code == 0
        (tmp_path / "new").rename(tmp_path / decomposed)
        assert cli("relocate", tmp_path / "P", "new", tmp_path / decomposed).code == 0


def test_a_scan_names_problems_and_missing_images_as_they_are_called(cli, two_roots, tmp_path):
    (tmp_path / "data" / "north" / "sub" / "a0.png").unlink()
    (tmp_path / "data" / "south" / "sub" / "a1.png").write_bytes(b"no image")
    value = cli("scan", two_roots, "--json").json
    assert [entry["path"] for entry in value["problems"]] == ["south/sub/a1.png"]
    assert value["missing_images"] == [{"path": "north/sub/a0.png", "reason": "the file is gone"}]
    text = cli("scan", two_roots).out
    assert "  north/sub/a0.png: the file is gone" in text


def test_roots_lists_the_image_folders_and_whether_each_is_there(cli, two_roots, tmp_path):
    shutil.move(tmp_path / "data" / "north", tmp_path / "elsewhere")
    assert cli("roots", two_roots, "--json").lines == [
        {"path": str(tmp_path / "data" / "north"), "name": "north", "images": 2, "there": False},
        {"path": str(tmp_path / "data" / "south"), "name": "south", "images": 2, "there": True},
    ]
    assert "north: 2 images, missing" in cli("roots", two_roots).out


@pytest.mark.parametrize("spelling", ["whole", "name", "slash", "relative"])
def test_a_folder_that_was_moved_keeps_its_labels(cli, two_roots, tmp_path, spelling, monkeypatch):
    cli("label", two_roots, "north/sub/a0.png", "--yes", "red")
    cli("reviewed", two_roots, "north/sub/a0.png")
    shutil.move(tmp_path / "data" / "north", tmp_path / "data" / "arctic")
    cli("scan", two_roots)
    monkeypatch.chdir(tmp_path)
    old = {
        "whole": tmp_path / "data" / "north",
        "name": "north",
        "slash": f"{tmp_path}/data/north/",
        "relative": "data/../data/north",
    }[spelling]
    value = cli("relocate", two_roots, old, tmp_path / "data" / "arctic", "--json").json
    assert (value["found"], value["known"], value["returned"], value["missing"]) == (2, 2, 2, 0)
    assert listed(cli, two_roots, "red is:reviewed") == ["arctic/sub/a0.png"]
    assert value["new"] == str(tmp_path / "data" / "arctic")


def test_a_folder_with_other_images_is_refused_unless_forced(cli, two_roots, tmp_path, make_image):
    make_image(tmp_path / "other" / "b.png", size=(50, 50))
    refused = cli("relocate", two_roots, "north", tmp_path / "other")
    assert refused.code == 1
    assert "None of the 2 images" in refused.err
    assert cli("roots", two_roots, "--json").lines[0]["path"] == str(tmp_path / "data" / "north")
    forced = cli("relocate", two_roots, "north", tmp_path / "other", "--force", "--json").json
    assert (forced["added"], forced["missing"], forced["found"]) == (1, 2, 0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("west", "data/north", "is not an image folder of this project; its image folders are:"),
        ("north", "nowhere", "There is no folder"),
        ("north", "data/south", "overlap"),
        ("north", "data/south/sub", "overlap"),
        ("north", "data", "overlap"),
        ("north", "data/north", "The project already uses"),
        ("north", "data/south/sub/a0.png", "is a file; give the folder"),
    ],
)
def test_a_place_that_cannot_be_meant_is_refused_in_one_sentence(cli, two_roots, old, new, words):
    refused = cli("relocate", two_roots, old, two_roots.parent / new)
    assert refused.code == 1
    assert words in refused.err
    assert len(refused.err.splitlines()) == 1


@pytest.mark.slow
def test_changed_images_are_named_by_scan_list_and_stats(cli, two_roots, tmp_path, make_image):
    cli("label", two_roots, "north/sub/a0.png", "--yes", "red", "--no", "blue")
    cli("reviewed", two_roots, "north/sub/a0.png", "south/sub/a1.png")
    make_image(tmp_path / "data" / "north" / "sub" / "a0.png", size=(30, 20))
    make_image(tmp_path / "data" / "south" / "sub" / "a1.png", size=(40, 20))
    text = cli("scan", two_roots).out
    assert "  north/sub/a0.png: 1 yes, 1 no, its review does not count" in text
    assert cli("scan", two_roots, "--json").json["changed_labelled"] == [
        {"path": "north/sub/a0.png", "yes": 1, "no": 1, "reviewed": True},
        {"path": "south/sub/a1.png", "yes": 0, "no": 0, "reviewed": True},
    ]
    assert listed(cli, two_roots, "is:changed") == ["north/sub/a0.png", "south/sub/a1.png"]
    assert cli("stats", two_roots, "--json").json["images"]["changed"] == 2
    assert "2 changed since they were labelled" in cli("stats", two_roots).out
    assert cli("reviewed", two_roots, "north/sub/a0.png").code == 0
    assert listed(cli, two_roots, "is:changed") == ["south/sub/a1.png"]


def test_the_advice_of_doctor_lists_what_it_speaks_of(cli, two_roots, tmp_path):
    (tmp_path / "data" / "north" / "sub" / "a0.png").unlink()
    (tmp_path / "data" / "south" / "sub" / "a1.png").write_bytes(b"no image")
    cli("scan", two_roots)
    checks = cli("doctor", two_roots, "--json").json["checks"]
    advice = next(one["advice"] for one in checks if one["name"] == "images")
    program, *arguments = shlex.split(advice.split("'")[1])
    assert program == "tailspotter"
    lines = cli(*arguments).out.splitlines()
    assert lines[0] == "north/sub/a0.png: the file is gone"
    assert lines[1].startswith("south/sub/a1.png: ")
