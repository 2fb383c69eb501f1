"""Two versions side by side: the verdict, each band with its interval, each category."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.language import number
from app.domain.models import BANDS
from app.domain.training import BandComparison, VersionComparison
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from app.gui.training.category_table import CategoryModel, CategoryTable
from app.gui.training.words import band_of, band_title, reason_words, version_words
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.text import Text

_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CompareView(QWidget):
    """Shows a VersionComparison, or what to do first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Comparison"))
        self.empty = EmptyState()
        self.title, self.verdict = Text("", TypeSize.TITLE), Text("", TypeSize.LARGE)
        self.when = Text(
            self.tr(
                "Measured on today's labels; no image is scored with the help of its own label. In brackets: "
                "the range of the difference that the labels allow, with a confidence of 90 %."
            ),
            TypeSize.SMALL,
            quiet=True,
        )
        self.model = CategoryModel(self)
        self.table = CategoryTable(self.model)
        self._heads = [Text("", TypeSize.SMALL, quiet=True) for _ in range(3)]
        self._cells = {band: [Text("", TypeSize.BODY, tabular=True) for _ in range(3)] for band in BANDS}
        self._names = {band: (BandGlyph(band_of(band)), Text(band_title(band))) for band in BANDS}
        for text in (self.title, self.verdict, self.when):
            text.setWordWrap(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._make_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.show_nothing()

    def _make_page(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S // 2)
        for column, head in enumerate(self._heads, start=2):
            head.setAlignment(_RIGHT)
            grid.addWidget(head, 0, column)
        for row, band in enumerate(BANDS, start=1):
            for column, name in enumerate(self._names[band]):
                grid.addWidget(name, row, column)
            for column, cell in enumerate(self._cells[band], start=2):
                cell.setAlignment(_RIGHT)
                grid.addWidget(cell, row, column)
        grid.setColumnStretch(5, 1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        for text in (self.title, self.verdict, self.when):
            layout.addWidget(text)
        layout.addLayout(grid)
        layout.addWidget(self.table, 1)
        return page

    @property
    def shows_comparison(self) -> bool:
        return self._stack.currentIndex() == 1

    def show_nothing(self) -> None:
        self._show_sentence(
            self.tr("Choose two versions"),
            self.tr("Press Compare on two versions; the untrained model counts as one."),
        )

    def show_waiting(self, a: str, b: str, *, behind: bool) -> None:
        """The comparison is being computed, or waits ``behind`` other work of the model."""
        title = self.tr("Comparing {a} and {b}").format(a=version_words(a), b=version_words(b))
        words = self.tr("Both are tested on all labelled images; this takes a moment.")
        self._show_sentence(title, self.tr("Waiting for other work to finish.") if behind else words)

    def show_trouble(self, sentence: str) -> None:
        self._show_sentence(self.tr("These versions cannot be compared now"), sentence)

    def show_comparison(self, found: VersionComparison) -> None:
        a, b = version_words(found.a, begins=True), version_words(found.b, begins=True)
        self.title.setText(f"{a} → {version_words(found.b)}")
        self.verdict.setText(_verdict_words(found))
        for head, words in zip(self._heads, (a, b, self.tr("Difference")), strict=True):
            head.setText(words)
        by_band = {one.band: one for one in found.bands}
        for band, cells in self._cells.items():
            for widget in (*self._names[band], *cells):
                widget.setVisible(band in by_band)
            if band in by_band:
                for cell, words in zip(cells, _band_words(by_band[band]), strict=True):
                    cell.setText(words)
        for head in self._heads:
            head.setVisible(bool(by_band))
        self.model.show_versions(found.categories, found.a, found.b)
        self._stack.setCurrentIndex(1)

    def _show_sentence(self, title: str, sentence: str) -> None:
        self.empty.set_text(title, sentence)
        self._stack.setCurrentIndex(0)


def _verdict_words(found: VersionComparison) -> str:
    translate = QCoreApplication.translate
    if not found.bands:
        return translate("CompareView", "There are too few labels to compare them.")
    b = version_words(found.b, begins=True)
    words = translate("CompareView", "{version} is not better. {reason}")
    if found.b_is_better:
        words = translate("CompareView", "{version} is better. {reason}")
    return words.format(version=b, reason=reason_words(found.ground, found.reason))


def _band_words(band: BandComparison) -> tuple[str, str, str]:
    difference = QCoreApplication.translate("CompareView", "{difference} ({low} to {high})")
    return (
        number(band.a, 3),
        number(band.b, 3),
        difference.format(
            difference=number(band.b - band.a, 3, sign=True),
            low=number(band.low, 3, sign=True),
            high=number(band.high, 3, sign=True),
        ),
    )
