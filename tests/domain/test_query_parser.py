"""What a query text means."""

import pytest

from app.domain.categories import Band
from app.domain.labels import LabelState, Source
from app.domain.query import Query, parse
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


def yes(name):
    return HasState(name, LabelState.YES)


A, B, C, D = (yes(name) for name in "abcd")


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_empty_text_selects_everything(text):
    assert parse(text) == Query()


@pytest.mark.parametrize(
    ("text", "expr"),
    [
        ("cat", yes("cat")),
        ("no:cat", HasState("cat", LabelState.NO)),
        ("unknown:cat", HasState("cat", LabelState.UNKNOWN)),
        ("suggested:cat", Suggested("cat")),
        ("unsure:cat", Unsure("cat")),
        ("score:cat>0.25", Score("cat", Comparison.GREATER, 0.25)),
        ("score:cat>=0.25", Score("cat", Comparison.GREATER_EQUAL, 0.25)),
        ("score:cat<1", Score("cat", Comparison.LESS, 1.0)),
        ("score:cat <= .5", Score("cat", Comparison.LESS_EQUAL, 0.5)),
        ('score:"red fox" > 1e-3', Score("red fox", Comparison.GREATER, 0.001)),
        ('score:"red fox">0.5', Score("red fox", Comparison.GREATER, 0.5)),
        ('score:"a>b">0.5', Score("a>b", Comparison.GREATER, 0.5)),
        ("is:duplicate", Is(Property.DUPLICATE)),
        ("source:import", FromSource(Source.IMPORT)),
        ("band:tail", InBand(Band.TAIL)),
        ("path:cam1/**/IMG_[0-9]*.jpg", PathLike("cam1/**/IMG_[0-9]*.jpg")),
        ('path:"day one/*.jpg"', PathLike("day one/*.jpg")),
        ("decided:7d", DecidedWithin(7.0)),
        ("decided:0.5d", DecidedWithin(0.5)),
    ],
)
def test_each_term_is_read(text, expr):
    assert parse(text).expr == expr


@pytest.mark.parametrize("word", Property)
def test_each_property_is_a_word_of_is(word):
    assert parse(f"is:{word}").expr == Is(word)


@pytest.mark.parametrize(
    ("text", "expr"),
    [
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a b AND c d", And((A, B, C, D))),
        ("a OR b OR c", Or((A, B, C))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a OR b c OR d", Or((A, And((B, C)), D))),
        ("a (b OR c) d", And((A, Or((B, C)), D))),
        ("a(b)c", And((A, B, C))),
        ("NOT a b", And((Not(A), B))),
        ("-a b", And((Not(A), B))),
        ("a -b", And((A, Not(B)))),
        ("a - b", And((A, Not(B)))),
        ("NOT a OR b", Or((Not(A), B))),
        ("NOT (a OR b)", Not(Or((A, B)))),
        ("-(a b)", Not(And((A, B)))),
        ("NOT(NOT a)", Not(Not(A))),
        ("-no:a", Not(HasState("a", LabelState.NO))),
        ('-"-a"', Not(yes("-a"))),
        ("((a))", A),
        ("(a b) c", And((And((A, B)), C))),
    ],
)
def test_not_binds_tightest_then_and_then_or(text, expr):
    assert parse(text).expr == expr


@pytest.mark.parametrize("name", ["or", "OR", "and", "not", "NOT", "is", "no", "sort", "limit"])
def test_category_named_like_a_word_of_the_language_is_reached_by_quotes(name):
    assert parse(f'"{name}"').expr == yes(name)
    assert parse(f'no:"{name}"').expr == HasState(name, LabelState.NO)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("t-shirt", "t-shirt"),
        ("sex:female", "sex:female"),
        ("no:sex:female", None),
        ("Füchse", "Füchse"),
        ("红狐", "红狐"),
        ("🦊", "🦊"),
        ("o'brien", "o'brien"),
        ("50%", "50%"),
        ("Is:reviewed", "Is:reviewed"),
        ('"is:reviewed"', "is:reviewed"),
        ('"red  fox"', "red fox"),
        (r'"5\" disk"', '5" disk'),
        (r'"back\\slash"', r"back\slash"),
        ('"jaguar (cat)"', "jaguar (cat)"),
        ("e\u0301tang", "étang"),
    ],
)
def test_names_may_hold_hyphens_colons_quotes_and_any_script(text, name):
    expected = HasState("sex:female", LabelState.NO) if name is None else yes(name)
    assert parse(text).expr == expected


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("sort:score:cat", Query(None, SortByScore("cat"))),
        ('a sort:score:"red fox" limit:5', Query(A, SortByScore("red fox"), 5)),
        ("a limit:5 sort:unsure", Query(A, SortBy(SortKey.UNSURE), 5)),
        ("sort:time", Query(None, SortBy(SortKey.TIME))),
        ("sort:name", Query(None, SortBy(SortKey.NAME))),
        ('a OR b similar:"day one/IMG 1.jpg"', Query(Or((A, B)), SimilarTo("day one/IMG 1.jpg"))),
        ("similar:IMG_1.jpg", Query(None, SimilarTo("IMG_1.jpg"))),
        ("limit:999999999", Query(None, None, 999_999_999)),
    ],
)
def test_modifiers_at_the_end_give_order_and_limit(text, query):
    assert parse(text) == query


def test_terms_know_the_position_of_their_name():
    expr = parse('a no:"red fox"').expr
    assert [operand.at for operand in expr.operands] == [0, 5]


def test_queries_that_mean_the_same_are_equal_however_they_are_written():
    assert parse("a   AND b") == parse('"a" b')
    assert parse("a b") != parse("b a")
