"""The Library: the grid or a single image, with the inspector beside it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.changes import ChangeSet
from app.domain.query import needs_scores, to_text
from app.domain.query.nodes import SimilarTo
from app.gui.gallery.cells import CellInfo, CellStack
from app.gui.gallery.view import GalleryView
from app.gui.labelling.controller import LabellingController
from app.gui.labelling.heat_overlay import HeatOverlay
from app.gui.labelling.inspector import Inspector
from app.gui.labelling.key_actions import LabellingActions
from app.gui.labelling.single_view import SingleView
from app.gui.library.facet_panel import FacetPanel
from app.gui.library.facet_rows import parsed
from app.gui.library.list_keeper import ListKeeper
from app.gui.library.outdated_notice import OutdatedNotice
from app.gui.library.query_chips import QueryChips
from app.gui.theme import theme
from app.gui.widgets.pictures import decode_thumbnail
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader
from app.jobs.project.finding import Finding
from app.jobs.project.session import ProjectSession
from app.jobs.settings.preferences import Preferences
from app.jobs.settings.recent_projects import LastView
from app.jobs.values.session import GridBadge, ProjectInfo

MEGABYTE: Final = 1 << 20
NOT_READABLE: Final = "is:unreadable OR is:missing"
_AHEAD: Final = 24
INSPECTOR_SHARE: Final = 0.35
"""Of the width of the window, at most."""
_LEAST_FILTERS: Final = 140
_FILTERS_FROM: Final = 960
"""Below this width of the library the filters are hidden, until the person asks for them."""
GRID_SHARE: Final = 0.6
"""Share of the memory for pictures; the single view has the rest."""


class LibraryPlace(QWidget):
    """Grid, single view and inspector over one session. shut() ends the threads; call it once."""

    counts_changed = Signal(int, int)
    """Images that match the query, and images selected."""
    single_changed = Signal(bool)
    """Whether the single view is shown."""
    scan_wanted = Signal()
    filters_shown = Signal(bool)
    query_wanted = Signal(str)
    """A query that the person asked for beside the query bar."""

    def __init__(
        self,
        session: ProjectSession,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._preferences = session, preferences
        self._fresh = False
        self._narrow = False
        self._scanning = False
        self._wanted: LastView | None = None
        self._later: LastView | None = None
        self._scored = False
        self.loader = ThumbnailLoader(
            session.thumbnail,
            decode_thumbnail,
            cache_bytes=round(preferences.value("memory_cache_mb") * MEGABYTE * GRID_SHARE),
        )
        self.gallery = GalleryView()
        self.gallery.set_loader(self.loader)
        self.gallery.set_captions(preferences.value("show_file_names"))
        self.gallery.set_list(preferences.value("image_list"))
        self.gallery.set_picture_width(preferences.value("thumbnail_size"))
        self.controller = LabellingController(session, self)
        self.controller.set_rows_shown(preferences.value("suggestions_shown"))
        near = preferences.value("memory_cache_mb") * MEGABYTE - self.loader.cache_bytes
        self.single = SingleView(session, self.controller, cache_bytes=near)
        self.actions_of_labelling = LabellingActions(
            self.controller, self, self.single, preferences.shortcuts
        )
        self.single.use_actions(self.actions_of_labelling)
        self.inspector = Inspector(session, self.controller, self.actions_of_labelling)
        self.heat = HeatOverlay(session, self.controller, self.single.canvas, self)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.gallery)
        self._stack.addWidget(self.single)
        self.keeper = ListKeeper(session, self.gallery, self.controller, lambda: self.single_shown, self)
        self.finding = Finding(session, self)
        self.facets = FacetPanel(session, self.finding)
        self.facets.setMinimumWidth(theme().pixels(_LEAST_FILTERS))
        self.chips = QueryChips()
        self.outdated = OutdatedNotice(
            self._stack, session, self.finding, self.controller, lambda: self.single_shown
        )
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        preferences, images = self._preferences, QWidget()
        column = QVBoxLayout(images)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.chips)
        column.addWidget(self._stack, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.facets)
        self.splitter.addWidget(images)
        self.splitter.addWidget(self.inspector)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setStretchFactor(2, 0)
        self.splitter.setCollapsible(0, False)
        self.splitter.setCollapsible(1, False)
        self.splitter.setSizes(
            [preferences.value("filters_width"), 10_000, preferences.value("inspector_width")]
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._show_filters(preferences.value("show_filters"))

    def _connect(self) -> None:
        session, gallery = self._session, self.gallery
        gallery.info_wanted.connect(session.request_badges)
        gallery.selection_changed.connect(self._grid_moved)
        gallery.current_changed.connect(self._grid_moved)
        gallery.activated.connect(self._open_image)
        gallery.stack_pressed.connect(self._open_or_close)
        gallery.empty_state().triggered.connect(self._act_on_empty_state)
        self.controller.current_changed.connect(self._controller_moved)
        self.inspector.left.connect(self.focus_images)
        self.actions_of_labelling.action("heat").triggered.connect(self.toggle_heat)
        self.heat.changed.connect(self.inspector.show_heat)
        self.facets.query_wanted.connect(self.query_wanted)
        self.facets.hide_wanted.connect(self.toggle_filters)
        self.facets.left.connect(self.focus_images)
        self.chips.query_wanted.connect(self.query_wanted)
        self.outdated.query_wanted.connect(self.query_wanted)
        self.single_changed.connect(self.outdated.follow)
        session.opened.connect(self._opened)
        session.images_changed.connect(self._show_images)
        session.query_failed.connect(self._forget_wanted)
        self.keeper.match_count_changed.connect(self._emit_counts)
        session.badges_ready.connect(self._show_badges)
        session.changed.connect(self._follow)
        session.scores_changed.connect(self._scores_changed)
        session.rebuilt.connect(self._read_again)
        session.closed.connect(self._forget)
        self._preferences.changed.connect(self._follow_preferences)

    def shut(self) -> bool:
        """Whether all threads have ended."""
        self.keep_sizes()
        ended = self.loader.close()
        return self.single.close_loader() and ended

    def keep_sizes(self) -> None:
        """Save the sizes that the person has set by dragging and zooming."""
        if self.facets.isVisibleTo(self):
            self._preferences.set(filters_width=min(600, max(120, self.facets.width())))
        self._preferences.set(
            thumbnail_size=self.gallery.picture_width(),
            image_list=self.gallery.lined,
            inspector_width=min(2000, max(200, self.inspector.width())),
        )

    def first_pictures(self, count: int) -> list[QImage]:
        """Pictures of the first images shown, if decoded."""
        found = (self.loader.picture(number) for number in self.gallery.ids()[: 4 * count])
        return [picture for picture in found if isinstance(picture, QImage)][:count]

    def set_scanning(self, scanning: bool) -> None:
        """Whether images are still being found."""
        if scanning != self._scanning:
            self._scanning = scanning
            if not self.gallery.count():
                self._explain_no_images(self._session.query)

    def in_view(self) -> list[int]:
        """The current image and those after it, then the visible ones of the grid."""
        current = [] if self.controller.current is None else [self.controller.current]
        visible = [self.gallery.id_at(place) for place in self.gallery.visible_positions()]
        ahead = self.controller.neighbours(_AHEAD, 0)
        return list(dict.fromkeys([*current, *(ahead if self.single_shown else ()), *visible, *ahead]))

    # --- grid or single

    @property
    def single_shown(self) -> bool:
        return self._stack.currentWidget() is self.single

    @Slot()
    def show_grid(self) -> None:
        if self.single_shown:
            self._stack.setCurrentWidget(self.gallery)
            if self.controller.current is not None:
                self.gallery.set_current(self.controller.current)
        self.gallery.setFocus()
        self._emit_counts()
        self.single_changed.emit(False)

    @Slot()
    def show_single(self) -> None:
        if self.controller.current is None and self.gallery.count():
            self.gallery.select(0)
        self.controller.set_current(self.controller.current)
        self._stack.setCurrentWidget(self.single)
        self.focus_images()
        self._emit_counts()
        self.single_changed.emit(True)

    @property
    def content(self) -> QWidget:
        """Grid or single view, without what is beside them."""
        return self._stack

    def view_shown(self) -> tuple[int | None, bool]:
        """The current image, and whether it is shown large."""
        return self.controller.current, self.single_shown

    def restore_view(self, view: LastView) -> None:
        """Show the list of a query and an image of it, as they were shown before.

        A query about scores or features waits for the suggestions.
        """
        if not self._scored and _waits_for_scores(view.query):
            self._later = view
            return
        self._wanted = view
        self._session.set_query(view.query)

    def show_hits(self, query: str) -> None:
        """The next list is that of a query that was just entered: show its first image.

        The current image stays if everything is shown again, and in the grid while several are selected.
        """
        several = not self.single_shown and self.gallery.selected_count() > 1
        self._wanted = None if several or not query.strip() else LastView(single=self.single_shown)

    def revisit(self, view: LastView, chosen: Sequence[int] = ()) -> None:
        """Show what was shown before in this session; the list of another query arrives later."""
        if not view.single:
            self.show_grid()
        if chosen and chosen != self._session.chosen:
            self.show_chosen(chosen)
            if view.single:
                self._show_wanted(list(chosen), view)
        elif (view.query, chosen) == (self._session.query, self._session.chosen):
            self._show_wanted(list(self.gallery.ids()), view)
        else:
            self.restore_view(view)

    def go_up(self) -> None:
        """From a control beside the images to these, from one image to the grid."""
        focus = self.window().focusWidget()
        if focus is not None and self.inspector.isAncestorOf(focus):
            self.focus_images()
        elif self.single_shown:
            self.show_grid()
        else:
            self.gallery.setFocus()

    def show_chosen(self, image_ids: Sequence[int]) -> None:
        """Show only these images in the grid, all of them selected, until the next query."""
        self._wanted = None
        self.show_grid()
        self._session.show_chosen(image_ids)
        self.gallery.select_all()

    @Slot()
    def toggle_heat(self) -> None:
        """Toggle the heat map; in the grid, open the single view with it on."""
        if self.single_shown:
            self.heat.toggle()
        else:
            self.show_single()
            self.heat.set_on(True)

    @Slot()
    def focus_images(self) -> None:
        if self.single_shown:
            self.single.canvas.setFocus()
        else:
            self.gallery.setFocus()

    @Slot(object)
    def _open_image(self, image_id: int) -> None:
        self.controller.set_current(image_id)
        self.show_single()

    @Slot()
    def _grid_moved(self) -> None:
        if not self.single_shown:
            self.controller.set_selection(self.gallery.selected_ids(), self.gallery.current_id())
        self._emit_counts()

    @Slot(object)
    def _controller_moved(self, image_id: int | None) -> None:
        if image_id is not None and self.gallery.current_id() != image_id:
            self.gallery.set_current(image_id)

    # --- from the session

    @Slot(object)
    def _opened(self, _info: ProjectInfo) -> None:
        self._fresh = True
        self._stack.setCurrentWidget(self.gallery)
        self.single_changed.emit(False)

    @Slot(object, str)
    def _show_images(self, ids: list[int], query: str) -> None:
        self._explain_no_images(query)
        self.chips.set_query(query, len(self._session.chosen))
        opened = self._session.opened_stacks
        sizes = self._session.stack_sizes.items()
        self.gallery.set_stacks({first: CellStack(size, first in opened) for first, size in sizes})
        self.gallery.set_ids(ids)
        if self._fresh and ids:
            self._fresh = False
            self.gallery.select(0)
            self.gallery.setFocus()
        if self._wanted is not None and self._wanted.query in ("", query):
            self._show_wanted(ids, self._wanted)
        self._emit_counts()

    @Slot()
    def _forget_wanted(self) -> None:
        self._wanted = None

    def _show_wanted(self, ids: list[int], wanted: LastView) -> None:
        self._wanted = None
        if not ids:
            if self.single_shown:
                self.show_grid()
            return
        stack = () if wanted.image is None else self._session.stack_of(wanted.image)
        place = next((ids.index(one) for one in (wanted.image, *stack[:1]) if one in ids), 0)
        self.gallery.select(place)
        self.controller.set_current(ids[place])
        if wanted.single:
            self.show_single()

    def _explain_no_images(self, query: str) -> None:
        """What to say if the list is empty."""
        if query:
            self.gallery.empty_state().set_text(
                self.tr("No images match this query"),
                self.tr("Clear it to show all images."),
                self.tr("Clear query"),
            )
        elif self._scanning:
            self.gallery.empty_state().set_text(
                self.tr("Looking for images …"), self.tr("They appear here as soon as they are found.")
            )
        elif self._none_readable():
            self.gallery.empty_state().set_text(
                self.tr("None of the images in this project can be read"),
                self.tr(
                    "The files are missing, damaged or in an unsupported format; labels are kept. "
                    "Replace the files, then scan again."
                ),
                self.tr("Show these images"),
            )
        else:
            self.gallery.empty_state().set_text(
                self.tr("There are no images in this project yet"),
                self._no_images_words(),
                self.tr("Scan the image folders"),
            )

    @Slot(object)
    def _show_badges(self, badges: dict[int, GridBadge]) -> None:
        self.gallery.set_info(
            {
                number: CellInfo(one.name, one.state, one.problem, one.reviewed, one.suggestions, one.labels)
                for number, one in badges.items()
            }
        )

    @Slot(object)
    def _follow(self, change: ChangeSet) -> None:
        touched = {one.image_id for one in change.labels} | {one.image_id for one in change.reviews}
        touched.update(change.images)
        if change.categories:
            self.gallery.refresh_info(None)  # names and colours of chips
        elif touched:
            self.gallery.refresh_info(touched)

    @Slot()
    def _scores_changed(self) -> None:
        self._scored = True
        later, self._later = self._later, None
        if later is not None and not self._session.query:  # the person has not begun otherwise
            self.restore_view(later)
        self.gallery.refresh_info(None)

    @Slot()
    def _read_again(self) -> None:
        """Any file may have changed, disappeared or come back."""
        self.gallery.refresh_info(None)
        if not self._scanning:  # at the end of the scan, once
            self.gallery.reload_pictures(None)
            self.single.reload()
        self.controller.refresh()

    @Slot()
    def _forget(self) -> None:
        self._wanted = self._later = None
        self._scored = False
        self.chips.set_query("")
        self.gallery.clear_selection()
        self.gallery.set_ids([])
        self.gallery.refresh_info(None)
        self.loader.forget()
        self.controller.set_selection([], None)

    def _none_readable(self) -> bool:
        info = self._session.info
        return info is not None and info.images > 0 and info.readable == 0

    @Slot()
    def _act_on_empty_state(self) -> None:
        if self._session.query:
            self._session.set_query("")
        elif self._none_readable():
            self._session.set_query(NOT_READABLE)
        else:
            self.scan_wanted.emit()

    @Slot()
    def show_similar(self) -> None:
        """Of the images that are shown, those that look most like the current one first."""
        image = self.controller.sheet.image
        if image is None:
            self.controller.message.emit(self.tr("Select an image first."))
            return
        self.show_grid()
        self.finding.run(to_text(replace(parsed(self._session.query), order=SimilarTo(image.name))))

    @Slot()
    def toggle_stack(self) -> None:
        """Show the near-duplicates of the current image and select them, or stack them again."""
        image_id = self.gallery.current_id()
        if image_id is None or not self._session.stack_of(image_id):
            self.controller.message.emit(
                self.tr("No near-duplicates are stacked here. Find similar images first.")
            )
            return
        self.show_grid()
        self._open_or_close(image_id)

    @Slot(object)
    def _open_or_close(self, image_id: int) -> None:
        members = self._session.stack_of(image_id)
        self._session.toggle_stack(image_id)
        first = self.gallery.ids().index(members[0])
        if members[0] not in self._session.opened_stacks:
            self.gallery.select(first)
            return
        self.gallery.select(first + self._session.stack_sizes[members[0]] - 1)
        self.gallery.select(first, extend=True)

    # --- filters

    @Slot()
    def toggle_filters(self) -> None:
        """Show or hide the filters; shown by the person, they get the focus."""
        shown = not self.facets.isVisibleTo(self)
        self._preferences.set(show_filters=shown)
        self._show_filters(shown)
        if shown:
            self.facets.take_focus()
        else:
            self.focus_images()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the images come first."""
        super().resizeEvent(event)
        least = self.inspector.minimumSizeHint().width()
        most = max(least, int(INSPECTOR_SHARE * self.window().width()))
        self.inspector.setMaximumWidth(most)
        filters, images, inspector = self.splitter.sizes()
        if inspector > most:  # it would leave the rest of its part empty
            self.splitter.setSizes([filters, images + inspector - most, most])
        narrow = self.width() < theme().pixels(_FILTERS_FROM)
        if narrow != self._narrow:
            self._narrow = narrow
            self._show_filters(not narrow and self._preferences.value("show_filters"))

    def _show_filters(self, shown: bool) -> None:
        self.facets.setVisible(shown)
        self.finding.watch(shown)
        self.filters_shown.emit(shown)

    def likely_categories(self) -> list[str]:
        """The highlighted category, then those with most yes labels: worth a sort by score."""
        info = self._session.info
        if info is None:
            return []
        first = [one.name for one in info.categories if one.id == self.controller.highlight]
        return [*first, *(one.name for one in sorted(info.categories, key=lambda one: -one.yes)[:3])]

    @Slot()
    def toggle_list(self) -> None:
        """Show the images as a list, or as a grid again."""
        self.show_grid()
        self.gallery.set_list(not self.gallery.lined)

    def enlarge(self, steps: int) -> None:
        """Make the pictures in the grid larger, or smaller where ``steps`` is negative."""
        self.gallery.zoom(steps)

    @Slot()
    def check_files_again(self) -> None:
        """Check the state of the files and load the pictures again."""
        self._session.images_were_scanned()

    @Slot(str)
    def _follow_preferences(self, name: str) -> None:
        value = self._preferences.value(name)
        if name == "show_file_names":
            self.gallery.set_captions(value)
        elif name == "image_list":
            self.gallery.set_list(value)
        elif name == "thumbnail_size":
            self.gallery.set_picture_width(value)
        elif name == "suggestions_shown":
            self.controller.set_rows_shown(value)
        elif name == "shortcuts":
            self.actions_of_labelling.set_shortcuts(value)

    @Slot()
    def _emit_counts(self) -> None:
        selected = 1 if self.single_shown else self.gallery.selected_count()
        self.counts_changed.emit(self.keeper.match_count(), selected)

    def _no_images_words(self) -> str:
        """What to do, and why a folder that is not empty shows no images."""
        info = self._session.info
        if info is None or not info.passed_over:
            return self.tr("Add images to its folder, then scan it.")
        return self.tr("The last scan skipped {files}. Add images to the folder, then scan it.").format(
            files=info.passed_over
        )


def _waits_for_scores(text: str) -> bool:
    query = parsed(text)
    return needs_scores(query) or isinstance(query.order, SimilarTo)
