"""Images as people have them, after public reports: what must and should hold, through the command line."""

import contextlib
import csv
import importlib.util
import json
import os
import shutil
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from app.cli.context import CommandLine
from app.cli.main import run
from app.services.images.pictures import PictureError, picture
from app.services.images.thumbnails import ProjectThumbnails
from app.services.project.project import open_project
from app.storage import images as stored
from app.storage.thumbnails import BUCKETS
from app.worker.inprocess import InProcessRunner
from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import open_image

MAKER = Path(__file__).parents[2].parent / "shared" / "cases" / "mk_cases.py"
pytestmark = pytest.mark.skipif(not MAKER.is_file(), reason="the generator of the cases is not here")


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("mk_cases", MAKER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def case(maker, tmp_path, cli):
    """``case("16_wrong_container")`` writes the files and runs the commands."""
    return lambda name, **options: Case(maker, tmp_path, cli, name, **options)


class Case:
    def __init__(self, maker, tmp_path, cli, name, only=None):
        self.folder, self.project = tmp_path / name, tmp_path / "P"
        self.out = tmp_path / "out"
        self.folder.mkdir()
        self.out.mkdir()
        getattr(maker, f"case_{name}")(self.folder)
        self.expect = json.loads((self.folder / "expect.json").read_text(encoding="utf-8"))
        self.cli, self.results = cli, []
        places = {"{P2}": tmp_path / "P2", "{P}": self.project, "{CASE}": self.folder, "{OUT}": self.out}
        for line in self.expect["run"]:
            words = [_placed(word, places) for word in line]
            if words[0] == "replace":
                shutil.rmtree(words[1])
                shutil.copytree(words[2], words[1], symlinks=True)
            elif only is None or words[1] in only:
                self.results.append((words[1], cli(*words[1:])))

    def value(self, command):
        (result,) = [one for name, one in self.results if name == command]
        assert result.code == 0, result
        return result.json

    def listed(self, query=""):
        found = self.cli("list", self.project, *([query] if query else []), "--json")
        assert found.code == 0, found
        return {one["image"]: one for one in found.lines}

    def everything(self):
        return self.listed() | self.listed("is:unreadable") | self.listed("is:missing")


def _placed(word, places):
    for name, place in places.items():
        word = word.replace(name, str(place))
    return word


def pictures_of(project):
    """By name: the thumbnail of each size and the large view of every readable image."""
    with open_project(project) as opened:
        with opened.db.read() as s:
            known = [one for one in stored.all_images(s) if one.state == "ok"]
        kept = ProjectThumbnails(opened, 1 << 30)
        try:
            shown = {}
            for one in known:
                with contextlib.suppress(PictureError):  # what only a decoder finds
                    thumbnails = [open_image(kept.service.thumbnail(one.id, side)) for side in BUCKETS]
                    shown[one.name] = thumbnails, picture(opened, one.id, 800)
            return shown
        finally:
            kept.close()


# ------------------------------------------------------------------ what a file is


def test_content_decides_what_a_file_is_and_the_others_are_named(case):
    found = case("16_wrong_container", only={"new"})
    everything = found.everything()
    assert {name: everything[name]["state"] for name in found.expect["good"]} == dict.fromkeys(
        found.expect["good"], "ok"
    )
    for name, word in found.expect["bad"].items():
        assert everything[name]["state"] == "unreadable", name
        assert word.lower() in everything[name]["problem"].lower(), name
    assert set(everything) == set(found.expect["good"]) | set(found.expect["bad"])
    assert "Git LFS pointer" in everything["lfs_pointer.jpg"]["problem"]
    passed = found.value("new")["passed_over"]
    assert sum(passed.values()) == len(found.expect["not_looked_at"])
    words = found.cli("scan", found.project).out
    for kind in (
        ".jxl (JPEG XL",
        ".nef (camera raw",
        ".psd (Photoshop",
        ".dcm (DICOM",
        "without suffix (JPEG",
    ):
        assert kind in words
    assert set(pictures_of(found.project)) == set(found.expect["good"])


# ------------------------------------------------------------------ truncated files


def test_truncated_files_are_named_and_one_without_end_mark_is_shown_and_flagged(case):
    found = case("17_truncated", only={"new"})
    everything = found.everything()
    states = {name: everything[name]["state"] for name in found.expect["states"]}
    # What only a decoder finds is found by the next indexing; see the slow test.
    late = {"n_cut.png"}
    for name, wanted in found.expect["states"].items():
        assert wanted == "any" or states[name] == wanted or name in late, name
    problems = [one["path"] for one in found.value("new")["problems"]]
    assert len(problems) == len(set(problems))
    assert all(one["reason"] for one in found.value("new")["problems"])
    assert everything["b_end_mark_missing.jpg"]["note"] == "lacks its end mark"
    assert found.value("new")["notes"] == {"lacks its end mark": 1}
    checks = found.cli("doctor", found.project, "--json").json["checks"]
    assert any("lacks its end mark" in one["detail"] for one in checks)


def test_a_collection_that_is_cut_by_a_few_bytes_can_be_labelled_all_the_same(case):
    found = case("17_truncated", only={"new"})
    assert found.value("new")["nearly_whole"] == 2
    assert "--accept-cut-images" in found.cli("scan", found.project).out
    scan = found.cli("scan", found.project, "--accept-cut-images", "--json").json
    cut = {name: one["note"] for name, one in found.listed().items() if one["note"]}
    assert cut == {
        "b_end_mark_missing.jpg": "lacks its end mark",
        "d_ten_bytes_missing.jpg": "cut: 7% of the picture is missing",
        "h_progressive_cut.jpg": "cut: the last details are missing",
    }
    assert scan["nearly_whole"] == 0
    shown = pictures_of(found.project)
    assert shown["d_ten_bytes_missing.jpg"][1].full_width == 320
    assert found.listed("is:unreadable")["f_half.jpg"]["problem"] == (
        "truncated: the file ends early, 67% of the picture is missing"
    )
    found.cli("scan", found.project)  # the choice is kept
    assert "d_ten_bytes_missing.jpg" in found.listed()
    found.cli("scan", found.project, "--refuse-cut-images")
    assert found.listed("is:unreadable").keys() >= {"d_ten_bytes_missing.jpg", "h_progressive_cut.jpg"}


@pytest.fixture
def real(capfd):
    """``real("index", project)`` runs a command with a real model and returns what it printed."""
    from app.worker.jobs import job_table

    line = CommandLine(
        make_runner=lambda separate: InProcessRunner(job_table()), start_log=lambda folder, verbose: None
    )

    def call(*words):
        capfd.readouterr()
        assert run([str(word) for word in words], line) == 0
        return capfd.readouterr().out

    return call


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_each_good_image_between_damaged_ones_gets_its_own_features(maker, tmp_path, real):
    folder = tmp_path / "case"
    folder.mkdir()
    maker.case_17_truncated(folder)
    expect = json.loads((folder / "expect.json").read_text())
    good = tmp_path / "good"
    good.mkdir()
    for name, state in expect["states"].items():
        if state == "ok":
            shutil.copy(folder / "images" / name, good / name)
    embeddings = []
    for place, source in (("P", folder / "images"), ("Q", good)):
        real("new", tmp_path / place, "--images", source, "--backbone", "bundled")
        failed = json.loads(real("index", tmp_path / place, "--json"))["failed"]
        embeddings.append(_embeddings(tmp_path / place))
        if place == "P":
            assert len({one["path"] for one in failed}) == len(failed)
            lines = [json.loads(text) for text in real("suggest", tmp_path / place, "--json").splitlines()]
            assert {one["image"] for one in lines} == set(embeddings[0])
    mixed, alone = embeddings
    assert set(mixed) == set(alone) == {name for name, state in expect["states"].items() if state == "ok"}
    for name, vector in alone.items():
        assert np.abs(mixed[name] - vector).max() < 2e-3, name
    states = {}
    for query in ("is:unreadable", ""):
        for text in real("list", tmp_path / "P", *([query] if query else []), "--json").splitlines():
            one = json.loads(text)
            states[one["image"]] = one["state"]
    assert all(wanted in ("any", states[name]) for name, wanted in expect["states"].items())


def _embeddings(folder):
    from app.services.features.indexing import feature_key, feature_store

    with open_project(folder) as opened:
        with opened.db.read() as s:
            names = stored.names(s)
        store = feature_store(opened, feature_key(opened))
        ids = store.table().ids.tolist()
        return dict(zip([names[one] for one in ids], store.embeddings(ids).astype(np.float32), strict=True))


# ------------------------------------------------------------------ deep samples, odd shapes


def test_deep_pictures_show_what_is_in_them_in_the_window_and_before_the_model(case):
    found = case("18_deep_grey", only={"new"})
    assert {name: one["state"] for name, one in found.everything().items()} == dict.fromkeys(
        found.expect["files"], "ok"
    )
    for name, (thumbnails, large) in pictures_of(found.project).items():
        window = np.frombuffer(large.rgb, np.uint8)
        model = np.asarray(open_image(found.folder / "images" / name))  # what preprocessing starts from
        for pixels in (window, model, *(np.asarray(one) for one in thumbnails)):
            assert pixels.std() > 20, name


def test_every_shape_is_shown_and_what_is_left_out_is_told(case):
    found = case("20_odd_shapes", only={"new"})
    shown, listed = pictures_of(found.project), found.everything()
    claim = found.folder / "images" / "claims_3600_megapixels.png"
    with pytest.raises(ImageError, match="too large"):
        open_image(claim)
    for name, facts in found.expect["files"].items():
        if "not_written" in facts or name == claim.name:
            continue
        thumbnails, large = shown[name]
        assert min(min(one.size) for one in thumbnails) >= 1, name
        assert min(large.width, large.height) >= 1, name
        if "size" in facts:
            assert [large.full_width, large.full_height] == facts["size"], name
    for name in ("first_frame_clear.gif", "first_frame_clear_apng.png", "fades_in.webp"):
        red = np.asarray(shown[name][0][0]).reshape(-1, 3).mean(axis=0)
        assert red[0] > 150 and red[1] < 60, name
        assert listed[name]["note"] == "one frame of an animation is shown"
    assert listed["three_pages.tif"]["note"] == "only the first of 3 pages is shown"
    assert not listed["tiled.tif"]["note"]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["18_deep_grey", "20_odd_shapes"])
