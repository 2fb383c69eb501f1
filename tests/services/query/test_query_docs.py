"""docs/query.md says what is so."""

import re
from pathlib import Path

import numpy as np
import pytest
from query_tables import NOW, Scores, context_of, image

from app.domain.categories import Band
from app.domain.labels import LabelState, Source
from app.domain.query import QueryError, parse, to_text
from app.domain.query.nodes import Property, SortKey
from app.services.query.evaluation import evaluate

PAGE = (Path(__file__).parents[3] / "docs" / "query.md").read_text(encoding="utf-8")
NAMES = [
    "fox",
    "dog",
    "cat",
    "t-shirt",
    "sex:female",
    "Füchse",
    "red fox",
    "sea lion",
    "or",
    "no",
    "is:reviewed",
]
NAMES.append('5" disk')


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


EXAMPLES = [line for block in blocks("query") for line in block.splitlines()]
CELLS = [
    text for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for text in re.findall(r"`([^`]+)`", row)
]
ERRORS = [block.splitlines() for block in blocks("error")]


@pytest.fixture(scope="module")
def context():
    """A fox and a dog in an otherwise unlabelled collection, scored for everything."""
    images = [image(1, "cam1/IMG_1.jpg"), image(2, "cam1/IMG_10.jpg"), image(3, "cam2/IMG_2.jpg")]
    scores = Scores([1, 2, 3], {c: [0.95, 0.45, 0.05] for c in range(1, len(NAMES) + 1)})
    states = {(1, 1): LabelState.YES, (2, 2): LabelState.YES}
    return context_of(
        images,
        NAMES,
        states,
        suggestions=scores,
        find_image=lambda reference: 1,
        embeddings=lambda: (np.array([1]), np.ones((1, 2), np.float16)),
    )


def test_page_has_examples_of_every_kind():
    assert len(EXAMPLES) >= 15
    assert len(CELLS) >= 30
    assert len(ERRORS) >= 5


@pytest.mark.parametrize("text", EXAMPLES + CELLS)
def test_example_of_the_page_is_a_query_that_runs(text, context):
    query = parse(text)
    assert parse(to_text(query)) == query
    assert set(evaluate(context, query, NOW.timestamp())) <= {1, 2, 3}


@pytest.mark.parametrize("lines", ERRORS, ids=lambda lines: lines[0])
def test_error_of_the_page_is_the_error_that_is_raised(lines, context):
    text, sentence = lines
    with pytest.raises(QueryError) as caught:
        evaluate(context, parse(text), NOW.timestamp())
    assert caught.value.sentence == sentence


def test_page_names_every_word_of_the_language():
    words = [f"is:{word}" for word in Property] + [f"source:{word}" for word in Source]
    words += [f"band:{band}" for band in Band] + [f"sort:{key}" for key in SortKey]
    assert [word for word in words if word not in CELLS] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("fox dog", "fox AND dog"), ("NOT fox", "-fox"), ("fox dog OR cat", "(fox AND dog) OR cat")],
)
def test_spellings_that_the_page_calls_the_same_are_the_same(one, other, context):
    answers = [evaluate(context, parse(text), NOW.timestamp()) for text in (one, other)]
    assert answers[0] == answers[1]
