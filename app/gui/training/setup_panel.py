"""Before a run: whether there are enough labels, how long it takes, and the button to start it."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.categories import Band
from app.domain.language import number
from app.domain.stored_words import verdict_words
from app.domain.training import Remedy, TrainingOverview
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.training.checklist import Checklist
from app.gui.training.words import estimate_words, hint_words
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.details import Details
from app.gui.widgets.text import Text

_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop

translate: Final = QCoreApplication.translate


def remedy_words(remedy: Remedy) -> str:
    """The text of the button that lets a run start; empty if there is none."""
    return {
        Remedy.NONE: "",
        Remedy.FEATURES: translate("SetupPanel", "Compute features"),
        Remedy.PATCHES: translate("SetupPanel", "Compute the details"),
        Remedy.LABELS: translate("SetupPanel", "Label images"),
        Remedy.IMAGES: translate("SetupPanel", "Go to the library"),
    }[remedy]


def _fact_words() -> dict[str, str]:
    return {
        "no": translate("SetupPanel", "Labelled no"),
        "labelled": translate("SetupPanel", "Labelled images"),
        "reviewed": translate("SetupPanel", "Reviewed images"),
        "answers": translate("SetupPanel", "New labels"),
        "reviews": translate("SetupPanel", "New reviews"),
        "backbone": translate("SetupPanel", "Image model"),
    }


def _category_words(band: Band) -> str:
    return {
        Band.HEAD: translate("SetupPanel", "Head categories"),
        Band.MEDIUM: translate("SetupPanel", "Medium categories"),
        Band.TAIL: translate("SetupPanel", "Tail categories"),
    }[band]


class SetupPanel(QWidget):
    """Shows a TrainingOverview."""

    start_wanted = Signal()
    """Train, or resume the interrupted run."""
    restart_wanted = Signal()
    """Train from the start instead of resuming the interrupted run."""
    patches_wanted = Signal()
    """Compute features with the patch tokens that training reads."""
    labels_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Training data"))
        self._overview: TrainingOverview | None = None
        self._running = self._computing = False
        self.needs = Checklist()
        self.counts = {band: Text("", tabular=True) for band in Band}
        self.facts = {name: Text("", tabular=True) for name in _fact_words()}
        self._labels: dict[str, Text] = {}
        self.learns, self.time, self.hint = (Text("", TypeSize.SMALL, quiet=True) for _ in range(3))
        self.trouble = Text("")
        self.start = QPushButton(self.tr("Start training"))
        self.anyway = QPushButton(self.tr("Train anyway"))
        self.restart = QPushButton(self.tr("Start over"))
        self.remedy = QPushButton()
        self.start.setProperty("role", "primary")
        self.details = Details(self._make_facts())
        self._arrange()
        for button in (self.start, self.anyway):
            button.clicked.connect(self.start_wanted)
        self.restart.clicked.connect(self.restart_wanted)
        self.remedy.clicked.connect(self.apply_remedy)
        self._show()

    def _make_facts(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(SPACE_S // 2)
        grid.setColumnStretch(1, 1)
        for row, (band, text) in enumerate(self.counts.items()):
            grid.addWidget(BandGlyph(band), row, 0)
            grid.addWidget(Text(_category_words(band), quiet=True), row, 1)
            grid.addWidget(text, row, 2, _RIGHT)
        for row, (name, words) in enumerate(_fact_words().items(), start=len(self.counts)):
            self._labels[name] = Text(words, quiet=True)
            self._labels[name].setWordWrap(True)
            grid.addWidget(self._labels[name], row, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
            self.facts[name].setWordWrap(True)
            self.facts[name].setAlignment(_RIGHT)
            grid.addWidget(self.facts[name], row, 2)
        self.learns.setWordWrap(True)
        grid.addWidget(self.learns, grid.rowCount(), 0, 1, 3)
        return body

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addWidget(Text(self.tr("Enough labels?"), TypeSize.LARGE, strong=True))
        layout.addWidget(self.needs)
        for text in (self.hint, self.time, self.trouble):
            text.setWordWrap(True)
            layout.addWidget(text)
        layout.addSpacing(SPACE_S)
        for button in (self.remedy, self.start, self.anyway, self.restart):
            layout.addWidget(button)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self.details)
        layout.addStretch(1)

    def set_overview(self, overview: TrainingOverview | None) -> None:
        self._overview = overview
        self._show()

    def set_running(self, running: bool, computing: bool) -> None:
        """Whether training is running, and whether features are being computed."""
        if (running, computing) != (self._running, self._computing):
            self._running, self._computing = running, computing
            self._show()

    def first_button(self) -> QPushButton | None:
        """The button for what to do next; None if there is nothing to do."""
        buttons = (self.start, self.anyway, self.remedy)
        return next((one for one in buttons if not one.isHidden() and one.isEnabled()), None)

    def _show(self) -> None:
        overview = self._overview
        if overview is not None:
            self._show_counts(overview)
        self._show_buttons(overview)

    def _show_counts(self, overview: TrainingOverview) -> None:
        self.needs.show_needs(overview.needs)
        for band, text in self.counts.items():
            text.setText(self.tr("{n} yes").format(n=number(overview.yes.get(band.value, 0))))
        self.facts["no"].setText(number(overview.no))
        left_out = overview.images - overview.usable
        images = self.tr("{n} ({left_out} without features)") if left_out else "{n}"
        self.facts["labelled"].setText(images.format(n=number(overview.images), left_out=number(left_out)))
        self.facts["reviewed"].setText(number(overview.reviewed))
        self.facts["answers"].setText(number(overview.new_labels))
        self.facts["reviews"].setText(number(overview.new_reviews))
        if overview.newest:
            answers, reviews = self.tr("New labels since {version}"), self.tr("New reviews since {version}")
            self._labels["answers"].setText(answers.format(version=overview.newest))
            self._labels["reviews"].setText(reviews.format(version=overview.newest))
        else:
            for name in ("answers", "reviews"):
                self._labels[name].setText(_fact_words()[name])
        self.facts["backbone"].setText(overview.backbone)
        learns = self.tr("Trains: {what}.").format(what=verdict_words(overview.tuned))
        self._show_text(self.learns, "" if overview.blocked else learns)
        self._show_text(self.time, "" if overview.blocked or self._running else estimate_words(overview))
        self._show_text(self.hint, hint_words(overview))

    def _show_buttons(self, overview: TrainingOverview | None) -> None:
        blocked = "" if overview is None else overview.blocked
        resumable = overview is not None and overview.resumable and not self._running
        can = overview is not None and not overview.blocked and not self._running
        judged = resumable or overview is None or overview.judged
        if self._running:
            blocked = ""
        elif blocked and self._computing:
            blocked = self.tr("Features are being computed. Training can start when they are ready.")
        elif resumable:
            blocked = blocked or self.tr(
                "An earlier run was interrupted. It can be finished with the labels it started from; "
                "later answers count as new."
            )
        self._show_text(self.trouble, blocked)
        words = self.tr("Resume the run") if resumable else self.tr("Start training")
        self.start.setText(self.tr("Training is running") if self._running else words)
        self.start.setEnabled(can)
        self.start.setToolTip("" if can else blocked)
        remedy = self._remedy()
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy) and not self._running and not self._computing)
        self.start.setVisible(self._running or (judged and self.remedy.isHidden()))
        self.anyway.setVisible(can and not judged)
        self.restart.setVisible(resumable)
        self.restart.setEnabled(can)

    def _remedy(self) -> str:
        return "" if self._overview is None else remedy_words(self._overview.remedy)

    def apply_remedy(self) -> None:
        """Do what lets a blocked run start."""
        remedy = Remedy.NONE if self._overview is None else self._overview.remedy
        if remedy in {Remedy.FEATURES, Remedy.PATCHES}:
            self.patches_wanted.emit()
        else:
            self.labels_wanted.emit()

    def _show_text(self, text: Text, words: str) -> None:
        text.setText(words)
        text.setVisible(bool(words))