def test_every_shape_gets_features_but_what_claims_too_much(maker, tmp_path, real, name):
    getattr(maker, f"case_{name}")(tmp_path)
    real("new", tmp_path / "P", "--images", tmp_path / "images", "--backbone", "bundled")
    indexed = json.loads(real("index", tmp_path / "P", "--json"))
    failed = {one["path"]: one["reason"] for one in indexed["failed"]}
    assert set(failed) == ({"claims_3600_megapixels.png"} if name == "20_odd_shapes" else set())
    assert all("too large" in reason for reason in failed.values())
    assert indexed["embedded"] == len(list((tmp_path / "images").iterdir())) - len(failed)


# ------------------------------------------------------------------ names


def test_any_file_name_is_one_image_and_comes_back_from_every_export(case, maker, tmp_path):
    found = case("21_file_names")
    written = set(found.expect["written"])
    assert all(result.code == 0 for _, result in found.results), found.results
    names = set(found.everything())
    raw = {name for name in names if name.startswith("caf")}
    deep = {name for name in names if name.endswith("/deep.jpg")}
    assert names == written | raw | deep
    assert (len(raw), len(deep)) == (int(found.expect["bytes_name_written"]), 1)
    assert len(pictures_of(found.project)) == len(names)
    assert found.value("import")["unmatched"] == []
    assert found.value("import")["matched"] == len(names)
    with (found.out / "out.csv").open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        paths = {row[0].removeprefix("./") for row in csv.reader(stream)}  # "./-dash" is no formula
    assert len(written & paths) == len(written)
    for name in ("[x] (1).jpg", "star*.jpg"):
        quoted = "".join(f"[{char}]" if char in "[*" else char for char in name)
        assert set(found.listed(f'path:"{quoted}"')) == {name}
    label = dict(found.results)["label"]
    assert label.code == 0 and set(found.listed("c")) == {"-dash.jpg"}
    told = found.cli("list", found.project).out
    assert len(told.splitlines()) == len(names)
    assert "\u202e" not in told and "\t" not in told


