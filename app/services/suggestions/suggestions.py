"""Live suggestions, updated after every decision.

Everything is in memory, rebuilt at start from the cached embeddings, the category texts and the labels.
Nothing here imports torch or writes a label.
"""

import weakref
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.changes import ChangeSet
from app.domain.errors import NotFoundError
from app.domain.labels import STATE_OF, LabelState
from app.domain.language import translate
from app.domain.project_settings import ThresholdAim
from app.domain.suggestions import LEAST_LIKELY, Learner, LikelyCategory, Suggestion
from app.services.features.indexing import embeddings_to_learn_from, feature_key
from app.services.labelling.decisions import image_states, label_states
from app.services.project.project import Project
from app.services.runner.runner import Runner
from app.services.suggestions.collection_space import SMALL_COLLECTION, CollectionSpace
from app.services.suggestions.imported import predictions_by_image
from app.services.suggestions.step_runner import StepRunner
from app.services.suggestions.text_scores import (
    CategoryTexts,
    PromptTexts,
    texts_of,
    texts_or_reason,
)
from app.services.suggestions.thresholds import Thresholds
from app.services.versions.active import active_scores
from app.storage import categories as category_store
from app.storage.predictions import Prediction
from cprfl_core.calibration.platt import SHARED_CURVE_FROM
from cprfl_core.common.memory import trim_heap
from cprfl_core.evaluation.evidence import weighted_average_precision
from cprfl_core.live.learner import LiveLearner
from cprfl_core.live.steps import Steps, aside
from cprfl_core.tuning.scores import TunedScores

# Above this many touched images it is cheaper to read the whole label table once.
_MANY_IMAGES = 200
# Above this many changed entries it is cheaper to set all of them.
_MANY_ENTRIES = 20_000
MOST_LEFT_OUT: Final = 10_000
"""Yes, and no, of a category whose scores without their own label are computed for its quality."""
_BLOCK_ROWS = 8_192
# Bytes of kept probabilities: 80 categories of 100,000 images.
_MOST_PROBABILITIES = 32_000_000
_LEARNERS = (Learner.TEXT, Learner.LIVE, Learner.TUNED)
"""By blend.MainSource."""


