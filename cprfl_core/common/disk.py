"""Disk errors and sizes in words. app/domain/disk.py has the same table: neither may import the other."""

import errno
from typing import Final

_UNITS: Final = ("bytes", "KB", "MB", "GB", "TB")
_FREE: Final = "free some space and try again"
_NETWORK: Final = ("the connection to the network folder was lost", "connect it again and try again")
_RIGHTS: Final = ("permission denied", "check its permissions or choose another place")
_FAULTS: Final = {
    "ENOSPC": ("the disk is full", _FREE),
    "EDQUOT": ("your disk quota is used up", _FREE),
    "EFBIG": ("files as large as that are not allowed there", "choose another place"),
    "EROFS": ("the disk is mounted read-only", "choose another place"),
    "EACCES": _RIGHTS,
    "EPERM": _RIGHTS,
    "EIO": ("the disk reported an error", "check the disk and the connection to it"),
    "ENOMEM": ("there is not enough memory", "close other programs and try again"),
    "ENODEV": ("the disk is no longer connected", "connect it and try again"),
    "ENXIO": ("the disk is no longer connected", "connect it and try again"),
    "ESTALE": _NETWORK,
    "ENOTCONN": _NETWORK,
    "ETIMEDOUT": _NETWORK,
    "EHOSTDOWN": _NETWORK,
    "EHOSTUNREACH": _NETWORK,
    "ENAMETOOLONG": ("the name is too long", "choose a shorter one"),
    "EMFILE": ("too many files are open", "close other programs and try again"),
    "ENFILE": ("too many files are open", "close other programs and try again"),
}
_BY_NUMBER: Final = {
    number: words for name, words in _FAULTS.items() if (number := getattr(errno, name, None)) is not None
}
_FULL: Final = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name))


def fault(error: OSError) -> str:
    """What went wrong, as a fragment that follows a colon: ``the disk is full``."""
    known = _BY_NUMBER.get(error.errno or 0)
    return known[0] if known else error.strerror or str(error) or type(error).__name__


def remedy(error: OSError) -> str | None:
    """What to do, as a fragment that follows a semicolon; None if unknown."""
    known = _BY_NUMBER.get(error.errno or 0)
    return known[1] if known else None


def fault_and_remedy(error: OSError) -> str:
    """``the disk is full; free some space and try again``."""
    advice = remedy(error)
    return f"{fault(error)}; {advice}" if advice else fault(error)


def is_full(error: OSError) -> bool:
    """True if the disk is full or the quota is used up."""
    return error.errno in _FULL


def size_words(count: float) -> str:
    """A size with three significant digits: ``0 bytes``, ``1 byte``, ``12.5 KB``, ``1.23 GB``."""
    value = float(count)
    for unit in _UNITS:
        if float(f"{value:.3g}") < 1000 or unit == _UNITS[-1]:
            break
        value /= 1000
    if unit == "bytes":
        return f"{value:.0f} {'byte' if round(value) == 1 else 'bytes'}"
    return f"{value:.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"
