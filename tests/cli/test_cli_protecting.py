"""backup, restore: JSON, sentences, exit status."""

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
