"""A picture for each category of the table: the newest image with a yes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from app.gui.widgets.pictures import card_loader
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

_SETTLE_MS: Final = 15
"""A fast scroll passes many rows in this time; only the last ones are asked for."""


class CategoryPictures(QObject):
    """Chosen on the storage thread and decoded by a loader, for the rows in view only."""

    changed = Signal()

    def __init__(self, session: "ProjectSession", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._loader: ThumbnailLoader | None = None
        self._images: dict[int, int | None] = {}
        self._certain: set[int] = set()
        """Categories whose image was chosen since the labels last changed."""
        self._wanted: Sequence[int] = ()
        self._size = 0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        session.closed.connect(self.forget)

    def picture(self, category_id: int) -> QImage | None:
        """None if no image has a yes, or it is still being read."""
        image = self._images.get(category_id)
        found = None if self._loader is None or image is None else self._loader.picture(image)
        return found if isinstance(found, QImage) else None

    def image_of(self, category_id: int) -> int | None:
        return self._images.get(category_id)

    def want(self, category_ids: Sequence[int], size: int) -> None:
        """These rows are in view, with pictures ``size`` device pixels wide."""
        self._wanted, self._size = category_ids, size
        self._load()
        self._settle.start()

    def choose_again(self) -> None:
        """The labels have changed; the present pictures stay until then."""
        self._certain.clear()
        self._settle.start()

    @Slot()
    def forget(self) -> None:
        self._settle.stop()
        self._wanted, self._images = (), {}
        self._certain.clear()
        if self._loader is not None:
            self._loader.close()
            self._loader = None

    @Slot()
    def _ask(self) -> None:
        unknown = [one for one in self._wanted if one not in self._certain]
        if unknown:
            self._session.ask(
                lambda store: store.categories.examples(unknown), then=self._take, key="category-pictures"
            )

    def _take(self, found: dict[int, int | None]) -> None:
        self._images |= found
        self._certain |= found.keys()
        self._load()
        self.changed.emit()

    def _load(self) -> None:
        images = [image for one in self._wanted if (image := self._images.get(one)) is not None]
        if images and self._loader is None:
            self._loader = card_loader(self._session)
            self._loader.loaded.connect(self.changed)
        if self._loader is not None:
            self._loader.want(images, self._size)
