"""The Insights place: a list of plots, and the one that is chosen."""

from typing import Any, Final

from PySide6.QtCore import QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from app.domain.insights import (
    Agreement,
    ImageMap,
    Insight,
    LabelCounts,
    Pace,
    Quality,
    Reliability,
    Table,
    Together,
    table_of,
)
from app.gui.insights.bars import CountBars
from app.gui.insights.charts import (
    agreement_chart,
    days_chart,
    quality_chart,
    reliability_chart,
    sessions_chart,
)
from app.gui.insights.drawing import Drawing, Target
from app.gui.insights.export import FileKind, picture, usual_folder
from app.gui.insights.map_page import MapPage
from app.gui.insights.matrix import MatrixOrder, TogetherMatrix
from app.gui.insights.nothing_yet import nothing_yet, remark_on, summary_of
from app.gui.insights.page import InsightPage
from app.gui.insights.plot import Plot
from app.gui.insights.words import EXPLAINED, title, translated
from app.gui.insights.xy import XYDrawing
from app.gui.theme import theme
from app.gui.widgets.combo import Combo
from app.gui.widgets.rule import rule
from app.jobs.insights.keeper import InsightsKeeper
from app.jobs.project.session import ProjectSession
from app.jobs.values.insights import InsightRequest
from app.jobs.work.controller import JobController

_LIST_WIDTH: Final = 168
_ROW: Final = 32
_MOST: Final = (20, 40, 80)


