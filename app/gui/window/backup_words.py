"""Backups, and what restoring one would change, in words."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.domain.language import number
from app.gui.widgets.words import QT_TRANSLATE_NOOP, counted, translate

if TYPE_CHECKING:
    from app.domain.backups import Contents, Difference
    from app.jobs.work.safekeeping import Restoration

_translated: Final = partial(QCoreApplication.translate, "Backups")
_REASONS: Final = {
    "manual": QT_TRANSLATE_NOOP("Backups", "made by you"),
    "daily": QT_TRANSLATE_NOOP("Backups", "daily"),
    "before-restore": QT_TRANSLATE_NOOP("Backups", "before a restore"),
    "before-repair": QT_TRANSLATE_NOOP("Backups", "before a repair"),
    "before-merge": QT_TRANSLATE_NOOP("Backups", "before a merge"),
}


def reason_words(reason: str) -> str:
    """Why a backup was made; a reason without a translation is shown as it is."""
    if reason.removeprefix("before-").isdigit():  # the version of the database
        return translate("Backups", "before an update")
    known = _REASONS.get(reason)
    return reason.replace("-", " ") if known is None else _translated(known)


def contents_words(found: "Contents") -> str:
    """``126 images, 34 reviewed, 300 yes, 40 no``."""
    images = counted(found.images, translate("Backups", "{n} image"), translate("Backups", "{n} images"))
    words = translate("Backups", "{images}, {reviewed} reviewed, {yes} yes, {no} no")
    return words.format(
        images=images, reviewed=number(found.reviewed), yes=number(found.yes), no=number(found.no)
    )


def difference_words(found: "Restoration") -> str:
    """What would disappear, return and change, one line each."""
    if found.present is None or found.difference is None:
        return translate("Backups", "The present state cannot be read; it is set aside.")
    changes = found.difference
    if not changes:
        return translate("Backups", "Nothing would change.")
    return "\n".join([*_numbers(changes), *_names(changes)])


def _numbers(changes: "Difference") -> list[str]:
    rows = (
        (
            changes.labels_removed,
            translate("Backups", "{n} label would disappear"),
            translate("Backups", "{n} labels would disappear"),
        ),
        (
            changes.labels_returned,
            translate("Backups", "{n} label would return"),
            translate("Backups", "{n} labels would return"),
        ),
        (
            changes.labels_changed,
            translate("Backups", "{n} label would change"),
            translate("Backups", "{n} labels would change"),
        ),
        (
            changes.reviews_removed,
            translate("Backups", "{n} image would no longer be reviewed"),
            translate("Backups", "{n} images would no longer be reviewed"),
        ),
        (
            changes.reviews_returned,
            translate("Backups", "{n} image would be reviewed again"),
            translate("Backups", "{n} images would be reviewed again"),
        ),
        (
            changes.images_removed,
            translate("Backups", "{n} image would be unknown until the next scan"),
            translate("Backups", "{n} images would be unknown until the next scan"),
        ),
        (
            changes.images_returned,
            translate("Backups", "{n} image would return"),
            translate("Backups", "{n} images would return"),
        ),
        (
            changes.images_changed,
            translate("Backups", "{n} image would be recorded with its place, content or state of then"),
            translate("Backups", "{n} images would be recorded with their place, content or state of then"),
        ),
        (
            changes.steps_removed,
            translate("Backups", "{n} step would disappear from the history"),
            translate("Backups", "{n} steps would disappear from the history"),
        ),
        (
            changes.steps_returned,
            translate("Backups", "{n} step would return to the history"),
            translate("Backups", "{n} steps would return to the history"),
        ),
    )
    return [counted(number, one, many) for number, one, many in rows if number]


def _names(changes: "Difference") -> list[str]:
    lines = []
    if changes.categories_removed:
        words = translate("Backups", "Categories that would disappear: {names}")
        lines.append(words.format(names=", ".join(changes.categories_removed)))
    if changes.categories_returned:
        words = translate("Backups", "Categories that would return: {names}")
        lines.append(words.format(names=", ".join(changes.categories_returned)))
    return lines
