"""The benchmark of faults: a small run finds nothing, and its checks do find what they are for."""

import json
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide, review
from app.storage import images

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import faults_files  # noqa: E402
import faults_kills  # noqa: E402
import faults_mutations  # noqa: E402
import faults_projects  # noqa: E402
from faults_child import steps  # noqa: E402

sys.path.remove(str(ROOT / "benchmarks"))

ACTS = "labelling,importing,indexing,migration,backup,exporting"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_small_run_loses_nothing():
    options = ["--kills", "6", "--acts", ACTS, "--files", "100", "--json"]
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "faults.py", *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    report = json.loads(done.stdout)
    assert {name: part["failures"] for name, part in report.items()} == {
        name: [] for name in ("kills", "disk", "files", "together")
    }
    assert done.returncode == 0
    assert report["kills"]["counts"]["kills"] == 6
    files = report["files"]["counts"]
    assert files["image files"] + files["import files"] == 100
    assert report["together"]["counts"]["scans"] > 0


def test_a_project_as_it_should_be_has_no_faults(project):
    decide(project, [Decision(1, 2, LabelState.YES)])
    review(project, [1, 2])
    assert faults_projects.database_faults(project.folder) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DELETE FROM label", "labels differ from the ledger"),
        ("UPDATE label SET state = 0", "labels differ from the ledger"),
        ("UPDATE image SET reviewed_batch_id = NULL", "reviews differ from the ledger"),
        ("UPDATE category SET name = 'x' WHERE id = 1", "categories differ from the ledger"),
        ("UPDATE label SET image_id = 99", "foreign_key_check"),
    ],
)
def test_rows_that_the_ledger_does_not_lead_to_are_found(project, damage, words):
    decide(project, [Decision(1, 2, LabelState.YES)])
    review(project, [1])
    with closing(sqlite3.connect(project.layout.database)) as database, database:
        database.execute(damage)
    assert words in " ".join(faults_projects.database_faults(project.folder))


def test_an_acknowledged_step_that_is_missing_is_found(project):
    names = sorted({"one.png", "two.png", "three.png", "four.png", "five.png"})
    categories = ["bird", "cat", "dog"]
    told = [
        step
        for step, _ in zip(steps(faults_kills.SEED_OF_LABELLING, names, categories), range(30), strict=False)
    ]
    lines = [json.dumps(step) for step in told]
    faults = faults_kills.acknowledged_faults(project.folder, lines, categories)
    assert faults == ["after 30 acknowledged steps the answers are not those that were given"]
    held = faults_kills.effect(names, told, categories)
    assert any(state == 1 for state in held.values())
    states = {1: LabelState.YES, 0: LabelState.NO, -1: LabelState.UNKNOWN}
    with project.db.read() as s:
        numbers = {image.path: image.id for image in images.all_images(s)}
    decide(
        project,
        [
            Decision(numbers[image], {"cat": 1, "dog": 2, "bird": 3}[name], states[state])
            for (image, name), state in held.items()
            if state != -1
        ],
    )
    assert faults_kills.acknowledged_faults(project.folder, lines, categories) == []


def test_files_that_are_left_behind_are_found(project):
    patterns = faults_projects.file_patterns(project.folder)
    (project.folder / "backups").mkdir()
    (project.folder / "backups" / "project-20260101-000000-000001-manual.part").touch()
    (found,) = faults_projects.leftovers(project.folder, patterns)
    assert "backups/project-20260101-000000-000001-manual.part" in found


def test_a_child_that_hangs_or_dies_is_found(monkeypatch):
    monkeypatch.setattr(faults_files, "LIMIT_SECONDS", 0.2)
    monkeypatch.setattr(faults_files, "SLACK_SECONDS", 0.1)
    sleeping = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(faults_files, "CHILD", sleeping)
    with faults_files.Child("x") as child:
        assert "no answer within" in child.ask("a")["crash"]
    dying = (sys.executable, "-c", "import os, sys; sys.stdin.readline(); os.abort()")
    monkeypatch.setattr(faults_files, "CHILD", dying)
    monkeypatch.setattr(faults_files, "LIMIT_SECONDS", 30)
    with faults_files.Child("x") as child:
        assert "died with status -6" in child.ask("a")["crash"]


def test_manners_are_a_success_or_one_sentence():
    assert faults_projects.bad_manners(0, "") == []
    assert faults_projects.bad_manners(1, "tailspotter: It is so.\n") == []
    assert faults_projects.bad_manners(1, "") != []
    assert faults_projects.bad_manners(-11, "") != []
    assert faults_projects.bad_manners(1, "Traceback (most recent call last):\nValueError: 3\n") != []


def test_the_same_seed_damages_a_file_in_the_same_way():
    data, others = b'{"images": [{"id": 1}]}', [b"\x89PNG\r\n\x1a\n" * 9]
    first = [faults_mutations.mutated(random.Random(n), data, others) for n in range(200)]
    again = [faults_mutations.mutated(random.Random(n), data, others) for n in range(200)]
    assert first == again
    assert len({damaged for damaged, _ in first}) > 120
