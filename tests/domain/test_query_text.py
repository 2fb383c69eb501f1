"""The canonical text of a query."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.categories import Band, clean_name
from app.domain.errors import BadInputError
from app.domain.labels import LabelState, Source
from app.domain.query import Query, QueryError, parse, to_text
from app.domain.query.nodes import (
    And,
    Comparison,
    DecidedWithin,
    FromSource,
    HasState,
    InBand,
    Is,
    Not,
    Or,
    PathLike,
    Property,
    Score,
    SimilarTo,
    SortBy,
    SortByScore,
    SortKey,
    Suggested,
    Unsure,
)


def is_name(text):
    try:
        return clean_name(text) == text
    except BadInputError:
        return False


TRICKY = [
    "or",
    "AND",
    "no",
    "is:reviewed",
    "-x",
    "a b",
    'a"b',
    "a\\",
    "(x)",
    "a>=b",
    "sort:score:x",
    "“x”",
    "é狐",
]
NAMES = st.one_of(st.sampled_from(TRICKY), st.text(min_size=1, max_size=12).filter(is_name))
RAW = st.one_of(st.sampled_from(["*.jpg", "a b/**", 'x"y', "\\", "limit:3"]), st.text(max_size=12)).filter(
    str.strip
)
TERMS = st.one_of(
    st.builds(HasState, NAMES, st.sampled_from(LabelState)),
    st.builds(Suggested, NAMES),
    st.builds(Unsure, NAMES),
    st.builds(Score, NAMES, st.sampled_from(Comparison), st.floats(0.0, 1.0)),
    st.builds(Is, st.sampled_from(Property)),
    st.builds(FromSource, st.sampled_from(Source)),
    st.builds(InBand, st.sampled_from(Band)),
    st.builds(PathLike, RAW),
    st.builds(DecidedWithin, st.floats(0.0, 36_500.0, exclude_min=True)),
)
EXPRS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
ORDERS = st.one_of(
    st.builds(SortByScore, NAMES), st.builds(SortBy, st.sampled_from(SortKey)), st.builds(SimilarTo, RAW)
)
QUERIES = st.builds(
    Query, st.none() | EXPRS, st.none() | ORDERS, st.none() | st.integers(min_value=1, max_value=999_999_999)
)


@pytest.mark.slow
@given(QUERIES)
@settings(max_examples=150)
def test_parsing_the_canonical_text_gives_the_same_query(query):
    assert parse(to_text(query)) == query


@given(
    st.lists(
        st.sampled_from(['"a b"', "c", "-", "OR", "AND", "NOT ", "(", ")", " ", "is:missing"]), max_size=10
    )
)
@settings(max_examples=100)
def test_canonical_text_of_what_was_typed_means_the_same_and_is_stable(pieces):
    try:
        query = parse("".join(pieces))
    except QueryError:
        return
    canonical = to_text(query)
    assert parse(canonical) == query
    assert to_text(parse(canonical)) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("NOT a AND b", "-a b"),
        ("(a AND b) OR c", "a b OR c"),
        ("NOT (a OR b)", "-(a OR b)"),
        ("NOT (NOT a)", "-(-a)"),
        ('"cat" no:"red fox"', 'cat no:"red fox"'),
        ('"or" "is"', '"or" "is"'),
        ("score:cat > 0.50", "score:cat>0.5"),
        ("decided:7.0d", "decided:7d"),
        ("limit:05 sort:name", "sort:name limit:5"),
        ("similar:a.jpg", 'similar:"a.jpg"'),
        ("path:*.jpg", "path:*.jpg"),
    ],
)
def test_canonical_text_is_short_and_quotes_only_what_needs_it(text, canonical):
    assert to_text(parse(text)) == canonical
