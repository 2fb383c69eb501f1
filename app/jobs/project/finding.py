"""What the window offers for finding images: counts of filters, saved queries, history, completion."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.changes import ChangeSet
from app.domain.errors import is_known
from app.domain.finding import FacetCounts, Queries, find_saved
from app.domain.query import CandidateKind, complete
from app.domain.query.editing import folder_condition
from app.jobs.values.session import ImageDetail, ProjectInfo, QueryCandidate

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

REFRESH_MS: Final = 200
"""Counts follow this long after a change."""


class Finding(QObject):
    """Follows the open project; counts only while somebody watches."""

    counts_changed = Signal(object)
    """FacetCounts."""
    queries_changed = Signal(object)
    """Queries."""
    completion_ready = Signal(object)
    """A list of QueryCandidate."""
    saved = Signal(str)
    """A query was saved under this name."""
    refused = Signal(str)
    """A sentence: why a query could not be saved, renamed or deleted."""
    query_counted = Signal(str, int)
    """A query, and how many images it selects."""
    newer_found = Signal(object, int)
    """An image, and how many categories are newer than its review and unknown on it."""

    def __init__(self, session: "ProjectSession", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._counts: FacetCounts | None = None
        self._queries = Queries()
        self._images: Sequence[str] = ()
        self._globs: Sequence[str] = ()
        self._watched = self._read = False
        self._stale = True
        self._asked: str | None = None
        self._step = False
        self._stepped: str | None = None
        self._saving = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self._count)
        session.info_changed.connect(self._follow)
        session.images_changed.connect(self._note)
        session.query_failed.connect(self._forget_asked)
        session.detail_ready.connect(self._follow_image)
        session.changed.connect(self._follow_change)
        session.changed_elsewhere.connect(self._read_queries)
        session.closed.connect(self._forget)

    @property
    def queries(self) -> Queries:
        return self._queries

    @property
    def counts(self) -> FacetCounts | None:
        """None before the first count."""
        return self._counts

    def watch(self, watched: bool) -> None:
        """Whether the counts are shown; only then are they kept up to date."""
        self._watched = watched
        if watched and self._stale and self._session.info is not None and self._session.info.counted:
            self._timer.start()

    # --- queries

    @Slot(str)
    def run(self, text: str, *, step: bool = False) -> None:
        """Run a query that the person asked for; it enters the history if it is valid.

        ``step``: one of several clicks, of which only the last is worth remembering.
        """
        self._asked, self._step = text.strip(), step
        self._session.set_query(text)

    def save(self, name: str, query: str, *, replace: bool = False) -> None:
        """``saved`` or ``refused`` follows."""
        self._saving = name
        self._session.ask(
            lambda store: store.queries.save(name, query, replace),
            then=self._take_saved,
            failed=self._refuse,
        )

    def rename(self, name: str, new: str) -> None:
        """``queries_changed`` or ``refused`` follows."""
        self._session.ask(
            lambda store: store.queries.rename(name, new), then=self._take_queries, failed=self._refuse
        )

    def delete(self, name: str) -> None:
        """``queries_changed`` or ``refused`` follows."""
        self._session.ask(
            lambda store: store.queries.delete(name), then=self._take_queries, failed=self._refuse
        )

    def count(self, query: str) -> None:
        """``query_counted`` or ``refused`` follows."""
        self._session.ask(
            lambda store: (query, store.queries.count(query)), then=self._take_count, failed=self._refuse
        )

    def name_taken(self, name: str) -> bool:
        return find_saved(self._queries.saved, name) is not None

    @Slot(str, int)
    def complete(self, text: str, cursor: int = -1) -> None:
        """Complete the query at the cursor (-1: the end); ``completion_ready`` follows immediately."""
        info = self._session.info
        categories = () if info is None else info.categories
        names = [name for one in categories for name in (one.name, *one.aliases)]
        found = complete(
            text,
            len(text) if cursor < 0 else cursor,
            names,
            values={"path": self._globs, "similar": self._images},
            saved=[(one.name, one.query) for one in self._queries.saved],
        )
        candidates = []
        for one in found:
            whole, place = one.apply(text)
            saved = one.kind is CandidateKind.SAVED
            candidates.append(QueryCandidate(one.label, one.description, whole, place, saved))
        self.completion_ready.emit(candidates)

    def ask_newer(self, image_id: int) -> None:
        """``newer_found`` follows, unless another image is asked for."""
        self._session.ask(
            lambda store: (image_id, store.queries.newer(image_id)), then=self._take_newer, key="newer"
        )

    # --- following the project

    @Slot(object)
    def _follow(self, info: ProjectInfo) -> None:
        self._stale = True
        if not info.counted:
            return
        if not self._read:
            self._read = True
            self._read_queries()
        if self._watched:
            self._timer.start()

    @Slot(object)
    def _follow_change(self, change: ChangeSet) -> None:
        """Saved queries have the present names of categories."""
        if change.categories:
            self._read_queries()

    @Slot()
    def _read_queries(self) -> None:
        self._session.ask(lambda store: store.queries.queries(), then=self._take_queries, key="queries")

    @Slot()
    def _count(self) -> None:
        self._stale = False
        self._session.ask(lambda store: store.queries.counts(), then=self._take_counts, key="facets")

    @Slot(object, str)
    def _note(self, _ids: list[int], query: str) -> None:
        asked, self._asked = self._asked, None
        text, newest = query.strip(), next(iter(self._queries.history), None)
        if asked != text:
            return
        before = newest if self._step and newest == self._stepped else None
        self._stepped = text if self._step else None
        if text and text != newest:
            self._session.ask(lambda store: store.queries.note(text, before), then=self._take_queries)

    @Slot()
    def _forget_asked(self) -> None:
        self._asked = None

    @Slot(object)
    def _follow_image(self, detail: ImageDetail) -> None:
        self._images = [detail.image.name]

    def _take_counts(self, counts: FacetCounts) -> None:
        if counts != self._counts:
            self._counts = counts
            self._globs = [folder_condition(one).glob for one in counts.folders]
            self.counts_changed.emit(counts)

    def _take_queries(self, found: Queries) -> None:
        self._queries = found
        self.queries_changed.emit(found)

    def _take_saved(self, found: Queries) -> None:
        self._take_queries(found)
        self.saved.emit(self._saving)

    def _take_count(self, found: tuple[str, int]) -> None:
        self.query_counted.emit(*found)

    def _take_newer(self, found: tuple[int, int]) -> None:
        self.newer_found.emit(*found)

    def _refuse(self, error: BaseException) -> None:
        if is_known(error):
            self.refused.emit(str(error))

    @Slot()
    def _forget(self) -> None:
        self._timer.stop()
        self._counts, self._queries, self._stale = None, Queries(), True
        self._read = False
        self._images, self._globs, self._asked = (), (), None
