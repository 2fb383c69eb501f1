"""The actions and keys of a review round."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QWidget

from app.gui.commands.actions import CommandActions
from app.gui.commands.focus import labelling_keys
from app.gui.commands.table import LABELLING, REVIEWING, Command

SHARED: Final = frozenset(
    {
        "accept",
        "reject",
        "unknown",
        "previous",
        "next",
        "highlight_previous",
        "highlight_next",
        "undo",
        "redo",
    }
)
"""Commands of labelling that act on the current card here."""
DECIDING: Final = ("accept", "reject", "unknown", "skip", "rest_no")
SPECS: Final[dict[str, Command]] = {
    one.name: one for one in (*REVIEWING, *(one for one in LABELLING if one.name in SHARED))
}


class CardActions(CommandActions):
    """Actions on ``owner``, which act while it is visible in the active window.

    Keys of a review take precedence over those of labelling: Enter finishes the page here.
    """

    def __init__(self, owner: QWidget, shortcuts: Mapping[str, str]) -> None:
        super().__init__(owner, tuple(SPECS.values()), shortcuts)

    def all_keys(self) -> frozenset[str]:
        return frozenset(key for keys in self._keys.values() for key in keys)

    def _all_keys_of(self, shortcuts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        keys = super()._all_keys_of(shortcuts)
        own = {key for command in REVIEWING for key in keys[command.name]}
        return keys | {name: tuple(key for key in keys[name] if key not in own) for name in SHARED}

    def _acting_keys(self, name: str, focus: QWidget | None) -> list[str]:
        return labelling_keys(self._keys[name], focus)