# ------------------------------------------------------------------ moves


def labels_of(found):
    """By name of image: the categories with a yes, missing images included."""
    labels = defaultdict(set)
    for category in found.expect["categories"].values():
        for name in (*found.listed(category), *found.listed(f"{category} is:missing")):
            labels[name].add(category)
    return labels


def test_labels_follow_files_through_every_move(case):
    found = case("22_moves")
    moves, categories = found.expect["moves"], found.expect["categories"]
    living = labels_of(found)
    offered = {one["missing"]: one for one in found.value("scan")["relinkable"]}
    for old, new in moves.items():
        if new is not None and old not in offered and old != "twin_2.jpg":
            assert living[new] >= {categories[old]}, old
    missing = found.listed("is:missing")
    assert set(missing) >= {"becomes a folder.jpg"}
    (twin,) = set(missing) & {"twin_1.jpg", "twin_2.jpg"}  # equal files: nobody can say which was renamed
    assert living["twin_new.jpg"] | living[twin] == {"k_9", "k_10"}
    assert set().union(*living.values()) == set(categories.values())
    everything = found.everything()
    assert set(everything) == set(missing) | set(found.listed())
    assert not {one["image"] for one in found.listed().values()} & {"becomes a folder.jpg"}
    # only metadata differ, the path too: offered, never applied by itself
    pair = offered["retagged and renamed.jpg"]
    assert (pair["new"], pair["likeness"], pair["reason"]) == ("elsewhere/retagged2.jpg", 1.0, "same picture")
    assert living["retagged and renamed.jpg"] == {"k_7"}
    done = found.cli("relink", found.project, "--accept", pair["missing"], pair["new"], "--json")
    assert done.json == {"linked": 1, "answered": 1}
    after = labels_of(found)
    assert after["elsewhere/retagged2.jpg"] == {"k_7"}
    assert "retagged and renamed.jpg" not in found.everything()
    assert found.cli("relink", found.project, "--undo").code == 0
    assert labels_of(found) == living
    assert found.cli("undo", found.project).code == 0
    assert labels_of(found)["cropped.jpg"] == set()


