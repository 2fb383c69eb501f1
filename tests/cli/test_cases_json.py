"""COCO files and JSON of other kinds as others write them: ../shared/cases, through the command line."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parents[2].parent / "shared" / "cases" / "mk_cases.py"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not GENERATOR.is_file(), reason="there are no shared cases beside the project"),
]


class Case:
    """One case: its folder, what is expected, and its command lines."""

    def __init__(self, cli, folder, place):
        self.cli, self.folder, self.place = cli, folder, place
        self.expect = json.loads((folder / "expect.json").read_text("utf-8"))
        (place / "out").mkdir()

    @property
    def project(self):
        return self.place / "p"

    def out(self, name):
        return self.place / "out" / name

    def run(self):
        """Run every line; return [(arguments, result)]."""
        places = {
            "{CASE}": str(self.folder),
            "{OUT}": str(self.place / "out"),
            "{P2}": str(self.place / "p2"),
            "{P}": str(self.project),
        }
        results = []
        for line in self.expect["run"]:
            arguments = [*line[1:], *(["--backbone", "bundled"] if line[1] == "new" else [])]
            for name, real in places.items():
                arguments = [one.replace(name, real) for one in arguments]
            results.append((arguments, self.cli(*arguments)))
        return results


@pytest.fixture
def case(cli, tmp_path):
    """``case("08")`` makes the case."""

    def make(number):
        subprocess.run([sys.executable, GENERATOR, tmp_path, number], check=True, capture_output=True)
        (folder,) = tmp_path.glob(f"{number}_*")
        return Case(cli, folder, tmp_path)

    return make


def said(path):
    """{image: {category: state}} of an exported CSV, unknown left out."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row.pop("path"): {name: int(cell) for name, cell in row.items() if cell and name != "reviewed"}
        | ({"reviewed": True} if row["reviewed"] == "1" else {})
        for row in rows
    }


def yes(cli, project, target):
    assert cli("export", project, "csv", target).code == 0
    found = {
        image: sorted(name for name, state in one.items() if state == 1)
        for image, one in said(target).items()
    }
    return {image: names for image, names in found.items() if names}


@pytest.mark.parametrize("name", ["cct", "all_text", "mixed", "floats"])
def test_01_an_id_is_only_a_name(case, cli, name):
    one = case("01")
    cli("new", one.project, "--images", one.folder / "images")
    result = cli("import", one.project, "coco", one.folder / f"{name}.json", "--json")
    assert (result.code, result.json["left_out"]) == (0, [])
    assert yes(cli, one.project, one.out("a.csv")) == one.expect["truth"]
    assert any("--nothing" in note for note in result.json["notes"])


def test_01_empty_is_read_as_nothing_is_here_on_request(case, cli):
    one = case("01")
    assert all(result.code == 0 for _, result in one.run())
    cli("new", one.place / "q", "--images", one.folder / "images")
    result = cli("import", one.place / "q", "auto", one.folder / "cct.json", "--nothing", "empty", "--json")
    assert (result.json["format"], result.json["created"]) == ("camera-traps", ["deer", "fox"])
    cli("export", one.place / "q", "csv", one.out("a.csv"))
    assert said(one.out("a.csv"))["cam1/IMG_0002.jpg"] == {"deer": 0, "fox": 0, "reviewed": True}


def test_08_broken_entries_are_counted_and_named_and_the_rest_is_imported(case, cli):
    one = case("08")
    results = one.run()
    assert all(result.code == 0 for _, result in results)
    whole = results[1][1].json
    assert whole["yes"] == len(one.expect["truth"])
    assert whole["unmatched"] == ["deleted.jpg"]
    reasons = {
        "image_id 999 is not the id of any image",
        "category_id 77 is not the id of any category",
        "it is a caption, not a label",
        "category_id is null",
    }
    assert {entry["reason"] for entry in whole["left_out"]} == reasons
    single = [result.json["left_out"] for _, result in results[2:]]
    assert {entry["reason"] for entries in single for entry in entries} == reasons
    assert all(len(entries) == 1 for entries in single)
    text = cli("import", one.project, "coco", one.folder / "labels.json").out
    assert "4 entries left out:" in text
    assert yes(cli, one.project, one.out("a.csv")) == one.expect["truth"]