class InsightsPlace(QWidget):
    """Plots over one session. shut() ends the threads; call it once."""

    library_wanted = Signal()
    query_wanted = Signal(str)
    """Show what a query selects in the library."""
    images_wanted = Signal(object, str)
    """Show these images in the library; the words say which they are."""
    image_wanted = Signal(object)
    """The id of an image to show large."""
    features_wanted = Signal()
    message = Signal(str)

    def __init__(self, session: ProjectSession, jobs: JobController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Insights"))
        self._session = session
        self.keeper = InsightsKeeper(session, jobs, self)
        self._insight = Insight.COUNTS
        self._value: Any = None
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Plots"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        for insight in Insight:
            item = QListWidgetItem(title(insight))
            self.list.addItem(item)
        self.plot = Plot()
        self.most, self.order = Combo(), Combo()
        for number in _MOST:
            self.most.addItem(self.tr("{n} categories").format(n=number), number)
        self.most.setCurrentIndex(1)
        self.most.setAccessibleName(self.tr("Most categories shown"))
        self.order.setAccessibleName(self.tr("Order"))
        self.order.addItem(self.tr("Most frequent first"), MatrixOrder.COUNT)
        self.order.addItem(self.tr("By name"), MatrixOrder.NAME)
        self.order.addItem(self.tr("Seen together first"), MatrixOrder.CLUSTERED)
        self.page = InsightPage(self.plot, (self.most, self.order))
        self.map = MapPage(session, self.keeper, self)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.map.page)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addWidget(rule(upright=True))
        layout.addWidget(self._stack, 1)
        self._connect()
        self._resize_list()
        self.list.setCurrentRow(0)

    def _connect(self) -> None:
        keeper, session = self.keeper, self._session
        self.list.currentRowChanged.connect(self._choose)
        self.most.currentIndexChanged.connect(self._ask)
        self.order.currentIndexChanged.connect(self._draw_again)
        self.map.request_changed.connect(self._ask)
        self.plot.pointed.connect(self.page.point)
        self.plot.moved.connect(self.page.reveal)
        self.plot.chosen.connect(self._open)
        self.map.canvas.opened.connect(self.image_wanted)
        self.map.canvas.lassoed.connect(self._open_lassoed)
        for page in (self.page, self.map.page):
            page.table_wanted.connect(self._fill_table)
            page.export_wanted.connect(self._export)
            page.step_wanted.connect(self._take_step)
        keeper.changed.connect(self._show_value)
        keeper.failed.connect(self._show_trouble)
        keeper.working.connect(self._tell_age)
        keeper.outdated.connect(self._tell_age)
        keeper.saved.connect(self._tell_saved)
        keeper.not_saved.connect(self.message)
        session.closed.connect(self._forget)
        theme().changed.connect(self._resize_list)

    def shut(self) -> bool:
        """Whether all threads have ended."""
        self.keeper.show(None)
        return self.map.close_loader()

    def focus(self) -> None:
        """Focus what the keys act on."""
        self.list.setFocus()

    @property
    def content(self) -> QWidget:
        """The plot, without the list beside it."""
        return self._stack

    def show_insight(self, insight: Insight) -> None:
        self.list.setCurrentRow(list(Insight).index(insight))

    # --- which plot

    @property
    def current_page(self) -> InsightPage:
        return self.map.page if self._insight is Insight.MAP else self.page

    @property
    def request(self) -> InsightRequest:
        """What is shown now."""
        if self._insight is Insight.MAP:
            return self.map.request
        if self._insight is Insight.TOGETHER:
            return InsightRequest(self._insight, most=self.most.currentData())
        return InsightRequest(self._insight)

    @Slot(int)
    def _choose(self, row: int) -> None:
        if row < 0:
            return
        self._insight = list(Insight)[row]
        self._value = None
        page = self.current_page
        page.title.setText(title(self._insight))
        page.explanation.setText(translated(EXPLAINED[self._insight]))
        page.as_table.setChecked(False)
        page.point("")
        self.plot.setAccessibleName(title(self._insight))
        together = self._insight is Insight.TOGETHER
        self.page.controls.setVisible(together)
        self._stack.setCurrentWidget(page)
        self._ask()

    @Slot()
    def _ask(self) -> None:
        self._value = None
        if not self.isVisible() or self._session.info is None:
            return
        self.current_page.suggested = usual_folder() / self._insight.value
        self.current_page.show_empty("", "")
        self.keeper.show(self.request)
        self._tell_age()

    @Slot(object, object)
    def _show_value(self, request: InsightRequest, value: Any) -> None:
        if request != self.request:
            return
        again = self._value is not None
        self._value = value
        if isinstance(value, ImageMap):
            self.map.show_map(value)
        else:
            self._draw(value, keep=again)
        self._tell_age()

    @Slot()
    def _draw_again(self) -> None:
        if self._value is not None:
            self._draw(self._value, keep=False)

    def _draw(self, value: Any, *, keep: bool) -> None:
        info = self._session.info
        missing = None if info is None else nothing_yet(self._insight, value)
        if missing is not None:
            self.page.show_empty(*missing)
            return
        drawing = self._drawing_of(value)
        self.plot.show_drawing(drawing, summary_of(self._insight, value), keep=keep)
        self.page.explanation.setText(f"{translated(EXPLAINED[self._insight])} {remark_on(value)}".strip())
        self.page.show_plot()

    def _drawing_of(self, value: Any) -> Drawing:
        if isinstance(value, LabelCounts):
            return CountBars(value)
        if isinstance(value, Together):
            return TogetherMatrix(value, MatrixOrder(self.order.currentData()))
        if isinstance(value, Quality):
            return XYDrawing(quality_chart(value))
        if isinstance(value, Reliability):
            return XYDrawing(reliability_chart(value))
        if isinstance(value, Agreement):
            return XYDrawing(agreement_chart(value))
        assert isinstance(value, Pace)
        return XYDrawing(days_chart(value) if self._insight is Insight.DAYS else sessions_chart(value))

    @Slot(object, str)
    def _show_trouble(self, request: InsightRequest, sentence: str) -> None:
        if request != self.request:
            return
        info = self._session.info
        missing = info is not None and not info.indexed
        if missing and info is not None:
            button = self.tr("Compute features") if info.readable and info.read_only is None else ""
            self.current_page.show_empty(self.tr("The images have no features yet"), sentence, button)
        elif self._value is None:
            self.current_page.show_empty(self.tr("This plot cannot be shown"), sentence)
        else:
            self.message.emit(sentence)
        self._tell_age()

    @Slot()
    def _tell_age(self) -> None:
        request = self.request
        fresh = self.keeper.up_to_date(request)
        kept = self._value.made_at if isinstance(self._value, ImageMap) else None
        as_of = kept or self.keeper.as_of(request)
        working = self.keeper.working_on(request)
        self.current_page.set_age(as_of, outdated=not fresh, working=working)

    # --- what the person asks for

    @Slot(object)
    def _open(self, target: Target) -> None:
        if target.query:
            self.query_wanted.emit(target.query)
        elif target.images:
            self.images_wanted.emit(list(target.images), target.words)

    @Slot(object)
    def _open_lassoed(self, images: list[int]) -> None:
        self.images_wanted.emit(images, self.tr("from the map"))

    @Slot()
    def _take_step(self) -> None:
        """The button of an empty page: features, the map, or labels."""
        info = self._session.info
        needs = self._insight in (Insight.QUALITY, Insight.MAP)
        if needs and info is not None and not info.indexed:
            self.features_wanted.emit()
        elif self._insight is Insight.MAP:
            self.map.compute_or_cancel()
        else:
            self.library_wanted.emit()

    @Slot()
    def _fill_table(self) -> None:
        value = self._value
        if isinstance(value, ImageMap):
            self._session.ask(
                lambda store: store.insights.table_of_map(value), then=self._take_map_table, key="map-table"
            )
        elif value is not None:
            self.page.show_table(table_of(self._insight, value))

    def _take_map_table(self, table: Table) -> None:
        self.map.page.show_table(table)

    @Slot(object, object)
    def _export(self, kind: FileKind, path: Any) -> None:
        value = self._value
        if value is None:
            return
        if kind is FileKind.CSV:
            self.keeper.save(path, value if isinstance(value, ImageMap) else table_of(self._insight, value))
        elif isinstance(value, ImageMap):
            canvas = self.map.canvas
            self.keeper.save(path, picture(kind, canvas.draw, QSizeF(canvas.size()), title(self._insight)))
        elif (drawing := self.plot.drawing()) is not None:

            def draw(painter: QPainter, size: QSizeF, _ratio: float) -> None:
                drawing.draw(painter, size)

            size = self.plot.drawn_size()
            self.keeper.save(path, picture(kind, draw, size, title(self._insight)))

    @Slot(object)
    def _tell_saved(self, path: Any) -> None:
        self.message.emit(self.tr("Saved: {path}").format(path=path))

    # --- following

    @Slot()
    def _forget(self) -> None:
        self._value = None
        self.list.setCurrentRow(0)

    @Slot()
    def _resize_list(self) -> None:
        self.list.setFixedWidth(theme().pixels(_LIST_WIDTH))
        for row in range(self.list.count()):
            self.list.item(row).setSizeHint(QSize(0, theme().pixels(_ROW)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes from a plot to the list, and from there to the library."""
        if event.key() == Qt.Key.Key_Escape:
            if self.list.hasFocus():
                self.library_wanted.emit()
            else:
                self.list.setFocus()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keeper.show(None)
