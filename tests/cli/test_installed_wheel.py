"""A wheel, installed without the source tree, is the whole program."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import platformdirs
import pytest

from app import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The Python of a fresh environment with the wheel, and the packages of this one behind it."""
    place = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", place, ROOT],
        check=False,
        capture_output=True,
        text=True,
    )
    if built.returncode and "setuptools" in built.stderr and "from versions: none" in built.stderr:
        pytest.skip("building a wheel needs setuptools from an index, which cannot be reached")
    assert built.returncode == 0, built.stderr
    (wheel,) = place.glob("tailspotter-*.whl")
    venv.create(place / "env", with_pip=False)
    python = place / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([python, "-c", ask], text=True).strip())
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", packages, wheel],
        check=True,
    )
    (packages / "others.pth").write_text(f"{Path(platformdirs.__file__).parents[1]}\n", encoding="utf-8")
    return python


@pytest.fixture
def tailspotter(installed, tmp_path):
    def run(*arguments):
        done = subprocess.run(
            [installed, "-m", "app", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_wheel_labels_images_without_the_source_tree(installed, tailspotter, tmp_path, make_image):
    where = subprocess.check_output(
        [installed, "-c", "import app, resources; print(app.__file__)"], text=True, cwd=tmp_path
    )
    assert Path(where.strip()).is_relative_to(installed.parents[1])
    assert tailspotter("--version").split() == ["tailspotter", __version__]
    for number in range(4):
        make_image(tmp_path / "images" / f"{number}.png", colour=(60 * number, 90, 200))
    tailspotter("new", "P", "--images", "images", "--categories", "fox,sea", "--backbone", "bundled")
    tailspotter("index", "P")
    lines = [json.loads(line) for line in tailspotter("suggest", "P", "--json").splitlines()]
    assert len(lines) == 4
    assert {one["category"] for one in lines[0]["suggestions"]} == {"fox", "sea"}
