"""Provides the grid with pictures and CellInfo, for the visible cells and a few around them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from app.gui.gallery.cells import CellInfo
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader

MAX_KNOWN: Final = 50_000
SETTLE_MS: Final = 15
"""A fast scroll passes many rows in this time; only the last ones are requested."""


class CellFeed(QObject):
    """Keeps up to MAX_KNOWN CellInfo, and asks the loader for pictures, visible ones first."""

    info_wanted = Signal(object)
    """Numbers of visible images whose CellInfo is not known."""
    arrived = Signal(object)
    """Numbers of images to repaint."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[int, CellInfo] = {}
        self._loader: ThumbnailLoader | None = None
        self._wanted: list[int] = []
        self._size = 0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._ask)

    def set_loader(self, loader: ThumbnailLoader | None) -> None:
        if self._loader is not None:
            self._loader.loaded.disconnect(self.arrived)
            self._loader.failed.disconnect(self.arrived)
        self._loader = loader
        if loader is not None:
            loader.loaded.connect(self.arrived)
            loader.failed.connect(self.arrived)

    def picture(self, image_id: int) -> QImage | None:
        return None if self._loader is None else self._loader.picture(image_id)

    def reason(self, image_id: int) -> str | None:
        return None if self._loader is None else self._loader.reason(image_id)

    def info(self, image_id: int) -> CellInfo | None:
        return self._known.get(image_id)

    def learn(self, info: Mapping[int, CellInfo]) -> None:
        self._known.update(info)
        surplus = len(self._known) - MAX_KNOWN
        if surplus > 0:
            keep = set(self._wanted)
            for image_id in [known for known in self._known if known not in keep][:surplus]:
                del self._known[image_id]
        self.arrived.emit(list(info))

    def forget(self, image_ids: Iterable[int] | None) -> None:
        """Ask again for the CellInfo of these images (None: of all); the old one is shown until then."""
        stale = set(self._known if image_ids is None else image_ids)
        again = [image_id for image_id in self._wanted if image_id in stale]
        for image_id in stale.difference(again):
            self._known.pop(image_id, None)
        if again:
            self.info_wanted.emit(again)

    def show(self, ids: Sequence[int], visible: range, size: int, *, forwards: bool) -> None:
        """These positions are visible, with pictures ``size`` device pixels wide."""
        count = len(visible)
        after = range(visible.stop, min(visible.stop + count, len(ids)))
        before = range(visible.start - 1, max(visible.start - 1 - count, -1), -1)
        ahead, behind = (after, before) if forwards else (before, after)
        order = [*visible, *ahead, *behind[: count // 2]]
        self._wanted = [ids[position] for position in order]
        self._size = size
        if self._loader is not None:
            self._loader.want(self._wanted, size)
        self._settle.start()

    def reload_pictures(self, image_ids: Iterable[int] | None) -> None:
        """The files have changed or may be readable again: load the visible ones."""
        if self._loader is not None:
            self._loader.forget(image_ids)
            self._loader.want(self._wanted, self._size)

    @Slot()
    def _ask(self) -> None:
        unknown = [image_id for image_id in self._wanted if image_id not in self._known]
        if unknown:
            self.info_wanted.emit(unknown)
