"""What the inspector says and offers while there are no suggestions."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from app.gui.labelling.controller import LabellingController
from app.gui.labelling.inspector import Inspector
from app.gui.widgets.words import counted
from app.jobs.project.session import ProjectSession
from app.jobs.values.session import JobInfo, ProjectInfo
from app.jobs.work.feature_size import feature_size


class NothingSuggested(QObject):
    """Decides by the state of the project and its jobs; the inspector only shows the text."""

    features_wanted = Signal()

    def __init__(
        self, session: ProjectSession, inspector: Inspector, controller: LabellingController
    ) -> None:
        super().__init__(inspector)
        self._session, self._inspector, self._controller = session, inspector, controller
        self._info: ProjectInfo | None = None
        self._missing = ""
        self._loaded = False  # whether it is known that there are suggestions or none
        self._computing = False
        session.opened.connect(self._start)
        session.info_changed.connect(self._follow)
        session.suggestions_missing.connect(self._note_missing)
        session.scores_changed.connect(self._note_scores)
        inspector.offer_taken.connect(self._act)

    def follow_jobs(self, jobs: Sequence[JobInfo]) -> None:
        computing = any(job.kind == "index" and job.state.active for job in jobs)
        if computing != self._computing:
            self._computing = computing
            self._update()

    @Slot(object)
    def _start(self, info: ProjectInfo) -> None:
        self._missing, self._loaded = "", False
        self._follow(info)

    @Slot(object)
    def _follow(self, info: ProjectInfo) -> None:
        self._info = info
        self._update()

    @Slot(str)
    def _note_missing(self, sentence: str) -> None:
        self._missing, self._loaded = sentence, True
        self._update()

    @Slot()
    def _note_scores(self) -> None:
        self._missing, self._loaded = "", True
        self._update()

    def _update(self) -> None:
        info, explain = self._info, self._inspector.explain_suggestions
        if info is None:
            return
        if not info.categories:
            words = self.tr(
                "There are no categories yet. Type what you see in this image: "
                "each new name becomes a category."
            )
            explain(words, "" if info.read_only else self.tr("Add a category"))
        elif not info.readable:
            explain(
                self.tr(
                    "None of the images in this project can be read, so there are no suggestions. "
                    "You can still label the images."
                )
            )
        elif self._computing:
            explain(
                self.tr(
                    "Suggestions are being prepared and appear when they are ready. "
                    "You can label the images meanwhile."
                )
            )
        elif not self._loaded:
            explain(self.tr("Loading the suggestions…"))
        elif self._missing and info.read_only:
            explain(
                self.tr(
                    "There are no suggestions: features were never computed, and the project is read-only."
                )
            )
        elif self._missing and not info.indexed:
            explain(self._features_words(info), self.tr("Compute features"))
        elif info.indexed < info.readable and not info.read_only:
            words = self.tr("This image has no features yet, so nothing can be suggested.")
            explain(words, self.tr("Compute features"))
        else:
            explain(self._missing)

    @Slot()
    def _act(self) -> None:
        if self._info is not None and not self._info.categories:
            self._controller.ask_for_tag()
        else:
            self.features_wanted.emit()

    def _features_words(self, info: ProjectInfo) -> str:
        """Why there are no suggestions, and what computing the features takes."""
        return counted(
            info.readable,
            self.tr(
                "There are no suggestions yet. They need the features of {n} image, computed once: "
                "about {size} on disk. This runs in the background and can be stopped."
            ),
            self.tr(
                "There are no suggestions yet. They need the features of {n} images, computed once: "
                "about {size} on disk. This runs in the background and can be stopped."
            ),
            size=feature_size(info.readable),
        )
