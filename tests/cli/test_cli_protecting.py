"""check, backup, restore: JSON, sentences, exit status."""

import sqlite3
from contextlib import closing

import pytest


@pytest.fixture
def labelled(cli, folder):
    assert cli("label", folder, "one.png", "--yes", "cat").code == 0
    return folder


def test_a_backup_is_made_listed_and_restored(cli, labelled):
    made = cli("backup", labelled, "--json").json
    assert made["reason"] == "manual" and made["size"] > 0
    cli("label", labelled, "two.png", "--yes", "dog")
    (line,) = cli("backup", labelled, "--list", "--json").lines
    assert (line["name"], line["contents"]["yes"], line["problem"]) == (made["name"], 1, None)
    asked = cli("restore", labelled, made["name"], "--json")
    assert asked.code == 1
    assert "Nothing was changed; add --yes" in asked.err
    assert asked.json["changes"]["labels_removed"] == 1
    shown = cli("restore", labelled, made["name"], "--dry-run")
    assert (shown.code, "labels: 1 removed" in shown.out) == (0, True)
    done = cli("restore", labelled, made["backup"], "--yes", "--json").json
    assert (done["restored"], done["kept"] is not None) == (True, True)
    assert cli("export", labelled, "csv", labelled / "x.csv", "--json").json["labels"] == 1


def test_the_words_for_a_person(cli, labelled):
    made = cli("backup", labelled)
    assert made.out.startswith(f"{labelled}/backups/project-")
    cli("undo", labelled)
    (line,) = cli("backup", labelled, "--list").out.splitlines()
    assert "5 images, 0 reviewed, 3 categories, 1 yes, 0 no" in line
    done = cli("restore", labelled, line.split()[0], "--yes").out
    assert "labels: 1 back" in done
    assert "Restored. The state before is kept as" in done
    assert cli("restore", labelled, "x", "--yes", "--dry-run").code == 2


def test_no_backups_is_not_an_error(cli, folder):
    assert cli("backup", folder, "--list").out == "no backups yet\n"
    assert cli("restore", folder, "x").err == ("tailspotter: There is no backup x; the project has none.\n")


def test_a_check_says_what_is_wrong_and_a_repair_what_it_did(cli, labelled):
    assert cli("check", labelled).out == "nothing is wrong\n"
    with closing(sqlite3.connect(labelled / "project.db")) as connection, connection:
        connection.execute("UPDATE label SET state = 0")
    found = cli("check", labelled, "--json")
    assert (found.code, found.json["ok"], found.json["backup"]) == (1, False, None)
    (one,) = found.json["findings"]
    assert (one["kind"], one["state"]) == ("label_wrong", "repairable")
    assert found.err == "tailspotter: 1 problem found; add --repair to repair what can be repaired.\n"
    done = cli("check", labelled, "--repair")
    assert done.code == 0
    assert "repaired    1 label is not what the history says." in done.out
    assert "what could not be kept is in" in done.out
    assert cli("stats", labelled, "--json").json["categories"][0]["yes"] == 1


def test_a_damaged_database_names_the_command_that_recovers_it(cli, labelled):
    cli("backup", labelled)
    (labelled / "project.db").write_bytes(b"?" * 9000)
    for command in ("stats", "undo", "scan"):
        result = cli(command, labelled)
        assert (result.code, f"'tailspotter check {labelled} --repair'" in result.err) == (1, True)
    done = cli("check", labelled, "--repair", "--json")
    assert (done.code, done.json["findings"][0]["state"]) == (0, "repaired")
    assert cli("stats", labelled, "--json").json["categories"][0]["yes"] == 1


def test_suggestions_survive_the_return_to_a_backup_without_a_category(cli, coloured):
    made = cli("backup", coloured, "--json").json
    cli("category", coloured, "red", "--rename", "crimson")
    cli("label", coloured, "red0", "--yes", "crimson")
    cli("index", coloured)
    cli("restore", coloured, made["name"], "--yes")
    lines = cli("suggest", coloured, "--json").lines
    assert {one["category"] for line in lines for one in line["suggestions"]} <= {"red", "green", "blue"}
    assert cli("check", coloured).code == 0
