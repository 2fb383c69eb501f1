"""The panels over the window: commands, help, preferences. Each is created when it is first opened."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.gui.commands.actions import FrameActions
from app.gui.commands.help import HelpPage
from app.gui.commands.palette import Palette
from app.gui.commands.table import COMMANDS, LABELLING, Command, keys_of
from app.gui.labelling.key_actions import SINGLE_ONLY, LabellingActions
from app.gui.preferences.panel import PreferencesPanel
from app.gui.review.card_actions import SPECS, CardActions
from app.gui.widgets.overlay import Overlay
from app.jobs.settings.preferences import Preferences
from app.jobs.work.model_list import ModelList

_LABELLING = frozenset(command.name for command in LABELLING)
# Commands that make sense as keys only, not as entries of a list.
_NOT_LISTED = SINGLE_ONLY | {"palette", "highlight_previous", "highlight_next"}


class Panels(QObject):
    """Opens one panel at a time.

    ``labelling_possible``: whether the library is shown. ``cards``: the actions of a review while its cards
    are shown.
    """

    def __init__(
        self,
        window: QWidget,
        frame: FrameActions,
        labelling: LabellingActions,
        preferences: Preferences,
        models: ModelList,
        *,
        labelling_possible: Callable[[], bool],
        cards: Callable[[], CardActions | None],
    ) -> None:
        super().__init__(window)
        self._window, self._frame, self._labelling = window, frame, labelling
        self._models = models
        self._settings, self._possible, self._cards = preferences, labelling_possible, cards
        self._overlays: dict[str, Overlay] = {}
        self.palette: Palette | None = None
        self.help: HelpPage | None = None
        self.preferences: PreferencesPanel | None = None

    def shown(self) -> str | None:
        """The name of the panel that is open."""
        return next((name for name, one in self._overlays.items() if one.isVisible()), None)

    @Slot()
    def toggle_palette(self) -> None:
        if self.palette is None:
            self.palette = Palette(self.offered)
            self.palette.chosen.connect(self._run)
            self._add("palette", self.palette, 560, 460)
        self._toggle("palette")

    @Slot()
    def toggle_help(self) -> None:
        if self.help is None:
            self.help = HelpPage(self.keys)
            self.help.change_wanted.connect(self.show_keys)
            self.help.report_wanted.connect(self._frame.action("system_information").trigger)
            self.help.left.connect(self.close_all)
            self._add("help", self.help, 800, 780)
        self._toggle("help")

    @Slot()
    def toggle_preferences(self) -> None:
        self._make_preferences().show_general()
        self._toggle("preferences")

    @Slot()
    def show_keys(self) -> None:
        self._make_preferences().show_keys()
        if self.shown() != "preferences":
            self._toggle("preferences")

    @Slot()
    def show_models(self) -> None:
        """The list of image models, where they are downloaded."""
        self._make_preferences().show_models()
        if self.shown() != "preferences":
            self._toggle("preferences")

    def models_shown(self) -> bool:
        """Whether the list of image models is on the screen."""
        return self.preferences is not None and self.preferences.models.isVisible()

    @Slot()
    def close_all(self) -> None:
        for one in self._overlays.values():
            one.shut()

    def keys(self, name: str) -> tuple[str, ...]:
        """The current keys of a command."""
        if name in SPECS and name not in _LABELLING:
            return keys_of(SPECS[name], self._settings.shortcuts)
        return self._frame_or_labelling(name).keys(name)

    def offered(self) -> Sequence[tuple[Command, str]]:
        """The commands that are enabled, each with its first key."""
        found = []
        for command in COMMANDS:
            owner = self._owner(command.name)
            if owner is None or not owner.action(command.name).isEnabled():
                continue
            if command.name not in _NOT_LISTED and not command.name.startswith("toggle_"):
                found.append((command, next(iter(self.keys(command.name)), "")))
        return found

    def _make_preferences(self) -> PreferencesPanel:
        if self.preferences is None:
            self.preferences = PreferencesPanel(self._settings, self._models)
            self.preferences.left.connect(self.close_all)
            self._add("preferences", self.preferences, 640, 720)
        return self.preferences

    def open(self, name: str, content: QWidget, width: int, height: int) -> None:
        """Show another panel; ``content`` is used the first time only."""
        if name not in self._overlays:
            self._add(name, content, width, height)
        if self.shown() != name:
            self._toggle(name)

    def _add(self, name: str, content: QWidget, width: int, height: int) -> None:
        self._overlays[name] = Overlay(self._window, content, width, height)

    def _toggle(self, name: str) -> None:
        for other, overlay in self._overlays.items():
            if other != name:
                overlay.shut()
        self._overlays[name].toggle()

    @Slot(str)
    def _run(self, name: str) -> None:
        """Close the list first: the command acts on what is behind it."""
        self.close_all()
        owner = self._owner(name)
        if owner is not None:
            owner.action(name).trigger()

    def _owner(self, name: str) -> FrameActions | LabellingActions | CardActions | None:
        """What would carry it out now; None if what it acts on is not shown."""
        cards = self._cards()
        if name in SPECS and (cards is not None or name not in _LABELLING):
            return cards
        if name in _LABELLING and not self._possible():
            return None
        return self._frame_or_labelling(name)

    def _frame_or_labelling(self, name: str) -> FrameActions | LabellingActions:
        return self._labelling if name in _LABELLING else self._frame
