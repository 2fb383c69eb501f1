"""The usual work opens no connection and looks up no name, in this process or in a worker.

A hook on the interpreter's audit events refuses both in every Python process of the test; it is installed
through ``sitecustomize``, so that the worker has it too.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOOK = """
import os, sys

REFUSED = {
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
    "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo", "urllib.Request",
    "http.client.connect", "ftplib.connect", "smtplib.connect",
}


def refuse(event, arguments):
    if event in REFUSED:
        with open(os.environ["TAILSPOTTER_TEST_NETWORK"], "a") as told:
            told.write(f"{event} {arguments!r} in {sys.argv}\\n")
        raise RuntimeError(f"the network is used: {event}")


sys.addaudithook(refuse)
with open(os.environ["TAILSPOTTER_TEST_NETWORK"] + ".hooked", "a") as told:
    told.write(f"{os.getpid()}\\n")
"""


@pytest.fixture
def offline(tmp_path):
    """``offline("stats", project)`` runs a command in a process that cannot use the network."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK)
    (tmp_path / "home").mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HF_", "XDG_"))},
        "PYTHONPATH": f"{tmp_path / 'hook'}{os.pathsep}{ROOT}",
        "TAILSPOTTER_TEST_NETWORK": str(tmp_path / "network"),
        "HOME": str(tmp_path / "home"),
        "QT_QPA_PLATFORM": "offscreen",
    }

    def call(*arguments, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "app", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment,
            timeout=110,
            check=False,
        )
        assert done.returncode == code, done.stderr
        told = tmp_path / "network"
        assert not told.exists(), told.read_text()
        return done.stdout

    return call


def hooked(tmp_path):
    return len(set((tmp_path / "network.hooked").read_text().split()))


def test_the_hook_sees_the_network(offline, tmp_path):
    with pytest.raises(AssertionError, match=r"getaddrinfo|socket\.connect|the network is used"):
        offline("backbones", "download", "hf-hub:nobody/nothing", "--json")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_usual_work_needs_no_network(offline, tmp_path, make_image):
    for number in range(12):
        colour = (20 * number, 255 - 20 * number, 90)
        make_image(tmp_path / "pictures" / f"{number:02}.png", size=(40, 30), colour=colour)
    names = [path.name for path in sorted((tmp_path / "pictures").iterdir())]
    labels = {
        "images": [{"id": place, "file_name": name} for place, name in enumerate(names)],
        "categories": [{"id": 1, "name": "red"}],
        "annotations": [{"id": place, "image_id": place, "category_id": 1} for place in range(0, 12, 2)],
    }
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    project, out = tmp_path / "project", tmp_path / "out.json"
    pictures, categories = tmp_path / "pictures", "red,green"
    offline("new", project, "--images", pictures, "--categories", categories, "--backbone", "bundled")
    offline("index", project)
    offline("suggest", project, "--top", 2)
    offline("import", project, "coco", tmp_path / "labels.json")
    offline("reviewed", project, *names)
    offline("label", project, "01.png", "--yes", "green")
    offline("undo", project)
    offline("export", project, "coco", out)
    before = hooked(tmp_path)
    offline("--separate-process", "train", project, "--epochs", 1)
    assert hooked(tmp_path) >= before + 2  # the command and its worker
    offline("scan", project)
    offline("review", project, "red")
    offline("image-model", project)
    assert json.loads(offline("stats", project, "--json"))["images"]["total"] == 12
    offline("models", "list", project)
    offline("backbones", "list")
    offline("doctor", project)


@pytest.mark.slow
def test_a_photo_model_needs_no_network(offline, tmp_path, make_image):
    make_image(tmp_path / "pictures" / "one.png", size=(40, 30))
    project = tmp_path / "project"
    offline("new", project, "--images", tmp_path / "pictures", "--categories", "dog")
    offline("index", project)
    offline("suggest", project)
