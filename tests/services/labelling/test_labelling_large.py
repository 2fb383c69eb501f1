"""Labels of a large project. Times are measured by benchmarks/operations.py."""

import numpy as np
import pytest

from app.domain.labels import Decision, LabelState, Source
from app.services.labelling.decisions import decide, label_states, review
from app.services.project.creation import create_project
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


@pytest.mark.slow
def test_a_commit_waits_for_the_disk(large):
    with large.db.write() as s:
        driver = s.connection().connection.driver_connection
        assert driver.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_the_states_of_20_000_images_hold_labels_and_what_a_review_implies(large):
    review(large, range(1, 10_001))
    matrix = label_states(large).matrix()
    said = np.full((ROWS, 3), -1)
    said[np.arange(ROWS), np.arange(1, ROWS + 1) % 3] = 1
    assert (matrix[10_000:] == said[10_000:]).all()
    assert (matrix[:10_000] >= 0).all()
    assert (matrix[1_000:10_000] == said[1_000:10_000].clip(0)).all()
