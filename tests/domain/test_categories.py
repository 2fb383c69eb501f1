"""Category names, prompts and bands."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.categories import (
    MAX_NAME_LENGTH,
    Band,
    BandCuts,
    Category,
    JoinedNames,
    NameIndex,
    clean_name,
    join_names,
    name_key,
)
from app.domain.errors import BadInputError

WILD = st.text(max_size=40)


def cleaned(name):
    try:
        return clean_name(name)
    except BadInputError:
        return None


@given(WILD)
def test_cleaning_twice_changes_nothing(name):
    once = cleaned(name)
    if once is not None:
        assert clean_name(once) == once


@given(WILD)
def test_clean_name_has_no_control_characters_and_only_single_spaces(name):
    once = cleaned(name)
    if once is not None:
        assert not [c for c in once if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
        assert once == " ".join(once.split())
        assert unicodedata.is_normalized("NFC", once)


@given(WILD)
def test_composed_and_decomposed_spellings_are_the_same_name(name):
    assert cleaned(unicodedata.normalize("NFD", name)) == cleaned(unicodedata.normalize("NFC", name))


@given(st.text(max_size=20), st.sampled_from([" ", "\t", "\n", "\u00a0", "\u200b", "\x00", "  "]))
def test_white_space_and_controls_around_a_name_do_not_count(name, padding):
    assert cleaned(padding + name + padding) == cleaned(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "\t\n", "\x00\x1f", "\u200b", "\u200d\u200c", "\u00ad", "\ufe0f", "\u3164", "\u2800"),
        *("\u2028", "\u202e\u202c", "\U000e0067\U000e007f", "\ufeff \u2060"),
    ],
)
def test_name_without_visible_characters_is_refused(name):
    with pytest.raises(BadInputError, match="empty"):
        clean_name(name)


def test_name_of_the_greatest_length_is_kept_and_one_more_is_refused():
    assert clean_name("x" * MAX_NAME_LENGTH) == "x" * MAX_NAME_LENGTH
    with pytest.raises(BadInputError, match="longer than 200"):
        clean_name("x" * (MAX_NAME_LENGTH + 1))


TAGGED = "\U0001f3f4\U000e0067\U000e0062{}\U000e007f"
"""A flag, written in tags."""
ENGLAND = TAGGED.format("\U000e0065\U000e006e\U000e0067")
SCOTLAND = TAGGED.format("\U000e0073\U000e0063\U000e0074")
KEPT = {
    "Persian with a zero-width non-joiner": "می\u200cخواهم",
    "Devanagari with a zero-width joiner": "क्\u200dष",
    "a family of three emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f466",
    "the flag of England": ENGLAND,
    "a soft hyphen": "Wald\u00adkauz",
    "a heart with a variation selector": "\u2764\ufe0f",
    "Khmer words with zero-width spaces": "ស្លាប\u200bបក្សី",
    "a mark of direction": "\u200fעורב\u200f (1)",
    "a character for private use": "\ue000 fern",
    "a noncharacter": "fern \uffff",
    "a joiner at the end": "ه\u200d",
}


@pytest.mark.parametrize("name", KEPT.values(), ids=list(KEPT))
def test_what_belongs_to_the_spelling_is_kept(name):
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("red\x07 fox\x7f", "red fox"),
        ("red\tfox\r\n", "red fox"),
        ("red\u2028fox", "red fox"),
        ("\u202efox\u202c", "fox"),
        ("\ufefffox\u200b", "fox"),
    ],
)
def test_control_characters_are_taken_out(name, kept):
    assert clean_name(name) == kept


@pytest.mark.parametrize(("name", "at"), [("\udcfffox", 1), ("fo\udce9", 3), ("\ud83d", 1)])
def test_an_undecodable_byte_is_refused_with_its_place(name, at):
    with pytest.raises(BadInputError, match=f"not valid text: character {at} is an undecodable byte"):
        clean_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ENGLAND, SCOTLAND),
        ("نامه\u200cای", "نامهای"),
        ("می\u200cخواهم", "می خواهم"),
    ],
)
def test_names_that_differ_in_tags_or_joiners_stay_apart(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("other", ["Wald\u00adkauz", "waldkauz\u200d", "Wald\u2060kauz", "\u200eWaldkauz"])
def test_what_changes_nothing_that_can_be_seen_makes_no_other_category(other):
    assert name_key(other) == name_key("Waldkauz")


def test_the_very_spelling_is_found_before_another_spelling_and_a_name_before_an_alias():
    older = [Category(1, "CO\u2082"), Category(2, "CO2", aliases=("carbon",)), Category(3, "Carbon")]
    index = NameIndex(older)
    assert [index.find(name).id for name in ("CO2", "CO\u2082", "co2", "CARBON", "carbon")] == [2, 1, 1, 3, 3]
    assert index.find("fox") is None


def test_joined_names_are_reported_with_their_places():
    given = [
        ("line 1", "CO2"),
        ("line 2", "fox"),
        ("line 3", "CO\u2082"),
        ("line 4", "Fox "),
        ("line 5", "owl"),
    ]
    names, joined = join_names(given)
    assert names == ["CO2", "fox", "owl"]
    assert joined == [
        JoinedNames("CO2", ("CO2", "CO\u2082"), ("line 1", "line 3")),
        JoinedNames("fox", ("fox", "Fox"), ("line 2", "line 4")),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Red Fox", "red  fox"),
        ("STRASSE", "straße"),
        ("Ä", "A\u0308"),
        ("ﬁsh", "fish"),
        ("Ｆｏｘ", "fox"),
        ("fox\n", "fox"),
    ],
)
def test_names_that_a_person_takes_for_the_same_have_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("fox", "foxes"), ("a", "ä"), ("no", "n o"), ("1", "l")])
def test_different_names_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


@given(st.text("abcxyz äöß éñ ΣΩ дж 狐", min_size=1, max_size=20).filter(str.strip))
def test_letter_case_never_makes_another_category(name):
    assert name_key(name.upper()) == name_key(name.lower()) == name_key(name)


def test_prompts_put_the_name_into_each_template_and_leave_other_braces_alone():
    category = Category(1, "red {fox}", templates=("a photo of a {name}.", "{name}, {other}"))
    assert category.prompts() == ("a photo of a red {fox}.", "red {fox}, {other}")


@pytest.mark.parametrize(
    ("yes", "band"),
    [(0, Band.TAIL), (19, Band.TAIL), (20, Band.MEDIUM), (99, Band.MEDIUM), (100, Band.HEAD)],
)
def test_bands_have_the_cuts_of_the_paper(yes, band):
    assert BandCuts().band(yes) is band


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_more_labels_never_move_a_category_towards_the_tail(medium, more, yes, added):
    cuts = BandCuts(medium=medium, head=medium + more)
    rank = [Band.TAIL, Band.MEDIUM, Band.HEAD]
    assert rank.index(cuts.band(yes)) <= rank.index(cuts.band(yes + added))
