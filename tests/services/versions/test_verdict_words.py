"""What the gate says in English is recognised, so that the window can say it in its language."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.domain import language
from app.domain.stored_words import verdict_words
from cprfl_core.evaluation.gate import BandEvidence, Ground, _reason, too_few
from cprfl_core.tuning.plan import what_is_tuned


@pytest.fixture(autouse=True)
def brackets():
    """A language that puts each text into brackets."""
    language.install(lambda _context, text: f"[{text}]")
    yield
    language.install(None)


@pytest.mark.parametrize("band", ["total", "tail"])
@pytest.mark.parametrize("ground", [one for one in Ground if one is not Ground.TOO_FEW])
def test_every_reason_of_the_gate_is_recognised(ground, band):
    assert verdict_words(_reason(ground, BandEvidence(band, 3, 0.5, 0.4, -0.2, -0.1))).startswith("[")


def test_too_few_labels_and_what_is_trained_are_recognised():
    assert verdict_words(too_few(3, 4, 1)).startswith("[")
    for images, fresh in ((10, False), (5000, False), (10, True)):
        snapshot = SimpleNamespace(image_ids=range(images), labels=np.ones((images, 2), np.int8))
        assert verdict_words(what_is_tuned(snapshot, SimpleNamespace(fresh=fresh))[1]).startswith("[")
