"""Each kind of planted damage is found, said, and repaired; nothing of a label is lost without a word."""

import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from fake_backbone import FakeBackbone

from app.domain.errors import BusyError, NotAProjectError, NothingToUndoError, ReadOnlyError
from app.domain.findings import FindingState
from app.domain.labels import Decision, LabelState, Source
from app.services.features.indexing import ensure_text_features, index
from app.services.labelling.decisions import decide, label_states, redo, review, undo
from app.services.labelling.steps import step
from app.services.project.categories import add_categories, archive, rename
from app.services.project.image_folders import relocate
from app.services.project.project import open_for_window, open_project
from app.services.safety.check import check
from app.services.versions.versions import active_version, versions
from app.storage import backup, predictions

STORED = Path(__file__).parents[2] / "data" / "project_before.zip"
YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


@pytest.fixture
def folder(project):
    """A closed project with all kinds of steps, some of them undone or redone."""
    decide(project, [Decision(1, 1, YES), Decision(2, 2, NO)])
    review(project, [1, 2])
    decide(project, [Decision(2, 1, UNKNOWN)])
    decide(project, [Decision(3, 3, YES)])
    undo(project)
    decide(project, [Decision(4, 3, YES)])
    undo(project)
    redo(project)
    rename(project, 3, "owl")
    (number,) = add_categories(project, ["newt"]).categories
    archive(project, number)
    undo(project)
    project.close()
    return project.folder


@pytest.fixture
def plant(folder):
    """``plant(sql)`` changes the database as no program does."""

    def change(*statements):
        with closing(sqlite3.connect(folder / "project.db")) as connection, connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("PRAGMA ignore_check_constraints = ON")
            for sql in statements:
                connection.execute(sql)

    return change


def rows(folder):
    """Everything that a person has said, as it is stored."""
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        return {
            "label": connection.execute("SELECT * FROM label ORDER BY 1, 2").fetchall(),
            "category": connection.execute("SELECT * FROM category ORDER BY 1").fetchall(),
            "review": connection.execute(
                "SELECT id, reviewed_batch_id, reviewed_at, set_aside_batch_id FROM image ORDER BY 1"
            ).fetchall(),
            "batch": connection.execute("SELECT * FROM batch ORDER BY 1").fetchall(),
        }


def shard(folder):
    return next(folder.glob("features/*/shards/*.safetensors"))


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def flip(path):
    content = bytearray(path.read_bytes())
    content[-20] ^= 0xFF
    path.write_bytes(content)


def old(path):
    os.utime(path, (1, 1))


def kinds(report):
    return [one.kind for one in report.findings]


def test_a_sound_project_has_no_findings_and_is_not_changed(folder):
    before = rows(folder)
    for repair in (False, True):
        report = check(folder, repair=repair)
        assert (report.findings, report.ok, report.backup) == ([], True, None)
    assert rows(folder) == before
    assert sorted(path.name for path in folder.iterdir()) == ["project.db"]


FROM_THE_LEDGER = {
    "a state that was turned": ("label_wrong", "UPDATE label SET state = 0 WHERE image_id = 1"),
    "a label that is gone": ("label_wrong", "DELETE FROM label WHERE image_id = 1"),
    "all labels gone": ("label_wrong", "DELETE FROM label"),
    "another source": ("label_wrong", "UPDATE label SET source = 'import'"),
    "a label that nobody gave": (
        "label_wrong",
        "INSERT INTO label SELECT 5, 1, 1, entry_id, source, decided_at FROM label LIMIT 1",
    ),
    "a review that is gone": (
        "review_wrong",
        "UPDATE image SET reviewed_batch_id = NULL, reviewed_at = NULL WHERE id = 1",
    ),
    "a review that nobody made": (
        "review_wrong",
        "UPDATE image SET reviewed_batch_id = 2, reviewed_at = '2020-01-01 00:00:00.000000' WHERE id = 5",
    ),
    "a review at another time": (
        "review_wrong",
        "UPDATE image SET reviewed_at = '2020-01-01 00:00:00.000000'",
    ),
    "another name": ("category_wrong", "UPDATE category SET name = 'x', name_key = 'x' WHERE id = 1"),
    "exchanged names": (
        "category_wrong",
        "UPDATE category SET name_key = 't' WHERE id = 1",
        "UPDATE category SET name = 'cat', name_key = 'cat' WHERE id = 2",
        "UPDATE category SET name = 'dog', name_key = 'dog' WHERE id = 1",
    ),
    "another span": ("category_wrong", "UPDATE category SET spans = '[[1, 2]]' WHERE id = 2"),
    "a category that is gone": ("category_wrong", "DELETE FROM category WHERE id = 1"),
    "a stack without its bottom": ("undo_broken", "UPDATE batch SET below_id = NULL"),
    "a stack in a ring": ("undo_broken", "UPDATE batch SET below_id = id"),
    "an undo of nothing": ("undo_broken", "UPDATE batch SET target_id = 9999 WHERE kind = 'undo'"),
    "an index that is gone": ("index_wrong", "DROP INDEX ix_label_category_id_state"),
    "no index against two images with one path": ("index_wrong", "DROP INDEX uq_image_root_id_path"),
}


