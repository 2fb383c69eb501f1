import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled_projects import make_project, mark, say

from app.domain.categories import clean_name
from app.domain.errors import BadInputError
from app.services.interchange.delimited.wide import PATH, REVIEWED
from app.services.interchange.delimited.wide import heading_of as heading
from app.services.interchange.exporting import export_labels


def category_of(column):
    """The category that a reader of the file would take the heading for; None for the other columns."""
    if re.fullmatch(r"(path|reviewed)( \(category\))*", column, re.IGNORECASE):
        return column.removesuffix(" (category)") if column.endswith(" (category)") else None
    return column[1:] if re.match("'+[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]", column) else column


def read(path):
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_one_row_an_image_with_three_states_and_the_review_mark(tmp_path):
    with make_project(tmp_path, ["a.jpg", "sub/b.jpg"]) as project:
        say(project, "a.jpg", cat="yes", dog="no")
        mark(project, "sub/b.jpg")
        say(project, "a.jpg", bird="yes")
        report = export_labels(project, "csv", tmp_path / "out.csv")
    assert read(tmp_path / "out.csv") == [
        ["path", "cat", "dog", "bird", "reviewed"],
        ["a.jpg", "1", "0", "1", "0"],
        ["sub/b.jpg", "0", "0", "", "1"],
    ]
    assert (report.images, report.categories, report.labels, report.reviewed) == (2, 3, 2, 1)


def test_lines_and_quotes_follow_rfc_4180(tmp_path):
    with make_project(tmp_path, ['odd, "name"\n.jpg']) as project:
        say(project, 'odd, "name"\n.jpg', **{"a, b": "yes"})
        export_labels(project, "csv", tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()
    assert data == b'path,"a, b",reviewed\r\n"odd, ""name""\n.jpg",1,0\r\n'


def test_no_cell_can_run_as_a_formula_and_paths_still_name_the_same_file(tmp_path):
    with make_project(tmp_path, ["=cmd.jpg", "-x/@y.jpg"]) as project:
        say(project, "=cmd.jpg", **{"@home": "yes"})
        export_labels(project, "csv", tmp_path / "out.csv")
    rows = read(tmp_path / "out.csv")
    assert [line[0] for line in rows] == ["path", "./-x/@y.jpg", "./=cmd.jpg"]
    assert rows[0][1] == "'@home"
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in rows for cell in line)


def test_a_category_cannot_take_the_name_of_another_column(tmp_path):
    with make_project(tmp_path, ["a.jpg"]) as project:
        say(project, "a.jpg", **{"path": "yes", "reviewed": "no"})
        export_labels(project, "csv", tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")[0] == ["path", "path (category)", "reviewed (category)", "reviewed"]


LIKELY = ["path", "reviewed", "Path", " (category)", "'", "=1+1", "+", "-", "@", "\uff1d", "a"]
TRICKY = st.lists(st.sampled_from(LIKELY), min_size=1, max_size=4).map("".join) | st.text(max_size=8)


@given(st.lists(TRICKY, max_size=12))
def test_every_category_has_a_heading_of_its_own_that_leads_back_to_it(texts):
    names = set()
    for text in texts:
        try:
            names.add(clean_name(text))
        except BadInputError:
            continue
    headings = {name: heading(name) for name in names}
    assert len(set(headings.values())) == len(names)
    assert not {one.lower() for one in headings.values()} & {PATH, REVIEWED}
    assert not any(
        one.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")) for one in headings.values()
    )
    assert {category_of(one) for one in headings.values()} == names


@pytest.mark.parametrize("column", [PATH, REVIEWED])
def test_the_other_columns_are_no_category(column):
    assert category_of(column) is None


def test_categories_that_look_guarded_keep_a_column_of_their_own(tmp_path):
    names = ["=1+1", "'=1+1", "path", "path (category)", "Path (category)x", "'quoted'"]
    with make_project(tmp_path, ["a.jpg"], names) as project:
        say(project, "a.jpg", **dict.fromkeys(names, "yes"))
        export_labels(project, "csv", tmp_path / "out.csv")
    columns = read(tmp_path / "out.csv")[0]
    assert len(set(columns)) == len(columns) == 8
    assert [category_of(one) for one in columns[1:-1]] == names


def test_bytes_of_a_file_name_that_are_no_text_are_written_as_they_are(tmp_path):
    with make_project(tmp_path, ["x\udcff.jpg"]) as project:
        export_labels(project, "csv", tmp_path / "out.csv")
    assert b"x\xff.jpg" in (tmp_path / "out.csv").read_bytes()
