"""What the fields of the query language mean, for the completion."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.gui.widgets.words import QT_TRANSLATE_NOOP

MEANINGS: Final = {
    "no:": QT_TRANSLATE_NOOP("Query", "no for a category, given or implied by a review"),
    "unknown:": QT_TRANSLATE_NOOP("Query", "neither yes nor no for a category"),
    "suggested:": QT_TRANSLATE_NOOP("Query", "undecided, and suggested"),
    "unsure:": QT_TRANSLATE_NOOP("Query", "undecided, and near the threshold"),
    "score:": QT_TRANSLATE_NOOP("Query", "probability of a category, as in score:NAME>=0.5"),
    "is:": QT_TRANSLATE_NOOP("Query", "reviewed, unreviewed, outdated, labelled, unlabelled and others"),
    "source:": QT_TRANSLATE_NOOP("Query", "how a label was given"),
    "band:": QT_TRANSLATE_NOOP("Query", "has a yes or a suggestion in a category of this band"),
    "path:": QT_TRANSLATE_NOOP("Query", "path of the file, with * and **"),
    "decided:": QT_TRANSLATE_NOOP("Query", "labelled within the last days, as in decided:7d"),
    "sort:": QT_TRANSLATE_NOOP("Query", "order, as in sort:score:NAME"),
    "similar:": QT_TRANSLATE_NOOP("Query", "nearest to an image first"),
    "limit:": QT_TRANSLATE_NOOP("Query", "maximum number of images"),
}
"""By the word that is completed."""


def meaning(label: str, description: str) -> str:
    """The translated meaning of a field; other descriptions, such as the text of a query, as they are."""
    known = MEANINGS.get(label) if description else None
    return description if known is None else QCoreApplication.translate("Query", known)
