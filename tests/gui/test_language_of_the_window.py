"""The language that the settings and the system ask for, and what Qt itself writes."""

import re
from datetime import UTC, datetime

import pytest
from languages import OPENING, pseudo, speaking_german, unmarked
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QDialogButtonBox, QSpinBox

from app.domain.progress import Progress
from app.gui import language
from app.gui.widgets.words import counted, date_words, moment_words, progress_words


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (["de-AT", "de", "en"], "de"),
        (["en-GB", "en"], "en"),
        (["fr-FR", "fr", "de"], "de"),
        (["zh-Hans-CN", "zh"], "en"),
        ([], "en"),
    ],
)
def test_the_system_is_followed_to_the_first_language_that_there_is(monkeypatch, wanted, spoken):
    monkeypatch.setattr(QLocale, "uiLanguages", lambda _self: wanted)
    assert language.language_of("system") == spoken


def test_a_chosen_language_is_that_whatever_the_system_says(monkeypatch):
    monkeypatch.setattr(QLocale, "uiLanguages", lambda _self: ["de-DE"])
    assert (language.language_of("en"), language.language_of("de")) == ("en", "de")


def test_german_reaches_texts_numbers_dates_and_the_buttons_of_qt(qapp, qtbot):
    with speaking_german(qapp):
        assert QCoreApplication.translate("Commands", "Undo") == "Rückgängig"
        assert counted(1204, "{n} image", "{n} images").startswith("1.204")
        when = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
        assert date_words(when) == "09.03.2026" and moment_words(when).startswith("09.03.2026, ")
        assert (
            progress_words(Progress("x", 1204, 48310, 35.0, 1320.0)) == "1.204 von 48.310, 35/s, noch 22 min"
        )
        box, spin = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel), QSpinBox()
        qtbot.addWidget(box)
        qtbot.addWidget(spin)
        assert box.buttons()[0].text().replace("&", "") == "Abbrechen"
        spin.setRange(0, 9999)
        spin.setGroupSeparatorShown(True)
        spin.setValue(4096)
        assert spin.text() == "4.096"
    assert QCoreApplication.translate("Commands", "Undo") == "Undo"
    assert counted(1204, "{n} image", "{n} images") == "1,204 images"


def test_numbers_are_those_of_the_persons_country(qapp, monkeypatch):
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("de_CH"))
    with speaking_german(qapp):
        assert counted(1204, "{n}", "{n}") == f"1{QLocale('de_CH').groupSeparator()}204"


def test_the_made_language_finds_what_nobody_marked():
    nothing = re.compile("^$")
    assert unmarked(pseudo("Save {name}").format(name=pseudo("all")), nothing) == ""
    assert unmarked(f"{pseudo('Yes')} · of", nothing) == "· of"
    assert unmarked(pseudo("Yes") + " 12 %", nothing) == ""
    assert pseudo("Save").startswith(OPENING)
