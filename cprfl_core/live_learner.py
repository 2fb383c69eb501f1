"""Scores for every image and category of a collection that follow each decision at once, without torch.

Shapes: N images of the collection, D embedding width, C categories, R rows asked for, M images from outside,
E labelled entries. Label states are 1 (yes), 0 (no) and -1 (unknown).
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.blend import Parts, Shares, Speaker, kernel_scale, likeness
from cprfl_core.calibration import Calibration
from cprfl_core.closed_form import centred_directions
from cprfl_core.collection_kernel import CollectionKernel
from cprfl_core.entry_sample import mark_of
from cprfl_core.errors import InputError
from cprfl_core.freed_memory import give_back
from cprfl_core.labelled_rows import EXACT_LIMIT, LabelledRows
from cprfl_core.left_out import left_out_parts
from cprfl_core.live_evidence import LiveEvidence
from cprfl_core.text_scores import TextScores
from cprfl_core.tuned_part import TunedPart, join

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_BLOCK_ROWS = 512


class LiveLearner:
    """Scores for every image and category that follow each decision at once, without torch.

    Deterministic: scores depend on the embeddings, the text scores and the present labels alone, not on the
    order in which the labels came (to 1e-9), so that undo is exact. Beyond some ten thousand labels they also
    depend on when the learners were last weighed (live_evidence), and undo brings back the scores of before.
    The score of an entry that carries a label is leave-one-out: what the machine says without that answer.
    """

    def __init__(
        self,
        embeddings: ArrayLike,
        zero_shot: ArrayLike | None = None,
        *,
        categories: int | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        """``embeddings`` [N, D] of the whole collection; ``zero_shot`` [N, C] cosines of image and text.

        Without aligned text give ``zero_shot=None`` and the number of ``categories``; a column of NaN stands
        for a category without a text. Beyond ``exact_limit`` labelled images kernel ridge goes by landmarks.
        """
        rows = np.asarray(embeddings)
        if rows.ndim != 2 or not rows.size:
            raise InputError(f"Embeddings must be [images, width] with at least one image, got {rows.shape}.")
        self._space = centred_directions(rows)
        self._rows = self._space.transform(rows)
        self._text = TextScores(len(rows), zero_shot, categories)
        self._labels = LabelledRows(self._rows, self._text.values, exact_limit)
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
    def directions(self) -> NDArray[np.float32]:
        """The embeddings [N, D] in the learners' space: unit vectors from their mean. Read only."""
        return self._rows

    def yes_counts(self) -> NDArray[np.int64]:
        """Yes labels of each category, [C]."""
        return self._labels.discriminant.counts.copy()

    def state(self, row: int, category: int) -> int:
        """The label of one entry."""
        return self._labels.state(row, category)

    def states(self, category: int) -> NDArray[np.int8]:
        """The labels [N] of one category."""
        return self._labels.states(category)

    def all_states(self) -> NDArray[np.int8]:
        """The labels [N, C] of all categories."""
        return self._labels.all_states()

    def liked_by_text(self, category: int, count: int) -> Ints:
        """Rows of the ``count`` images that a category's text likes best; none without a text."""
        said = self._text.values[:, category]
        if not said.any():
            return np.zeros(0, dtype=np.intp)
        wanted = min(count, len(said))
        return np.argpartition(-said, wanted - 1)[:wanted].astype(np.intp)

    def set_label(self, row: int, category: int, state: int) -> None:
        """One decision: 1 yes, 0 no, -1 unknown again."""
        self.set_labels([row], [category], [state])

    def set_labels(self, rows: ArrayLike, categories: ArrayLike, states: ArrayLike) -> None:
        """Many decisions: three vectors of one length, or single numbers that hold for all."""
        entries = self._labels.entries(rows, categories, states)
        before = self._labels.states_at(entries) if self._evidence.lasting else None
        self._labels.set(entries, self._text.values)
        mark = 0 if before is None else mark_of(entries, before) ^ mark_of(entries, entries.states)
        self._evidence.follow(mark)

    def set_states(self, states: ArrayLike) -> None:
        """Replace all labels at once: states [N, C]."""
        self._labels.set_all(np.asarray(states, dtype=np.int8), self._text.values)
        self._evidence.follow(0)
        if self._evidence.lasting:
            give_back()

    def add_category(self, zero_shot: ArrayLike | None = None) -> int:
        """Append a category, unknown everywhere, with its cosines [N] if it has a text. Returns its index."""
        self._text.append(zero_shot)
        self._labels.append_category(self._text.values[:, -1])
        self._tuned.append_category()
        self._evidence.append_category()
        return self.categories - 1

    def extend(self, embeddings: ArrayLike, zero_shot: ArrayLike | None = None) -> Ints:
        """Take in images that came later: embeddings [M, D], cosines [M, C]. Returns their rows.

        They take part from their first label on. What the collection itself has taught (its mean and
        covariance, the scale of each text) stays as it is, so no other image's score changes.
        """
        more = self._space.transform(embeddings)
        self._text.extend(zero_shot, len(more))
        first = len(self._rows)
        self._rows = np.concatenate([self._rows, more])
        self._labels.extend(self._rows)
        self._kernel = CollectionKernel(self._rows)
        self._tuned.extend(len(more))
        return np.arange(first, len(self._rows), dtype=np.intp)

    def set_zero_shot(self, category: int, zero_shot: ArrayLike | None) -> None:
        """Replace a category's cosines [N] after a change of its text; None takes the text away."""
        self._text.replace(category, zero_shot)
        self._labels.replace_text(category, self._text.values[:, category])
        self._evidence.reset()

    def set_tuned(self, scores: ArrayLike | None) -> None:
        """Standardised scores [N, C] of a tuned head join from now on; None takes them away.

        Those of labelled images must be out of fold. A column of NaN is a category that the head does not
        speak about, and categories that are added later are such; a single NaN counts as an average image.
        """
        self._tuned.set(scores)
        self._evidence.reset()

    def clear_category(self, category: int) -> None:
        """Forget every label of a category; it keeps its index and its text."""
        self.set_labels(np.flatnonzero(self.states(category) >= 0), category, -1)

    def scores(self, category: int) -> NDArray[np.float32]:
        """Scores [N] of one category over the collection, on the logit scale before calibration.

        Exact as long as collection and labelled images are few enough (collection_kernel); beyond, exact for
        the best candidates and on a straight line through the kernel for the rest.
        """
        weights, labels = self._evidence.weights(), self._labels
        count = np.float64(labels.discriminant.counts[category])
        bias, text, kernel, smoothed, discriminant = weights.at(count, category)
        own_bias, own_text, own_live = weights.departures[category]
        prior, spread = kernel_scale(count, labels.ridge.known_counts[category])
        tuned_bias, by_text, by_live, by_tuned = self._evidence.joining().at(count, category)
        by_live = by_live * (1 + own_live)
        worth = float(by_live * kernel / spread) if count else 0.0
        alike = labels.ridge.expansion(category, [worth, 0.0, -worth * float(prior)])
        rest = labels.ridge.expansion(category, [0.0, by_live * smoothed, 0.0])
        other = np.float32(by_text * (text + own_text)) * self._text.values[:, category]
        directed = labels.discriminant.score_category(category, self._rows)
        other += np.float32(by_live * discriminant) * directed
        other += np.float32(bias + own_bias + tuned_bias)
        if by_tuned:
            other += np.float32(by_tuned) * self._tuned.of_category(category)
        self._follow_slots()
        found = self._kernel.sums(labels.ridge, alike, -worth * float(prior), rest, other)
        known = labels.ridge.known(category)
        if known.size:
            at = labels.images[known]
            plain = None if labels.exact else directed[at].astype(np.float64)
            found[at] = self._left_out(known, np.full(len(known), category, dtype=np.intp), plain)
        return found

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
        """Calibrated probabilities [R, C] of some images, and who says most: a blend.Speaker each."""
        shares = self._score_rows(rows)
        return self.calibration().probabilities(shares.score), Speaker.of(shares)

    def score_embeddings(
        self, embeddings: ArrayLike, zero_shot: ArrayLike | None = None, tuned: ArrayLike | None = None
    ) -> Floats:
        """Scores [M, C] of images outside the collection: embeddings [M, D], cosines [M, C] or None.

        ``tuned`` as for set_tuned, [M, C]; where there is a tuned head and these are not given, the score is
        that without it.
        """
        x = self._space.transform(embeddings)
        text = self._text.of_others(zero_shot, len(x))
        said = self._tuned.outside(tuned, text.shape)
        parts = [slice(i, i + _BLOCK_ROWS) for i in range(0, max(len(x), 1), _BLOCK_ROWS)]
        return np.concatenate(
            [self._combined(x[i], text[i], None if said is None else said[i]).score for i in parts]
        )

    def probabilities_embeddings(
        self, embeddings: ArrayLike, zero_shot: ArrayLike | None = None, tuned: ArrayLike | None = None
    ) -> Floats:
        """Calibrated probabilities [M, C] of images outside the collection."""
        return self.calibration().probabilities(self.score_embeddings(embeddings, zero_shot, tuned))

    def calibration(self) -> Calibration:
        """The calibration in force; ``enough`` tells for which categories there are examples enough."""
        found = self._evidence.curve().calibration
        return replace(found, positives=self.yes_counts())

    @property
    def due(self) -> bool:
        """Whether the labels have moved so far that `refreshing` is worth its time."""
        return self._evidence.due

    def refreshing(self) -> Iterator[None]:
        """Weigh the learners and calibrate anew, a pause after each bit; see LiveEvidence."""
        return self._evidence.refreshing()

    def refresh(self) -> None:
        """The same in one go, if it is due: for work that nobody waits for between two decisions."""
        if self.due:
            for _ in self.refreshing():
                pass

    def _score_rows(self, rows: ArrayLike) -> Shares:
        row = np.atleast_1d(np.asarray(rows, dtype=np.intp))
        text = self._text.values[row].astype(np.float64)
        shares = self._combined(self._rows[row], text, self._tuned.of_rows(row))
        slot = self._labels.slots[row]
        labelled = np.flatnonzero(slot >= 0)
        at, category = np.nonzero(self._labels.ridge.states[slot[labelled]] >= 0)
        if at.size:
            shares.score[labelled[at], category] = self._left_out(slot[labelled[at]], category)
        return shares

    def _combined(self, x: NDArray[np.float32], text: Floats, tuned: Floats | None) -> Shares:
        """Score and shares [R, C] of images that carry no label."""
        weights, ridge, discriminant = self._evidence.weights(), self._labels.ridge, self._labels.discriminant
        counts = discriminant.counts.astype(np.float64)
        prior, spread = kernel_scale(counts, ridge.known_counts)
        targets, side, ones = ridge.predict(ridge.kernel(x))
        alike = np.where(counts > 0, likeness(targets, ones, prior, spread), 0.0)
        parts = Parts(text, alike, side, discriminant.scores(x))
        every = np.arange(self.categories)
        return join(self._evidence.joining(), weights.combine(parts, counts, every), tuned, counts, every)

    def _left_out(self, slots: Ints, categories: Ints, plain: Floats | None = None) -> Floats:
        parts, counts = left_out_parts(self._labels, self._text, slots, categories, plain)
        others = self._evidence.weights().combine(parts, counts, categories)
        tuned = self._tuned.at(categories, self._labels.images[slots])
        return join(self._evidence.joining(), others, tuned, counts, categories).score

    def _follow_slots(self) -> None:
        """Tell the kernel cache which slots hold other images than before."""
        if self._generation != self._labels.generation:
            self._generation = self._labels.generation
            self._kernel.forget_all()
        for slot in self._labels.take_moved():
            self._kernel.forget(slot)
