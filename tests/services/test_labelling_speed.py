"""One decision is on the disk before the person has lifted the finger from the key."""

import statistics
import time

import numpy as np
import pytest

from app.domain.labels import Decision, LabelState, Source
from app.services.labelling import decide, label_states, review
from app.services.project import create_project
from app.storage import images

ROWS = 20_000


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """20,000 images, each with a label."""
    folder = tmp_path_factory.mktemp("large")
    with create_project(folder / "project", [folder], ["cat", "dog", "bird"]) as project:
        with project.db.write() as s:
            row = {"root_id": 1, "size": 1, "mtime_ns": 1, "state": "ok"}
            images.add_many(s, [{**row, "path": f"{i:05}.jpg"} for i in range(ROWS)])
        decisions = [Decision(i, 1 + i % 3, LabelState.YES) for i in range(1, ROWS + 1)]
        decide(project, decisions, source=Source.IMPORT)
        yield project


def test_a_decision_among_20_000_labelled_images_is_durable_in_20_milliseconds(large):
    with large.db.write() as s:
        driver = s.connection().connection.driver_connection
        assert driver.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL: a commit waits for the disk
    medians = []
    for first in (100, 200, 300):  # a machine that is busy with something else gets three chances
        seconds = []
        for i in range(50):
            start = time.perf_counter()
            decide(large, [Decision(first + i, 2, LabelState.NO)])
            seconds.append(time.perf_counter() - start)
        medians.append(statistics.median(seconds))
        if medians[-1] < 0.020:
            break
    assert min(medians) < 0.020


def test_all_states_of_20_000_images_are_read_in_a_second(large):
    review(large, range(1, 10_001))
    start = time.perf_counter()
    matrix = label_states(large).matrix()
    assert time.perf_counter() - start < 1
    said = np.full((ROWS, 3), -1)
    said[np.arange(ROWS), np.arange(1, ROWS + 1) % 3] = 1
    assert (matrix[10_000:] == said[10_000:]).all()
    assert (matrix[:10_000] >= 0).all()
    assert (matrix[1_000:10_000] == said[1_000:10_000].clip(0)).all()
