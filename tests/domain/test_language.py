"""Numbers and texts in another language, without Qt."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import language
from app.domain.counting import count
from app.domain.language import Numbers, number, percent, shown, significant, translate
from app.domain.sizes import size_words
from app.domain.stored_words import STEPS, problem_words, step_words
from cprfl_core.common.disk import size_words as size_in_the_core

GERMAN = {
    "{n} images": "{n} Bilder",
    "{n} image": "{n} Bild",
    "Yes for {name} on {images}": "Ja für {name}: {images}",
    "Add {names} and {n} more": "{names} und {n} weitere hinzufügen",
    "Add {names}": "{names} hinzufügen",
    "truncated: the file ends early, {share}% of the picture is missing": "abgeschnitten, {share} % fehlen",
}


@pytest.fixture
def german() -> Iterator[None]:
    language.install(lambda _context, text: GERMAN.get(text, text), Numbers(".", ",", "\u202f"))
    yield
    language.install(None)


def test_without_a_language_texts_and_numbers_are_english() -> None:
    assert translate("Any", "No file {name}.") == "No file {name}."
    assert (number(1234567), number(0.12345, 2), number(0.5, 1, sign=True)) == ("1,234,567", "0.12", "+0.5")
    assert (percent(0.634), significant(12.345), count(1, "image")) == ("63 %", "12.3", "1 image")


def test_numbers_are_written_as_the_language_does(german: None) -> None:
    assert (number(1234567.891, 2), number(-0.5, 1), percent(0.634)) == ("1.234.567,89", "-0,5", "63\u202f%")
    assert (count(1, "image"), count(1200, "image")) == ("1 Bild", "1.200 Bilder")
    assert size_words(12_345_678) == "12,3 MB"


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_only_the_signs_of_a_number_change(value: float, places: int) -> None:
    english = number(value, places)
    language.install(None, Numbers(".", ","))
    try:
        other = number(value, places)
    finally:
        language.install(None)
    assert other.replace(",", "#").replace(".", ",").replace("#", ".") == english
    assert float(english.replace(",", "")) == pytest.approx(round(value, places), abs=10**-places)


@given(st.integers(0, 10**13))
def test_a_size_reads_as_in_the_core(size: int) -> None:
    assert size_words(size) == size_in_the_core(size)


def test_a_stored_step_is_recognised_with_its_values(german: None) -> None:
    assert step_words("Yes for 'cat' on 1,204 images") == "Ja für 'cat': 1.204 Bilder"
    assert step_words("Yes for 'on a hill' on IMG_1.jpg") == "Ja für 'on a hill': IMG_1.jpg"
    assert step_words("Add 'a', 'b' and 12 more") == "'a', 'b' und 12 weitere hinzufügen"
    assert problem_words("truncated: the file ends early, 30% of the picture is missing").startswith("abg")


def test_what_is_not_known_is_shown_as_it_is(german: None) -> None:
    assert step_words("Something of a newer version") == "Something of a newer version"


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    language.install(lambda _context, english: english)
    try:
        assert shown(text, STEPS) == text or re.search(r"\d", text)
    finally:
        language.install(None)