def test_a_file_that_was_only_tagged_still_shows_the_picture_that_was_labelled(case):
    found = case("22_moves")
    changed = {one["path"] for one in found.value("scan")["changed_labelled"]}
    assert changed == {"cropped.jpg"}


# ------------------------------------------------------------------ weights


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_unusable_weights_are_named_before_anything_is_made(maker, tmp_path, capfd, monkeypatch):
    from app.worker.jobs import job_table

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    line = CommandLine(
        make_runner=lambda separate: InProcessRunner(job_table()), start_log=lambda folder, verbose: None
    )
    maker.case_30_weights(tmp_path)
    expect = json.loads((tmp_path / "expect.json").read_text())
    told = {}
    for words in expect["run"]:
        placed = [word.replace("{CASE}", str(tmp_path)).replace("{P}", str(tmp_path / "P")) for word in words]
        capfd.readouterr()
        code = run(placed[1:], line)
        error = capfd.readouterr().err
        sentences = [one for one in error.splitlines() if one.startswith("tailspotter: ")]
        assert (code, len(sentences)) == (1, 1), (placed, error)
        assert not (tmp_path / "P").exists()
        told[os.path.basename(placed[-1].rstrip("/"))] = sentences[0]  # noqa: PTH119
    assert "are for the transformers library; use the open_clip version" in told["hf_names.safetensors"]
    assert "open_clip_model.safetensors" in told["hf_names.safetensors"]
    assert "Git LFS pointer" in told["lfs_pointer.safetensors"]
