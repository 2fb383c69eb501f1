"""The map with its controls: how images are placed, what colours them, and computing it."""

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton

from app.domain.insights import ColourBy, ImageMap, Insight, MapColours, MapMethod
from app.domain.progress import Progress
from app.gui.insights.map_canvas import THUMBNAIL, MapCanvas, map_summary
from app.gui.insights.page import InsightPage
from app.gui.theme import theme
from app.gui.widgets.combo import Combo
from app.gui.widgets.pictures import card_loader
from app.gui.widgets.words import counted, progress_words
from app.jobs.insights.keeper import InsightsKeeper
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader
from app.jobs.project.session import ProjectSession
from app.jobs.values.insights import ColourRequest, InsightRequest
from app.jobs.values.session import JobInfo, ProjectInfo

_CATEGORY: Final = 240
"""The widest that the choice of a category gets, in pixels for a 13 pixel font."""


class MapPage(QObject):
    """Owns the page of the map. close_loader() ends the threads."""

    request_changed = Signal()

    def __init__(
        self, session: ProjectSession, keeper: InsightsKeeper, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._keeper = session, keeper
        self._loader: ThumbnailLoader | None = None
        self.canvas = MapCanvas()
        self.canvas.picture_of = self._picture
        self.method, self.by, self.category = Combo(), Combo(), Combo()
        self.method.setAccessibleName(self.tr("How images are placed"))
        self.method.addItem(self.tr("Main directions (PCA)"), MapMethod.PCA)
        self.method.addItem(self.tr("Neighbours (t-SNE)"), MapMethod.TSNE)
        self.by.setAccessibleName(self.tr("Colour by"))
        self.by.addItem(self.tr("Colour: review"), ColourBy.REVIEW)
        self.by.addItem(self.tr("Colour: categories"), ColourBy.CATEGORIES)
        self.by.addItem(self.tr("Colour: labels of"), ColourBy.LABELS)
        self.by.addItem(self.tr("Colour: score of"), ColourBy.SCORE)
        self.category.setAccessibleName(self.tr("Category"))
        self.category.setMaxVisibleItems(24)
        self.category.setMaximumWidth(theme().pixels(_CATEGORY))
        self.compute = QPushButton(self.tr("Compute again"))
        controls = (self.method, self.by, self.category, self.compute)
        self.page = InsightPage(self.canvas, controls)
        self.method.currentIndexChanged.connect(self._change_method)
        self.by.currentIndexChanged.connect(self._change_colours)
        self.category.currentIndexChanged.connect(self._change_colours)
        self.compute.clicked.connect(self.compute_or_cancel)
        self.canvas.pointed.connect(self._point)
        keeper.colours_ready.connect(self._show_colours)
        keeper.map_job_changed.connect(self._follow_job)
        session.info_changed.connect(self._show_categories)
        session.closed.connect(self._forget)
        if session.info is not None:
            self._show_categories(session.info)
        self._show_controls()

    def close_loader(self) -> bool:
        """Whether all threads have ended."""
        return self._loader is None or self._loader.close()

    @property
    def request(self) -> InsightRequest:
        return InsightRequest(Insight.MAP, method=self._method)

    @property
    def _method(self) -> MapMethod:
        return MapMethod(self.method.currentData())  # Qt keeps a plain text

    @property
    def _by(self) -> ColourBy:
        return ColourBy(self.by.currentData())

    @property
    def computing(self) -> bool:
        job = self._keeper.map_job()
        return job is not None and job.state.active

    # --- content

    def show_map(self, found: ImageMap) -> None:
        self.canvas.show_map(found)
        self._show_controls()
        if not len(found.ids):
            self._show_no_map()
            return
        self.page.show_plot()
        self.canvas.setAccessibleDescription(map_summary(found, None))
        self._tell_missing(found)
        self._ask_colours()

    def _show_no_map(self) -> None:
        info = self._session.info
        writable = info is not None and info.read_only is None
        if self.computing:
            self._follow_job(self._keeper.map_job())
            return
        self.page.show_empty(
            self.tr("This map has not been computed yet"),
            self.tr(
                "It takes a minute or two and is kept. It shows groups of images that look alike better "
                "than the main directions."
            )
            if writable
            else self.tr("This project is open read-only, so the map cannot be computed and kept."),
            self.tr("Compute the map") if writable else "",
        )

    def _tell_missing(self, found: ImageMap) -> None:
        if found.missing:
            self.page.point(
                counted(
                    found.missing,
                    self.tr("{n} image is not on this map; compute it again to add it."),
                    self.tr("{n} images are not on this map; compute it again to add them."),
                )
            )

    @Slot(object)
    def _show_categories(self, info: ProjectInfo) -> None:
        names = [(one.name, one.id) for one in sorted(info.categories, key=lambda one: one.name.casefold())]
        shown = [(self.category.itemText(i), self.category.itemData(i)) for i in range(self.category.count())]
        if names == shown or not info.counted:
            return
        before = self.category.currentData()
        if before is None:  # the one of which most is known
            most = max(info.categories, key=lambda one: one.yes, default=None)
            before = None if most is None else most.id
        self.category.blockSignals(True)
        self.category.clear()
        for name, number in names:
            self.category.addItem(name, number)
        self.category.setCurrentIndex(max(0, self.category.findData(before)))
        self.category.blockSignals(False)

    def _show_controls(self) -> None:
        chosen = self._by in (ColourBy.LABELS, ColourBy.SCORE)
        self.category.setVisible(chosen)
        info = self._session.info
        writable = info is not None and info.read_only is None
        shown = self.canvas.shown is not None and len(self.canvas.shown.ids) > 0
        tsne = self._method is MapMethod.TSNE
        self.compute.setVisible(tsne and writable and shown)
        self.compute.setText(self.tr("Cancel") if self.computing else self.tr("Compute again"))

    @Slot()
    def _change_method(self) -> None:
        self._show_controls()
        self.request_changed.emit()

    @Slot()
    def _change_colours(self) -> None:
        self._show_controls()
        self._ask_colours()

    def _ask_colours(self) -> None:
        by, shown = self._by, self.canvas.shown
        if shown is None:
            return
        number = self.category.currentData() if by in (ColourBy.LABELS, ColourBy.SCORE) else None
        self._keeper.ask_colours(ColourRequest(by, number), shown.ids)

    @Slot(object)
    def _show_colours(self, colours: MapColours) -> None:
        shown = self.canvas.shown
        values = colours.codes if colours.scores is None else colours.scores
        if shown is not None and values is not None and len(values) == len(shown.ids):
            self.canvas.show_colours(colours)
            self.canvas.setAccessibleDescription(map_summary(shown, colours))

    # --- computing

    @Slot()
    def compute_or_cancel(self) -> None:
        if self.computing:
            self._keeper.cancel_map()
        else:
            self._keeper.begin_map()

    @Slot(object)
    def _follow_job(self, job: JobInfo | None) -> None:
        self._show_controls()
        if job is None or self._method is not MapMethod.TSNE:
            return
        shown = self.canvas.shown
        drawn = shown is not None and shown.method is MapMethod.TSNE and len(shown.ids) > 0
        if job.state.active:
            progress = Progress(job.stage, job.done, job.total, job.rate, job.remaining)
            words = f"{job.stage}: {progress_words(progress)}" if job.stage else ""
            if drawn:
                self.page.point(words)
            else:
                self.page.show_empty(self.tr("Computing the map …"), words, self.tr("Cancel"))
        elif not drawn:
            self._show_no_map()
        else:
            self.page.point("")

    # --- pointing

    def _picture(self, number: int, side: int) -> QImage | None:
        found = None if self._loader is None else self._loader.picture(number)
        if not isinstance(found, QImage):
            return None
        ratio = self.canvas.devicePixelRatioF()
        picture = found.scaled(
            round(side * ratio),
            round(side * ratio),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        picture.setDevicePixelRatio(ratio)
        return picture

    @Slot(object)
    def _point(self, number: int | None) -> None:
        if number is None:
            self.page.point("")
            return
        if self._loader is None:
            self._loader = card_loader(self._session)
            self._loader.loaded.connect(self.canvas.update)
        self._loader.want([number], round(theme().pixels(THUMBNAIL) * self.canvas.devicePixelRatioF()))
        self._session.ask(lambda store: store.images.names([number]), then=self._take_name, key="map-name")

    def _take_name(self, names: dict[int, str]) -> None:
        """The pointer may be elsewhere by now."""
        name = names.get(self.canvas.hovered or 0)
        if name is not None:
            self.canvas.set_caption(name)
            self.page.point(name)

    @Slot()
    def _forget(self) -> None:
        if self._loader is not None:
            self._loader.forget()
        self.method.setCurrentIndex(0)
        self.by.setCurrentIndex(0)
