"""Which categories are offered for what is typed."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.categories import Band
from app.jobs.project.tag_completion import LIMIT, TagCandidate, TagIndex
from app.jobs.values.session import CategoryInfo


def index(*names, **aliases):
    return TagIndex(
        CategoryInfo(number, name, Band.TAIL, 0, 0, tuple(aliases.get(name, ())))
        for number, name in enumerate(names, start=1)
    )


def names(found):
    return [("+" if one.is_new else "") + one.name for one in found]


def test_the_same_name_comes_first_then_beginnings_words_and_parts():
    tags = index("wildcat", "sand cat", "catfish", "cat", "dog")
    assert names(tags.complete("cat")) == ["cat", "catfish", "sand cat", "wildcat"]
    assert names(tags.complete("CAT ")) == ["cat", "catfish", "sand cat", "wildcat"]


def test_what_exists_is_not_offered_for_creation_whatever_its_case_or_alias():
    tags = index("Serval", "mongoose", mongoose=["Meerkat"])
    assert names(tags.complete("sERVAL")) == ["Serval"]
    assert tags.complete("meerkat") == [TagCandidate("mongoose", 2, "Meerkat")]
    assert names(tags.complete("meerka")) == ["mongoose", "+meerka"]


def test_a_category_with_a_different_spelling_shows_the_typed_one_too():
    tags = index("CO\u2082", "Fox")
    assert tags.complete("CO2") == [TagCandidate("CO\u2082", 1, "CO2")]
    assert tags.complete("fox") == [TagCandidate("Fox", 2)]


def test_the_exact_spelling_is_preferred_if_an_older_project_has_two():
    tags = index("CO\u2082", "CO2")
    assert tags.exact("CO2") == TagCandidate("CO2", 2)
    assert tags.exact("co2") == TagCandidate("CO\u2082", 1)


def test_slips_of_the_keys_find_the_name_and_the_new_one_stays_on_offer():
    tags = index("aardwolf", "warthog", "zebra")
    assert names(tags.complete("ardwolf")) == ["+ardwolf", "aardwolf"]
    assert names(tags.complete("wartohg")) == ["+wartohg", "warthog"]


def test_a_category_is_offered_once_though_its_names_fit_twice():
    tags = index("cat", cat=["catty", "cat of the house"])
    assert tags.complete("cat") == [TagCandidate("cat", 1)]
    assert tags.complete("catt") == [TagCandidate("cat", 1, "catty"), TagCandidate("catt")]


def test_those_used_last_come_before_their_equals_and_alone_for_nothing():
    tags = index("cat", "cow", "camel")
    assert names(tags.complete("c", preferred=[2])) == ["cow", "cat", "camel", "+c"]
    assert names(tags.complete("  ", preferred=[3, 99, 1])) == ["camel", "cat"]
    assert tags.complete("") == []


def test_the_likeliest_of_three_thousand_categories_are_found_despite_a_typing_error():
    tags = index(*(f"species {number:04} of the plain" for number in range(3000)))
    found = [tags.complete(text) for text in ("s", "species 12", "plain", "spceies 0100 of the plain")]
    assert all(len(one) == LIMIT for one in found)
    assert found[-1][1].name == "species 0100 of the plain"


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=12).filter(str.strip), max_size=6))
def test_any_text_gives_few_distinct_candidates_of_which_one_at_most_is_new(text, known):
    present = [name for name in known if any(c.isalnum() for c in name)]
    found = index(*present).complete(text)
    assert len(found) <= LIMIT
    numbers = [one.category_id for one in found]
    assert len(set(numbers)) == len(numbers)
    assert sum(one.is_new for one in found) <= 1
    assert all(one.is_new or one.category_id <= len(present) for one in found)


def test_an_overlong_name_is_not_offered():
    assert index("cat").complete("x" * 500) == []
