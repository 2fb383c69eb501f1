"""The product's learner in one object: fit on patches and labels, predict, follow decisions, save.

What it combines, and how, is decided in ``blend``: text, discriminant and kernel ridge live, and CPRFL where
it has earned its place. Without CPRFL nothing here needs torch.

Shapes: N images of the collection, M images to predict, P patches, W patch width, D embedding width, C
categories, T text width. Label states are 1 (yes), 0 (no) and -1 (unknown).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.earned import Verdict, judge_part
from cprfl_core.errors import InputError
from cprfl_core.labelled_rows import EXACT_LIMIT
from cprfl_core.live_learner import LiveLearner
from cprfl_core.suggester_files import SuggesterState, read_state, write_state
from cprfl_core.suggester_input import Collection, checked_collection, checked_outside, checked_states
from cprfl_core.thresholds import AutoAccept, best_f1_threshold, expected_errors, precision_threshold
from cprfl_core.training_options import TrainingOptions

if TYPE_CHECKING:
    from cprfl_core.fold_heads import FoldHeads
    from cprfl_core.model import CPRFL

Floats = NDArray[np.float64]

# CPRFL is tried from so many images with labels and yes labels on.
CPRFL_IMAGES, CPRFL_YES = 100, 200
# Two embeddings that differ by less than this part of their length are the same image.
_SAME = 1e-5


class Suggester:
    """Calibrated suggestions for images with many tags, from a few labels or none.

    What comes of unusual input: with no label at all, or only unknown ones, probabilities rest on the text
    scores, and without those on the prior share of a category; a category without a no is believed half
    (``shared_curve.COLD_CURVE``), one without a yes scores by text and rarity; ``enough`` names the
    categories with three yes or more, below which there are too few examples to say.
    """

    def __init__(
        self,
        *,
        cprfl: bool | None = None,
        start: "Callable[[], CPRFL] | None" = None,
        options: TrainingOptions | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        """``cprfl``: False leaves CPRFL out, True demands it, None tries it where labels suffice. ``start``
        makes the head that its training begins with, by default one with random weights; ``options`` are
        those of its training, their seed excepted. Beyond ``exact_limit`` labelled images kernel ridge goes
        by landmarks.
        """
        self._cprfl, self._start, self._options = cprfl, start, options
        self._exact_limit = exact_limit
        self._live: LiveLearner | None = None
        self._heads: FoldHeads | None = None
        self._tuned: NDArray[np.float32] | None = None
        self.verdict: Verdict | None = None
        """What CPRFL added out of fold, and whether it takes part; None where it was not tried."""

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
        """Learn from a collection, labelled or not, anew.

        Args:
            patches: [N, P, W], or None where there are embeddings; then CPRFL stays out.
            labels: [N, C] in {1, 0, -1}.
            text_features: [C, T], the prompts of CPRFL.
            embeddings: [N, D], by default the mean of the patches.
            zero_shot: [N, C] text scores where the backbone is aligned with the text; NaN columns for
                categories without one.
            seed: of CPRFL's folds and training; the rest has no randomness.
            names: of the categories, by default "0", "1", ...

        Raises:
            InputError: shapes do not fit, a number is NaN or infinite, a label is no state, or CPRFL was
                demanded and cannot be trained on this.
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
            self._try_cprfl(np.asarray(patches), seed, should_stop)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The categories, in the order of the columns."""
        return tuple(self._fitted().names)

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Categories [C] with examples enough to say something of their own."""
        return self.live.calibration().enough

    @property
    def live(self) -> LiveLearner:
        """The closed-form learners behind it. Raises InputError before ``fit``."""
        self._fitted()
        assert self._live is not None
        return self._live

    def predict_proba(
        self,
        patches: ArrayLike | None,
        embeddings: ArrayLike | None = None,
        zero_shot: ArrayLike | None = None,
    ) -> Floats:
        """Calibrated probabilities [M, C] of images [M, P, W], seen or not: a label of theirs is not used.

        ``embeddings`` and ``zero_shot`` as in ``fit``; where the text scores were cosines of embeddings and
        texts they are computed. Without patches CPRFL says nothing. Raises InputError.
        """
        data, live = self._fitted(), self.live
        shown, vectors, text = checked_outside(data, patches, embeddings, zero_shot)
        tuned: Floats | None = None
        if self._heads is not None and shown is not None:
            spoken = self._heads.scores(shown)
            later = np.full((len(spoken), len(data.names) - spoken.shape[1]), np.nan)
            tuned = np.concatenate([spoken, later], axis=1)
        return live.probabilities_embeddings(vectors, text, tuned)

    def update(
        self, embedding: ArrayLike, category: int | str, state: int, *, zero_shot: ArrayLike | None = None
    ) -> None:
        """One decision about one image, [D]: 1 yes, 0 no, -1 unknown again, which takes it back exactly.

        An image of the collection is known by its embedding. Any other one is taken in, with its text scores
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

        It speaks from its text at once where text scores are known: ``zero_shot`` [N], or cosines with
        ``text_feature`` [T] where those of the others were such. CPRFL says nothing of it until the next fit.
        Raises InputError.
        """
        data = self._fitted().with_category(name, text_feature, zero_shot)
        column = self.live.add_category(None if data.zero_shot is None else data.zero_shot[:, -1])
        self._data = data
        return column

    def threshold(self, category: int | str, precision: float | None = None) -> float | None:
        """The threshold on the probability: best F1 over the collection, or to a precision with 90 %
        confidence, on the labelled images seen leave-one-out. None where there are too few examples."""
        column, live = self._column(category), self.live
        if not live.calibration().enough[column]:
            return None
        chance, states = live.probabilities(column), live.states(column)
        if precision is None:
            return best_f1_threshold(chance)
        return precision_threshold(chance, states, precision)

    def auto_accept(self, category: int | str, threshold: float) -> AutoAccept:
        """What accepting all undecided images of the collection from a threshold on would do."""
        column, live = self._column(category), self.live
        chance, states = live.probabilities(column), live.states(column)
        known = states >= 0
        return expected_errors(chance[~known], threshold, seen=chance[known], targets=states[known])

    def save(self, path: Path | str) -> None:
        """Write into a folder of its own: safetensors and JSON, whole or not at all.

        Raises ModelFileError where the place is full or cannot be written.
        """
        data = self._fitted()
        state = SuggesterState(data, self._first, self._columns, self._tuned, self.verdict, self._exact_limit)
        write_state(Path(path), state, self._heads)

    @classmethod
    def load(cls, path: Path | str) -> "Suggester":
        """Read what ``save`` wrote. Raises ModelFileError: gone, damaged, altered, of a newer version, or no
        such folder; a pickle is refused."""
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
        suffices = (data.labels >= 0).any(axis=1).sum() >= CPRFL_IMAGES and (
            data.labels == 1
        ).sum() >= CPRFL_YES
        return bool(suffices) and not missing

    def _try_cprfl(self, patches: NDArray[Any], seed: int, should_stop: Callable[[], bool] | None) -> None:
        from cprfl_core.fold_heads import train_fold_heads

        data, live = self._data, self.live
        assert data.text is not None
        heads, scores = train_fold_heads(
            patches,
            data.labels,
            data.text,
            seed=seed,
            options=self._options,
            start=self._start,
            should_stop=should_stop,
        )
        self.verdict = judge_part(live, scores, data.labels)
        if self.verdict.earned:
            self._heads, self._tuned = heads, scores.astype(np.float32)
            live.set_tuned(self._tuned)


def _live_of(state: SuggesterState) -> LiveLearner:
    """The learner as it was: first the collection, then what came later."""
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
