"""Several processes label one project at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import changes_since, decide, label_states, last_entry, next_undo, undo
from app.storage import ledger

ROUNDS = 15
OTHER = """
import sys
from pathlib import Path
from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide
from app.services.project.project import open_project
with open_project(Path(sys.argv[1])) as project:
    print("ready", flush=True)
    for i in range(int(sys.argv[2])):
        decide(project, [Decision(1 + i % 5, 2, (LabelState.YES, LabelState.NO)[i // 5 % 2])])
"""


def start_other(project):
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(project.folder), str(ROUNDS)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.slow
def test_two_processes_write_at_the_same_time_and_nothing_is_lost(project):
    seen, version = last_entry(project), project.db.data_version()
    other = start_other(project)
    for i in range(ROUNDS):
        decide(project, [Decision(1 + i % 5, 1, (LabelState.YES, LabelState.NO)[i // 5 % 2])])
    assert other.wait(60) == 0
    other.stdout.close()
    assert project.db.data_version() != version
    with project.db.read() as s:
        entries = ledger.tail(s, seen)
    assert len(entries) == 2 * ROUNDS
    for category in (1, 2):
        mine = [entry for entry in entries if entry.category_id == category]
        assert [entry.image_id for entry in mine] == [1 + i % 5 for i in range(ROUNDS)]
    assert label_states(project).matrix()[:, :2].tolist() == [[1, 1]] * 5
    change, _ = changes_since(project, seen)
    assert len(change.labels) == 10


def test_undo_takes_back_the_newest_change_whichever_process_made_it(project):
    decide(project, [Decision(1, 1, LabelState.YES)])
    other = start_other(project)
    assert other.wait(60) == 0
    other.stdout.close()
    for _ in range(ROUNDS):
        assert {one.category_id for one in undo(project).labels} == {2}
    assert next_undo(project) == "Yes for 'cat' on 'five.png'"
    assert label_states(project).matrix()[:, 1].tolist() == [-1] * 5