class LiveSuggestions:
    """Calibrated probabilities of all categories for all images with features.

    ``image_ids`` int64 [R], ascending. Not thread-safe.
    """

    def __init__(
        self,
        image_ids: NDArray[np.int64],
        vectors: NDArray[np.floating],
        categories: Sequence[Category],
        texts: CategoryTexts | NDArray[np.float32] | None,
        states: NDArray[np.int8],
        *,
        project: Project | None = None,
        runner: Runner | None = None,
    ) -> None:
        """``vectors`` [R, D] L2-normalised; ``texts`` of the categories, or encoded ones [C, D], or None if
        the image model has no text side; ``states`` [R, C] in {1, 0, -1}. Without a project, ``apply``
        handles only changes of labels.
        """
        self.image_ids = np.asarray(image_ids, dtype=np.int64)
        self._space = CollectionSpace(np.asarray(vectors))
        del vectors
        given = self._space.vectors
        self._categories: dict[int, Category] = {one.id: one for one in categories}
        self._column = {one.id: c for c, one in enumerate(categories)}
        self._texts = PromptTexts(texts) if isinstance(texts, np.ndarray) else texts
        self._text_keys: dict[int, Hashable] = {}
        self._project, self._runner = project, runner
        self._key: str | None = None
        """Of the features that ``vectors`` were read from."""
        by_text, trust = None, None
        if self._texts is not None:
            by_text, trust = self._space.scores(self._texts), self._texts.trust
        self._learner = LiveLearner(given, by_text, categories=len(categories), trust=trust)
        del by_text
        self._remember_texts(categories)
        self.model: str | None = None
        """Name of the tuned version in use."""
        self.model_problem: str | None = None
        """A sentence if the active version cannot be used; suggestions continue without it."""
        self.text_problem: str | None = None
        """A sentence if there are no text scores."""
        self._probabilities: dict[int, NDArray[np.float32]] = {}
        self.large = len(given) > SMALL_COLLECTION
        """Whether a change of many images takes long."""
        beta = (ThresholdAim.BALANCED if project is None else project.settings.aim).beta
        self._thresholds = Thresholds(self._learner, _without_owning(self), large=self.large, beta=beta)
        self._learning: StepRunner | None = None
        if (states >= 0).any():
            self._learner.set_states(states)

    @classmethod
    def load(cls, project: Project, runner: Runner) -> "LiveSuggestions":
        """Build from the project; ``runner`` encodes category texts that are not cached yet.

        Raises NotIndexedError if no image has features. If the backbone cannot be loaded, only the text score
        is missing, and ``text_problem`` says why: the live learners need only the cached features.
        """
        key = feature_key(project)
        ids, vectors = embeddings_to_learn_from(project, mapped=True)
        with project.db.read() as s:
            present = category_store.all_categories(s)
        texts, problem = texts_or_reason(project, runner, present)
        if feature_key(project) != key:  # changed meanwhile: these texts do not fit the embeddings
            texts = None
        nothing = np.broadcast_to(np.int8(-1), (len(ids), len(present)))
        loaded = cls(ids, vectors, present, texts, nothing, project=project, runner=runner)
        loaded._key, loaded.text_problem = key, problem
        del vectors, nothing
        loaded._read_all(project)
        loaded.use_active_version()
        return loaded

    @property
    def problems(self) -> list[str]:
        """Why a part of the suggestions is missing, a sentence for each part."""
        return [one for one in (self.model_problem, self.text_problem) if one]

    def use_active_version(self) -> None:
        """Use the project's active version, if it has one; live learning continues on top of it.

        A version with damaged or missing files is not used, and ``model_problem`` says so.
        """
        if self._project is None:
            return
        scores, name, self.model_problem = active_scores(self._project)
        self.use_scores(scores, name)

    def aim_at(self, aim: ThresholdAim) -> None:
        """What the thresholds weigh more from now on; in a large collection they follow with learn()."""
        if aim.beta == self._thresholds.beta:
            return
        self._thresholds.beta = aim.beta
        if self.large:
            self._learning = StepRunner(self._refresh())
        else:
            self._thresholds.scores_changed()

    def use_scores(self, scores: TunedScores | None, name: str | None) -> None:
        """Use these scores of a tuned head under this name; None to use none."""
        self.model = name
        if scores is None:
            self._learner.set_tuned(None)
        else:
            every = np.full(len(self._column), -1, np.int64)
            for category_id, column in self._column.items():
                every[column] = category_id
            self._learner.set_tuned(scores.matrix(self.image_ids, every))
        self._probabilities.clear()
        self._thresholds.scores_changed()
        self._learning = None

    @property
    def category_ids(self) -> tuple[int, ...]:
        """The categories that are not archived."""
        return tuple(self._categories)

    def category_named(self, name: str) -> int:
        """The index of a category in ``category_ids``. Raises NotFoundError."""
        for place, one in enumerate(self._categories.values()):
            if one.name == name:
                return place
        raise NotFoundError(
            translate("Suggestions", "There is no active category {name}.").format(name=repr(name))
        )

    def category_name(self, category_id: int) -> str:
        """Raises NotFoundError."""
        self._place(category_id)
        return self._categories[category_id].name

    def for_image(self, image_id: int, top: int | None = None) -> list[Suggestion]:
        """The categories of one image, most likely first. Raises NotFoundError if it has no features."""
        return self.for_images([image_id], top)[0]

    def for_images(self, image_ids: Sequence[int], top: int | None = None) -> list[list[Suggestion]]:
        """Like :meth:`for_image`, for several images in one pass."""
        rows = self._rows(image_ids)
        chances, speakers = self._learner.suggest_rows(rows)
        imported = {} if self._project is None else predictions_by_image(self._project, image_ids)
        learned = self._learner.learned_enough()
        return [
            self._ranked(
                image_id, row, chance, speaks, learned=learned, imported=imported.get(image_id, {}), top=top
            )
            for image_id, row, chance, speaks in zip(image_ids, rows, chances, speakers, strict=True)
        ]

    def likely(self, image_ids: NDArray[np.int64], top: int) -> list[LikelyCategory]:
        """The categories of several images together: those suggested for the most images first, then those
        that are not learned yet, by their guesses. Raises NotFoundError."""
        rows, ids = self._rows(image_ids), list(self._categories)
        columns = np.array([self._column[i] for i in ids], dtype=np.intp)
        chances = self._learner.suggest_rows(rows)[0][:, columns]
        open_ones = self._learner.states_rows(rows)[:, columns] == -1
        learned = self._learner.learned_enough()[columns]
        thresholds = np.array([self._thresholds.shown(c) for c in columns.tolist()], np.float64)  # None: NaN
        least = np.maximum(np.where(np.isnan(thresholds), 0.5, thresholds), LEAST_LIKELY)
        counts = (open_ones & (chances >= least)).sum(0) * learned
        total = open_ones.sum(0)
        mean = np.divide((chances * open_ones).sum(0), total, out=np.zeros(len(ids)), where=total > 0)
        kept = np.flatnonzero((counts > 0) | (~learned & (total > 0)))
        order = kept[np.lexsort((-mean[kept], -counts[kept]))][:top]
        return [
            LikelyCategory(ids[i], int(counts[i]), float(mean[i]), bool(learned[i])) for i in order.tolist()
        ]

    def for_category(self, category_id: int) -> NDArray[np.float32]:
        """Calibrated probabilities [R] of one category, in the order of ``image_ids``."""
        return self._of_column(self._place(category_id))

    def states(self, category_id: int) -> NDArray[np.int8]:
        """The label states of one category [R]: 1 yes, 0 no (explicit or implied), -1 unknown."""
        return self._learner.states(self._place(category_id))

    def mask(self, image_ids: Collection[int]) -> NDArray[np.bool_]:
        """Whether each image of the collection is among these, bool [R]."""
        some = np.fromiter(image_ids, np.int64, len(image_ids))
        found = np.zeros(len(self.image_ids), np.bool_)
        found[np.searchsorted(self.image_ids, some[self.has(some)])] = True
        return found

    def has(self, image_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of these images has features, bool [n]."""
        wanted = np.asarray(image_ids, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.image_ids, wanted), len(self.image_ids) - 1)
        return np.asarray(self.image_ids[rows] == wanted, dtype=np.bool_)

    @property
    def centre(self) -> NDArray[np.float64]:
        """The mean [D] of the embeddings."""
        return self._space.centre

    @property
    def vectors(self) -> NDArray[np.floating]:
        """The embeddings [R, D], in the order of ``image_ids``."""
        return self._space.vectors

    def units(self, rows: NDArray[np.intp] | slice) -> NDArray[np.float32]:
        """Some embeddings, centred and L2-normalised, [rows, D], as from queues.centred_units."""
        found = self._learner.directions[rows]
        self._learner.directions.release()
        return found

    def cosines(self, image_id: int) -> NDArray[np.float32]:
        """The cosine similarity [R] of each image to this one, in the order of ``image_ids``.

        Raises NotFoundError if it has no features."""
        return self._space.cosines(int(self._rows([image_id])[0]))

    def threshold(self, category_id: int) -> float | None:
        """The threshold on the calibrated probability that the project aims at; None without three yes and a
        no."""
        return self._thresholds.exact(self._place(category_id))

    def learned(self, category_id: int) -> bool:
        """Whether the category has a yes and a no, and not all no are of one image; else it is guessed."""
        return bool(self._learner.learned_enough()[self._place(category_id)])

    def learn(self, seconds: float) -> bool:
        """Spend about ``seconds`` on re-weighting and re-calibrating the learners, if enough labels have
        changed. True when an update is complete. Decisions may be made between two calls."""
        if self._learning is None:
            if not self._learner.due:
                return False
            self._learning = StepRunner(self._refresh())
        if not self._learning.run(seconds):
            return False
        self._learning = None
        return True

    @property
    def learning(self) -> bool:
        """Whether an update has begun and is not complete; learn() continues it."""
        return self._learning is not None

    def average_precision(self, category_id: int) -> float | None:
        """AP over the labelled images, each scored without its own label; None with too few labels.

        From a part of them where a category has tens of thousands; see :meth:`precision`.
        """
        found = self.precision(category_id)
        return None if found is None else found[0]

    def text_scores(self, texts: CategoryTexts, step: int = 1) -> NDArray[np.float32]:
        """Scores [ceil(R / step), C] of every ``step``-th image by texts that need not be the categories'."""
        return self._space.scores(texts, step)

    @property
    def labelled_entries(self) -> int:
        """Labels of images with features, implied ones included."""
        return self._learner.known_entries

    def precision(self, category_id: int, most: int | None = MOST_LEFT_OUT) -> tuple[float, int] | None:
        """As :meth:`average_precision`, and from how many yes.

        ``most``: estimated from at most this many yes and as many no; None for all.
        """
        scores, yes, weights = self._learner.left_out_scores(self._place(category_id), most)
        count = int(yes.sum())
        if count < SHARED_CURVE_FROM or yes.all():
            return None
        return float(weighted_average_precision(scores, yes, weights)[0]), count

    def score_embeddings(
        self,
        vectors: NDArray[np.floating],
        names: Sequence[str],
        tuned: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float64]:
        """Scores [M, len(names)] of images outside the collection, from their embeddings [M, D].

        ``tuned`` [M, C] are the tuned head's scores of these images, in the order of ``category_ids``.
        """
        outside = np.asarray(vectors)
        by_text = None
        if self._texts is not None:
            by_text = np.full((len(outside), self._learner.categories), np.nan, np.float32)
            by_text[:, [self._column[i] for i in self._categories]] = self._texts.scores(outside)
        by_column = None
        if tuned is not None:
            by_column = np.full((len(outside), self._learner.categories), np.nan, np.float32)
            by_column[:, [self._column[i] for i in self._categories]] = tuned
        scores = self._learner.score_embeddings(outside, by_text, by_column)
        by_name = {one.name: self._column[one.id] for one in self._categories.values()}
        return scores[:, [by_name[name] for name in names]]

    def apply(self, change: ChangeSet) -> None:
        """Update after a change of labels, reviews or categories, including undo."""
        if not change:
            return
        self._probabilities.clear()
        self._thresholds.labels_changed()
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
        """Read all label states again, after a scan has found replaced pictures."""
        if self._project is not None:
            self._probabilities.clear()
            self._thresholds.labels_changed()
            self._read_all(self._project)

    def _of_column(self, column: int) -> NDArray[np.float32]:
        found = self._probabilities.pop(column, None)
        if found is None:
            found = np.asarray(self._learner.probabilities(column), dtype=np.float32)
        self._probabilities[column] = found  # the last one used is the last to go
        if len(self._probabilities) * found.nbytes > _MOST_PROBABILITIES:
            del self._probabilities[next(iter(self._probabilities))]
        return found

    def _refresh(self) -> Steps[None]:
        yield from self._learner.refresh_steps()
        self._probabilities.clear()
        yield from self._thresholds.estimating()
        if self.large:
            yield from aside(trim_heap, self.labelled_entries)

    def _follow_labels(self, change: ChangeSet) -> None:
        entries: list[tuple[int, int, int]] = []
        for one in change.labels:
            row = int(np.searchsorted(self.image_ids, one.image_id))
            if row < len(self.image_ids) and self.image_ids[row] == one.image_id:
                entries.append((row, self._column[one.category_id], one.after.target))
        self._set_changed(entries)

    def _read_some(self, project: Project, image_ids: Iterable[int]) -> None:
        """Read the states of some images again: a review changes them without a label row."""
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
        """Read all states again and update those that differ, in one step."""
        table = label_states(project)
        row = np.searchsorted(np.asarray(table.image_ids), self.image_ids)
        known = [(at, self._column[i]) for at, i in enumerate(table.category_ids) if i in self._categories]
        given, columns = (
            np.array(some, np.intp) for some in (zip(*known, strict=True) if known else ((), ()))
        )
        matrix, wanted = table.matrix(), self._learner.all_states()
        del table
        rows_changed, columns_changed = [], []
        for start in range(0, len(wanted), _BLOCK_ROWS):
            block = wanted[start : start + _BLOCK_ROWS]
            now = block.copy()
            now[:, columns] = matrix[row[start : start + _BLOCK_ROWS]][:, given]
            here, there = np.nonzero(now != block)
            rows_changed.append(start + here)
            columns_changed.append(there)
            block[:] = now
        del matrix
        at, of = np.concatenate(rows_changed), np.concatenate(columns_changed)
        if len(at) > _MANY_ENTRIES:
            self._learner.set_states(wanted)
        elif len(at):
            self._learner.set_labels(at, of, wanted[at, of])

    def _set_changed(self, entries: Sequence[tuple[int, int, int]]) -> None:
        changed = [e for e in entries if self._learner.state(e[0], e[1]) != e[2]]
        if changed:
            rows, columns, states = zip(*changed, strict=True)
            self._learner.set_labels(list(rows), list(columns), list(states))

    def _follow_categories(self, project: Project) -> None:
        """New categories are scored by their text immediately; the others keep what they have learned.

        Once the project uses another image model, its texts do not fit these features: then new categories
        have no text score until the suggestions are loaded again.
        """
        with project.db.read() as s:
            present = category_store.all_categories(s)
        if self._runner is None:
            raise ValueError("categories changed, and there is no runner to encode their texts")
        switched = feature_key(project) != self._key
        texts = None if switched else texts_of(project, self._runner, present)
        keys: Sequence[Hashable] = [None] * len(present) if texts is None else texts.keys
        changed = [
            i
            for i, one in enumerate(present)
            if one.id not in self._column or not (switched or self._text_keys.get(one.id) == keys[i])
        ]
        # All in one pass, because a photo model scores many categories in the time of one.
        some = texts.only(changed) if texts is not None and changed else None
        scores = None if some is None else self._space.scores(some)
        for at, i in enumerate(changed):
            category_id = present[i].id
            column = None if scores is None else scores[:, at]
            trust = 1.0 if some is None else float(some.trust[at])
            if category_id not in self._column:
                self._column[category_id] = self._learner.add_category(column, trust)
            else:
                self._learner.set_zero_shot(self._column[category_id], column, trust)
        self._categories = {one.id: one for one in present}
        self._texts = texts
        self._remember_texts(present)
        for gone in self._column.keys() - self._categories.keys():
            self._learner.clear_category(self._column[gone])

    def _remember_texts(self, categories: Sequence[Category]) -> None:
        if self._texts is not None:
            keys = zip(categories, self._texts.keys, strict=True)
            self._text_keys = {one.id: key for one, key in keys}
        else:
            self._text_keys = {}

    def _ranked(
        self,
        image_id: int,
        row: int,
        chance: NDArray[np.float64],
        speakers: NDArray[np.int8],
        *,
        learned: NDArray[np.bool_],
        imported: Mapping[int, Prediction],
        top: int | None,
    ) -> list[Suggestion]:
        ids = list(self._categories)
        columns = np.array([self._column[i] for i in ids], dtype=np.intp)
        shown = chance[columns].copy()
        # A guess about a category that is not learned gives way to another model; a probability does not.
        others = {
            i: imported[one]
            for i, one in enumerate(ids)
            if one in imported and not learned[columns[i]] and self._learner.state(row, int(columns[i])) == -1
        }
        for i, one in others.items():
            shown[i] = one.score
        return [
            Suggestion(
                image_id=image_id,
                category_id=ids[i],
                category=self._categories[ids[i]].name,
                probability=float(shown[i]),
                learner=Learner.IMPORTED if i in others else _LEARNERS[speakers[columns[i]]],
                state=STATE_OF[self._learner.state(row, int(columns[i]))],
                threshold=None if i in others else self._thresholds.shown(int(columns[i])),
                model=others[i].model if i in others else self.model,
                learned=i in others or bool(learned[columns[i]]),
            )
            for i in np.argsort(-shown, kind="stable")[:top].tolist()
        ]

    def _rows(self, image_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.intp]:
        wanted = np.asarray(image_ids, dtype=np.int64)
        absent = np.flatnonzero(~self.has(wanted))
        if len(absent):
            raise NotFoundError(
                translate(
                    "Suggestions",
                    "Image {wanted} has no features yet; compute them with 'tailspotter index'.",
                ).format(wanted=wanted[absent[0]])
            )
        return np.searchsorted(self.image_ids, wanted)

    def _place(self, category_id: int) -> int:
        if category_id not in self._categories:
            raise NotFoundError(
                translate("Suggestions", "There is no active category with the number {category_id}.").format(
                    category_id=category_id
                )
            )
        return self._column[category_id]


def _without_owning(live: LiveSuggestions) -> Callable[[int], NDArray[np.float32]]:
    """The probabilities of one column; no cycle, so that suggestions that are replaced free their memory at
    once and not when the collector comes."""
    held = weakref.ref(live)

    def probabilities(column: int) -> NDArray[np.float32]:
        owner = held()
        assert owner is not None  # it holds the caller
        return owner._of_column(column)

    return probabilities
