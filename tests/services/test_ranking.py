import numpy as np
import pytest

from app.domain.labels import Decision, LabelState
from app.services.labelling import decide
from app.services.ranking import ABOVE, CLOSE, LIKELIEST, NO_THRESHOLD, undecided


class Scores:
    """Fixed probabilities of every category for the images 1, 2, 4 and 5; image 3 has no features."""

    def __init__(self, threshold):
        self.image_ids = np.array([1, 2, 4, 5])
        self._threshold = threshold

    def for_category(self, category_id):
        return np.array([0.2, 0.9, 0.5, 0.61], np.float32)

    def threshold(self, category_id):
        return self._threshold


def test_undecided_images_come_likeliest_first_with_a_reason(project):
    ranked = undecided(project, Scores(0.6), 1)
    assert [one.image_id for one in ranked] == [2, 5, 4, 1]
    assert [one.probability for one in ranked] == pytest.approx([0.9, 0.61, 0.5, 0.2])
    assert [one.reason for one in ranked] == [ABOVE, ABOVE, CLOSE, LIKELIEST]


def test_decided_images_are_left_out_for_their_category_alone(project):
    decide(project, [Decision(2, 1, LabelState.NO), Decision(4, 1, LabelState.YES)])
    assert [one.image_id for one in undecided(project, Scores(None), 1)] == [5, 1]
    assert [one.image_id for one in undecided(project, Scores(None), 2)] == [2, 5, 4, 1]


def test_without_a_threshold_the_reason_says_that_too_little_is_known(project):
    assert {one.reason for one in undecided(project, Scores(None), 1)} == {NO_THRESHOLD}
