"""Categories whose name says that nothing is on the image."""

import re
from collections.abc import Iterable

_BETWEEN = re.compile(r"[\s_-]+")
_NAMES = frozenset(
    {"empty", "blank", "nothing", "none", "background", "negative", "vacant", "nothing here", "false trigger"}
    | {
        f"no {what}"
        for what in ("animal", "animals", "species", "wildlife", "object", "objects", "label", "labels")
    }
)


def perhaps_nothing(names: Iterable[str]) -> list[str]:
    """The names that usually mean "nothing is here", such as "empty" or "no_animal"."""
    return [name for name in dict.fromkeys(names) if _BETWEEN.sub(" ", name).strip().casefold() in _NAMES]
