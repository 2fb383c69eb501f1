"""Disk errors in plain words. The core has the same table, because it must not depend on the application."""

import errno
from typing import Final

from app.domain.language import QT_TRANSLATE_NOOP, translated

_FREE: Final = QT_TRANSLATE_NOOP("Domain", "free some space and try again")
_NETWORK: Final = (
    QT_TRANSLATE_NOOP("Domain", "the connection to the network folder was lost"),
    QT_TRANSLATE_NOOP("Domain", "connect it again and try again"),
)
_RIGHTS: Final = (
    QT_TRANSLATE_NOOP("Domain", "permission denied"),
    QT_TRANSLATE_NOOP("Domain", "check its permissions or choose another place"),
)
_FAULTS: Final = {
    "ENOSPC": (QT_TRANSLATE_NOOP("Domain", "the disk is full"), _FREE),
    "EDQUOT": (QT_TRANSLATE_NOOP("Domain", "your disk quota is used up"), _FREE),
    "EFBIG": (
        QT_TRANSLATE_NOOP("Domain", "files as large as that are not allowed there"),
        QT_TRANSLATE_NOOP("Domain", "choose another place"),
    ),
    "EROFS": (
        QT_TRANSLATE_NOOP("Domain", "the disk is mounted read-only"),
        QT_TRANSLATE_NOOP("Domain", "choose another place"),
    ),
    "EACCES": _RIGHTS,
    "EPERM": _RIGHTS,
    "EIO": (
        QT_TRANSLATE_NOOP("Domain", "the disk reported an error"),
        QT_TRANSLATE_NOOP("Domain", "check the disk and the connection to it"),
    ),
    "ENOMEM": (
        QT_TRANSLATE_NOOP("Domain", "there is not enough memory"),
        QT_TRANSLATE_NOOP("Domain", "close other programs and try again"),
    ),
    "ENODEV": (
        QT_TRANSLATE_NOOP("Domain", "the disk is no longer connected"),
        QT_TRANSLATE_NOOP("Domain", "connect it and try again"),
    ),
    "ENXIO": (
        QT_TRANSLATE_NOOP("Domain", "the disk is no longer connected"),
        QT_TRANSLATE_NOOP("Domain", "connect it and try again"),
    ),
    "ESTALE": _NETWORK,
    "ENOTCONN": _NETWORK,
    "ETIMEDOUT": _NETWORK,
    "EHOSTDOWN": _NETWORK,
    "EHOSTUNREACH": _NETWORK,
    "ENAMETOOLONG": (
        QT_TRANSLATE_NOOP("Domain", "the name is too long"),
        QT_TRANSLATE_NOOP("Domain", "choose a shorter one"),
    ),
    "EMFILE": (
        QT_TRANSLATE_NOOP("Domain", "too many files are open"),
        QT_TRANSLATE_NOOP("Domain", "close other programs and try again"),
    ),
    "ENFILE": (
        QT_TRANSLATE_NOOP("Domain", "too many files are open"),
        QT_TRANSLATE_NOOP("Domain", "close other programs and try again"),
    ),
}
_BY_NUMBER: Final = {
    number: words for name, words in _FAULTS.items() if (number := getattr(errno, name, None)) is not None
}
_FULL: Final = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name))


def english_fault(error: OSError) -> str:
    """As :func:`fault`, in English: a key of further tables."""
    known = _BY_NUMBER.get(error.errno or 0)
    return known[0] if known else error.strerror or str(error) or type(error).__name__


def fault(error: OSError) -> str:
    """What went wrong, as text after a colon: ``the disk is full``."""
    return translated("Domain", english_fault(error))


def remedy(error: OSError) -> str | None:
    """What to do, as text after a semicolon; None if unknown."""
    known = _BY_NUMBER.get(error.errno or 0)
    return translated("Domain", known[1]) if known else None


def fault_and_remedy(error: OSError) -> str:
    """``the disk is full; free some space and try again``."""
    advice = remedy(error)
    return f"{fault(error)}; {advice}" if advice else fault(error)


def is_full(error: OSError) -> bool:
    """Whether the disk or the person's quota is full."""
    return error.errno in _FULL
