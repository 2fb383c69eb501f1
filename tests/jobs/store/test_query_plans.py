"""What a session asks of the database finds its rows by an index, whatever the number of images.

Every statement that SQLite runs is collected while the calls of the window's storage thread are made, and
SQLite is asked for its plan. A large table may be read as a whole only where ``FULL_READS`` says why.
"""

import re
import sqlite3
import sys
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.labels import Decision, LabelState
from app.domain.review import Queue
from app.domain.unsaved import (
    AcceptAndReview,
    AddCategoryAndDecide,
    Decide,
    DecideCards,
    MarkReviewed,
    Redo,
    Undo,
)
from app.jobs.store.open_store import OpenStore
from app.services.images.scan import scan
from app.services.labelling.decisions import decide
from app.services.project.project import open_project
from app.services.runner.runner import NoRunner
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import database

BENCHMARKS = str(Path(__file__).parents[3] / "benchmarks")
sys.path.insert(0, BENCHMARKS)
import synthetic_project  # noqa: E402

sys.path.remove(BENCHMARKS)

LARGE = {"image", "label", "ledger", "batch", "prediction", "picture", "relink"}
"""Tables that grow with the images or with what was said about them."""

NEWEST = r"FROM batch ORDER BY batch\.id DESC\s+LIMIT 1"
FULL_READS = {
    r".": {NEWEST: "stops at the first row"},
    r"new category": {r"FROM label GROUP BY label\.category_id": "the arrays of all labels get a new shape"},
    r"query similar:end of a name": {
        r"FROM image WHERE image\.path": "no index finds the end of a path",
    },
    r"change by another program": {
        r"FROM image GROUP BY image\.state": "a scan may have run, which leaves no other trace",
    },
    r"scan": {
        r"FROM image ORDER BY image\.id": "compares every image with its file",
        r"FROM image WHERE image\.state = 'missing'": "may have found them again",
        r"FROM picture JOIN image": "counts the notes for its report",
    },
}
"""By operation and statement: why a whole table is read."""


class Statements:
    """The statements that SQLite runs, as it runs them, by the operation that is named."""

    def __init__(self):
        self.operation = None
        self.found = defaultdict(dict)

    def note(self, statement):
        if self.operation is not None and not statement.startswith("--"):
            self.found[self.operation].setdefault(re.sub(r"\s+", " ", statement), None)


@pytest.fixture
def statements(monkeypatch):
    noted, connect = Statements(), database.connect

    def traced(path):
        connection = connect(path)
        connection.set_trace_callback(noted.note)
        return connection

    monkeypatch.setattr(database, "connect", traced)
    return noted


@pytest.fixture
def store(tmp_path, statements):
    """A project of 150 images with labels, imported suggestions and live ones, after the first list."""
    wanted = synthetic_project.Wanted(150, 4, files=False, labelled=0.6, scores_each=2, width=16)
    synthetic_project.make(tmp_path, wanted)
    store = OpenStore(disk_cache_bytes=1 << 20)
    store.open(tmp_path / "project")
    store.select("")
    store.begin_watching()
    store.queries.counts()
    project = store.state.opened()
    store.adopt(LiveSuggestions.load(project, NoRunner()), store.state.entry)
    yield store
    store.close()


def whole_reads(path, statement):
    """The large tables that SQLite reads as a whole for a statement."""
    alias = {name: table for table, name in re.findall(r"(\w+) AS (\w+)", statement)}
    with closing(sqlite3.connect(path)) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
    read = {line.split()[1] for line in plan if line.startswith("SCAN")}
    return {alias.get(name, name) for name in read} & LARGE


def unexpected(path, statements):
    """(operation, tables, statement) of the reads of whole tables that nothing explains."""
    found = []
    for operation, noted in statements.found.items():
        allowed = [
            pattern for where, reads in FULL_READS.items() if re.match(where, operation) for pattern in reads
        ]
        for statement in noted:
            if statement.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
                tables = whole_reads(path, statement)
                if tables and not any(re.search(pattern, statement) for pattern in allowed):
                    found.append((operation, sorted(tables), statement))
    return found


