"""The benchmark of export and import, on a small project."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a child process is measured with wait4")
def test_export_and_import_are_measured_and_give_every_label_back():
    done = subprocess.run(
        [
            sys.executable,
            ROOT / "benchmarks" / "interchange.py",
            "--json",
            "--images",
            "50",
            "--labels",
            "150",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    report = json.loads(done.stdout)
    assert [(one["format"], one["command"], one["yes"]) for one in report["commands"]] == [
        ("coco", "export", 135),
        ("coco", "import", 135),
    ]
    assert all(one["seconds"] > 0 and one["megabytes"] > 1 and one["ratio"] > 0 for one in report["commands"])
