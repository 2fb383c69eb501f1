"""Texts about labels that several parts of the labelling view show."""

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication

from app.domain.labels import LabelState
from app.gui.widgets.words import ago_words, counted, date_words

translate = QCoreApplication.translate


def decision_words(state: LabelState, name: str, images: int = 1) -> str:
    """``Yes: zebra``, ``No: zebra on 12 images``."""
    if state is LabelState.YES:
        one, many = translate("Labels", "Yes: {name}"), translate("Labels", "Yes: {name} on {n} images")
    elif state is LabelState.NO:
        one, many = translate("Labels", "No: {name}"), translate("Labels", "No: {name} on {n} images")
    else:
        one = translate("Labels", "Unknown: {name}")
        many = translate("Labels", "Unknown: {name} on {n} images")
    return counted(images, one, many, name=name)


def when_words(when: datetime | None, now: datetime) -> str:
    """``2 min ago``; from a day on as a date. A time without a time zone is UTC."""
    if when is None:
        return ""
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    seconds = (now - when).total_seconds()
    if seconds >= 24 * 3600:
        return date_words(when)
    unit = 60 if seconds < 3600 else 3600
    return ago_words(seconds // unit * unit)
