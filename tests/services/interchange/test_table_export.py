"""Long CSV, lists in CSV cells, and what all tables have in common when they are written."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled_projects import category_ids, image_ids, make_project, mark, say, states

from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState, Source
from app.services.interchange.delimited.guards import guarded_name, guarded_path, plain_name, plain_path
from app.services.interchange.delimited.lists import SEPARATORS, join_cell, split_cell
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import WriteOptions
from app.services.interchange.importing import import_labels
from app.services.interchange.registry import FORMATS
from app.services.interchange.splitting import parse_split
from app.services.labelling.decisions import decide
from app.services.project.categories import add_categories

TABLES = ["csv", "long", "tags-csv"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(path, encoding="utf-8"):
    return list(csv.reader(io.StringIO(path.read_text(encoding), newline="")))


def test_a_row_for_each_answer_says_who_decided_when_and_what_the_model_said(tmp_path):
    with make_project(tmp_path, ["a.jpg", "b.jpg", "c.jpg"], ["cat", "dog", "owl"]) as project:
        images, names = image_ids(project), category_ids(project)
        scored = Decision(images["a.jpg"], names["cat"], LabelState.YES, score=0.875, model="m")
        decide(project, [scored])
        plain = Decision(images["a.jpg"], names["dog"], LabelState.NO)
        decide(project, [plain], source=Source.PROPAGATED)
        mark(project, "b.jpg")
        export_labels(project, "long", tmp_path / "out.csv")
    head, *found = rows(tmp_path / "out.csv")
    assert head == ["image", "category", "state", "source", "probability", "time"]
    assert [row[:5] for row in found] == [
        ["a.jpg", "cat", "yes", "human", "0.875"],
        ["a.jpg", "dog", "no", "propagated", ""],
        ["b.jpg", "", "reviewed", "", ""],
        ["b.jpg", "owl", "no", "", ""],  # nothing else names this category
        ["c.jpg", "", "", "", ""],
    ]
    assert all(row[5].endswith("+00:00") for row in found[:2])


def test_the_answers_of_an_image_in_one_cell(tmp_path):
    with make_project(tmp_path, ["a.jpg", "b.jpg"], ["cat", "red deer; adult", "=1+1"]) as project:
        say(project, "a.jpg", **{"cat": "yes", "red deer; adult": "yes", "=1+1": "no"})
        mark(project, "b.jpg")
        export_labels(project, "tags-csv", tmp_path / "out.csv")
        export_labels(project, "tags-csv", tmp_path / "hash.csv", options=WriteOptions(separator="#"))
    assert rows(tmp_path / "out.csv") == [
        ["image", "tags", "no", "unknown", "reviewed"],
        ["a.jpg", 'cat|"red deer; adult"', "'=1+1", "", "0"],
        ["b.jpg", "", "", "", "1"],
    ]
    assert rows(tmp_path / "hash.csv")[1][1] == 'cat#"red deer; adult"'


@pytest.mark.parametrize("name", ["csv", "long"])
def test_a_separator_is_refused_where_a_cell_has_one_category(name, tmp_path):
    with make_project(tmp_path, ["a.jpg"]) as project, pytest.raises(BadInputError, match="separator"):
        export_labels(project, name, tmp_path / "out.csv", options=WriteOptions(separator="|"))


@pytest.mark.parametrize("name", ["long", "tags-csv", "jsonl"])
def test_the_part_of_each_image_is_named_and_is_no_category(name, tmp_path):
    images, out = [f"{n}.jpg" for n in range(4)], "out" + FORMATS[name].suffixes[0]
    with make_project(tmp_path / "one", images) as project:
        for image in images:
            say(project, image, fox="yes")
        export_labels(project, name, tmp_path / out, split=parse_split("50/50"))
        expected = states(project)
    text = (tmp_path / out).read_text("utf-8")
    assert (text.count("train"), text.count("test") + text.count("val")) == (2, 2)
    with make_project(tmp_path / "two", images) as project:
        report = import_labels(project, name, tmp_path / out)
        assert (states(project), report.created) == (expected, ["fox"])


def test_a_separator_that_readers_would_not_find_is_refused(tmp_path):
    with make_project(tmp_path, ["a.jpg"]) as project:
        for separator in ("/", "none", "||"):
            with pytest.raises(BadInputError):
                options = WriteOptions(separator=separator)
                export_labels(project, "tags-csv", tmp_path / "out.csv", options=options)


@pytest.mark.parametrize("name", TABLES)
def test_with_a_byte_order_mark_everything_is_read_back(name, tmp_path):
    names = [
        "Füchse",
        "Čáp",
        "狐",
        "1-2",
        "MARCH1",
        "+3",
        "path",
        "image",
        "nan",
        "yes",
        "1",
        "a|b",
        'q"',
        "[x]",
    ]
    images = ["Grüße.jpg", "=HYPERLINK(1).jpg", "-a.jpg", "0012.jpg"]
    with make_project(tmp_path / "one", images, names) as project:
        say(project, "0012.jpg", **dict.fromkeys(names, "yes"))
        say(project, "-a.jpg", **dict.fromkeys(names[::2], "no"))
        mark(project, "=HYPERLINK(1).jpg")
        target = tmp_path / "out.csv"
        export_labels(project, name, target, options=WriteOptions(byte_order_mark=True))
        expected = states(project)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    cells = [cell for row in rows(target, "utf-8-sig") for cell in row]
    assert cells[0] in ("path", "image")
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
    with make_project(tmp_path / "two", images) as project:
        report = import_labels(project, "csv", target)
        assert states(project) == expected
        assert "UTF-8 with a byte order mark" in report.notes[0]


@pytest.mark.parametrize("name", TABLES)
def test_names_of_files_that_are_no_text_are_read_back(name, tmp_path):
    images = ["x\udcff.jpg", "größe.jpg"]
    with make_project(tmp_path / "one", images) as project:
        say(project, images[0], fox="yes")
        export_labels(project, name, tmp_path / "out.csv")
    assert b"x\xff.jpg" in (tmp_path / "out.csv").read_bytes()
    with make_project(tmp_path / "two", images) as project:
        import_labels(project, "csv", tmp_path / "out.csv")
        assert states(project)[images[0]] == {"fox": "yes"}


def test_an_export_whose_columns_were_moved_is_read_all_the_same(tmp_path):
    with make_project(tmp_path / "one", ["-a.jpg"], ["=x", "path", "size"]) as project:
        say(project, "-a.jpg", **{"=x": "yes", "path": "yes", "size": "no"})
        export_labels(project, "csv", tmp_path / "out.csv")
        expected = states(project)
    moved = [row[::-1] for row in rows(tmp_path / "out.csv")]
    with (tmp_path / "moved.csv").open("w", newline="") as file:
        csv.writer(file, delimiter=";").writerows(moved)
    with make_project(tmp_path / "two", ["-a.jpg"]) as project:
        import_labels(project, "csv", tmp_path / "moved.csv")
        assert states(project) == expected


LIKELY = st.sampled_from([*"'=+-@|;#,\"[](){} \t", "\uff1d", "./", "nan", "none", "a", "ß"])
NAMES = (
    st.lists(LIKELY, min_size=1, max_size=6).map(lambda parts: " ".join("".join(parts).split())).filter(bool)
)


@given(st.lists(NAMES, max_size=4), st.sampled_from(SEPARATORS))
def test_names_in_one_cell_come_back(names, separator):
    cell = join_cell(map(guarded_name, names), separator)
    assert [plain_name(one) for one in split_cell(cell, separator)] == names
    assert not cell.startswith(FORMULA)


@given(NAMES)
def test_guards_are_undone_exactly(name):
    assert plain_name(guarded_name(name)) == name
    assert plain_path(guarded_path(name)) == name or name.startswith("./")
    assert not guarded_name(name).startswith(FORMULA)


def test_categories_of_an_export_that_say_nothing_are_not_created(tmp_path):
    with make_project(tmp_path / "one", ["a.jpg"]) as project:
        add_categories(project, ["cat", "dog"])
        say(project, "a.jpg", cat="yes")
        export_labels(project, "csv", tmp_path / "out.csv")
    with make_project(tmp_path / "two", ["a.jpg"]) as project:
        report = import_labels(project, "csv", tmp_path / "out.csv")
    assert (report.created, report.unused) == (["cat"], ["dog"])
