"""What the inspector says, and offers, while there are no suggestions."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from app.gui.labelling.controller import LabellingController
from app.gui.labelling.inspector import Inspector
from app.gui.widgets.words import count_words
from app.jobs.feature_size import feature_size
from app.jobs.project_session import ProjectSession
from app.jobs.session_values import JobInfo, ProjectInfo

NO_CATEGORIES = (
    "There are no categories yet. Type what you see in this image: each new name becomes a category."
)
NONE_READABLE = "No image of this project can be read, so nothing is suggested. Images can still be labelled."
COMPUTING = "The features are being computed; suggestions come when they are there. Labelling can go on."
LOADING = "The suggestions are being loaded."


class NothingSuggested(QObject):
    """Decides from the project and its jobs; the inspector only shows it."""

    features_wanted = Signal()

    def __init__(
        self, session: ProjectSession, inspector: Inspector, controller: LabellingController
    ) -> None:
        super().__init__(inspector)
        self._session, self._inspector, self._controller = session, inspector, controller
        self._info: ProjectInfo | None = None
        self._missing = ""
        self._loaded = False  # whether it is known if there are suggestions
        self._computing = False
        session.opened.connect(self._start)
        session.info_changed.connect(self._follow)
        session.suggestions_missing.connect(self._note_missing)
        session.scores_changed.connect(self._note_scores)
        inspector.offer_taken.connect(self._act)

    def follow_jobs(self, jobs: Sequence[JobInfo]) -> None:
        computing = any(job.kind == "index" and job.state.going_on for job in jobs)
        if computing != self._computing:
            self._computing = computing
            self._tell()

    @Slot(object)
    def _start(self, info: ProjectInfo) -> None:
        self._missing, self._loaded = "", False
        self._follow(info)

    @Slot(object)
    def _follow(self, info: ProjectInfo) -> None:
        self._info = info
        self._tell()

    @Slot(str)
    def _note_missing(self, sentence: str) -> None:
        self._missing, self._loaded = sentence, True
        self._tell()

    @Slot()
    def _note_scores(self) -> None:
        self._missing, self._loaded = "", True
        self._tell()

    def _tell(self) -> None:
        info, explain = self._info, self._inspector.explain_suggestions
        if info is None:
            return
        if not info.categories:
            explain(NO_CATEGORIES, "" if info.read_only else "Add a category")
        elif not info.readable:
            explain(NONE_READABLE)
        elif self._computing:
            explain(COMPUTING)
        elif not self._loaded:
            explain(LOADING)
        elif self._missing and info.read_only:
            explain("There are no suggestions: features were never computed, and this project is read-only.")
        elif self._missing and not info.indexed:
            explain(features_words(info), "Compute features")
        elif info.indexed < info.readable and not info.read_only:
            explain("This image has no features yet, so nothing can be suggested.", "Compute features")
        else:
            explain(self._missing)

    @Slot()
    def _act(self) -> None:
        if self._info is not None and not self._info.categories:
            self._controller.ask_for_tag()
        else:
            self.features_wanted.emit()


def features_words(info: ProjectInfo) -> str:
    """Why there are no suggestions, and what computing the features takes."""
    size = feature_size(info.readable)
    return (
        f"There are no suggestions yet. They need the features of {count_words(info.readable, 'image')}, "
        f"computed once: about {size} on the disk. It goes on beside your work and can be stopped."
    )
