"""The context menus of images, of a selection, and of a category among labels and suggestions."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QPoint, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication

from app.domain.labels import LabelState
from app.domain.query import query_of
from app.gui.commands.actions import FrameActions
from app.gui.commands.context_menu import ContextMenu
from app.gui.library.place import LibraryPlace
from app.gui.widgets.words import counted
from app.jobs.project.session import ProjectSession

_STATES: Final = (("accept", LabelState.YES), ("reject", LabelState.NO), ("unknown", LabelState.UNKNOWN))
_FILES: Final = ("copy_labels", "copy_path", "show_in_folder")


class LibraryMenus(QObject):
    """Opens the menus of a library, and carries out what only they offer."""

    def __init__(self, session: ProjectSession, library: LibraryPlace, frame: FrameActions) -> None:
        super().__init__(library)
        self._session, self._library, self._frame = session, library, frame
        self._labelling = library.actions_of_labelling
        self._controller = library.controller
        library.gallery.menu_wanted.connect(self.open_for_images)
        library.single.menu_wanted.connect(self.open_for_images)
        library.inspector.menu_wanted.connect(self.open_for_category)
        frame.connect_all(
            {
                "copy_labels": self.copy_labels,
                "copy_path": self.copy_path,
                "show_in_folder": self.show_in_folder,
            }
        )

    # --- menus

    @Slot(QPoint)
    def open_for_images(self, place: QPoint) -> None:
        """Of the images on which a decision would be made; ``place`` is on the screen."""
        controller, sheet = self._controller, self._controller.sheet
        if not controller.targets:
            return
        menu = ContextMenu(self._library, self.tr("Images"))
        names = ["grid" if self._library.single_shown else "single", "similar"]
        menu.add_commands(self._frame, [*names, "stack"] if self._stacked() else names)
        reviewed = sheet.total > 0 and sheet.reviewed == sheet.total
        words = {"reviewed": self.tr("Unmark reviewed")} if reviewed else {}
        menu.add_commands(self._labelling, ["done", "reviewed", "tag", "repeat", "heat"], words)
        highlight = controller.highlight
        name = None if highlight is None else controller.category_name(highlight)
        if highlight is not None and name is not None:
            menu.add_group()
            self._fill_for_category(menu.add_submenu(name), highlight)
        menu.add_commands(self._labelling, ["undo", "redo"], self._history_words())
        menu.add_commands(self._frame, _FILES)
        menu.open_at(place)

    @Slot(int, QPoint)
    def open_for_category(self, category_id: int, place: QPoint) -> None:
        """Of a label or a suggestion."""
        self._controller.set_highlight(category_id)
        menu = ContextMenu(self._library, self._controller.category_name(category_id) or "")
        self._fill_for_category(menu, category_id)
        menu.open_at(place)

    def _fill_for_category(self, menu: ContextMenu, category_id: int) -> None:
        labelling, controller = self._labelling, self._controller
        for name, state in _STATES:
            menu.add(
                labelling.action(name).text(),
                partial(controller.decide, category_id, state),
                key=labelling.key(name),
                enabled=controller.writable,
            )
        menu.add_group()
        menu.add(self.tr("Show images labelled yes"), lambda: self._show_images(category_id))
        for name in ("review_category", "accept_likely", "category_properties"):
            action = self._frame.action(name)
            menu.add(
                action.text(),
                partial(self._trigger_for, category_id, action),
                key=self._frame.key(name),
                enabled=action.isEnabled(),
            )

    def _trigger_for(self, category_id: int, action: QAction) -> None:
        """Commands about a category are about the highlighted one."""
        self._controller.set_highlight(category_id)
        action.trigger()

    def _stacked(self) -> bool:
        current = self._library.gallery.current_id()
        return current is not None and bool(self._session.stack_of(current))

    def _history_words(self) -> dict[str, str]:
        undo, redo = self._controller.undo_words
        words = {}
        if undo is not None:
            words["undo"] = self.tr("Undo: {change}").format(change=undo)
        if redo is not None:
            words["redo"] = self.tr("Redo: {change}").format(change=redo)
        return words

    def _show_images(self, category_id: int) -> None:
        name = self._controller.category_name(category_id)
        if name is not None:
            self._library.query_wanted.emit(query_of([name]))

    # --- files

    @Slot()
    def copy_path(self) -> None:
        """Copy the full paths of the images, one a line."""
        if numbers := self._targets():
            self._session.ask(lambda store: store.images.files(numbers), then=self._take_paths, key="copy")

    @Slot()
    def copy_labels(self) -> None:
        """Copy the names of the yes labels; of several images with the file names, one a line."""
        if numbers := self._targets():
            self._session.ask(
                lambda store: store.images.label_names(numbers), then=self._take_labels, key="copy"
            )

    @Slot()
    def show_in_folder(self) -> None:
        """Open the folder of the current image in the file manager of the system."""
        current = self._controller.current
        if current is None:
            self._targets()
        else:
            self._session.ask(
                lambda store: store.images.files([current]), then=self._open_folder, key="folder"
            )

    def _targets(self) -> list[int]:
        targets = self._controller.targets
        if not targets:
            self._controller.message.emit(self.tr("Select an image first."))
        return targets

    def _take_paths(self, paths: Sequence[Path]) -> None:
        QGuiApplication.clipboard().setText("\n".join(map(str, paths)))
        one, many = self.tr("Copied the path of the image"), self.tr("Copied the paths of {n} images")
        self._controller.message.emit(counted(len(paths), one, many))

    def _take_labels(self, labels: Sequence[tuple[str, Sequence[str]]]) -> None:
        if len(labels) == 1:
            text = ", ".join(labels[0][1])
        else:
            text = "\n".join(f"{name}\t{', '.join(names)}" for name, names in labels)
        QGuiApplication.clipboard().setText(text)
        one, many = self.tr("Copied the labels of the image"), self.tr("Copied the labels of {n} images")
        self._controller.message.emit(counted(len(labels), one, many))

    def _open_folder(self, paths: Sequence[Path]) -> None:
        folder = paths[0].parent if paths else None
        if folder is None or not folder.is_dir():
            self._controller.message.emit(self.tr("The folder of this image is missing."))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            words = self.tr("The file manager could not be opened. The image is in {folder}.")
            self._controller.message.emit(words.format(folder=folder))
