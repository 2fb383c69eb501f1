"""Live suggestions: what the learners propose now, following every decision at once.

Everything lives in memory and is rebuilt from the cached embeddings, the category texts and the labels at
start; nothing here touches torch, and nothing here writes a label.
"""

import logging
import time
from collections.abc import Generator, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.changes import ChangeSet
from app.domain.errors import NotFoundError
from app.domain.labels import LabelState
from app.domain.suggestions import Learner, Suggestion
from app.services.active_version import active_scores
from app.services.collection_space import SMALL_COLLECTION, CollectionSpace
from app.services.indexing import embeddings_to_learn_from
from app.services.labelling import image_states, label_states
from app.services.project import Project
from app.services.runner import Runner
from app.services.suggestion_thresholds import Thresholds
from app.services.text_scores import cosines_of, text_of
from app.storage import categories as category_store
from cprfl_core.calibration import SHARED_CURVE_FROM
from cprfl_core.live_learner import LiveLearner
from cprfl_core.metrics import average_precision
from cprfl_core.tuned_scores import TunedScores

# Above this many touched images it is cheaper to read the whole label table once.
_MANY_IMAGES = 200
# Above this many changed entries it is cheaper to set all of them.
_MANY_ENTRIES = 20_000
_LEARNERS = (Learner.TEXT, Learner.LIVE, Learner.TUNED)
"""By blend.Speaker."""
_STATES = {1: LabelState.YES, 0: LabelState.NO, -1: LabelState.UNKNOWN}

log = logging.getLogger(__name__)