@pytest.mark.slow  # test_everything_at_once has many of them
@pytest.mark.parametrize("what", FROM_THE_LEDGER)
def test_what_contradicts_the_ledger_is_rebuilt_from_it(folder, plant, what):
    kind, *statements = FROM_THE_LEDGER[what]
    before = rows(folder)
    plant(*statements)
    found = check(folder)
    assert kind in kinds(found) and not found.ok
    assert {one.state for one in found.findings} == {FindingState.REPAIRABLE}
    done = check(folder, repair=True)
    assert done.ok and kind in kinds(done)
    assert done.backup.name.endswith("-before-repair.db")
    assert check(folder).findings == []
    after = rows(folder)
    if what == "an undo of nothing":  # the step that it named is recorded as one of unknown origin
        after["batch"] = before["batch"]
    assert after == before


def test_undo_goes_all_the_way_back_after_a_repair(folder, plant):
    plant("UPDATE batch SET below_id = NULL, target_id = 1 WHERE kind <> 'do'")
    check(folder, repair=True)
    with open_project(folder) as opened:
        for _ in range(6):
            assert undo(opened)
        with pytest.raises(NothingToUndoError):
            undo(opened)
        assert (label_states(opened).matrix() == -1).all()


def test_labels_and_reviews_that_the_ledger_lacks_are_written_to_a_file(folder, plant):
    plant(*FROM_THE_LEDGER["a label that nobody gave"][1:], *FROM_THE_LEDGER["a review that nobody made"][1:])
    report = check(folder, repair=True)
    written = [json.loads(line) for line in report.not_kept.read_text().splitlines()]
    assert [(one["kind"], one["image"]) for one in written] == [("label", "two.png"), ("review", "two.png")]
    assert (written[0]["category"], written[0]["state"]) == ("cat", 1)


def test_a_label_whose_entry_is_lost_is_kept_and_can_be_undone(folder, plant):
    plant("DELETE FROM ledger WHERE kind = 'label' AND image_id = 1", "UPDATE label SET source = 'bulk'")
    before = rows(folder)["label"]
    assert "label_history_lost" in kinds(check(folder))
    assert check(folder, repair=True).ok
    with open_project(folder) as opened:
        assert label_states(opened).matrix()[0, 0] == 1
        assert undo(opened).labels[0].after is NO  # the review implies it
    assert len(before) == 4


@pytest.mark.parametrize("table", ["image", "root"])
def test_an_image_or_folder_that_is_gone_keeps_its_labels(folder, plant, table):
    plant(f"DELETE FROM {table} WHERE id = 1")
    before = rows(folder)["label"]
    found = check(folder)
    assert ("image_lost" if table == "image" else "image_folder_lost") in kinds(found)
    assert check(folder, repair=True).ok
    assert rows(folder)["label"] == before
    with open_project(folder) as opened:
        assert 1 in label_states(opened).image_ids


def test_a_lost_step_of_the_history_is_recorded_again(folder, plant):
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        number = connection.execute("SELECT batch_id FROM ledger WHERE image_id = 4").fetchone()[0]
    before = label_matrix(folder)
    plant(f"DELETE FROM batch WHERE id = {number}")
    assert "step_lost" in kinds(check(folder))
    assert check(folder, repair=True).ok
    assert label_matrix(folder) == before


def label_matrix(folder):
    with open_project(folder) as opened:
        return label_states(opened).matrix().tolist()


DAMAGED_SUGGESTIONS = {
    "the image": ("DELETE FROM image WHERE id = 5",),
    "the step": ("DELETE FROM batch WHERE id = (SELECT min(batch_id) FROM prediction_batch)",),
    "the model": ("DELETE FROM prediction_batch",),
    "what is in force": ("UPDATE prediction_batch SET undone = NOT undone",),
    "a linked image and its former folder": (
        "DELETE FROM image WHERE id = 6",
        "DELETE FROM root WHERE id = 9",
    ),
}


