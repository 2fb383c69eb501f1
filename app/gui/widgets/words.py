"""Numbers and times in words, the same everywhere in the window."""

from datetime import datetime

from app.domain.progress import Progress

_MINUTE = 60
_HOUR = 3600
_DAY = 86_400


def count_words(count: int, singular: str, plural: str | None = None) -> str:
    """``1 image``, ``1,204 images``."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def duration_words(seconds: float) -> str:
    """Rounded the way people say it: ``8 s``, ``4 min``, ``2 h 10 min``, ``3 days``."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{round(whole / _MINUTE)} min"
    if whole < 2 * _DAY:
        hours, minutes = divmod(round(whole / _MINUTE), 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{round(whole / _DAY)} days"


def ago_words(seconds: float) -> str:
    """``just now``, ``8 s ago``, ``4 min ago``."""
    return "just now" if seconds < 1 else f"{duration_words(seconds)} ago"


def day_words(when: datetime, now: datetime) -> str:
    """``just now``, ``20 min ago``, ``today``, ``yesterday``, ``5 days ago``, else the date; both in UTC."""
    seconds = (now - when).total_seconds()
    if seconds < 2 * _HOUR:
        return "just now" if seconds < _MINUTE else ago_words(seconds)
    days = (now.astimezone().date() - when.astimezone().date()).days
    if days < 2:
        return "yesterday" if days else "today"
    return f"{days} days ago" if days < 14 else when.astimezone().strftime("%Y-%m-%d")


def rate_words(rate: float) -> str:
    """Items a second; slow work is told by the minute."""
    if rate >= 10:
        return f"{rate:,.0f}/s"
    return f"{rate:.1f}/s" if rate >= 1 else f"{rate * 60:.1f}/min"


def progress_words(progress: Progress) -> str:
    """``1,204 of 48,310, 35/s, 22 min left``, as far as it is known."""
    done = f"{progress.done:,}" if progress.total is None else f"{progress.done:,} of {progress.total:,}"
    parts = [done]
    if progress.rate:
        parts.append(rate_words(progress.rate))
    if progress.remaining is not None:
        parts.append(f"{duration_words(progress.remaining)} left")
    return ", ".join(parts)


def share_done(progress: Progress | None) -> float | None:
    """In [0, 1]; None while nobody can tell."""
    if progress is None or not progress.total:
        return None
    return min(1.0, progress.done / progress.total)