def test_09_checked_said_no_and_never_looked_at_stay_apart(case):
    one = case("09")
    results = one.run()
    assert all(result.code == 0 for _, result in results)
    assert said(one.out("one.csv")) == one.expect["states"]
    assert one.out("one.csv").read_bytes() == one.out("two.csv").read_bytes()

    def without_ids(name):
        document = json.loads(one.out(name).read_text("utf-8"))
        names = {entry["id"]: entry["name"] for entry in document["categories"]}
        images = {}
        for entry in document["images"]:
            lists = {
                key: sorted(names[at] for at in value) for key, value in entry.items() if key.endswith("_ids")
            }
            images[entry["id"]] = {key: entry[key] for key in ("file_name", "reviewed")} | lists | {"yes": []}
        for entry in document["annotations"]:
            images[entry["image_id"]]["yes"].append(names[entry["category_id"]])
        return document["info"], sorted(images.values(), key=lambda image: image["file_name"])

    first = without_ids("one.json")
    assert first == without_ids("two.json")
    by_name = {entry.pop("file_name"): entry for entry in first[1]}
    assert len(by_name) == 6
    assert by_name["n3.jpg"] == {"reviewed": True, "yes": []}
    assert by_name["n1.jpg"] == {"reviewed": False, "yes": [], "neg_category_ids": ["airplane"]}
    assert by_name["n5.jpg"] == {"reviewed": False, "yes": []}
    assert "unknown, not absent" in first[0]["usage"]
    exported = next(result for arguments, result in results if arguments[:1] == ["export"])
    assert "4 images are not reviewed" in exported.out


def test_10_spellings_are_joined_and_the_name_of_the_project_is_no_category(case, cli):
    one = case("10")
    results = one.run()
    report, stats = results[1][1].json, results[2][1].json
    assert [entry["name"] for entry in stats["categories"]] == ["Fox", "badger"]
    assert [entry["names"] for entry in report["joined"]] == [["Fox", "fox", "FOX"]]
    assert report["unused"] == ["animals-abcd"]
    assert any("'animals-abcd'" in note for note in report["notes"])
    found = yes(cli, one.project, one.out("a.csv"))
    assert [found[f"s{number}.jpg"] for number in range(3)] == [["Fox"]] * 3
    again = cli("import", one.project, "coco", one.folder / "labels.json", "--complete", "--json").json
    assert again["created"] == []


SENTENCES = {
    "captions.json": "captions",
    "coco_results.json": "COCO results",
    "createml.json": "Create ML",
    "cut.json": "cut off",
    "empty.json": "is empty",
    "empty_object.json": '"images"',
    "image_info_only.json": "image_info",
    "label_studio.json": "with the format labelstudio",
    "labelme.json": "labelme",
    "lfs_pointer.json": "git lfs pull",
    "megadetector.json": "with the format megadetector",
    "no_categories.json": 'no "categories"',
    "packed.json": "gzip",
    "packed.json.gz": "gzip",
    "trailing_comma.json": "comma too many",
    "utf16.json": "UTF-16",
}


def test_12_a_file_of_another_kind_is_told_for_what_it_is(case, cli):
    one = case("12")
    results = {Path(arguments[3]).name: result for arguments, result in one.run()[1:]}
    assert results.keys() == SENTENCES.keys() | set(one.expect["readable"])
    for name, result in results.items():
        if name in one.expect["readable"]:
            assert (result.code, result.json["yes"]) == (0, 1)
            continue
        assert (result.code, result.out) == (1, "")
        assert result.err.count("\n") == 1
        assert "Traceback" not in result.err
        assert SENTENCES[name] in result.err
    assert cli("stats", one.project, "--json").json["categories"] == []
    for name, suggested in (("label_studio.json", 0), ("megadetector.json", 2)):
        report = cli("import", one.project, "auto", one.folder / name, "--match-names", "--json").json
        assert (report["matched"], report["suggested"]) == (1, suggested)


def test_26_three_thousand_categories_go_in_and_come_out(case, cli):
    one = case("26")
    results = one.run()
    assert all(result.code == 0 for _, result in results)
    labels = json.loads((one.folder / "labels.json").read_text("utf-8"))
    assert results[1][1].json["yes"] == len(labels["annotations"])
    lines = results[-1][1].lines
    assert (len(lines), {len(line["suggestions"]) for line in lines}) == (40, {5})
    cli("export", one.project, "csv", one.out("a.csv"))
    with one.out("a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {3002}
    assert sum(row.count("1") for row in rows[1:]) == len(labels["annotations"])
