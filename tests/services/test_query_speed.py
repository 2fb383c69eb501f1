"""Queries stay fast on 100,000 images. Times are processor time, so that other programs do not count."""

import time

import numpy as np
import pytest
from query_tables import context_of, image

from app.domain.categories import Category
from app.domain.query import parse
from app.services.query_context import QueryContext
from app.services.query_evaluation import evaluate

IMAGES, CATEGORIES = 100_000, 80


class Table:
    """Scores of every image for every category."""

    image_ids = np.arange(1, IMAGES + 1)
    scores = np.random.default_rng(3).random((CATEGORIES + 1, IMAGES), np.float32)

    def for_category(self, category_id):
        return self.scores[category_id]

    def threshold(self, category_id):
        return 0.9


@pytest.fixture(scope="module")
def large():
    rng = np.random.default_rng(0)
    small = context_of([image(i, f"cam{i % 9}/IMG_{i:05d}.jpg") for i in range(1, IMAGES + 1)])
    return QueryContext(
        images=small.images,
        categories=[Category(i, f"c{i}") for i in range(1, CATEGORIES + 1)],
        read_labels=lambda *_: rng.integers(-1, 2, (CATEGORIES, IMAGES), np.int8),
        reviewed=rng.random(IMAGES) < 0.5,
        read_decisions=small.read_decisions,
        suggestions=Table(),
    )


@pytest.mark.parametrize(
    "text",
    [
        "c1 c2 -c3 OR no:c4 (c5 OR unknown:c6) is:unreviewed",
        "suggested:c1 OR unsure:c2 OR score:c3>0.99",
        "suggested:c7 is:unreviewed sort:score:c7 limit:100",
        "band:head",
    ],
)
def test_query_over_a_hundred_thousand_images_takes_less_than_fifty_milliseconds(large, text):
    query = parse(text)
    evaluate(large, query, 0.0)  # the path order is made once for each context
    seconds = []
    for _ in range(3):
        start = time.process_time()
        assert evaluate(large, query, 0.0)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.05
