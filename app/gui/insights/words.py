"""Titles, explanations and numbers of the Insights place."""

from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain import language
from app.domain.insights import Insight
from app.gui.widgets.words import QT_TRANSLATE_NOOP

translated: Final = partial(QCoreApplication.translate, "Insights")

TITLES: Final = {
    Insight.COUNTS: QT_TRANSLATE_NOOP("Insights", "Label counts"),
    Insight.TOGETHER: QT_TRANSLATE_NOOP("Insights", "Seen together"),
    Insight.QUALITY: QT_TRANSLATE_NOOP("Insights", "Quality"),
    Insight.RELIABILITY: QT_TRANSLATE_NOOP("Insights", "Reliability"),
    Insight.AGREEMENT: QT_TRANSLATE_NOOP("Insights", "Agreement"),
    Insight.DAYS: QT_TRANSLATE_NOOP("Insights", "Work by day"),
    Insight.SESSIONS: QT_TRANSLATE_NOOP("Insights", "Pace"),
    Insight.MAP: QT_TRANSLATE_NOOP("Insights", "Map"),
}
EXPLAINED: Final = {
    Insight.COUNTS: QT_TRANSLATE_NOOP(
        "Insights",
        "Images with each category, on a scale in steps of ten. A click shows the images with a yes.",
    ),
    Insight.TOGETHER: QT_TRANSLATE_NOOP(
        "Insights",
        "Of the images with the category of a row, how many also have that of the column. "
        "A click shows them.",
    ),
    Insight.QUALITY: QT_TRANSLATE_NOOP(
        "Insights",
        "How well the suggestions rank the labelled images, from 0 to 1. The lines are 90 % intervals. "
        "A click shows the images with a yes.",
    ),
    Insight.RELIABILITY: QT_TRANSLATE_NOOP(
        "Insights",
        "How often the answer was yes where the suggestions gave a probability. On the dashed line "
        "both agree. A click shows the images.",
    ),
    Insight.AGREEMENT: QT_TRANSLATE_NOOP(
        "Insights",
        "How often your answers agreed with the suggestions of that moment, from the first answer to the "
        "last. A click shows the images.",
    ),
    Insight.DAYS: QT_TRANSLATE_NOOP(
        "Insights",
        "Decisions made one by one on each day; bulk decisions and imports are left out. A click shows the "
        "images.",
    ),
    Insight.SESSIONS: QT_TRANSLATE_NOOP(
        "Insights",
        "Decisions per minute in each session; a pause of five minutes ends one. A click shows the images.",
    ),
    Insight.MAP: QT_TRANSLATE_NOOP(
        "Insights",
        "Images that look alike lie close together. Draw around some to show them in the library; a click "
        "opens an image.",
    ),
}
COLUMNS: Final = {
    "category": QT_TRANSLATE_NOOP("Insights", "Category"),
    "other": QT_TRANSLATE_NOOP("Insights", "Other category"),
    "band": QT_TRANSLATE_NOOP("Insights", "Band"),
    "yes": QT_TRANSLATE_NOOP("Insights", "Yes"),
    "no": QT_TRANSLATE_NOOP("Insights", "No"),
    "no_implied": QT_TRANSLATE_NOOP("Insights", "No by review"),
    "images": QT_TRANSLATE_NOOP("Insights", "Images"),
    "yes_category": QT_TRANSLATE_NOOP("Insights", "With the category"),
    "yes_other": QT_TRANSLATE_NOOP("Insights", "With the other"),
    "ap_low": QT_TRANSLATE_NOOP("Insights", "From"),
    "ap": QT_TRANSLATE_NOOP("Insights", "Quality"),
    "ap_high": QT_TRANSLATE_NOOP("Insights", "To"),
    "probability": QT_TRANSLATE_NOOP("Insights", "Probability"),
    "yes_share_low": QT_TRANSLATE_NOOP("Insights", "From"),
    "yes_share": QT_TRANSLATE_NOOP("Insights", "Share of yes"),
    "yes_share_high": QT_TRANSLATE_NOOP("Insights", "To"),
    "answers": QT_TRANSLATE_NOOP("Insights", "Answers"),
    "first": QT_TRANSLATE_NOOP("Insights", "First answer"),
    "last": QT_TRANSLATE_NOOP("Insights", "Last answer"),
    "since": QT_TRANSLATE_NOOP("Insights", "Since"),
    "until": QT_TRANSLATE_NOOP("Insights", "Until"),
    "yes_suggested": QT_TRANSLATE_NOOP("Insights", "Yes, suggested"),
    "no_not_suggested": QT_TRANSLATE_NOOP("Insights", "No, not suggested"),
    "day": QT_TRANSLATE_NOOP("Insights", "Day"),
    "decisions": QT_TRANSLATE_NOOP("Insights", "Decisions"),
    "minutes": QT_TRANSLATE_NOOP("Insights", "Minutes"),
    "begin": QT_TRANSLATE_NOOP("Insights", "Start"),
    "end": QT_TRANSLATE_NOOP("Insights", "End"),
    "decisions_per_minute": QT_TRANSLATE_NOOP("Insights", "Decisions per minute"),
    "image": QT_TRANSLATE_NOOP("Insights", "Image"),
    "x": QT_TRANSLATE_NOOP("Insights", "To the right"),
    "y": QT_TRANSLATE_NOOP("Insights", "Upwards"),
}
"""The columns of the tables, as a person reads them."""


def title(insight: Insight) -> str:
    return translated(TITLES[insight])


def whole(number: float) -> str:
    return language.number(round(number))


def decimal(number: float, digits: int = 2) -> str:
    return language.number(number, digits)


def percent(share: float) -> str:
    return language.percent(share)
