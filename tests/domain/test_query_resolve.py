"""From names in a query to categories."""

import pytest

from app.domain.categories import Category
from app.domain.query import QueryError, parse, resolve

CATEGORIES = (
    Category(1, "red fox", aliases=("Vulpes vulpes", "fox")),
    Category(2, "Fennec", aliases=("red fox",)),
    Category(3, "sea"),
    Category(4, "sea lion"),
    Category(5, "Straße"),
    Category(6, "dog"),
)


def failure(text):
    with pytest.raises(QueryError) as caught:
        resolve(parse(text), CATEGORIES)
    return caught.value


def test_every_name_of_every_kind_of_term_is_resolved():
    text = 'sea OR (no:dog unknown:"sea lion") -suggested:fennec unsure:STRASSE sort:score:"VULPES  vulpes"'
    assert resolve(parse(text), CATEGORIES) == {
        "sea": 3,
        "dog": 6,
        "sea lion": 4,
        "fennec": 2,
        "STRASSE": 5,
        "VULPES vulpes": 1,
    }


def test_a_name_takes_precedence_over_the_alias_of_another_category():
    assert resolve(parse('"red fox"'), CATEGORIES) == {"red fox": 1}
    assert resolve(parse('"red fox"'), tuple(reversed(CATEGORIES))) == {"red fox": 1}


def test_query_without_names_needs_no_categories():
    assert resolve(parse("is:reviewed sort:name"), ()) == {}


@pytest.mark.parametrize(
    ("text", "column", "suggestion", "fixed"),
    [
        ("dgo", 1, "dog", "dog"),
        ("sea no:fenec", 8, "Fennec", "sea no:Fennec"),
        ('no:"red focks" sea', 4, '"red fox"', 'no:"red fox" sea'),
        ("red fox", 1, '"red fox"', '"red fox"'),
        ("dog OR sea lion", 8, '"sea lion"', 'dog OR "sea lion"'),
        ("(Sea Lion)", 2, '"sea lion"', '("sea lion")'),
        ("sort:score:dogg limit:2", 12, "dog", "sort:score:dog limit:2"),
        ("si:reviewed", 1, "is:reviewed", "is:reviewed"),
        ("Is:reviewed", 1, "is:reviewed", "is:reviewed"),
        ("dog>=0.5 sea", 1, "score:dog>=0.5", "score:dog>=0.5 sea"),
        ("xyzzy", 1, None, None),
    ],
)
def test_an_unknown_name_is_reported_with_its_place_and_similar_names(text, column, suggestion, fixed):
    error = failure(text)
    assert error.sentence.startswith(f"Query, column {column}: there is no category ")
    assert error.suggestion == suggestion
    assert error.fixed() == fixed
    if fixed is not None:
        resolve(parse(fixed), CATEGORIES)


def test_several_near_names_are_listed():
    categories = (Category(1, "blue jay"), Category(2, "blue jey"), Category(3, "whale"))
    with pytest.raises(QueryError, match=r'near: "blue je?a?y"') as caught:
        resolve(parse('"blue jai"'), categories)
    assert "whale" not in caught.value.sentence


def test_words_of_a_category_inside_longer_words_are_no_hint():
    assert failure("red foxes").suggestion != '"red fox"' or failure("red foxes").fixed() != '"red fox"es'


def test_query_of_a_program_without_text_still_gets_a_sentence():
    query = parse("xyzzy")
    with pytest.raises(QueryError, match='no category "xyzzy"'):
        resolve(type(query)(query.expr), CATEGORIES)
