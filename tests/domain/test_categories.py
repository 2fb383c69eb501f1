"""Category names, prompts and bands."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.categories import MAX_NAME_LENGTH, Band, BandCuts, Category, clean_name, name_key
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
        assert not [c for c in once if unicodedata.category(c)[0] == "C"]
        assert once == " ".join(once.split())
        assert unicodedata.is_normalized("NFC", once)


@given(WILD)
def test_composed_and_decomposed_spellings_are_the_same_name(name):
    assert cleaned(unicodedata.normalize("NFD", name)) == cleaned(unicodedata.normalize("NFC", name))


@given(st.text(max_size=20), st.sampled_from([" ", "\t", "\n", "\u00a0", "\u200b", "\x00", "  "]))
def test_white_space_and_controls_around_a_name_do_not_count(name, padding):
    assert cleaned(padding + name + padding) == cleaned(name)


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\x00\x1f", "\u200b"])
def test_name_without_visible_characters_is_refused(name):
    with pytest.raises(BadInputError, match="empty"):
        clean_name(name)


def test_name_of_the_greatest_length_is_kept_and_one_more_is_refused():
    assert clean_name("x" * MAX_NAME_LENGTH) == "x" * MAX_NAME_LENGTH
    with pytest.raises(BadInputError, match="longer than 200"):
        clean_name("x" * (MAX_NAME_LENGTH + 1))


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
