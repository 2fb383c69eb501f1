"""relink, duplicates and scan --watch on the command line."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]


def tag(source, target):
    data = source.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data[:2] + b"\xff\xfe\x00\x05fox" + data[2:])
    source.unlink()


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        Image.effect_noise((40, 30), 40 + 20 * number).save(folder / f"{number}.jpg")
    return folder


@pytest.fixture
def tagged(cli, tmp_path, photos):
    assert cli("new", tmp_path / "p", "--images", photos, "--categories", "fox").code == 0
    cli("label", tmp_path / "p", "0.jpg", "--yes", "fox")
    for number in range(2):
        tag(photos / f"{number}.jpg", photos / "tidy" / f"n{number}.jpg")
    return tmp_path / "p"


def test_a_scan_names_the_pairs_and_relink_links_them(cli, tagged):
    told = cli("scan", tagged).out
    assert (
        "2 missing images may have been moved and changed; 'tailspotter relink PROJECT' links them:" in told
    )
    assert "0.jpg -> tidy/n0.jpg: same picture (100%)" in told
    listed = cli("relink", tagged, "--json").lines
    assert listed[0] == {
        "missing": "0.jpg",
        "new": "tidy/n0.jpg",
        "likeness": 1.0,
        "reason": "same picture",
        "answered": True,
    }
    assert "1.jpg -> tidy/n1.jpg: same picture (100%), without labels" in cli("relink", tagged).out
    assert cli("relink", tagged, "--accept-all", "--json").json == {"linked": 2, "answered": 1}
    assert cli("list", tagged, "fox").out == "tidy/n0.jpg\n"
    assert cli("relink", tagged).out == "no missing image has the picture of a new file\n"
    assert cli("relink", tagged, "--undo").out == "undone: 2 images are missing again\n"
    assert cli("relink", tagged, "--undo").code == 1


def test_a_pair_is_accepted_or_refused_by_name(cli, tagged):
    cli("scan", tagged)
    assert cli("relink", tagged, "--accept", "0.jpg", "tidy/n0.jpg", "--json").json["linked"] == 1
    assert cli("relink", tagged, "--refuse", "1.jpg", "tidy/n1.jpg").code == 0
    assert cli("relink", tagged, "--json").lines == []
    assert cli("relink", tagged, "--accept", "9.jpg", "tidy/n1.jpg").code == 1
    assert cli("relink", tagged, "--undo", "--accept-all").code == 2
    assert cli("relink", tagged, "--least", "1.5").code == 2


def test_duplicates_are_listed_in_groups(cli, tmp_path, photos):
    (photos / "copy.jpg").write_bytes((photos / "0.jpg").read_bytes())
    cli("new", tmp_path / "p", "--images", photos)
    assert cli("duplicates", tmp_path / "p").out == "same file:\n  0.jpg\n  copy.jpg\n"
    assert cli("duplicates", tmp_path / "p", "--near", "--json").lines == [
        {"kind": "same file", "images": ["0.jpg", "copy.jpg"]}
    ]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_watching_scans_what_changes_until_ctrl_c(cli, tmp_path, photos):
    cli("new", tmp_path / "p", "--images", photos)
    command = [sys.executable, "-m", "app", "scan", str(tmp_path / "p"), "--watch", "--json"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path
    ) as process:
        try:
            assert '"unchanged": 3' in process.stdout.readline()
            while "watching the image folders" not in process.stderr.readline():
                assert process.poll() is None
            Image.new("RGB", (9, 9)).save(photos / "late.png")
            assert '"added": 1' in process.stdout.readline()
            (photos / "late.png").unlink()
            assert '"missing": 1' in process.stdout.readline()
        finally:
            process.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert process.wait(20) == 0
        assert time.monotonic() - began < 20