@pytest.mark.parametrize("what", DAMAGED_SUGGESTIONS)
def test_imported_suggestions_and_relinks_stay_where_what_they_name_is_gone(folder, plant, what):
    with open_project(folder) as opened:
        for model in ("first", "second"):
            with step(opened, source=Source.IMPORT, description=model) as one:
                one.predict(model, {5: {1: 0.5}})
        undo(opened)
    plant(
        "INSERT INTO root (id, path) VALUES (9, 'old')",
        "INSERT INTO relink (step, image_id, root_id, path, size, mtime_ns) VALUES (1, 5, 9, 'a.jpg', 1, 1)",
    )
    assert kinds(check(folder)) == ["image_folder_missing"]
    plant(*DAMAGED_SUGGESTIONS[what])
    before = kept(folder)
    assert not check(folder).ok
    done = check(folder, repair=True)
    assert done.ok, done.findings
    assert kept(folder) == before
    with open_project(folder) as opened, opened.db.read() as s:
        found = predictions.of_images(s, [5])
    assert [one.score for one in found] == [0.5]
    assert found[0].model == ("first" if what != "the model" else "a model whose name was lost")


def kept(folder):
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        return [
            connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3").fetchall()
            for name in ("prediction", "relink")
        ]


def test_two_images_with_one_path_are_told_apart(folder, plant):
    plant(
        "DROP INDEX uq_image_root_id_path",
        "UPDATE image SET path = (SELECT path FROM image WHERE id = 1) WHERE id = 2",
    )
    before = rows(folder)["label"]
    assert {"duplicate_path", "index_wrong"} <= set(kinds(check(folder)))
    assert check(folder, repair=True).ok
    assert rows(folder)["label"] == before


def test_everything_at_once(folder, plant):
    before = rows(folder)
    for _, *statements in list(FROM_THE_LEDGER.values())[:3]:
        plant(*statements)
    plant(
        "UPDATE batch SET below_id = NULL",
        "DELETE FROM category",
        "UPDATE image SET reviewed_batch_id = NULL",
    )
    assert check(folder, repair=True).ok
    assert rows(folder) == before


def test_a_repair_waits_until_nobody_uses_the_project(folder, plant):
    plant("DELETE FROM label")
    with open_for_window(folder):
        assert not check(folder).ok
        with pytest.raises(BusyError, match="is in use by another window"):
            check(folder, repair=True)


def test_a_missing_image_folder_is_a_note(folder, images_folder):
    images_folder.rename(images_folder.with_name("moved"))
    (one,) = check(folder, repair=True).findings
    assert (one.kind, one.state) == ("image_folder_missing", FindingState.NOTE)


def test_what_is_no_project_is_left_alone(tmp_path):
    (tmp_path / "project.db").touch()
    with pytest.raises(NotAProjectError):
        check(tmp_path, repair=True)
    assert [path.name for path in tmp_path.iterdir()] == ["project.db"]


# --- versions


@pytest.fixture
def tuned(tmp_path):
    """A project with a tuned version and its scores, made by an older program."""
    with zipfile.ZipFile(STORED) as stored:
        stored.extractall(tmp_path)
    with open_project(tmp_path / "project") as opened:
        relocate(opened, "images", tmp_path / "images")
    return tmp_path / "project"


@pytest.mark.parametrize("name", ["model-*.safetensors", "fold-2/model.json"])
def test_a_damaged_version_is_set_aside_and_no_longer_used(tuned, name):
    cut(next(tuned.glob(f"models/1/{name}")))
    assert kinds(check(tuned)) == ["version_damaged"]
    assert check(tuned, repair=True).ok
    assert (tuned / "models" / "1.damaged").is_dir()
    assert check(tuned).findings == []
    with open_project(tuned) as opened:
        assert (versions(opened), active_version(opened)) == ([], None)


@pytest.mark.parametrize("name", ["1.npy", "1.index.safetensors"])
@pytest.mark.parametrize("spoil", [cut, flip, Path.unlink])
def test_damaged_scores_are_deleted_to_be_computed_again(tuned, name, spoil):
    spoil(tuned / "scores" / name)
    assert kinds(check(tuned)) == ["scores_damaged"]
    assert check(tuned, repair=True).ok
    assert list((tuned / "scores").iterdir()) == []
    (one,) = check(tuned).findings
    assert (one.kind, one.state) == ("scores_missing", FindingState.NOTE)
    with open_project(tuned) as opened:
        assert len(versions(opened)) == 1


def test_a_version_that_a_restore_took_back_is_a_note(tuned):
    shutil.copytree(tuned / "models" / "1", tuned / "models" / "2")
    report = check(tuned, repair=True)
    assert (kinds(report), report.ok) == (["version_unused"], True)
    assert (tuned / "models" / "2").is_dir()


# --- files


@pytest.fixture
def indexed(project):
    """A closed project with features of five images and of its categories."""
    runner = FakeBackbone().runner()
    index(project, runner)
    ensure_text_features(project, runner)
    project.close()
    return project.folder


def damaged_backup(folder):
    (folder / "backups").mkdir()
    (folder / "backups" / "project-20260101-000000-000000-manual.db").write_bytes(b"x" * 5000)


