"""The learners of the application in one object: fit on patches and labels, predict, update, save.

`blend` decides how they are combined: text, discriminant and kernel ridge, and CPRFL where it has earned its
place. Without CPRFL nothing here needs torch.

Shapes: N images of the collection, M images to predict, P patches, W patch width, D embedding width, C
categories, T text width. Label states are 1 (yes), 0 (no) and -1 (unknown).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.calibration.thresholds import (
    AutoAccept,
    best_f_threshold,
    expected_errors,
    precision_threshold,
)
from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.gate import PartVerdict
from cprfl_core.live.label_matrix import EXACT_LIMIT
from cprfl_core.live.learner import LiveLearner
from cprfl_core.suggester.files import SuggesterState, read_state, write_state
from cprfl_core.suggester.input import Collection, checked_collection, checked_outside, checked_states
from cprfl_core.training.options import TrainingOptions
from cprfl_core.tuning.limits import interaction_suffices

if TYPE_CHECKING:
    from cprfl_core.model.cprfl import CPRFL
    from cprfl_core.tuning.scoring_heads import ScoringHeads

Floats = NDArray[np.float64]

# Two embeddings that differ by less than this share of their length are the same image.
_SAME = 1e-5


class Suggester:
    """Calibrated suggestions for images with many tags, from a few labels or none.

    Unusual input: without any known label, probabilities come from the text scores, and without those from
    the prior share of a category; a category without a no has the cautious `pooled_curve.COLD_CURVE`, one
    without a yes scores by text and rarity; ``enough`` marks the categories with at least three yes.
    """

    def __init__(
        self,
        *,
        cprfl: bool | None = None,
        start: "Callable[[], CPRFL] | None" = None,
        options: TrainingOptions | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        """``cprfl``: False leaves CPRFL out, True demands it, None tries it where there are enough labels.
        ``start`` returns the head that is trained, by default one with random weights; ``options`` are those
        of its training, except the seed, by default those of the application for such a start. Beyond
        ``exact_limit`` labelled images kernel ridge uses landmarks.
        """
        self._cprfl, self._start, self._options = cprfl, start, options
        self._exact_limit = exact_limit
        self._live: LiveLearner | None = None
        self._heads: ScoringHeads | None = None
        self._tuned: NDArray[np.float32] | None = None
        self.verdict: PartVerdict | None = None
        """Whether CPRFL has earned its place, and what it added out of fold; None where it was not tried."""

    def fit(  # noqa: PLR0917 - the order is part of the contract
        self,
        patches: ArrayLike | None,
        labels: ArrayLike,
        text_features: ArrayLike | None = None,
        embeddings: ArrayLike | None = None,
        zero_shot: ArrayLike | None = None,
        seed: int = 0,
        *,
        names: Sequence[str] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> "Suggester":
        """Learn from a collection, labelled or not; what was learned before is forgotten.

        Args:
            patches: [N, P, W], or None where there are embeddings; then CPRFL is left out.
            labels: [N, C] in {1, 0, -1}.
            text_features: [C, T], the prompts of CPRFL.
            embeddings: [N, D], by default the mean of the patches.
            zero_shot: [N, C] text scores where the backbone is aligned with the text; NaN columns for
                categories without one.
            seed: of CPRFL's training; nothing else is random.
            names: of the categories, by default "0", "1", ...
            should_stop: asked before each batch of CPRFL's training; where it stops before every fold is
                done, CPRFL is left out.

        Raises:
            InputError: shapes do not fit, a number is NaN or infinite, a label is not 1, 0 or -1, or CPRFL
                was demanded and cannot be trained on this.
        """
        self._data = checked_collection(
            patches,
            labels,
            text_features=text_features,
            embeddings=embeddings,
            zero_shot=zero_shot,
            names=names,
        )
        data = self._data
        self._live = LiveLearner(
            data.embeddings, data.zero_shot, categories=len(data.names), exact_limit=self._exact_limit
        )
        row, category = np.nonzero(data.labels >= 0)
        self._live.set_labels(row, category, data.labels[row, category])
        self._heads, self._tuned, self.verdict = None, None, None
        self._first, self._columns = data.labels.shape
        if self._wants_cprfl(patches):
            self._train_cprfl(np.asarray(patches), seed, should_stop)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The categories, in the order of the columns."""
        return tuple(self._fitted().names)

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Whether a category has enough examples to be calibrated, [C]."""
        return self.live.calibration().enough

    @property
    def live(self) -> LiveLearner:
        """The closed-form learners. Raises InputError before ``fit``."""
        self._fitted()
        assert self._live is not None
        return self._live

    def predict_proba(
        self,
        patches: ArrayLike | None,
        embeddings: ArrayLike | None = None,
        zero_shot: ArrayLike | None = None,
    ) -> Floats:
        """Calibrated probabilities [M, C] of images [M, P, W]; labels of these images are not used.

        ``embeddings`` and ``zero_shot`` as in ``fit``; text scores that were cosines of embeddings and texts
        are computed. Without patches CPRFL is left out. Raises InputError.
        """
        data, live = self._fitted(), self.live
        shown, vectors, text = checked_outside(data, patches, embeddings, zero_shot)
        tuned: Floats | None = None
        if self._heads is not None and shown is not None:
            known = self._heads.scores(shown)
            later = np.full((len(known), len(data.names) - known.shape[1]), np.nan)
            tuned = np.concatenate([known, later], axis=1)
        return live.probabilities_embeddings(vectors, text, tuned)

    def update(
        self, embedding: ArrayLike, category: int | str, state: int, *, zero_shot: ArrayLike | None = None
    ) -> None:
        """One decision about one image, [D]: 1 yes, 0 no, -1 unknown again, which undoes it exactly.

        An image of the collection is recognised by its embedding. Any other image is added, with text scores
        ``zero_shot`` [C] if it has some. Raises InputError.
        """
        data, live = self._fitted(), self.live
        column = self._column(category)
        checked_states(np.array([state]))
        vector = np.asarray(embedding, dtype=np.float32)
        if vector.shape != data.embeddings.shape[1:] or not np.isfinite(vector).all():
            raise InputError(
                f"An embedding must be {data.embeddings.shape[1]} finite numbers, got {vector.shape}."
            )
        row = _row_of(data.embeddings, vector)
        if row is None:
            text = data.text_of(vector[None]) if zero_shot is None else np.asarray(zero_shot)[None]
            row = int(live.extend(vector[None], text)[0])
            self._data = data = data.with_image(vector, text)
        live.set_label(row, column, state)
        live.refresh()
        data.labels[row, column] = state

    def add_category(
        self, name: str, text_feature: ArrayLike | None = None, *, zero_shot: ArrayLike | None = None
    ) -> int:
        """Append a category, unknown everywhere; returns its column. No other category's score changes.

        It is scored by its text immediately where text scores are known: ``zero_shot`` [N], or cosines with
        ``text_feature`` [T] where those of the others are cosines. CPRFL knows it from the next fit on.
        Raises InputError.
        """
        data = self._fitted().with_category(name, text_feature, zero_shot)
        column = self.live.add_category(None if data.zero_shot is None else data.zero_shot[:, -1])
        self._data = data
        return column

    def threshold(self, category: int | str, precision: float | None = None) -> float | None:
        """The threshold on the probability with the best F1, or the one that reaches a precision with 90 %
        confidence on leave-one-out scores. None where there are too few examples."""
        column, live = self._column(category), self.live
        if not live.calibration().enough[column]:
            return None
        chance, states = live.probabilities(column), live.states(column)
        if precision is None:
            return best_f_threshold(chance)
        return precision_threshold(chance, states, precision)

    def auto_accept(self, category: int | str, threshold: float) -> AutoAccept:
        """What accepting every undecided image of the collection at or above a threshold would do."""
        column, live = self._column(category), self.live
        chance, states = live.probabilities(column), live.states(column)
        known = states >= 0
        return expected_errors(chance[~known], threshold, held_out=chance[known], targets=states[known])

    def save(self, path: Path | str) -> None:
        """Write into a folder that is used for nothing else: safetensors and JSON, complete or not at all.

        Raises ModelFileError where the disk is full or cannot be written.
        """
        data = self._fitted()
        state = SuggesterState(data, self._first, self._columns, self._tuned, self.verdict, self._exact_limit)
        write_state(Path(path), state, self._heads)

    @classmethod
    def load(cls, path: Path | str) -> "Suggester":
        """Read what ``save`` wrote. Raises ModelFileError where it is missing, damaged, altered, of a newer
        version, or a pickle."""
        state, heads = read_state(Path(path))
        made = cls(exact_limit=state.exact_limit)
        made._data, made._live = state.collection, _live_of(state)
        made._first, made._columns, made._tuned = state.first, state.columns, state.tuned
        made._heads, made.verdict = heads, state.verdict
        return made

    def _fitted(self) -> Collection:
        if self._live is None:
            raise InputError("This suggester has learned nothing yet; call fit first.")
        return self._data

    def _column(self, category: int | str) -> int:
        names = self._fitted().names
        if isinstance(category, str):
            if category not in names:
                raise InputError(f"There is no category {category!r}.")
            return names.index(category)
        if not 0 <= category < len(names):
            raise InputError(f"Categories go from 0 to {len(names) - 1}, got {category}.")
        return int(category)

    def _wants_cprfl(self, patches: Any) -> bool:
        data = self._data
        missing = [
            word for word, lacks in (("patches", patches is None), ("texts", data.text is None)) if lacks
        ]
        if self._cprfl and missing:
            raise InputError(f"CPRFL cannot be trained without {' and '.join(missing)}.")
        if self._cprfl is not None:
            return self._cprfl
        images, yes = int((data.labels >= 0).any(axis=1).sum()), int((data.labels == 1).sum())
        return interaction_suffices(images, yes) and not missing

    def _train_cprfl(self, patches: NDArray[Any], seed: int, should_stop: Callable[[], bool] | None) -> None:
        from cprfl_core.suggester.cprfl_part import train_part

        part = train_part(
            self._data,
            patches,
            seed=seed,
            options=self._options,
            start=self._start,
            demanded=bool(self._cprfl),
            exact_limit=self._exact_limit,
            should_stop=should_stop,
        )
        if part is None:
            return
        self.verdict, self._heads, self._tuned = part.verdict, part.heads, part.scores
        self.live.set_tuned(self._tuned)


def _live_of(state: SuggesterState) -> LiveLearner:
    """The learner as it was when saved: first the collection, then later images and categories."""
    data, first, columns = state.collection, state.first, state.columns
    text = data.zero_shot
    begin = None if text is None else text[:first, :columns]
    live = LiveLearner(data.embeddings[:first], begin, categories=columns, exact_limit=state.exact_limit)
    live.set_tuned(state.tuned)
    for column in range(columns, len(data.names)):
        live.add_category(None if text is None else text[:first, column])
    if first < len(data.embeddings):
        live.extend(data.embeddings[first:], None if text is None else text[first:])
    row, category = np.nonzero(data.labels >= 0)
    live.set_labels(row, category, data.labels[row, category])
    return live


def _row_of(rows: NDArray[np.float32], vector: NDArray[np.float32]) -> int | None:
    """The row that is this embedding, up to rounding."""
    distance = np.linalg.norm(rows - vector, axis=1)
    nearest = int(distance.argmin())
    return nearest if distance[nearest] <= _SAME * max(float(np.linalg.norm(vector)), 1e-12) else None
