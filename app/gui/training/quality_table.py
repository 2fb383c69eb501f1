"""The quality by band without a version and with it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.models import BANDS, ModelVersion
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_S
from app.gui.training.words import NONE, band_of, band_title, interval_words, measure_words, version_words
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.text import Text

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class QualityTable(QWidget):
    """A row for each band that could be measured; hidden where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Quality"))
        self.before, self.after = Text("", TypeSize.SMALL, quiet=True), Text("", TypeSize.SMALL, quiet=True)
        self.rows = {band: self._make_row(band) for band in BANDS}
        self.how = Text(
            self.tr(
                "Quality runs from 0 to 1 and is measured on images kept aside: 1 means that every image "
                "with a category ranks above every image without it."
            ),
            TypeSize.SMALL,
            quiet=True,
        )
        self.how.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S // 2)
        grid.addWidget(Text(self.tr("Quality"), strong=True), 0, 0, 1, 2)
        for column, head in ((2, self.before), (3, self.after)):
            head.setAlignment(_RIGHT)
            grid.addWidget(head, 0, column)
        for row, widgets in enumerate(self.rows.values(), start=1):
            for column, widget in enumerate(widgets):
                if isinstance(widget, Text) and column in (2, 3):
                    widget.setAlignment(_RIGHT)
                grid.addWidget(widget, row, column)
        grid.setColumnStretch(5, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_S, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(grid)
        layout.addWidget(self.how)
        self.show_version(None)

    def _make_row(self, band: str) -> tuple[QWidget, ...]:
        values = (Text("", tabular=True), Text("", strong=True, tabular=True))
        span = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        return BandGlyph(band_of(band)), Text(band_title(band)), *values, span

    def show_version(self, version: ModelVersion | None) -> None:
        card = None if version is None else version.card
        known = [] if card is None else [band for band in BANDS if band in card.metrics]
        self.setVisible(bool(known))
        if version is None or card is None:
            return
        self.before.setText(version_words(card.parent or NONE, begins=True))
        self.after.setText(version.name)
        for band, (glyph, title, before, after, span) in self.rows.items():
            for widget in (glyph, title, before, after, span):
                widget.setVisible(band in known)
            assert isinstance(before, Text)
            assert isinstance(after, Text)
            assert isinstance(span, Text)
            before.setText(measure_words(card.baseline.get(band)))
            after.setText(measure_words(card.metrics.get(band)))
            span.setText(interval_words(card.metrics.get(band)))
            span.setToolTip(self.tr("90 % interval: chance alone moves the number within it."))