def leftovers(folder):
    (folder / "backups").mkdir()
    for name in (
        "backups/project-20260101-000000-000000-daily.part",
        f"project.db.{'a' * 32}",
        f"{shard(folder).parent.relative_to(folder)}/.x.tmp",
    ):
        (folder / name).write_bytes(b"")
        old(folder / name)
    (folder / ".recovery-x").mkdir()
    (folder / ".recovery-x" / "base.db").write_bytes(b"")
    old(folder / ".recovery-x")


def half_version(folder):
    (folder / "models" / "7").mkdir(parents=True)
    (folder / "models" / "7" / "model.json").write_text("{}")


FILES = {
    "a cut shard": ("features_damaged", lambda f: cut(shard(f))),
    "a shard with a changed bit": ("features_damaged", lambda f: flip(shard(f))),
    "an empty shard": ("features_damaged", lambda f: shard(f).write_bytes(b"")),
    "cut texts": ("features_damaged", lambda f: cut(next(f.glob("features/*/text.safetensors")))),
    "no description": ("features_damaged", lambda f: next(f.glob("features/*/meta.json")).unlink()),
    "a description of nonsense": (
        "features_damaged",
        lambda f: next(f.glob("features/*/meta.json")).write_text("{"),
    ),
    "damaged thumbnails": ("thumbnails_damaged", lambda f: (f / "thumbnails.db").write_bytes(b"x" * 9000)),
    "a damaged backup": ("backup_damaged", damaged_backup),
    "temporary files": ("leftover_files", leftovers),
    "the beginning of a version": ("version_unfinished", half_version),
}


@pytest.mark.parametrize("what", FILES)
def test_damaged_files_are_found_and_repaired_without_touching_labels(indexed, what):
    kind, spoil = FILES[what]
    spoil(indexed)
    before = sorted(path.name for path in indexed.rglob("*"))
    found = check(indexed)
    assert kinds(found) == [kind]
    assert sorted(path.name for path in indexed.rglob("*")) == before
    done = check(indexed, repair=True)
    assert done.ok
    assert check(indexed).findings == []
    with open_project(indexed) as opened:
        index(opened, FakeBackbone().runner())
        ensure_text_features(opened, FakeBackbone().runner())
    assert check(indexed).findings == []


def test_features_of_images_that_are_not_in_the_project_are_told(indexed):
    with closing(sqlite3.connect(indexed / "project.db")) as connection, connection:
        connection.execute("DELETE FROM image WHERE id = 5")
    assert check(indexed).findings == []  # it was linked to another image, or a restore took it back
    with closing(sqlite3.connect(indexed / "project.db")) as connection, connection:
        connection.execute("UPDATE sqlite_sequence SET seq = 4 WHERE name = 'image'")
    (one,) = check(indexed).findings
    assert one.kind == "features_foreign"
    assert "1 of 1 images" in one.sentence
    assert check(indexed, repair=True).ok


def test_a_job_of_a_dead_process_is_recorded_as_interrupted(indexed):
    with closing(sqlite3.connect(indexed / "project.db")) as connection, connection:
        connection.execute("UPDATE job SET state = 'running'")
    assert kinds(check(indexed)) == ["job_unfinished"]
    assert check(indexed, repair=True).ok
    assert check(indexed).findings == []


def test_unsaved_answers_are_a_note(folder):
    (folder / "unsaved.jsonl").write_text("{}\n")
    report = check(folder, repair=True)
    assert (kinds(report), report.ok) == (["answers_unsaved"], True)
    assert (folder / "unsaved.jsonl").exists()


def test_a_fresh_temporary_file_may_belong_to_a_running_program(folder):
    (folder / f"project.db.{'a' * 32}").write_bytes(b"")
    assert check(folder).findings == []


def test_what_cannot_be_repaired_is_told(indexed, monkeypatch):
    cut(shard(indexed))

    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    report = check(indexed, repair=True)
    assert not report.ok
    assert [one.state for one in report.findings] == [FindingState.LEFT]
    assert "permission denied" in report.findings[0].remedy


def test_nothing_is_repaired_where_nothing_can_be_written(folder, plant, monkeypatch):
    plant("DELETE FROM label")
    monkeypatch.setattr("app.services.project.backups.write_obstacle", lambda path: "the disk is read-only")
    assert not check(folder).ok
    with pytest.raises(ReadOnlyError, match="nothing was changed"):
        check(folder, repair=True)


def test_a_repair_is_preceded_by_a_backup_of_the_damage(folder, plant):
    plant("DELETE FROM label")
    done = check(folder, repair=True)
    assert [one.path for one in backup.listed(folder / "backups")] == [done.backup]
    shutil.copyfile(done.backup, folder / "project.db")
    assert rows(folder)["label"] == []