def session(store, statements):
    """The calls of the window while a person works, one operation after another."""

    def during(operation, *calls):
        statements.operation = operation
        for call in calls:
            call()
        statements.operation = None

    ids = store.select("").ids
    image, category = ids[140], 4

    def follow():
        store.info()
        store.images.detail(image)
        store.undo_state()

    for name, action in {
        "answer": Decide((image,), category, LabelState.YES),
        "answer on many images": Decide(tuple(ids[:20]), category, LabelState.NO),
        "review": MarkReviewed((image,), True),
        "accept": AcceptAndReview((ids[141],), (1, 2), (3,)),
        "undo": Undo(),
        "redo": Redo(),
        "undo again": Undo(),
        "new category": AddCategoryAndDecide((image,), "new", LabelState.YES),
    }.items():
        during(name, lambda action=action: store.carry_out(action), follow, store.queries.counts)
    during(
        "page",
        lambda: store.images.badges(ids[:60]),
        lambda: store.images.names(ids[:60]),
        lambda: store.images.files(ids[:60]),
        lambda: store.images.label_names(ids[:60]),
        lambda: store.images.selection(ids[:60]),
        lambda: store.images.next_unreviewed(ids),
        lambda: store.queries.newer(image),
    )
    for queue in Queue:
        during(f"queue {queue}", lambda queue=queue: store.reviewing.page(1, queue, 10, (), 1))
    cards = store.reviewing.page(1, Queue.LIKELY, 4, (), 1).cards
    during("cards", lambda: store.carry_out(DecideCards(1, cards, LabelState.YES)), follow)
    for text in ('"category 001"', "is:unreviewed sort:name", 'suggested:"category 002"'):
        during(f"query {text}", lambda text=text: store.select(text))
    for name, reference in {"name": "000/000003.jpg", "end of a name": "000003"}.items():
        during(f"query similar:{name}", lambda text=f"similar:{reference}": store.select(text))
    during("board", store.reviewing.board, lambda: store.reviewing.estimates([1, 2, 3]))
    during("look for changes", store.external_change)
    with open_project(store.state.opened().folder) as other:
        decide(other, [Decision(ids[5], 2, LabelState.NO)])
    during("change by another program", store.external_change)


def test_nothing_that_a_person_waits_for_reads_a_whole_table(store, statements):
    session(store, statements)
    assert len(statements.found) > 20
    assert sum(map(len, statements.found.values())) > 100
    assert unexpected(store.state.opened().layout.database, statements) == []


def test_a_scan_reads_whole_tables_only_where_it_compares_all_files(store, statements):
    project = store.state.opened()
    statements.operation = "scan"
    scan(project)
    statements.operation = None
    assert unexpected(project.layout.database, statements) == []


def test_the_next_unreviewed_image_is_found_without_asking_about_those_before_it(store, statements):
    ids = store.select("").ids
    store.carry_out(MarkReviewed(tuple(ids[:-1]), True))
    store.info()
    statements.operation = "next"
    assert store.images.next_unreviewed(ids) == ids[-1]
    statements.operation = None
    assert not [one for one in statements.found["next"] if re.search(r"FROM image WHERE image\.id", one)]


def test_a_read_of_a_whole_table_is_found(store, statements):
    statements.found["answer"] = {
        "SELECT label.state FROM label WHERE label.entry_id = 3": None,
        "SELECT label.state FROM label WHERE label.image_id = 3": None,
        "SELECT one.id FROM ledger AS one WHERE one.after = 1": None,
        "SELECT batch.id FROM batch ORDER BY batch.id DESC LIMIT 1": None,
        "UPDATE image SET state = 'ok' WHERE root_id = 7": None,
    }
    found = unexpected(store.state.opened().layout.database, statements)
    assert [tables for _, tables, _ in found] == [["label"], ["ledger"], ["image"]]
