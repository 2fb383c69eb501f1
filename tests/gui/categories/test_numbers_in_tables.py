"""Numbers in the tables of categories are written as the language does."""

import pytest

from app.domain import language
from app.domain.labels import LabelState
from app.domain.language import Numbers
from app.gui.categories.columns import make_columns
from app.gui.labelling.category_list import answer_words
from app.gui.labelling.sheet import SheetRow
from app.jobs.values.categories import CategoryRow, Reading


@pytest.fixture
def german(qapp):
    language.install(lambda _context, text: text, Numbers(".", ",", "\u202f"))
    yield
    language.install(None)


def test_quality_and_probability_have_the_point_of_the_language(german):
    row = CategoryRow(1, "serval", 1, reading=Reading("", quality=0.875))
    assert "0,88" in {column.words(row) for column in make_columns()}
    assert answer_words(SheetRow(1, "serval", 0.25, 0.5, None, None, LabelState.UNKNOWN)) == "0,25"
