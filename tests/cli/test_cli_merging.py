"""merge: JSON, words, conflicts in a file."""

import shutil

import pytest


@pytest.fixture
def copies(cli, folder, tmp_path):
    """Two copies of a project in which both answered about one.png, and they also about two.png."""
    cli("label", folder, "five.png", "--yes", "cat")
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    cli("label", folder, "one.png", "--yes", "dog")
    cli("label", other, "one.png", "--no", "dog")
    cli("label", other, "two.png", "--yes", "bird")
    return folder, other


def states(cli, folder):
    cli("export", folder, "csv", folder / "x.csv")
    return (folder / "x.csv").read_text()


def test_a_merge_is_shown_done_and_undone(cli, copies):
    mine, other = copies
    before = states(cli, mine)
    shown = cli("merge", mine, other, "--dry-run", "--json").json
    assert (shown["labels"], shown["applied"], shown["common_steps"], shown["their_steps"]) == (
        1,
        False,
        2,
        2,
    )
    (one,) = shown["conflicts"]
    assert (one["image"], one["category"], one["mine"], one["theirs"]) == ("one.png", "dog", "yes", "no")
    assert states(cli, mine) == before
    done = cli("merge", mine, other)
    assert done.code == 0
    assert "1 label and 0 reviews on 1 image merged" in done.out
    assert "one.png, dog: mine yes, theirs no; mine is used" in done.out
    assert cli("undo", mine, "--json").json["undone"] == "Merge other"
    assert states(cli, mine) == before


def test_conflicts_are_decided_in_a_file(cli, copies, tmp_path):
    mine, other = copies
    file = tmp_path / "conflicts.csv"
    assert cli("merge", mine, other / "project.db", "--conflicts", file, "--json").json["conflicts_file"]
    file.write_text(file.read_text("utf-8-sig").replace("yes,no,", "yes,no,theirs"))
    done = cli("merge", mine, other, "--decide", file, "--json").json
    assert (done["applied"], done["conflicts"][0]["decision"]) == (True, "theirs")
    assert cli("merge", mine, other, "--theirs").out.splitlines()[-1] == "nothing was changed"
    assert cli("check", mine).code == 0


def test_a_wrong_file_is_a_sentence_and_nothing_is_changed(cli, copies, tmp_path):
    mine, other = copies
    before = states(cli, mine)
    (tmp_path / "x.csv").write_text("a,b\n")
    result = cli("merge", mine, other, "--decide", tmp_path / "x.csv")
    assert (result.code, len(result.err.splitlines())) == (1, 1)
    assert "has no column 'kind'" in result.err
    assert states(cli, mine) == before