class LiveSuggestions:
    """Calibrated probabilities of all categories for all images that have features.

    ``image_ids`` int64 [R], ascending. Not thread-safe: one thread owns it.
    """

    def __init__(
        self,
        image_ids: NDArray[np.int64],
        vectors: NDArray[np.floating],
        categories: Sequence[Category],
        text: NDArray[np.float32] | None,
        states: NDArray[np.int8],
        *,
        project: Project | None = None,
        runner: Runner | None = None,
    ) -> None:
        """``vectors`` [R, D] L2-normalised; ``text`` [C, D] L2-normalised, or None where the image side is
        not aligned with it; ``states`` [R, C] in {1, 0, -1}. Without a project, ``apply`` follows label
        changes alone.
        """
        self.image_ids = np.asarray(image_ids, dtype=np.int64)
        given = np.asarray(vectors)
        self._categories: dict[int, Category] = {one.id: one for one in categories}
        self._column = {one.id: c for c, one in enumerate(categories)}
        self._text = None if text is None else np.asarray(text, dtype=np.float32)
        self._project, self._runner = project, runner
        cosines = None if self._text is None else cosines_of(given, self._text)
        self._learner = LiveLearner(given, cosines, categories=len(categories))
        self._space = CollectionSpace(given, self._learner)
        self.model: str | None = None
        """Name of the version of the tuned model that takes part."""
        self.model_problem: str | None = None
        """A sentence when the active version cannot be used; suggestions go on without it."""
        self._probabilities: dict[int, NDArray[np.float32]] = {}
        # Over collections as small as that all thresholds follow every decision.
        large = len(given) > SMALL_COLLECTION
        self._thresholds = Thresholds(self._learner, self._of_column, large=large)
        self._learning: Generator[None, None, None] | None = None
        if (states >= 0).any():
            self._learner.set_states(states)

    @classmethod
    def load(cls, project: Project, runner: Runner) -> "LiveSuggestions":
        """Build from the project; ``runner`` encodes category texts that are not cached yet.

        Raises NotIndexedError when no image has features. A backbone that can no longer be loaded costs the
        text score alone: the live learners need nothing but the cached features.
        """
        ids, vectors = embeddings_to_learn_from(project)
        with project.db.read() as s:
            present = category_store.all_categories(s)
        text = text_of(project, runner, present)
        nothing = np.full((len(ids), len(present)), -1, dtype=np.int8)
        loaded = cls(ids, vectors, present, text, nothing, project=project, runner=runner)
        del vectors, nothing
        loaded._read_all(project)
        loaded.use_active_version()
        return loaded

    def use_active_version(self) -> None:
        """Let the project's active version take part, or none; live learning goes on on top of it.

        A version whose files are damaged or gone is left out, and ``model_problem`` says so.
        """
        if self._project is None:
            return
        scores, name, self.model_problem = active_scores(self._project)
        self.use_scores(scores, name)

    def use_scores(self, scores: TunedScores | None, name: str | None) -> None:
        """Let these scores of a tuned head take part under this name; None for none."""
        self.model = name
        if scores is None:
            self._learner.set_tuned(None)
        else:
            every = np.full(len(self._column), -1, np.int64)
            for category_id, column in self._column.items():
                every[column] = category_id
            self._learner.set_tuned(scores.matrix(self.image_ids, every))
        self._probabilities.clear()
        self._thresholds.forget()
        self._learning = None

    @property
    def category_ids(self) -> tuple[int, ...]:
        """The categories that take part, archived ones left out."""
        return tuple(self._categories)

    def category_named(self, name: str) -> int:
        """The place of a category in ``category_ids``. Raises NotFoundError."""
        for place, one in enumerate(self._categories.values()):
            if one.name == name:
                return place
        raise NotFoundError(f"There is no active category {name!r}.")

    def category_name(self, category_id: int) -> str:
        """Raises NotFoundError for one that takes no part."""
        self._place(category_id)
        return self._categories[category_id].name

    def for_image(self, image_id: int, top: int | None = None) -> list[Suggestion]:
        """The categories of one image, likeliest first.

        Raises NotFoundError for an image without features.
        """
        return self.for_images([image_id], top)[0]

    def for_images(self, image_ids: Sequence[int], top: int | None = None) -> list[list[Suggestion]]:
        """Like :meth:`for_image`, for several images in one pass."""
        rows = self._rows(image_ids)
        chances, speakers = self._learner.suggest_rows(rows)
        return [
            self._ranked(image_id, row, chance, speaks, top)
            for image_id, row, chance, speaks in zip(image_ids, rows, chances, speakers, strict=True)
        ]

    def for_category(self, category_id: int) -> NDArray[np.float32]:
        """Calibrated probabilities [R] of one category, in the order of ``image_ids``."""
        return self._of_column(self._place(category_id))

    def states(self, category_id: int) -> NDArray[np.int8]:
        """What is known of one category [R]: 1 yes, 0 no (implied ones too), -1 unknown."""
        return self._learner.states(self._place(category_id))

    @property
    def centre(self) -> NDArray[np.float64]:
        """The mean [D] of the embeddings."""
        return self._space.centre

    @property
    def vectors(self) -> NDArray[np.floating]:
        """The embeddings [R, D], in the order of ``image_ids``; computed where the collection is large."""
        return self._space.vectors

    def units(self, rows: NDArray[np.intp] | slice = slice(None)) -> NDArray[np.float32]:
        """Some embeddings as directions from their mean, [rows, D], as queues.centred_units gives them."""
        return self._learner.directions[rows]

    def threshold(self, category_id: int) -> float | None:
        """The F1-optimal threshold on the calibrated probability; None below three yes labels."""
        return self._thresholds.exact(self._place(category_id))

    def learn(self, seconds: float) -> bool:
        """Spend about so long on weighing the learners and calibrating anew, if the labels have moved far
        enough; whether something new has come into force. Decisions may come in between."""
        end = time.monotonic() + seconds
        if self._learning is None:
            if not self._learner.due:
                return False
            self._learning = self._refresh()
        for _ in self._learning:
            if time.monotonic() >= end:
                return False
        self._learning = None
        return True

    def average_precision(self, category_id: int) -> float | None:
        """AP over the labelled images, each scored without its own label; None where too little is known."""
        column = self._place(category_id)
        targets = self._learner.states(column)
        if (targets == 1).sum() < SHARED_CURVE_FROM or not (targets == 0).any():
            return None
        scores = self._learner.scores(column)
        return float(average_precision(scores[:, None], targets[:, None])[0])

    def score_embeddings(
        self,
        vectors: NDArray[np.floating],
        names: Sequence[str],
        tuned: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float64]:
        """Scores [M, len(names)] of images outside the collection, from their embeddings [M, D].

        ``tuned`` [M, C] are the tuned head's scores of them, in the order of ``category_ids``.
        """
        outside = np.asarray(vectors)
        cosines = None if self._text is None else cosines_of(outside, self._text)
        said = None
        if tuned is not None:
            said = np.full((len(outside), self._learner.categories), np.nan, np.float32)
            said[:, [self._column[i] for i in self._categories]] = tuned
        scores = self._learner.score_embeddings(outside, cosines, said)
        by_name = {one.name: self._column[one.id] for one in self._categories.values()}
        return scores[:, [by_name[name] for name in names]]

    def apply(self, change: ChangeSet) -> None:
        """Follow a change of labels, reviews or categories, undo included."""
        if not change:
            return
        self._probabilities.clear()
        self._thresholds.follow()
        if change.categories and self._project is not None:
            self._learning = None
            self._follow_categories(self._project)
            self._read_all(self._project)
            return
        touched = {one.image_id for one in change.labels} | {one.image_id for one in change.reviews}
        if self._project is None:
            self._follow_labels(change)
        elif len(touched) > _MANY_IMAGES:
            self._read_all(self._project)
        else:
            self._read_some(self._project, touched)

    def read_again(self) -> None:
        """Follow states that no change of labels tells of: a scan has found other pictures in the files."""
        if self._project is not None:
            self._probabilities.clear()
            self._thresholds.follow()
            self._read_all(self._project)

    def _of_column(self, column: int) -> NDArray[np.float32]:
        if column not in self._probabilities:
            chance = self._learner.probabilities(column)
            self._probabilities[column] = np.asarray(chance, dtype=np.float32)
        return self._probabilities[column]

    def _refresh(self) -> Generator[None, None, None]:
        yield from self._learner.refreshing()
        self._probabilities.clear()
        yield from self._thresholds.estimating()

    def _follow_labels(self, change: ChangeSet) -> None:
        entries: list[tuple[int, int, int]] = []
        for one in change.labels:
            row = int(np.searchsorted(self.image_ids, one.image_id))
            if row < len(self.image_ids) and self.image_ids[row] == one.image_id:
                entries.append((row, self._column[one.category_id], one.after.target))
        self._set_changed(entries)

    def _read_some(self, project: Project, image_ids: Iterable[int]) -> None:
        """Read the states of some images anew: a review changes them in ways that no label row shows."""
        entries: list[tuple[int, int, int]] = []
        for image_id in sorted(image_ids):
            row = int(np.searchsorted(self.image_ids, image_id))
            if row < len(self.image_ids) and self.image_ids[row] == image_id:
                states = image_states(project, image_id)
                for category_id in self._categories:
                    state = states.get(category_id, LabelState.UNKNOWN)
                    entries.append((row, self._column[category_id], state.target))
        self._set_changed(entries)

    def _read_all(self, project: Project) -> None:
        """Read all states anew and follow those that differ, in one step."""
        table = label_states(project)
        row = np.searchsorted(np.asarray(table.image_ids), self.image_ids)
        matrix = table.matrix()
        wanted = self._learner.all_states()
        before = wanted.copy()
        for at, category_id in enumerate(table.category_ids):
            if category_id in self._categories:
                wanted[:, self._column[category_id]] = matrix[row, at]
        rows, columns = np.nonzero(wanted != before)
        if len(rows) > _MANY_ENTRIES:
            self._learner.set_states(wanted)
        elif len(rows):
            self._learner.set_labels(rows, columns, wanted[rows, columns])

    def _set_changed(self, entries: Sequence[tuple[int, int, int]]) -> None:
        changed = [e for e in entries if self._learner.state(e[0], e[1]) != e[2]]
        if changed:
            rows, columns, states = zip(*changed, strict=True)
            self._learner.set_labels(list(rows), list(columns), list(states))

    def _follow_categories(self, project: Project) -> None:
        """New categories speak from their text at once; the others keep what they have learned."""
        with project.db.read() as s:
            present = category_store.all_categories(s)
        if self._runner is None:
            raise ValueError("categories changed, and there is nobody to encode their texts")
        text = text_of(project, self._runner, present)
        old = self._text
        width = len(self.centre)
        rows = np.full((len(self._column), width), np.nan, dtype=np.float32) if old is None else old
        for i, one in enumerate(present):
            line = np.full(width, np.nan, dtype=np.float32) if text is None else text[i]
            cosines = None if text is None else self._space.cosines(line)
            if one.id not in self._column:
                self._column[one.id] = self._learner.add_category(cosines)
                rows = np.vstack([rows, line[None]])
            elif not np.array_equal(rows[self._column[one.id]], line, equal_nan=True):
                self._learner.set_zero_shot(self._column[one.id], cosines)
                rows[self._column[one.id]] = line
        self._categories = {one.id: one for one in present}
        self._text = rows
        for gone in self._column.keys() - self._categories.keys():
            self._learner.clear_category(self._column[gone])

    def _ranked(
        self,
        image_id: int,
        row: int,
        chance: NDArray[np.float64],
        speakers: NDArray[np.int8],
        top: int | None,
    ) -> list[Suggestion]:
        ids = list(self._categories)
        columns = np.array([self._column[i] for i in ids], dtype=np.intp)
        order = np.argsort(-chance[columns], kind="stable")[:top]
        return [
            Suggestion(
                image_id=image_id,
                category_id=ids[i],
                category=self._categories[ids[i]].name,
                probability=float(chance[columns[i]]),
                learner=_LEARNERS[speakers[columns[i]]],
                state=_STATES[self._learner.state(row, int(columns[i]))],
                threshold=self._thresholds.shown(int(columns[i])),
                model=self.model,
            )
            for i in order
        ]

    def _rows(self, image_ids: Sequence[int]) -> NDArray[np.intp]:
        wanted = np.asarray(image_ids, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.image_ids, wanted), len(self.image_ids) - 1)
        absent = np.flatnonzero(self.image_ids[rows] != wanted)
        if len(absent):
            raise NotFoundError(
                f"Image {wanted[absent[0]]} has no features yet; compute them with 'tailspotter index'."
            )
        return rows

    def _place(self, category_id: int) -> int:
        if category_id not in self._categories:
            raise NotFoundError(f"There is no active category with the number {category_id}.")
        return self._column[category_id]
