"""What a wrong query says: the place and the likely fix."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import KnownError
from app.domain.query import QueryError, parse

PIECES = st.sampled_from(
    [
        *[
            "a",
            '"',
            '"b c"',
            "(",
            ")",
            "-",
            "AND",
            "OR",
            "NOT",
            "or",
            " ",
            "\\",
            "“",
            "no:",
            "score:a",
            ">",
            ">=",
        ],
        *["0.5", "2", "is:", "reviewed", "is:reviwed", "band:tail", "sort:", "sort:score:", "name", "limit:"],
        *[
            "limit:3",
            "similar:x",
            "decided:",
            "7d",
            "2w",
            "path:",
            "*",
            ":",
            "é",
            "\n",
            "\x00",
            "source:bulk",
        ],
    ]
)
WILD = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))


def failure(text):
    with pytest.raises(QueryError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "column", "part", "suggestion"),
    [
        ("a is:reviwed", 3, '"reviwed"', "is:reviewed"),
        ("is:Reviewed", 1, '"Reviewed"', "is:reviewed"),
        ("is:tail", 1, "no word", "band:tail"),
        ("band:missing", 1, "no word", "is:missing"),
        ("source:humam", 1, '"humam"', "source:human"),
        ("is:xyzzy", 1, "only reviewed, unreviewed", None),
        ("is:", 1, "one of reviewed", None),
        ("sort:nmae", 1, "no word", "sort:name"),
        ("sort:score", 1, "sort:score:NAME", None),
        ("a or b", 3, "in capitals", "OR"),
        ("a Not b", 3, "in capitals", "NOT"),
        ('a "red fox', 3, "never closed", '"red fox"'),
        ('a "', 3, "never closed", None),
        ('"red fox\\', 1, "never closed", '"red fox"'),
        ("a (b c", 3, "never closed", "(b c)"),
        ("a (", 3, "never closed", None),
        ("a b)", 4, "was never opened", None),
        (")", 1, "expected", None),
        ("a () b", 3, "nothing between", None),
        ('a"b"', 2, "beginning of a name", None),
        ('"a"b', 4, "a space", None),
        ('no:"a"b', 7, "a space", None),
        ('"a\\b"', 3, "backslash", "\\\\"),
        ("“red fox” a", 1, "straight quotes", '"red fox"'),
        ("no:“red fox”", 4, "straight quotes", '"red fox"'),
        ("a AND", 3, "after it", None),
        ("a OR OR b", 3, "after it", None),
        ("OR a", 1, "before it", None),
        ("(AND a)", 2, "before it", None),
        ("NOT", 1, "after it", None),
        ("-", 1, "after it", None),
        ("a OR limit:3", 3, "after it", None),
        ("NOT NOT a", 1, "two negations", None),
        ("b --a", 3, "two negations", None),
        ("-sort:name", 1, "cannot be negated", None),
        ("a sort:name b", 3, "at the end", "a b sort:name"),
        ("sort:name a limit:2", 1, "at the end", "a sort:name limit:2"),
        ("(a limit:2) b", 4, "at the end", "(a) b limit:2"),
        ("a (limit:2)", 4, "at the end", None),
        ("limit:2 limit:3", 9, "only once", None),
        ("sort:name similar:x", 11, "only one sort", None),
        ("limit:0", 7, "whole number", None),
        ("limit:12k", 7, "whole number", "12"),
        ("limit:1.5", 7, "whole number", "1"),
        ("limit:" + "9" * 5000, 7, "whole number", "9" * 9),
        ("score:cat", 1, "> >= < <=", "score:cat>=0.5"),
        ("score:cat 0.7 a", 1, "> >= < <=", "score:cat>=0.7"),
        ("score:cat=0.7", 1, "> >= < <=", "score:cat>=0.7"),
        ("score:cat=<0.7", 1, "> >= < <=", "score:cat<=0.7"),
        ('score:"red fox"', 1, "> >= < <=", 'score:"red fox">=0.5'),
        ("score:>0.5", 1, "needs a value", None),
        ("score:cat>", 11, "needs a number", None),
        ("score:cat>70%", 11, "from 0 to 1", "0.7"),
        ("score:cat>70", 11, "from 0 to 1", "0.7"),
        ("score:cat>0,7", 11, "from 0 to 1", "0.7"),
        ("score:cat>-1", 11, "from 0 to 1", None),
        ("score:cat>nan", 11, "from 0 to 1", None),
        ("score:cat>" + "9" * 5000, 11, "from 0 to 1", None),
        ("decided:7", 9, "number of days", "7d"),
        ("decided:2w", 9, "number of days", "14d"),
        ("decided:12h", 9, "number of days", "0.5d"),
        ("decided:0d", 9, "more than 0", None),
        ("decided:1e9d", 9, "at most 36500", None),
        ("decided:soon", 9, "number of days", None),
        ("no: bird", 1, "directly after the colon", None),
        ('""', 1, "empty", None),
        ('no:"  "', 1, "needs a value", None),
        ("a" * 201, 1, "longer than 200", None),
        ("path:", 1, "as in path:", None),
        ("similar:", 1, "as in similar:", None),
        ("(" * 51 + "a" + ")" * 51, 51, "nested deeper than 50", None),
    ],
)
def test_error_names_the_column_and_the_likely_fix(text, column, part, suggestion):
    error = failure(text)
    assert error.sentence.startswith(f"Query, column {column}: ")
    assert part in error.message
    assert error.suggestion == suggestion
    if suggestion is not None:
        assert error.sentence.endswith(f"; did you mean {suggestion}?")


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("a is:reviwed OR b", "a is:reviewed OR b"),
        ("a or b", "a OR b"),
        ("score:cat 0.7 a", "score:cat>=0.7 a"),
        ("a sort:name (b) limit:2 c", "a (b) c sort:name limit:2"),
        ("“red fox” limit:2", '"red fox" limit:2'),
        ("decided:2w limit:3", "decided:14d limit:3"),
    ],
)
def test_putting_the_suggestion_in_place_makes_a_query(text, fixed):
    assert failure(text).fixed() == fixed
    parse(fixed)


def test_a_suggested_name_keeps_its_joiners():
    name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    error = QueryError("there is no such category", 0, name, text=name)
    assert name in error.sentence
    assert "\u202e" not in QueryError("x", 0, "a\u202eb").sentence


def test_fifty_brackets_are_read():
    assert parse("(" * 50 + "a" + ")" * 50) == parse("a")


def test_query_error_is_a_known_error_of_one_line():
    error = failure('a\n"b')
    assert isinstance(error, KnownError)
    assert "\n" not in error.sentence


@given(WILD)
@settings(max_examples=300)
def test_any_text_is_a_query_or_a_query_error_that_points_into_it(text):
    try:
        parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        assert 0 <= error.span[0] <= error.position
        assert error.span[0] <= error.span[1] <= len(text) + 1
        assert error.fixed() != text


@given(st.lists(PIECES, max_size=8).map(" ".join))
@settings(max_examples=300)
def test_following_the_suggestions_ends(text):
    for _ in range(20):
        try:
            parse(text)
        except QueryError as error:
            fixed = error.fixed()
            if fixed is None:
                return
            text = fixed
        else:
            return
    raise AssertionError(f"still wrong after twenty fixes: {text!r}")
