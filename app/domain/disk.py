"""Disk errors in plain words. The core has the same table, because it must not depend on the application."""

import errno
from typing import Final

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
    """What went wrong, as text after a colon: ``the disk is full``."""
    known = _BY_NUMBER.get(error.errno or 0)
    return known[0] if known else error.strerror or str(error) or type(error).__name__


def remedy(error: OSError) -> str | None:
    """What to do, as text after a semicolon; None if unknown."""
    known = _BY_NUMBER.get(error.errno or 0)
    return known[1] if known else None


def fault_and_remedy(error: OSError) -> str:
    """``the disk is full; free some space and try again``."""
    advice = remedy(error)
    return f"{fault(error)}; {advice}" if advice else fault(error)


def is_full(error: OSError) -> bool:
    """Whether the disk or the person's quota is full."""
    return error.errno in _FULL
