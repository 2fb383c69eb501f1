"""The benchmark of single operations, on small collections."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_every_operation_is_measured_and_has_a_goal():
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "operations.py", "--quick", "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    report = json.loads(done.stdout)
    assert report["milliseconds"].keys() == report["goals"].keys()
    assert all(took > 0 for took in report["milliseconds"].values())
