# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The Train place over a worker that really tunes."""

import sys
from pathlib import Path

import pytest
from training_fixtures import (
    LEFT,
    folder,
    make,
    model_in_use,
    opened,
    patchy,
    press,
    settle,
    show_train,
)

REAL = Path(__file__).parents[2] / "services" / "training_worker.py"
LONG = 300_000

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def worker():
    return [sys.executable, str(REAL), "real"]


def test_a_real_run_reports_its_epochs_is_judged_and_can_be_compared(qtbot, opened):
    window = opened()
    place = show_train(qtbot, window)
    with qtbot.waitSignal(window.training.ended, timeout=LONG) as ended:
        qtbot.mouseClick(place.setup.start, LEFT)
    ending, points = ended.args[0], place.run.precision.points()
    assert ending.version == "v1"
    assert ending.sentence.startswith(("Activated: ", "Not activated: "))
    assert {point.part for point in points} == {1, 2, 3, 4, 5, 6}
    assert all(point.loss > 0 for point in points)
    assert any(point.total is not None for point in points if point.fold is not None)
    assert all(point.total is None for point in points if point.fold is None)
    qtbot.waitUntil(lambda: model_in_use(window) == ("v1" if ending.activated else None), timeout=LONG)
    qtbot.waitUntil(lambda: "v1" in place.versions.names(), timeout=LONG)
    place.versions.choose(["none", "v1"])
    qtbot.waitUntil(lambda: place.compare.shows_comparison, timeout=LONG)
    before, after = window.training.version("v1").card.baseline, window.training.version("v1").card.metrics
    shown = place.compare._cells["total"]
    assert shown[0].text() == f"{before['total'].value:.3f}"
    assert shown[1].text() == f"{after['total'].value:.3f}"
    settle(qtbot, window)
