"""The cases of formats of folders and sidecars, through the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).parents[2].parent / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")


def make_case(tmp_path, number):
    made = [sys.executable, str(CASES / "mk_cases.py"), str(tmp_path / "cases"), str(number)]
    subprocess.run(made, check=True, capture_output=True)
    (case,) = (tmp_path / "cases").iterdir()
    return case, json.loads((case / "expect.json").read_text("utf-8"))["run"]


def run(cli, line, case, project, *, for_real=False):
    """Run a line of the case; ``for_real``: without --dry-run."""
    words = [word.replace("{CASE}", str(case)).replace("{P}", str(project)) for word in line[1:]]
    return cli(*[word for word in words if not (for_real and word == "--dry-run")])


def labels(cli, project, tmp_path):
    """{image: its yes's} by an export, with what is reviewed or no checked to be nothing."""
    cli("export", project, "coco", tmp_path / "labels.json")
    document = json.loads((tmp_path / "labels.json").read_text("utf-8"))
    names = {one["id"]: one["name"] for one in document["categories"]}
    found = {one["id"]: set() for one in document["images"]}
    for one in document["annotations"]:
        found[one["image_id"]].add(names[one["category_id"]])
    assert not any(one["reviewed"] or one.get("neg_category_ids") for one in document["images"])
    return {one["file_name"]: found[one["id"]] for one in document["images"]}


def reasons(report):
    return {one["place"]: one["reason"] for one in report["left_out"]}


def test_xmp_keywords(cli, tmp_path):
    case, (line,) = make_case(tmp_path, 32)
    project = tmp_path / "project"
    assert cli("new", project, "--images", case / "images").code == 0
    before = {one.name: one.read_bytes() for one in (case / "images").iterdir()}
    dry = run(cli, line, case, project)
    assert (dry.code, dry.json["dry_run"]) == (0, True)
    assert not any(labels(cli, project, tmp_path).values())
    report = run(cli, line, case, project, for_real=True).json
    # cat and Cat are one category; the keyword that came first gives the spelling.
    assert labels(cli, project, tmp_path) == {
        "a.jpg": {"cat", "dog"},
        "b.jpg": {"cat", "Kraków"},
        "c.jpg": {"cat", "Animals", "Nature", "MyArchive"},
        "d.jpg": {"2026", "1e5", "007"},
        "e.jpg": {"embedded"},
        "f.jpg": {"castle, knight", "rock & roll"},
        "g.jpg": set(),
        "g.png": set(),
        "h.jpg": {"cat"},
        "i.jpg": set(),
        "j.jpg": set(),
    }
    assert reasons(report)["g.xmp"] == "belongs to several images: g.jpg, g.png"
    assert reasons(report)["j.jpg.xmp"].startswith("the sidecar is damaged")
    assert len(report["left_out"]) == 2
    assert any("the last part (Cat) is the category; --keywords all" in one for one in report["notes"])
    assert cli("export", project, "xmp", tmp_path / "out").code == 0
    assert {one.name: one.read_bytes() for one in (case / "images").iterdir()} == before


def test_what_a_tree_means_is_asked_once_and_kept(cli, tmp_path):
    case, (line,) = make_case(tmp_path, 32)
    project = tmp_path / "project"
    cli("new", project, "--images", case / "images")
    assert cli("import", project, "xmp", case / "images", "--keywords", "all").code == 0
    both = {"Nature", "Animals", "cat", "Place", "Kraków"}
    assert labels(cli, project, tmp_path)["b.jpg"] == both
    assert run(cli, line, case, project, for_real=True).json["yes"] == 0
    assert labels(cli, project, tmp_path)["b.jpg"] == both
    assert cli("import", project, "xmp", case / "images", "--keywords", "some").code == 1


def test_an_exported_sidecar_keeps_rating_and_faces(cli, tmp_path):
    case, _ = make_case(tmp_path, 32)
    sidecar = case / "images" / "a.jpg.xmp"
    faces = "<mwg:Regions xmlns:mwg='http://www.metadataworkinggroup.com/schemas/regions/'>Ann</mwg:Regions>"
    text = sidecar.read_text("utf-8").replace(
        "</rdf:RDF>",
        "<rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='5'>"
        f"{faces}</rdf:Description></rdf:RDF>",
    )
    sidecar.write_text(text, encoding="utf-8")
    project = tmp_path / "project"
    cli("new", project, "--images", case / "images")
    cli("import", project, "xmp", case / "images")
    cli("label", project, "a.jpg", "--no", "dog")
    assert cli("export", project, "xmp", tmp_path / "out").code == 0
    written = (tmp_path / "out" / "a.jpg.xmp").read_text("utf-8")
    assert 'xmp:Rating="5"' in written
    assert ">Ann</mwg:Regions>" in written
    assert ">cat<" in written and ">dog<" not in written
    assert sidecar.read_text("utf-8") == text


def test_text_sidecars(cli, tmp_path):
    case, (line, _) = make_case(tmp_path, 33)
    project = tmp_path / "project"
    cli("new", project, "--images", case / "txt" / "images")
    assert run(cli, line, case, project).json["dry_run"]
    report = run(cli, line, case, project, for_real=True).json
    assert labels(cli, project, tmp_path) == {
        "a.jpg": {"fox", "red fox", "snow"},
        "b.jpg": {"fox", "snow"},
        "c.jpg": set(),
        "d.jpg": set(),
        "d.png": set(),
        "e.jpg": set(),
        "f.jpg": {"fox", "snow"},
        "g.jpg": {"1girl", "masterpiece", "(cosplay)", "fox_ears"},
    }
    assert (report["no"], report["reviewed"]) == (0, 0)
    assert reasons(report)["d.txt"] == "belongs to several images: d.jpg, d.png"
    assert "looks like a description" in reasons(report)["e.txt"]
    assert "no image with this name" in reasons(report)["README.txt"]
    assert any("(tag:1.2)" in one for one in report["notes"])


@pytest.mark.parametrize("root", ["imagefolder", "."])
def test_imagefolder(cli, tmp_path, root):
    case, (_, line) = make_case(tmp_path, 33)
    project = tmp_path / "project"
    cli("new", project, "--images", case / root)
    assert run(cli, line, case, project).json["dry_run"]
    report = run(cli, line, case, project, for_real=True).json
    prefix = "" if root == "imagefolder" else "imagefolder/"
    found = {name: one for name, one in labels(cli, project, tmp_path).items() if name.startswith(prefix)}
    assert {name: one for name, one in found.items() if one} == {
        f"{prefix}train/0001.jpg": {"fox", "snow", "badger"},
        f"{prefix}test/0001.jpg": {"fox", "snow"},
    }
    (united,) = report["united"]
    assert [one["entry"] for one in united["entries"]] == [
        "train/metadata.jsonl, line 1",
        "train/metadata.jsonl, line 3",
    ]
    assert reasons(report) == {
        "train/metadata.jsonl, line 4": "there is no file train/missing.jpg",
        "train/metadata.jsonl, line 5": "has no file_name",
    }
