"""Files whose names were changed by other tools: ../shared/cases 03, 04 and 05, through the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parents[2].parent / "shared" / "cases" / "mk_cases.py"
pytestmark = pytest.mark.skipif(not GENERATOR.is_file(), reason="there are no shared cases")


@pytest.fixture
def case(cli, tmp_path):
    """``case("03")`` makes the case and a project over its images, and returns its folder."""

    def make(number):
        subprocess.run([sys.executable, GENERATOR, tmp_path, number], check=True, capture_output=True)
        (folder,) = tmp_path.glob(f"{number}_*")
        assert cli("new", tmp_path / "p", "--images", folder / "images", "--json").code == 0
        return folder

    return make


def yes(cli, project, tmp_path):
    """{image: categories} as the project exports them."""
    target = tmp_path / "out.json"
    cli("export", project, "coco", target)
    document = json.loads(target.read_text("utf-8"))
    names = {one["id"]: one["name"] for one in document["categories"]}
    found = {one["id"]: [] for one in document["images"]}
    for one in document["annotations"]:
        found[one["image_id"]].append(names[one["category_id"]])
    return {one["file_name"]: found[one["id"]] for one in document["images"] if found[one["id"]]}


@pytest.mark.slow
def test_foreign_paths_are_matched_by_their_file_name_when_a_person_accepts_it(case, cli, tmp_path):
    folder = case("03")
    truth = json.loads((folder / "expect.json").read_text("utf-8"))["truth"]
    project = tmp_path / "p"
    report = cli("import", project, "coco", folder / "labels.json", "--dry-run", "--json").json
    assert report["matched"] + report["guesses"] == 10
    assert all(one["candidates"][0].startswith("sub/") for one in report["unmatched_entries"])
    for path in sorted((folder / "single").glob("*.json")):
        result = cli("import", project, "coco", path, "--dry-run", "--json")
        report = result.json
        places = [one["candidates"] for one in report["unmatched_entries"]]
        assert report["matched"] == 1 or places == [[f"sub/{path.stem}.jpg"]]
        assert (result.code, "--match-names" in result.err) == (
            (0, False) if report["matched"] else (1, True)
        )
    result = cli("import", project, "coco", folder / "labels.json", "--match-names")
    assert "9 by the file name alone" in result.out
    assert yes(cli, project, tmp_path) == truth


@pytest.mark.slow
def test_a_path_outside_the_folder_labels_nothing_but_the_image_that_is_named(case, cli, tmp_path):
    folder, project = case("03"), tmp_path / "p"
    report = cli("import", project, "coco", folder / "escape.json", "--match-names", "--json").json
    assert report["unmatched"] == ["../../../../etc/passwd"]
    assert yes(cli, project, tmp_path) == {"sub/a.jpg": ["crack"]}


@pytest.mark.slow
def test_what_an_upload_put_before_a_name_is_shown_before_it_is_taken_away(case, cli, tmp_path):
    folder, project = case("04"), tmp_path / "p"
    dry = cli("import", project, "coco", folder / "labels.json", "--dry-run")
    plain = cli("import", project, "coco", folder / "labels.json")
    for result in (dry, plain):
        assert "2 names fit one image after taking an added part away" in result.out
        assert '"images/3f9a1c02-owl.jpg" without "3f9a1c02-": owl.jpg' in result.out
        assert '"images/12345678-dup.jpg": x/dup.jpg, y/dup.jpg' in result.out
        assert "3 of 4 images" in result.err
        assert "--match-names" in result.err
    assert yes(cli, project, tmp_path) == {"aa11bb22-hen.jpg": ["bird"]}
    cli("import", project, "coco", folder / "labels.json", "--match-names")
    expected = {"aa11bb22-hen.jpg": ["bird"], "owl.jpg": ["bird"], "fox.jpg": ["mammal"]}
    assert yes(cli, project, tmp_path) == expected


@pytest.mark.slow
def test_encoded_and_composed_names_are_matched_the_literal_one_first(case, cli, tmp_path):
    import unicodedata

    folder, project = case("05"), tmp_path / "p"
    truth = json.loads((folder / "expect.json").read_text("utf-8"))["truth"]
    result = cli("import", project, "coco", folder / "labels.json")
    assert result.code == 0
    assert "1 by the decoded name" in result.out
    found = yes(cli, project, tmp_path)
    compose = unicodedata.normalize
    assert {compose("NFC", name): said for name, said in found.items()} == {
        compose("NFC", name): said for name, said in truth.items()
    }
