"""docs/data-model.md: every table, column and setting is described, and its queries are right."""

import re
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.category_properties import CategoryEdit
from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide, label_states, review, undo
from app.services.project import categories
from app.services.safety.check import check
from app.storage import migrate

ROOT = Path(__file__).parents[2]
TEXTS = tomllib.loads((ROOT / "app/storage/migrations/schema.toml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/data-model.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def columns(tmp_path):
    path = tmp_path / "new.db"
    migrate.create_tables(path)
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = [name for (name,) in connection.execute(query)]
        return {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}


def test_every_table_and_column_has_a_description_and_nothing_else_has_one(columns):
    said = {name: [column for column in one if column != "row"] for name, one in TEXTS["tables"].items()}
    assert {name: set(one) for name, one in said.items()} == {name: set(one) for name, one in columns.items()}
    assert all(len(text) > 8 for one in TEXTS["tables"].values() for text in one.values())


def stored_settings():
    """The names that the program gives to the settings of a project, by every call of get and set."""
    calls, constants = [], {}
    for path in (ROOT / "app").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        calls += [(path, key) for key in re.findall(r"\bsettings\.[gs]et\(\s*[\w.]+,\s*([\w\"]+)", text)]
        for name, value in re.findall(r"^(_?[A-Z_]+)(?:: Final)? = \"(\w+)\"$", text, re.MULTILINE):
            constants[path, name] = constants[None, name] = value
    for path, key in calls:
        if key.startswith('"'):
            yield key.strip('"')
        elif key.isupper():
            yield constants.get((path, key)) or constants[None, key]


def test_every_setting_has_a_description_and_nothing_else_has_one():
    assert set(stored_settings()) == set(TEXTS["settings"])


def answer(project, state, category, *images, kept_open=False):
    value = LabelState(state)
    decide(project, [Decision(image, category, value, kept_open=kept_open) for image in images])


def test_the_query_for_the_states_gives_what_the_program_says(project):
    cat, dog, bird = 1, 2, 3
    categories.edit_category(project, dog, CategoryEdit(parent=bird))
    answer(project, "yes", cat, 1, 2)
    review(project, [1, 3])
    categories.archive(project, cat)
    review(project, [2])
    categories.restore(project, cat)
    answer(project, "yes", dog, 4)
    answer(project, "no", dog, 5)
    undo(project)
    answer(project, "unknown", bird, 3)
    answer(project, "yes", dog, 1)
    answer(project, "no", bird, 2)
    answer(project, "yes", dog, 2)
    answer(project, "unknown", cat, 2, 5, kept_open=True)
    wanted = label_states(project)
    with project.db.read() as s:
        found = s.connection().exec_driver_sql(QUERIES[0]).all()
    matrix = wanted.matrix()
    assert sorted(map(tuple, found)) == sorted(
        (image, category, int(matrix[row, column]))
        for row, image in enumerate(wanted.image_ids)
        for column, category in enumerate(wanted.category_ids)
    )
    assert {state for *_, state in found} == {-1, 0, 1}
    assert any(mask.any() for mask in wanted.derived.values())


def test_the_query_for_the_sources_counts_the_answers(project):
    answer(project, "yes", 1, 1)
    answer(project, "no", 2, 1, 2)
    with project.db.read() as s:
        found = s.connection().exec_driver_sql(QUERIES[1]).all()
    assert [tuple(row) for row in found] == [("human", "library", 3)]


def test_a_label_written_by_another_program_is_found_by_the_check(project):
    answer(project, "yes", 1, 1)
    with closing(sqlite3.connect(project.layout.database)) as connection, connection:
        connection.execute("UPDATE label SET state = 0")
    assert [one.kind for one in check(project.folder).findings] == ["label_wrong"]
