"""A database that cannot be read is set aside, and what can be read of it is kept."""

import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from app.domain.errors import DamagedError, ProjectError
from app.domain.findings import FindingState
from app.domain.images import GONE
from app.domain.labels import Decision, LabelState, Source
from app.services.images import relinking
from app.services.labelling.decisions import decide, label_states, review, undo
from app.services.labelling.steps import step
from app.services.project.backups import back_up, backups, restore
from app.services.project.categories import add_categories
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.services.safety.check import check
from app.storage import images, pictures
from app.storage.backup import ancestors
from app.storage.models import IMAGE

YES, NO = LabelState.YES, LabelState.NO
IMAGES = 400
PAGE = 4096


def states(folder):
    """State by (image, category name), and the reviewed images."""
    with open_project(folder) as opened:
        table = label_states(opened)
        with opened.db.read() as s:
            names = images.names(s)
    matrix = table.matrix()
    return {
        (names[image], category): int(matrix[row, column])
        for row, image in enumerate(table.image_ids)
        for column, category in enumerate(table.category_ids)
        if matrix[row, column] >= 0
    }


def label(project, first, last, state=YES):
    for image in range(first, last):
        decide(project, [Decision(image, 1 + image % 3, state)])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with 400 images, 300 labels in the backup and 60 labels and a category after it."""
    base = tmp_path_factory.mktemp("made")
    (base / "images").mkdir()
    with create_project(base / "project", [base / "images"], ["cat", "dog", "bird"]) as project:
        with project.db.write() as s:
            images.add_many(
                s,
                [
                    {
                        "root_id": 1,
                        "path": f"folder/with/a/name/{number:05}.jpg",
                        "size": 1,
                        "mtime_ns": 1,
                        "state": "ok",
                        "content_hash": f"{number:032x}",
                    }
                    for number in range(IMAGES)
                ],
            )
        everything = [Decision(image, 1 + image % 3, YES) for image in range(1, 301)]
        for start in range(0, 300, 10):
            decide(project, everything[start : start + 10])
        review(project, range(1, 21))
        back_up(project)
        label(project, 301, 331)
        add_categories(project, ["newt"])
        label(project, 331, 351, NO)
        label(project, 351, 353)
        undo(project)
        review(project, range(21, 41))
    return project.folder


@pytest.fixture
def folder(made, tmp_path):
    shutil.copytree(made, tmp_path / "project")
    (tmp_path / "images").mkdir()
    return tmp_path / "project"


def tear(folder, pages):
    """Fill pages, counted from 0, with noise."""
    noise = random.Random(0)
    with (folder / "project.db").open("r+b") as stream:
        for page in pages:
            stream.seek(PAGE * page)
            stream.write(noise.randbytes(PAGE))


def pages_of(folder, *tables):
    """The pages of some tables, without their first, from 0."""
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        try:
            rows = connection.execute("SELECT name, pageno FROM dbstat").fetchall()
            return sorted(page - 1 for name, page in rows if name in tables)
        except sqlite3.OperationalError:
            pytest.skip("this SQLite cannot say where its pages are")


def recovered(folder):
    found = check(folder)
    assert found.findings[0].kind == "database_damaged"
    assert not found.ok
    done = check(folder, repair=True)
    assert done.findings[0].state is FindingState.REPAIRED
    (aside,) = folder.glob("project-damaged-*.db")
    assert aside.name in done.findings[0].remedy
    assert check(folder).findings == []
    return done


HEADS = {
    "noise in the header": lambda content: b"\x99" * 100 + content[100:],
    "noise in the first page": lambda content: b"\x99" * PAGE + content[PAGE:],
    "another magic": lambda content: b"X" + content[1:],
}


@pytest.mark.parametrize("what", HEADS)
@pytest.mark.parametrize(
    "with_backup", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["with a backup", "without"]
)
def test_a_destroyed_beginning_loses_nothing(folder, what, with_backup):
    before = states(folder)
    if not with_backup:
        shutil.rmtree(folder / "backups")
    path = folder / "project.db"
    path.write_bytes(HEADS[what](path.read_bytes()))
    done = recovered(folder)
    assert states(folder) == before
    assert done.ok
    with open_project(folder) as opened:
        assert undo(opened).reviews  # the stack of undo is whole


def beside(folder):
    """What is kept beside the labels: imported suggestions, known pictures, relinks, images."""
    tables = ("prediction_batch", "prediction", "picture", "relink", "image")
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3").fetchall() for name in tables
        }


@pytest.mark.parametrize("with_backup", [True, False], ids=["with a backup", "without"])
def test_imported_suggestions_and_linked_images_are_recovered(folder, with_backup):
    with open_project(folder) as opened, opened.db.write() as s:
        missing = {"state": "missing", "problem": GONE}
        images.update_many(s, [{"id": 7, **missing}, {"id": 8, **missing}])
        names = ("0900", "0901")
        new = [{"root_id": 1, "path": f"{one}.jpg", "size": 2, "mtime_ns": 2, "state": "ok"} for one in names]
        images.add_many(s, [one | {"content_hash": f"{number:032x}"} for number, one in enumerate(new, 900)])
    suggest(folder, "early", {1: {1: 0.5}, 401: {2: 0.75}})
    shutil.rmtree(folder / "backups")
    if with_backup:
        with open_project(folder) as opened:
            back_up(opened)
    suggest(folder, "late", {2: {1: 0.25}, 3: {}})
    with open_project(folder) as opened:
        undo(opened)
        relinking.relink(opened, [(7, 402), (8, 401)])
        with opened.db.write() as s:
            pictures.add(s, [pictures.Picture(f"{7:032x}", "d" * 32, None, "odd")])
    before = beside(folder)
    assert [len(rows) for rows in before.values()] == [2, 7, 1, 2, IMAGES]
    path = folder / "project.db"
    path.write_bytes(HEADS["noise in the first page"](path.read_bytes()))
    done = recovered(folder)
    assert beside(folder) == before
    words = "5 rows of imported suggestions" if with_backup else "7 rows of imported suggestions"
    assert words in done.findings[0].remedy


def suggest(folder, model, scores):
    with open_project(folder) as opened, step(opened, source=Source.IMPORT, description=model) as one:
        one.predict(model, scores)


def test_two_images_that_have_exchanged_their_paths_are_recovered(folder):
    with closing(sqlite3.connect(folder / "project.db")) as connection, connection:
        first, second = (
            connection.execute("SELECT path FROM image WHERE id = ?", (number,)).fetchone()[0]
            for number in (5, 6)
        )
        for number, name in ((5, "x"), (6, first), (5, second)):
            connection.execute("UPDATE image SET path = ? WHERE id = ?", (name, number))
    before = beside(folder)
    path = folder / "project.db"
    path.write_bytes(HEADS["another magic"](path.read_bytes()))
    recovered(folder)
    assert beside(folder) == before


def test_everything_in_the_file_gone_leaves_the_backup(folder):
    (folder / "project.db").write_bytes(b"\0" * 50_000)
    recovered(folder)
    found = states(folder)
    assert len([1 for state in found.values() if state == 1]) == 300


def test_a_cut_file_gives_what_is_in_its_rest(folder):
    before = states(folder)
    path = folder / "project.db"
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    recovered(folder)
    found = states(folder)
    assert found.items() <= before.items()
    assert len([1 for state in found.values() if state == 1]) >= 300


def test_torn_pages_of_the_ledger_lose_only_what_was_in_them_and_no_label(folder):
    before = states(folder)
    tear(folder, pages_of(folder, "ledger")[-2:])
    done = recovered(folder)
    found = states(folder)
    kept = sum(1 for key, state in before.items() if found.get(key) == state)
    # The table of labels is whole: what the ledger lost is recorded again from it. Reviews may be lost.
    assert {key for key in before if before[key] == 1} == {key for key in found if found[key] == 1}
    assert kept >= len(before) - 20 * 3
    assert "history_lost" in [one.kind for one in done.findings]


def test_torn_pages_of_the_labels_lose_nothing(folder):
    before = states(folder)
    tear(folder, pages_of(folder, "label"))
    recovered(folder)
    assert states(folder) == before


def test_torn_pages_of_images_come_from_the_backup(folder):
    before = states(folder)
    tear(folder, pages_of(folder, "image")[1:])
    recovered(folder)
    assert states(folder) == before


def test_torn_pages_of_images_without_a_backup_keep_the_labels(folder):
    before = states(folder)
    shutil.rmtree(folder / "backups")
    tear(folder, pages_of(folder, "image")[2:4])
    recovered(folder)
    found = states(folder)
    assert sorted(found.values()) == sorted(before.values())
    assert any("lost-image" in name for name, _ in found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_any_torn_pages_leave_a_project_that_can_be_used(folder, seed):
    before = states(folder)
    chosen = random.Random(seed)
    count = (folder / "project.db").stat().st_size // PAGE
    tear(folder, chosen.sample(range(count), chosen.randint(1, count // 2)))
    done = check(folder, repair=True)
    assert done.findings
    found = states(folder)
    assert len([1 for state in found.values() if state == 1]) >= 300
    known = {key: state for key, state in found.items() if "lost-image" not in key[0]}
    wrong = {key for key, state in known.items() if before.get(key, state) != state}
    assert not wrong
    with open_project(folder) as opened:
        decide(opened, [Decision(1, 2, YES)])
        assert add_categories(opened, ["one more"])


def test_a_number_is_not_given_twice_after_a_recovery(folder):
    (folder / "project.db").write_bytes(b"\0" * 50_000)
    recovered(folder)
    with open_project(folder) as opened:
        (number,) = add_categories(opened, ["frog"]).categories
    assert number > 1000


def test_what_is_only_in_the_log_of_a_killed_program_is_kept(folder, tmp_path):
    with open_project(folder) as opened:
        decide(opened, [Decision(400, 1, YES)])
        before = states(folder)
        shutil.copytree(folder, tmp_path / "killed", ignore=shutil.ignore_patterns("*-shm"))
    assert (tmp_path / "killed" / "project.db-wal").stat().st_size
    tear(tmp_path / "killed", pages_of(folder, "image")[1:4])
    recovered(tmp_path / "killed")
    assert states(tmp_path / "killed") == before


def test_a_database_that_is_gone_is_recovered_from_its_backup(folder):
    (folder / "project.db").unlink()
    assert check(folder).findings[0].kind == "database_damaged"
    assert check(folder, repair=True).ok
    assert len(states(folder)) >= 300


def test_without_anything_to_read_nothing_is_changed(folder):
    shutil.rmtree(folder / "backups")
    (folder / "project.db").write_bytes(b"\x77" * 50_000)
    with pytest.raises(ProjectError, match=r"Nothing can be read .* so nothing was changed"):
        check(folder, repair=True)
    assert [path.name for path in folder.iterdir()] == ["project.db"]


def test_a_recovery_that_fails_changes_nothing(folder, monkeypatch):
    path = folder / "project.db"
    path.write_bytes(b"\x99" * 100 + path.read_bytes()[100:])
    before = path.read_bytes()

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.services.safety.recovery.replace_database", full)
    with pytest.raises(ProjectError, match="the disk is full"):
        check(folder, repair=True)
    assert path.read_bytes() == before
    assert sorted(one.name for one in folder.iterdir()) == ["backups", "project.db"]


def test_the_sentence_names_the_command(folder):
    (folder / "project.db").write_bytes(b"\x77" * 50_000)
    with pytest.raises(DamagedError, match=rf"'tailspotter check {folder} --repair' sets it aside"):
        open_project(folder)


def test_the_recovered_images_have_their_contents(folder):
    path = folder / "project.db"
    path.write_bytes(b"\x99" * 100 + path.read_bytes()[100:])
    recovered(folder)
    with open_project(folder) as opened, opened.db.read() as s:
        assert s.query(IMAGE.c.content_hash).filter(IMAGE.c.id == 7).scalar() == f"{6:032x}"


def test_what_a_restore_took_back_does_not_return(folder):
    (made,) = backups(folder)
    with open_project(folder) as opened:
        back_up(opened)  # of a state that is given up
    before_restore = states(folder)
    done = restore(folder, made.backup.path)
    with open_project(folder) as opened:
        label(opened, 360, 363, NO)
    wanted = states(folder)
    assert wanted != before_restore
    (folder / "project.db").write_bytes(b"\x99" * 100 + (folder / "project.db").read_bytes()[100:])
    recovered(folder)
    assert states(folder) == wanted
    restore(folder, done.kept)
    assert states(folder) == before_restore
    assert ancestors(folder / "backups")[0].path == done.kept
