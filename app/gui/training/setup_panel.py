"""What goes into a run, and the button that starts it, or why it cannot start."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.categories import Band
from app.domain.training import Remedy, TrainingOverview
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.training.words import BAND_WORDS, estimate_words
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.text import Text

_FACTS: Final = {
    "no": "No",
    "labelled": "Labelled images",
    "reviewed": "Reviewed images",
    "answers": "New answers",
    "reviews": "New reviews",
    "backbone": "Backbone",
}
REMEDIES: Final = {
    Remedy.NONE: "",
    Remedy.FEATURES: "Compute features",
    Remedy.PATCHES: "Compute patch tokens",
    Remedy.LABELS: "Label images",
    Remedy.IMAGES: "Go to the library",
}
"""The words of the button that mends it."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class SetupPanel(QWidget):
    """Shows a TrainingOverview."""

    start_wanted = Signal()
    """Train, or go on with the run that was interrupted."""
    anew_wanted = Signal()
    """Train from the start, though an interrupted run is there."""
    patches_wanted = Signal()
    """Features with the patch tokens that training reads."""
    labels_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What goes in")
        self._overview: TrainingOverview | None = None
        self._running = self._computing = False
        self.counts = {band: Text("", tabular=True) for band in Band}
        self.facts = {name: Text("", tabular=True) for name in _FACTS}
        self._labels: dict[str, Text] = {}
        self.learns, self.time, self.hint = (Text("", TypeSize.SMALL, quiet=True) for _ in range(3))
        self.trouble = Text("")
        self.start = QPushButton("Start training")
        self.start.setProperty("role", "primary")
        self.anew = QPushButton("Start anew")
        self.remedy = QPushButton()
        self._arrange()
        self.start.clicked.connect(self.start_wanted)
        self.anew.clicked.connect(self.anew_wanted)
        self.remedy.clicked.connect(self.mend)
        self._show()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(SPACE_S // 2)
        grid.setColumnStretch(1, 1)
        for row, (band, text) in enumerate(self.counts.items()):
            grid.addWidget(BandGlyph(band), row, 0)
            grid.addWidget(Text(f"{BAND_WORDS[band.value]} categories", quiet=True), row, 1)
            grid.addWidget(text, row, 2, _RIGHT)
        for row, (name, words) in enumerate(_FACTS.items(), start=len(self.counts)):
            self._labels[name] = Text(words, quiet=True)
            self._labels[name].setWordWrap(True)
            grid.addWidget(self._labels[name], row, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
            self.facts[name].setWordWrap(True)
            self.facts[name].setAlignment(_RIGHT)
            grid.addWidget(self.facts[name], row, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addWidget(Text("What goes in", TypeSize.LARGE, strong=True))
        layout.addLayout(grid)
        layout.addSpacing(SPACE_S)
        for text in (self.learns, self.time, self.hint, self.trouble):
            text.setWordWrap(True)
            layout.addWidget(text)
        layout.addSpacing(SPACE_S)
        for button in (self.remedy, self.start, self.anew):
            layout.addWidget(button)
        layout.addStretch(1)

    def set_overview(self, overview: TrainingOverview | None) -> None:
        self._overview = overview
        self._show()

    def set_running(self, running: bool, computing: bool) -> None:
        """Whether a run goes on, and whether features are being computed."""
        if (running, computing) != (self._running, self._computing):
            self._running, self._computing = running, computing
            self._show()

    def _show(self) -> None:
        overview = self._overview
        if overview is not None:
            self._show_counts(overview)
        self._show_buttons(overview)

    def _show_counts(self, overview: TrainingOverview) -> None:
        for band, text in self.counts.items():
            text.setText(f"{overview.yes.get(band.value, 0):,} yes")
        self.facts["no"].setText(f"{overview.no:,}")
        left_out = overview.images - overview.usable
        short = f" ({left_out:,} without features)" if left_out else ""
        self.facts["labelled"].setText(f"{overview.images:,}{short}")
        self.facts["reviewed"].setText(f"{overview.reviewed:,}")
        self.facts["answers"].setText(f"{overview.new_labels:,}")
        self.facts["reviews"].setText(f"{overview.new_reviews:,}")
        since = f" since {overview.newest}" if overview.newest else ""
        for name in ("answers", "reviews"):
            self._labels[name].setText(_FACTS[name] + since)
        self.facts["backbone"].setText(overview.backbone)
        self._tell(self.learns, "" if overview.blocked else f"Learns: {overview.tuned}.")
        self._tell(self.time, "" if overview.blocked else estimate_words(overview))
        self._tell(self.hint, "" if overview.blocked else overview.hint)

    def _show_buttons(self, overview: TrainingOverview | None) -> None:
        blocked = "" if overview is None else overview.blocked
        resumable = overview is not None and overview.resumable and not self._running
        if self._running:
            blocked = ""
        elif blocked and self._computing:
            blocked = "The features are being computed; training can start when they are there."
        elif resumable:
            blocked = blocked or (
                "An earlier run was interrupted. It can go on where it was, with the labels of its time; "
                "what was decided since counts as new."
            )
        self._tell(self.trouble, blocked)
        self.start.setText(
            "A run goes on" if self._running else "Resume the run" if resumable else "Start training"
        )
        can = overview is not None and not overview.blocked and not self._running
        self.start.setEnabled(can)
        self.start.setToolTip("" if can else blocked)
        self.anew.setVisible(resumable)
        self.anew.setEnabled(can)
        remedy = self._remedy()
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy) and not self._running and not self._computing)

    def _remedy(self) -> str:
        return "" if self._overview is None else REMEDIES[self._overview.remedy]

    def mend(self) -> None:
        """Do what lets a run start that cannot."""
        remedy = Remedy.NONE if self._overview is None else self._overview.remedy
        if remedy in {Remedy.FEATURES, Remedy.PATCHES}:
            self.patches_wanted.emit()
        else:
            self.labels_wanted.emit()

    def _tell(self, text: Text, words: str) -> None:
        text.setText(words)
        text.setVisible(bool(words))
