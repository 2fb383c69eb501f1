"""The cases of tables in ../shared/cases, run as a person would."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

MAKER = Path(__file__).parents[2].parent / "shared" / "cases" / "mk_cases.py"
pytestmark = pytest.mark.skipif(not MAKER.is_file(), reason="the shared cases are not here")
DIALECTS, EXCEL = "13_csv_dialects", "14_csv_for_excel"


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    subprocess.run([sys.executable, str(MAKER), str(folder), "13", "14"], check=True, capture_output=True)
    return folder


def expected(case):
    return json.loads((case / "expect.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def files(cases):
    """The names of the files that the case imports."""
    return [Path(line[4]).name for line in expected(cases / DIALECTS)["run"]]


def commands(case, project, out):
    places = {"{CASE}": str(case), "{P}": str(project), "{OUT}": str(out)}
    for line in expected(case)["run"]:
        words = list(line)
        for name, place in places.items():
            words = [word.replace(name, place) for word in words]
        yield words[1:]


def answers(cli, project, out):
    """{image: {category: 1 or 0}} of a project, by its COCO export."""
    cli("export", project, "coco", out)
    document = json.loads(out.read_text("utf-8"))
    names = {one["id"]: one["name"] for one in document["categories"]}
    found = {one["id"]: {} for one in document["images"]}
    for one in document["annotations"]:
        found[one["image_id"]][names[one["category_id"]]] = 1
    for one in document["images"]:
        said = found[one["id"]]
        said |= {names[key]: 0 for key in one.get("neg_category_ids", [])}
        if one["reviewed"]:
            left_open = set(one.get("unknown_category_ids", []))
            said |= {name: 0 for key, name in names.items() if name not in said and key not in left_open}
    return {one["file_name"]: found[one["id"]] for one in document["images"]}


REFUSED = {
    "decimal_comma.csv": "fractions such as 0,87",
    "no_heading.csv": "has no headings",
    "open_images.csv": "identifiers such as /m/",
}
ONLY_YES = ("cell_", "long")
SEPARATORS = {"cell_pipe": "|", "cell_semicolon": ";", "cell_hash": "#", "cell_comma_quoted": ","}


@pytest.mark.slow
def test_each_dialect_is_read_to_the_truth_or_refused_with_a_sentence(cli, cases, files, tmp_path):
    case = cases / DIALECTS
    truth = {name.replace("\\n", "\n"): said for name, said in expected(case)["truth"].items()}
    assert len(files) == 20
    for name in files:
        project = tmp_path / name
        cli("new", project, "--images", case / "images")
        tried = cli("import", project, "csv", case / name, "--dry-run", "--json")
        if name in REFUSED:
            assert (tried.code, tried.err.count("\n")) == (1, 1), name
            assert REFUSED[name] in tried.err
            continue
        assert tried.code == 0, (name, tried.err)
        assert not tried.json["unmatched"] or name == "own_export_guards.csv"
        assert not tried.json["left_out"]
        assert cli("import", project, "csv", case / name, "--json").code == 0
        found = answers(cli, project, tmp_path / "out.json")
        if name == "own_export_guards.csv":
            assert found["a.jpg"] == {"=1+1": 0, "fox": 1, "path": 1}
            assert tried.json["unmatched"] == ["-a.jpg"]
            continue
        wanted = {
            image: dict(said)
            for image, said in truth.items()
            if name != "old_mac_cr.csv" or "\n" not in image
        }
        if name.startswith(ONLY_YES):
            wanted = {image: {c: 1 for c, said in s.items() if said} for image, s in wanted.items()}
        assert {image: found[image] for image in wanted} == wanted, name


@pytest.mark.slow
def test_the_separator_the_encoding_and_the_columns_are_shown_before_anything_is_written(
    cli, cases, files, tmp_path
):
    case = cases / DIALECTS
    project = tmp_path / "p"
    cli("new", project, "--images", case / "images")
    before = cli("stats", project).out
    for name in files:
        if name in REFUSED:
            continue
        shown = cli("import", project, "csv", case / name, "--dry-run").out
        assert "Encoding " in shown
        assert "columns separated by " in shown
        assert "names the image" in shown
        separator = SEPARATORS.get(Path(name).stem)
        assert separator is None or f'categories in one cell are separated by "{separator}"' in shown
    assert cli("stats", project).out == before


def test_the_export_for_excel_has_no_formula_and_with_its_mark_everything_is_read_back(cli, cases, tmp_path):
    case, project = cases / EXCEL, tmp_path / "p"
    for words in commands(case, project, tmp_path):
        assert cli(*words).code == 0
    marked = tmp_path / "marked.csv"
    assert cli("export", project, "csv", marked, "--bom").code == 0
    plain, again = (tmp_path / "out.csv").read_text("utf-8"), marked.read_text("utf-8-sig")
    assert marked.read_bytes() == b"\xef\xbb\xbf" + (tmp_path / "out.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(again, newline="")))
    assert plain == again
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    other = tmp_path / "other"
    cli("new", other, "--images", case / "images")
    assert cli("import", other, "csv", marked).code == 0
    assert answers(cli, other, tmp_path / "b.json")["0012.jpg"] == {"Füchse": 1, "狐": 1}
