"""Numbers and times in words."""

from datetime import date, datetime
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from app.domain.language import number
from app.domain.progress import Progress
from app.domain.sizes import size_words

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400

UNKNOWN: Final = "–"
"""In place of a number that is not known."""

translate: Final = QCoreApplication.translate


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text for lupdate, which looks for this name; the type stubs of Qt's own return object."""
    return text


def counted(count: int, one: str, many: str, **values: object) -> str:
    """``one`` or ``many`` by the count; both are translated sentences with ``{n}`` for it."""
    return (one if count == 1 else many).format(n=number(count), **values)


def shortened(words: str, most: int) -> str:
    """At most so many characters, the last of them ``…`` if some are left out."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def duration_words(seconds: float) -> str:
    """``8 s``, ``4 min``, ``2 h 10 min``, ``3 days``."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return translate("Words", "{n} s").format(n=whole)
    if whole < _HOUR:
        return translate("Words", "{n} min").format(n=round(whole / _MINUTE))
    if whole < 2 * _DAY:
        hours, minutes = divmod(round(whole / _MINUTE), 60)
        if not minutes:
            return translate("Words", "{n} h").format(n=hours)
        return translate("Words", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return translate("Words", "{n} days").format(n=number(round(whole / _DAY)))


def ago_words(seconds: float) -> str:
    """``just now``, ``8 s ago``, ``4 min ago``."""
    if seconds < 1:
        return translate("Words", "just now")
    return translate("Words", "{duration} ago").format(duration=duration_words(seconds))


def day_words(when: datetime, now: datetime) -> str:
    """``just now``, ``20 min ago``, ``today``, ``yesterday``, ``5 days ago``, else the date. Both in UTC."""
    seconds = (now - when).total_seconds()
    if seconds < 2 * _HOUR:
        return ago_words(seconds if seconds >= _MINUTE else 0)
    days = (now.astimezone().date() - when.astimezone().date()).days
    if days < 2:
        return translate("Words", "yesterday") if days else translate("Words", "today")
    if days < 14:
        return translate("Words", "{n} days ago").format(n=days)
    return date_words(when)


def _date(when: date) -> QDate:
    local = when.astimezone() if isinstance(when, datetime) else when
    return QDate(local.year, local.month, local.day)


def _time(when: datetime) -> QTime:
    local = when.astimezone()
    return QTime(local.hour, local.minute, local.second)


def date_words(when: date) -> str:
    """``2026-11-29``; a datetime in local time."""
    return QLocale().toString(_date(when), translate("Words", "yyyy-MM-dd"))


def clock_words(when: datetime) -> str:
    """``14:05:09``, in local time."""
    return QLocale().toString(_time(when), translate("Words", "HH:mm:ss"))


def moment_words(when: datetime) -> str:
    """``2026-11-29 14:05``, in local time."""
    clock = QLocale().toString(_time(when), translate("Words", "HH:mm"))
    return translate("Words", "{date} {time}").format(date=date_words(when), time=clock)


def rate_words(rate: float, second: str = "", minute: str = "") -> str:
    """Items per second, or per minute if slow. Other templates with ``{n}``: ``second`` and ``minute``."""
    if rate >= 1:
        words = second or translate("Words", "{n}/s")
        return words.format(n=number(rate, 0 if rate >= 10 else 1))
    return (minute or translate("Words", "{n}/min")).format(n=number(rate * 60, 1))


def progress_words(progress: Progress) -> str:
    """``1,204 of 48,310, 35/s, 22 min left``, as far as known; ``206 MB of 605 MB, 12 MB/s`` for bytes."""
    words = size_words if progress.in_bytes else number
    done = words(progress.done)
    if progress.total is not None:
        done = translate("Words", "{done} of {total}").format(done=done, total=words(progress.total))
    parts = [done]
    if progress.rate and progress.in_bytes:
        parts.append(translate("Words", "{n}/s").format(n=size_words(progress.rate)))
    elif progress.rate:
        parts.append(rate_words(progress.rate))
    if progress.remaining is not None:
        parts.append(left_words(progress.remaining))
    return ", ".join(parts)


def left_words(seconds: float) -> str:
    """``22 min left``."""
    return translate("Words", "{duration} left").format(duration=duration_words(seconds))


def share_done(progress: Progress | None) -> float | None:
    """In [0, 1]; None while unknown."""
    if progress is None or not progress.total:
        return None
    return min(1.0, progress.done / progress.total)
