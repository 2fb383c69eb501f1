"""Conditions that a click adds to, or removes from, a query."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.labels import LabelState, Source
from app.domain.query import parse, to_text
from app.domain.query.editing import added, contains, either, folder_condition, removed, toggled
from app.domain.query.nodes import And, FromSource, HasState, Is, Not, Or, PathLike, Property, Query
from app.domain.query.paths import glob_matcher
from app.domain.query.resolve import terms

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN
TERMS = [
    HasState("fox", YES),
    HasState("fox", NO),
    HasState("red dog", YES),
    Is(Property.REVIEWED),
    Is(Property.UNREVIEWED),
    Is(Property.MISSING),
    FromSource(Source.IMPORT),
    PathLike("cam1/"),
    PathLike("cam2/"),
    PathLike("*.jpg"),
]
CONDITIONS = st.sampled_from(TERMS) | st.sampled_from(TERMS).map(Not)
EXPRS = st.recursive(
    st.sampled_from(TERMS),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
QUERIES = st.builds(Query, st.none() | EXPRS, limit=st.none() | st.just(5))


def holds(expr, true):
    match expr:
        case None:
            return True
        case Not(operand):
            return not holds(operand, true)
        case And(operands):
            return all(holds(one, true) for one in operands)
        case Or(operands):
            return any(holds(one, true) for one in operands)
    return expr in true


def worlds(*exprs):
    """Each assignment of truth to the terms of these expressions."""
    found = list({term for expr in exprs if expr is not None for term in terms(expr)})
    for truth in product([False, True], repeat=len(found)):
        yield {one for one, true in zip(found, truth, strict=True) if true}


def written(query):
    """What is in the query bar can be read again and means the same."""
    again = parse(to_text(query))
    assert to_text(again) == to_text(query)
    return again


@given(QUERIES, CONDITIONS)
@settings(max_examples=150)
def test_an_added_condition_holds_for_every_image_and_nothing_else_is_asked_for(query, condition):
    result = written(added(query, condition))
    assert contains(result, condition)
    assert result.limit == query.limit
    signed = [] if query.expr is None else [sign for one in terms(query.expr) for sign in (one, Not(one))]
    others = all(sign == condition or contains(added(Query(sign), condition), sign) for sign in signed)
    for world in worlds(query.expr, result.expr, condition):
        assert not holds(result.expr, world) or holds(condition, world)
        if others:
            expected = holds(query.expr, world) and holds(condition, world)
            assert holds(result.expr, world) == expected


@given(QUERIES, CONDITIONS)
@settings(max_examples=150)
def test_a_removed_condition_is_gone_and_what_was_added_can_be_taken_back(query, condition):
    result = written(removed(query, condition))
    assert not contains(result, condition)
    if not contains(query, condition):
        for world in worlds(query.expr, result.expr):
            assert holds(result.expr, world) == holds(query.expr, world)


@given(QUERIES, CONDITIONS)
@settings(max_examples=150)
def test_toggling_and_alternatives_always_give_a_query_that_reads_the_same(query, condition):
    there = contains(query, condition)
    assert contains(written(toggled(query, condition)), condition) is not there
    assert contains(written(either(query, condition)), condition) is not there


@given(QUERIES, CONDITIONS)
@settings(max_examples=150)
def test_an_alternative_never_takes_images_away_where_there_is_one_of_its_kind(query, condition):
    result = either(query, condition)
    grown = result.expr is not None and not contains(query, condition) and "OR" in to_text(result)
    if grown and len(to_text(result)) > len(to_text(added(query, condition))):
        for world in worlds(query.expr, result.expr):
            assert not holds(query.expr, world) or holds(result.expr, world)


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("", HasState("red dog", YES), '"red dog"'),
        ("fox", HasState("dog", YES), "fox dog"),
        ("fox OR cat", HasState("dog", NO), "(fox OR cat) no:dog"),
        ("Fox", HasState("fox", NO), "no:fox"),
        ("-fox cat", HasState("fox", YES), "cat fox"),
        ("(fox OR cat) is:missing", HasState("fox", NO), "cat is:missing no:fox"),
        ("is:reviewed sort:name", Is(Property.UNREVIEWED), "is:unreviewed sort:name"),
        ("path:cam1/ path:*.jpg", folder_condition("cam2"), "path:*.jpg path:cam2/"),
        ("source:import", Not(FromSource(Source.IMPORT)), "-source:import"),
    ],
)
def test_what_a_click_writes(text, condition, expected):
    assert to_text(added(parse(text), condition)) == expected


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("fox is:reviewed", HasState("dog", YES), "(fox OR dog) is:reviewed"),
        ("fox OR dog", HasState("dog", YES), "fox"),
        ("is:reviewed", folder_condition("cam1"), "is:reviewed path:cam1/"),
        ("path:cam1/", folder_condition("cam2"), "path:cam1/ OR path:cam2/"),
    ],
)
def test_what_a_click_with_shift_writes(text, condition, expected):
    assert to_text(either(parse(text), condition)) == expected


def test_an_alias_is_the_same_category():
    same = {"fox": 1, "vulpes": 1, "dog": 2}.__getitem__
    assert contains(parse("vulpes"), HasState("fox", YES), same)
    assert to_text(removed(parse("vulpes dog"), HasState("fox", YES), same)) == "dog"


def test_a_folder_with_signs_of_globs_in_its_name_matches_only_itself():
    matches = glob_matcher(folder_condition("a[1]*?/b").glob)
    assert matches("a[1]*?/b/x.jpg")
    assert not matches("a1xx/b/x.jpg")
