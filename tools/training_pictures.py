"""Screenshots of the Train place: a run with its curves, its end, a comparison, the changes."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from window_driver import WindowDriver

POINTS_SHOWN: Final = 0.6
"""Share of a run's points at which the screenshot is taken."""
RUN_SECONDS: Final = 900
LIVE: Final = "none"


def take_refused(driver: WindowDriver) -> None:
    """A run with few labels in the open project: its version is not better, so it is not activated."""
    driver.click(driver.window.workspace.rail.button("train"))
    driver.wait(lambda: driver.window.training.overview is not None, "the counts of the Train place")
    driver.settle()
    made = run(driver)
    driver.take("train-refused")
    forget(driver, made)


def take_train(driver: WindowDriver, folder: Path) -> None:
    """A run with many labels, from its start to the changes."""
    window = driver.window
    scored = driver.told(window.session.scores_changed)
    window.open_project(folder)
    driver.wait(scored, "the suggestions")
    driver.click(window.workspace.rail.button("train"))
    driver.wait(lambda: window.training.overview is not None, "the counts of the Train place")
    driver.settle()
    driver.take("train-start")
    made = run(driver, picture="train-running")
    driver.take("train-end")
    compare(driver, LIVE, made)
    driver.take("train-compare")
    window.workspace.train.tabs.setCurrentIndex(2)
    driver.settle()
    driver.take("train-changed")
    forget(driver, made)


def run(driver: WindowDriver, picture: str = "") -> str:
    """Start a run with the button, take screenshots, and return the name of its version."""
    training, place = driver.window.training, driver.window.workspace.train
    ended = driver.told(training.ended)
    place.tabs.setCurrentIndex(0)
    button = place.setup.first_button()
    assert button is not None
    driver.click(button)
    if picture:
        driver.wait(lambda: far(driver, POINTS_SHOWN), "the run to advance", RUN_SECONDS)
        driver.take(picture)
    driver.wait(ended, "the run to end", RUN_SECONDS)
    driver.wait(lambda: not driver.window.jobs.running(), "the list of jobs")
    driver.settle()
    version = training.run.ending.version
    if version is None:
        raise SystemExit(f"The run gave no version: {training.run.ending.sentence}")
    return version


def far(driver: WindowDriver, share: float) -> bool:
    """True if the run has reached this share."""
    found = driver.window.training.run
    if found is None or not found.points:
        return False
    last = found.points[-1]
    return last.epochs * (last.part - 1) + last.epoch >= share * last.epochs * last.parts


def compare(driver: WindowDriver, a: str, b: str) -> None:
    place = driver.window.workspace.train
    for name in (a, b):
        driver.click(place.versions.card(name).compare)
    driver.wait(lambda: place.compare.shows_comparison, "the comparison", RUN_SECONDS)
    driver.settle()


def forget(driver: WindowDriver, name: str) -> None:
    """Deactivate and delete the version."""
    place, training = driver.window.workspace.train, driver.window.training
    place.versions.choose(())
    if place.versions.card(LIVE).use.isVisible():
        scored = driver.told(driver.window.session.scores_changed)
        driver.click(place.versions.card(LIVE).use)
        driver.wait(scored, "the suggestions without a version")
    card = place.versions.card(name)
    driver.wait(card.use.isVisible, f"{name} to be out of use")
    card.setFocus()
    driver.press(Qt.Key.Key_Delete)
    driver.click(card.sure)
    driver.wait(lambda: training.version(name) is None, f"{name} to be deleted")
    driver.press(Qt.Key.Key_G)
