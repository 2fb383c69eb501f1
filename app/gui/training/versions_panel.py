"""The versions, newest first, then the suggestions without one; two can be compared."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.models import Measure, ModelVersion
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.training.version_card import VersionCardView
from app.gui.training.words import NONE
from app.gui.widgets.text import Text


class VersionsPanel(QWidget):
    """One card per version."""

    pair_changed = Signal(object)
    """The names of the two versions to compare, the older first; None unless two are chosen."""
    shown_wanted = Signal(str)
    used = Signal(str)
    rolled_back = Signal()
    deleted = Signal(str)
    noted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Versions"))
        self._cards: dict[str, VersionCardView] = {}
        self._chosen: list[str] = []
        self._nothing = Text(
            self.tr("No versions yet. The first one appears here after training."), quiet=True
        )
        self._how = Text(
            self.tr("Quality from 0 to 1 by band of the categories, with the range that chance explains."),
            TypeSize.SMALL,
            quiet=True,
        )
        for text in (self._nothing, self._how):
            text.setWordWrap(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        self._layout.setSpacing(SPACE_S)
        self._layout.addWidget(Text(self.tr("Versions"), TypeSize.LARGE, strong=True))
        self._layout.addWidget(self._nothing)
        self._layout.addWidget(self._how)
        self._layout.addStretch(1)
        self.set_versions((), writable=True)

    def card(self, name: str) -> VersionCardView:
        return self._cards[name]

    def names(self) -> list[str]:
        return list(self._cards)

    def pair(self) -> tuple[str, str] | None:
        """The two that are chosen, the older first."""
        if len(self._chosen) != 2:
            return None
        order = [*reversed([name for name in self._cards if name != NONE])]
        first, second = sorted(self._chosen, key=lambda name: -1 if name == NONE else order.index(name))
        return first, second

    def choose(self, names: Sequence[str]) -> None:
        """Choose these for a comparison, as their buttons do."""
        self._chosen = [name for name in names if name in self._cards]
        self._show_pair()

    def set_versions(self, versions: Sequence[ModelVersion], *, writable: bool) -> None:
        wanted = [one.name for one in versions] + ([NONE] if versions else [])
        if wanted != list(self._cards):
            self._make_cards(wanted)
        for one in versions:
            self._cards[one.name].show_version(one, writable=writable)
        if versions:
            measures, since = _live_measures(versions)
            active = not any(one.active for one in versions)
            self._cards[NONE].show_none(measures, since, active=active, writable=writable)
        self._nothing.setVisible(not versions)
        self._how.setVisible(bool(versions))
        if any(name not in self._cards for name in self._chosen):
            self.choose([name for name in self._chosen if name in self._cards])

    def _make_cards(self, wanted: Sequence[str]) -> None:
        for name in [known for known in self._cards if known not in wanted]:
            gone = self._cards.pop(name)
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        cards = {}
        for place, name in enumerate(wanted):
            card = self._cards.get(name) or self._make_card(name)
            self._layout.removeWidget(card)
            self._layout.insertWidget(3 + place, card)
            card.show()  # the layout would do it only later
            cards[name] = card
        self._cards = cards

    def _make_card(self, name: str) -> VersionCardView:
        card = VersionCardView(name, self)
        card.chosen.connect(self._choose)
        card.shown_wanted.connect(self.shown_wanted)
        card.used.connect(self.used)
        card.rolled_back.connect(self.rolled_back)
        card.deleted.connect(self.deleted)
        card.noted.connect(self.noted)
        return card

    @Slot(str, bool)
    def _choose(self, name: str, chosen: bool) -> None:
        """Of three, the one chosen first is dropped."""
        others = [one for one in self._chosen if one != name]
        self._chosen = [*others, name][-2:] if chosen else others
        self._show_pair()

    def _show_pair(self) -> None:
        for name, card in self._cards.items():
            card.set_chosen(name in self._chosen)
        self.pair_changed.emit(self.pair())


def _live_measures(versions: Sequence[ModelVersion]) -> tuple[dict[str, Measure], str]:
    """Measures without a version, from the newest version that was compared with that, and its name."""
    for one in versions:
        if one.other_model is None and one.card.parent is None and one.card.baseline:
            return one.card.baseline, one.name
    return {}, ""
