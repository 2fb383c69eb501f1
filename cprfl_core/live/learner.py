"""The live learner: scores for all images and categories of a collection, updated with each decision.

Shapes: N images of the collection, D embedding width, C categories, R requested rows, M images outside the
collection, E labelled entries. Label states are 1 (yes), 0 (no) and -1 (unknown).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.blend import MainSource, Parts, Shares, kernel_scale, kernel_score
from cprfl_core.calibration.platt import Calibration
from cprfl_core.closed_form.collection_kernel import CollectionKernel
from cprfl_core.closed_form.direction_rows import DirectionRows
from cprfl_core.closed_form.directions import centred_directions
from cprfl_core.closed_form.nystroem_ridge import NystroemRidge
from cprfl_core.common.errors import InputError
from cprfl_core.common.memory import trim_heap
from cprfl_core.live.evidence import LiveEvidence
from cprfl_core.live.label_matrix import EXACT_LIMIT, LabelMatrix
from cprfl_core.live.label_sampling import fixed_chance, labels_hash
from cprfl_core.live.leave_one_out import leave_one_out_parts
from cprfl_core.live.steps import Steps, run_all
from cprfl_core.live.text_scores import TextScores
from cprfl_core.live.tuned_part import TunedPart, join

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_BLOCK_ROWS = 512
_RELEASED_STEPS = 8
# With this many no a category without a yes is half as unsure as with none, one with a yes a quarter.
SOME_NO = 10.0


class LiveLearner:
    """Scores for every image and category, updated with each decision, without torch.

    Deterministic: scores depend only on embeddings, text scores and current labels, not on the order of the
    decisions (to 1e-9), so undo is exact. Beyond some ten thousand labels they also depend on when the
    weights were last fitted (live/evidence.py), and undo restores the previous scores. The score of a
    labelled entry is leave-one-out: the score without that label.
    """

    def __init__(
        self,
        embeddings: ArrayLike,
        zero_shot: ArrayLike | None = None,
        *,
        categories: int | None = None,
        trust: ArrayLike | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        """``embeddings`` [N, D] of the whole collection; ``zero_shot`` [N, C] cosines of image and text.

        Without aligned text give ``zero_shot=None`` and the number of ``categories``; a column of NaN is a
        category without a text. ``trust`` [C]: how much weight each text begins with (see TextScores).
        Beyond ``exact_limit`` labelled images kernel ridge uses landmarks.
        """
        rows = np.asarray(embeddings)
        if rows.ndim != 2 or not rows.size:
            raise InputError(f"Embeddings must be [images, width] with at least one image, got {rows.shape}.")
        self._space = centred_directions(rows)
        self._rows = DirectionRows(self._space, rows)
        self._text = TextScores(len(rows), zero_shot, categories, trust)
        self._labels = LabelMatrix(self._rows, self._text, exact_limit)
        self._kernel = CollectionKernel(self._rows)
        self._generation = self._labels.generation
        self._tuned = TunedPart(self.categories, len(rows))
        self._evidence = LiveEvidence(self._labels, self._text, self._tuned)

    @property
    def categories(self) -> int:
        return self._text.categories

    @property
    def images(self) -> int:
        return len(self._rows)

    @property
    def directions(self) -> DirectionRows:
        """The embeddings [N, D] in the learners' space: unit vectors from their mean."""
        return self._rows

    def yes_counts(self) -> NDArray[np.int64]:
        """Yes labels of each category, [C]."""
        return self._labels.discriminant.counts.copy()

    @property
    def known_entries(self) -> int:
        """Number of labels, yes and no."""
        return int(self._labels.ridge.known_counts.sum())

    def learned(self) -> NDArray[np.bool_]:
        """Categories [C] with at least one yes and one no; the probabilities of others are guesses."""
        yes = self._labels.discriminant.counts
        found: NDArray[np.bool_] = (yes > 0) & (self._labels.ridge.known_counts > yes)
        return found

    def learned_enough(self) -> NDArray[np.bool_]:
        """The learned categories [C]; none while several no are all of one image.

        So it is after an import of yes labels and one review: probabilities fitted to them are all alike and
        almost zero.
        """
        no = self._labels.ridge.known_counts - self._labels.discriminant.counts
        if no.max(initial=0) > 1 or no.sum() <= 1:
            return self.learned()
        images = np.count_nonzero((self._labels.ridge.states == 0).any(axis=1))
        return self.learned() & (images > 1)

    def state(self, row: int, category: int) -> int:
        """The label of one entry."""
        return self._labels.state(row, category)

    def states(self, category: int) -> NDArray[np.int8]:
        """The labels [N] of one category."""
        return self._labels.states(category)

    def states_rows(self, rows: ArrayLike) -> NDArray[np.int8]:
        """The labels [R, C] of some images."""
        return self._labels.states_rows(np.asarray(rows, dtype=np.intp))

    def all_states(self) -> NDArray[np.int8]:
        """The labels [N, C] of all categories."""
        return self._labels.all_states()

    def top_by_text(self, category: int, count: int) -> Ints:
        """Rows of the ``count`` images with the highest text scores; none without a text."""
        text = self._text.values[:, category]
        if not text.any():
            return np.zeros(0, dtype=np.intp)
        wanted = min(count, len(text))
        return np.argpartition(-text, wanted - 1)[:wanted].astype(np.intp)

    def set_label(self, row: int, category: int, state: int) -> None:
        """Set one label: 1 yes, 0 no, -1 unknown."""
        self.set_labels([row], [category], [state])

    def set_labels(self, rows: ArrayLike, categories: ArrayLike, states: ArrayLike) -> None:
        """Set many labels: three vectors of the same length, or scalars, which broadcast."""
        entries = self._labels.entries(rows, categories, states)
        before = self._labels.states_at(entries) if self._evidence.deferred else None
        self._labels.set(entries)
        mark = 0 if before is None else labels_hash(entries, before) ^ labels_hash(entries, entries.states)
        self._evidence.follow(mark)

    def set_states(self, states: ArrayLike) -> None:
        """Replace all labels at once: states [N, C]."""
        self._labels.set_all(np.asarray(states, dtype=np.int8))
        self._evidence.follow(0)
        self._text.release()
        if self._evidence.deferred:
            trim_heap()

    def add_category(self, zero_shot: ArrayLike | None = None, trust: float = 1.0) -> int:
        """Append a category, unknown everywhere, with cosines [N] if it has a text. Returns its index."""
        self._text.append(zero_shot, trust)
        self._labels.append_category(self._text.values[:, -1])
        self._tuned.append_category()
        self._evidence.append_category()
        return self.categories - 1

    def extend(self, embeddings: ArrayLike, zero_shot: ArrayLike | None = None) -> Ints:
        """Add images: embeddings [M, D], cosines [M, C]. Returns their rows.

        Statistics of the collection (mean, covariance, the scale of each text) are not updated, so the scores
        of other images do not change.
        """
        first, more = len(self._rows), len(np.asarray(embeddings))
        self._text.extend(zero_shot, more)
        self._rows.append(embeddings)
        self._labels.extend()
        self._kernel = CollectionKernel(self._rows)
        self._tuned.extend(more)
        return np.arange(first, len(self._rows), dtype=np.intp)

    def set_zero_shot(self, category: int, zero_shot: ArrayLike | None, trust: float = 1.0) -> None:
        """Replace a category's cosines [N] after a change of its text; None removes the text."""
        self._text.replace(category, zero_shot, trust)
        self._labels.replace_text(category, self._text.values[:, category])
        self._evidence.reset()

    def set_tuned(self, scores: ArrayLike | None) -> None:
        """Set the standardised scores [N, C] of a tuned head; None removes them.

        Scores of labelled images must be out of fold. A column of NaN is a category that the head does not
        cover, like categories added later; a single NaN counts as the mean.
        """
        self._tuned.set(scores)
        self._evidence.reset()

    def clear_category(self, category: int) -> None:
        """Remove all labels of a category; it keeps its index and its text."""
        self.set_labels(np.flatnonzero(self.states(category) >= 0), category, -1)

    def scores(self, category: int) -> NDArray[np.float32]:
        """Scores [N] of one category over the collection, uncalibrated logits.

        Exact while collection and labels are small enough (see CollectionKernel); beyond that, exact for the
        best candidates and a linear approximation for the rest.
        """
        weights, labels = self._evidence.weights(), self._labels
        count = np.float64(labels.discriminant.counts[category])
        bias, text, kernel, smoothed, discriminant = weights.at(count, category)
        own_bias, own_text, own_live = weights.departures[category]
        prior, spread = kernel_scale(count, labels.ridge.known_counts[category])
        tuned_bias, by_text, by_live, by_tuned = self._evidence.tuned_weights().at(count, category)
        by_live = by_live * (1 + own_live)
        factor = float(by_live * kernel / spread) if count else 0.0
        mixes = np.array([[factor, 0.0, -factor * float(prior)], [0.0, by_live * smoothed, 0.0]]).T
        both = np.stack([labels.ridge.expansion(category, mix) for mix in mixes.T], axis=1)
        fitted = None
        if isinstance(labels.ridge, NystroemRidge) and self._kernel.holds(len(labels.ridge.basis)):
            used = np.flatnonzero(labels.ridge.used)
            fitted = labels.images[used], labels.ridge.fitted(category, mixes)[used]
        other = np.float32(by_text * (text + own_text)) * self._text.values[:, category]
        lines = self._kernel.lines(labels.ridge, both)
        directed, products = labels.discriminant.score_all(category, self._rows, lines)
        other += np.float32(by_live * discriminant) * directed
        other += np.float32(bias + own_bias + tuned_bias)
        if by_tuned:
            other += np.float32(by_tuned) * self._tuned.of_category(category)
        self._follow_slots()
        floor = -factor * float(prior)
        found = self._kernel.sums(labels.ridge, both, floor, other, products, fitted=fitted)
        known = labels.ridge.known(category)
        if known.size:
            at = labels.images[known]
            plain = None if labels.exact else directed[at].astype(np.float64)
            found[at] = self._left_out(known, np.full(len(known), category, dtype=np.intp), plain)
        self._text.release()
        return found

    def left_out_scores(
        self, category: int, most: int | None = None
    ) -> tuple[Floats, NDArray[np.bool_], Floats]:
        """Scores [E] of the labelled images of one category, each without its own label, as from scores();
        whether each is a yes; and how many labelled images each represents.

        ``most``: at most this many yes and as many no, always the same ones.
        """
        known = self._labels.ridge.known(category)
        yes = self._labels.ridge.states[known, category] == 1
        chosen, weights = [], []
        for side in (known[yes], known[~yes]):
            taken = side
            if most is not None and len(side) > most:
                images = self._labels.images[side]
                chance = fixed_chance(images, np.full(len(images), category, dtype=np.intp))
                taken = side[np.argsort(chance, kind="stable")[:most]]
            chosen.append(taken)
            weights.append(np.full(len(taken), len(side) / max(1, len(taken))))
        slots = np.concatenate(chosen)
        answers = np.arange(len(slots)) < len(chosen[0])
        if not slots.size:
            return np.empty(0), answers, np.empty(0)
        scores = self._left_out(slots, np.full(len(slots), category, dtype=np.intp))
        self._text.release()
        self._rows.release()
        return scores, answers, np.concatenate(weights)

    def probabilities(self, category: int) -> Floats:
        """Calibrated probabilities [N] of one category over the collection."""
        return self.calibration().category_probabilities(category, self.scores(category))

    def scores_rows(self, rows: ArrayLike) -> Floats:
        """Exact scores [R, C] of some images."""
        return self._score_rows(rows).score

    def probabilities_rows(self, rows: ArrayLike) -> Floats:
        """Calibrated probabilities [R, C] of some images."""
        return self.calibration().probabilities(self.scores_rows(rows))

    def suggest_rows(self, rows: ArrayLike) -> tuple[Floats, NDArray[np.int8]]:
        """Calibrated probabilities [R, C] of some images, and the MainSource of each."""
        shares = self._score_rows(rows)
        return self.calibration().probabilities(shares.score), MainSource.of(shares)

    def score_embeddings(
        self, embeddings: ArrayLike, zero_shot: ArrayLike | None = None, tuned: ArrayLike | None = None
    ) -> Floats:
        """Scores [M, C] of images outside the collection: embeddings [M, D], cosines [M, C] or None.

        ``tuned`` [M, C] as for set_tuned; without it the tuned head is ignored.
        """
        x = self._space.transform(embeddings)
        text = self._text.of_others(zero_shot, len(x))
        by_head = self._tuned.outside(tuned, text.shape)
        parts = [slice(i, i + _BLOCK_ROWS) for i in range(0, max(len(x), 1), _BLOCK_ROWS)]
        return np.concatenate(
            [self._combined(x[i], text[i], None if by_head is None else by_head[i]).score for i in parts]
        )

    def probabilities_embeddings(
        self, embeddings: ArrayLike, zero_shot: ArrayLike | None = None, tuned: ArrayLike | None = None
    ) -> Floats:
        """Calibrated probabilities [M, C] of images outside the collection."""
        return self.calibration().probabilities(self.score_embeddings(embeddings, zero_shot, tuned))

    def calibration(self) -> Calibration:
        """The current calibration; ``enough`` marks categories with enough yes labels."""
        found = self._evidence.curve().calibration
        self._text.release()
        yes = self._labels.discriminant.counts
        no = self._labels.ridge.known_counts - yes
        few = SOME_NO / (SOME_NO + no)
        unsure = np.where(self.learned(), few**2, np.where(yes > 0, 1.0, few))
        return replace(found, positives=yes.copy(), unsure=unsure)

    @property
    def due(self) -> bool:
        """True if the labels have changed enough to make `refresh_steps` worthwhile."""
        return self._evidence.due

    def refresh_steps(self) -> Steps[None]:
        """Refit weights and calibration; see LiveEvidence."""
        for at, step in enumerate(self._evidence.refresh_steps()):
            yield step
            if at % _RELEASED_STEPS == 0:
                self._text.release()
        self._text.release()

    def refresh(self) -> None:
        """Refit in one go, if it is due."""
        if self.due:
            run_all(self.refresh_steps())

    def _score_rows(self, rows: ArrayLike) -> Shares:
        row = np.atleast_1d(np.asarray(rows, dtype=np.intp))
        text = self._text.values[row].astype(np.float64)
        shares = self._combined(self._rows[row], text, self._tuned.of_rows(row))
        slot = self._labels.slots[row]
        labelled = np.flatnonzero(slot >= 0)
        at, category = np.nonzero(self._labels.ridge.states[slot[labelled]] >= 0)
        if at.size:
            shares.score[labelled[at], category] = self._left_out(slot[labelled[at]], category)
        self._text.release()
        self._rows.release()
        return shares

    def _combined(self, x: NDArray[np.float32], text: Floats, tuned: Floats | None) -> Shares:
        """Score and shares [R, C] of unlabelled images."""
        weights, ridge, discriminant = self._evidence.weights(), self._labels.ridge, self._labels.discriminant
        counts = discriminant.counts.astype(np.float64)
        prior, spread = kernel_scale(counts, ridge.known_counts)
        targets, side, ones = ridge.predict(ridge.kernel(x))
        kernel = np.where(counts > 0, kernel_score(targets, ones, prior, spread), 0.0)
        parts = Parts(text, kernel, side, discriminant.scores(x))
        every = np.arange(self.categories)
        return join(
            self._evidence.tuned_weights(), weights.combine(parts, counts, every), tuned, counts, every
        )

    def _left_out(self, slots: Ints, categories: Ints, plain: Floats | None = None) -> Floats:
        parts, counts = leave_one_out_parts(self._labels, self._text, slots, categories, plain)
        others = self._evidence.weights().combine(parts, counts, categories)
        tuned = self._tuned.at(categories, self._labels.images[slots])
        return join(self._evidence.tuned_weights(), others, tuned, counts, categories).score

    def _follow_slots(self) -> None:
        """Drop cached kernel columns of slots whose image has changed."""
        if self._generation != self._labels.generation:
            self._generation = self._labels.generation
            self._kernel.forget_all()
        for slot in self._labels.take_changed_slots():
            self._kernel.forget(slot)
