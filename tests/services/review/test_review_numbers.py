"""The numbers of the board against brute force."""

import itertools

import numpy as np
import pytest

from app.domain.categories import Band, BandCuts, Category
from app.domain.labels import Decision, LabelState, Origin, Source
from app.domain.review import BoardRow, Card, Estimate, Interval, Step
from app.services.labelling import decisions as labelling
from app.services.review.board import (
    estimate,
    expected_gain,
    hidden_positives,
    images_until,
    make_board,
)
from app.services.review.decisions import decide_cards
from app.services.review.queue import usable_images
from app.services.suggestions.intervals import precision_interval
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import audits, labels, ledger

YES, NO = LabelState.YES, LabelState.NO


def convolved(chances):
    """The exact distribution of a Poisson-binomial count."""
    found = np.array([1.0])
    for chance in chances:
        found = np.convolve(found, [1 - chance, chance])
    return found


def brute_force_span(chances, yes, drawn=(), answers=()):
    """Nine in ten of the exact mixture over a fine grid of shifts, and the middle at the likeliest shift."""
    shifts = np.linspace(-4, 4, 321)
    total, best = np.zeros(len(chances) + 1), (-np.inf, 0.0)
    norm = 0.0
    for shift in shifts:

        def moved(p, shift=shift):
            return 1 / (1 + np.exp(-(np.log(p) - np.log1p(-p) + shift)))

        log_weight = -0.5 * yes * shift**2
        for p, answer in zip(drawn, answers, strict=True):
            log_weight += np.log(moved(p) if answer else 1 - moved(p))
        best = max(best, (log_weight, float(moved(np.asarray(chances)).sum())))
        total += np.exp(log_weight) * convolved(moved(np.asarray(chances)))
        norm += np.exp(log_weight)
    share = np.cumsum(total / norm)
    return np.searchsorted(share, 0.05), best[1], np.searchsorted(share, 0.95)


@pytest.mark.parametrize(
    ("yes", "drawn", "answers"),
    [(4, [], []), (40, [], []), (6, [0.02, 0.05, 0.3, 0.02], [False, True, True, False])],
)
def test_the_range_of_hidden_positives_is_that_of_the_exact_mixture(yes, drawn, answers):
    chances = np.concatenate([np.linspace(0.3, 0.95, 14), np.linspace(0.001, 0.2, 60)])
    low, middle, high = brute_force_span(chances, yes, drawn, answers)
    span = hidden_positives(chances, yes, np.array(drawn), np.array(answers, bool))
    assert span.low == pytest.approx(low, abs=1)
    assert span.high == pytest.approx(high, abs=1)
    assert span.middle == pytest.approx(middle, rel=0.03)


def test_without_a_draw_the_middle_is_the_sum_of_the_chances():
    chances = np.random.default_rng(0).beta(0.3, 3, 5000)
    span = hidden_positives(chances, 10)
    assert span.middle == pytest.approx(chances.sum())
    assert span.low < span.middle < span.high


def test_more_examples_and_a_draw_make_the_range_narrower():
    chances = np.full(400, 0.05)
    few, many = hidden_positives(chances, 4), hidden_positives(chances, 100)
    assert many.high - many.low < few.high - few.low
    drawn = np.full(200, 0.05)
    told = hidden_positives(chances, 4, drawn, np.arange(200) < 10)
    assert told.high - told.low < few.high - few.low
    doubled = hidden_positives(chances, 4, drawn, np.arange(200) < 30)
    assert doubled.middle > 1.5 * told.middle


def test_nothing_undecided_hides_nothing():
    assert hidden_positives(np.empty(0), 5) == Interval(0, 0, 0)


def test_the_interval_of_an_average_precision_holds_it_and_narrows():
    """The logit interval of Boyd, Eng and Page, worked by hand for 0.4 and 25 positives at nine in ten."""
    span = precision_interval(0.4, 25)
    assert span.low == pytest.approx(0.2541, abs=1e-3)
    assert span.high == pytest.approx(0.5661, abs=1e-3)
    for ap, yes in itertools.product((0.0, 0.01, 0.5, 1.0), (3, 20, 500)):
        found = precision_interval(ap, yes)
        assert 0 <= found.low <= found.middle <= found.high <= 1
        assert found.middle == ap


def test_gain_and_effort_from_the_sorted_chances():
    best = np.array([0.9, 0.8, 0.5, 0.1])
    assert expected_gain(best, 1, cards=2) == pytest.approx(1.7 / (2 * 3.3))
    assert images_until(best, 1) == 2
    assert images_until(best, 2) == 3
    assert images_until(best, 3) is None
    assert images_until(best, 0) is None


def test_rows_come_tail_first_and_say_what_to_do_next():
    categories = [Category(1, "zebra"), Category(2, "serval"), Category(3, "grass"), Category(4, "aardwolf")]
    counts = np.array([[10, 30], [6, 4], [50, 50], [0, 0]])
    board = make_board(categories, counts, 100, BandCuts(), 90)
    assert [row.name for row in board.rows] == ["aardwolf", "serval", "zebra", "grass"]
    assert [row.band for row in board.rows] == [Band.TAIL, Band.TAIL, Band.MEDIUM, Band.MEDIUM]
    assert [row.step for row in board.rows] == [Step.FIND, Step.REVIEW, Step.REVIEW, Step.CHECK]
    assert [row.verified for row in board.rows] == [0, 0.1, 0.4, 1]
    assert [row.round_size for row in board.rows] == [40, 40, 40, 0]
    spent = Estimate(Interval(0, 0.1, 0), None, 0.0)
    assert BoardRow(1, "zebra", Band.MEDIUM, 30, 10, 100, spent).step is Step.CHECK


@pytest.fixture
def live(project):
    """Five images; the cat is decided on four of them as the project has it."""
    vectors = np.array([[1, 0], [0.98, 0.2], [0.9, 0.43], [0, 1], [0.95, 0.3]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labelling.decide(project, [Decision(i, 1, YES) for i in (1, 2, 3)] + [Decision(4, 1, NO)])
    states = np.full((5, 2), -1, np.int8)
    states[:, 0] = [1, 1, 1, 0, -1]
    return LiveSuggestions(np.arange(1, 6), vectors, [Category(1, "cat"), Category(2, "dog")], None, states)


def test_an_estimate_rests_on_the_undecided_images_that_can_be_shown(project, live):
    found = estimate(project, live, 1, usable_images(project, live))
    assert found.hidden.middle == pytest.approx(float(live.for_category(1)[4]))
    assert found.ap.middle == pytest.approx(live.average_precision(1))
    assert estimate(project, live, 2, usable_images(project, live)).hidden is None


def test_answers_on_drawn_images_are_found_and_those_of_reviewed_ones_left_out(project):
    cards = [Card(i, 0.1, "", Origin("likely audit", 0.2)) for i in (1, 2)]
    decide_cards(project, 1, cards[:1], YES)
    decide_cards(project, 1, cards[1:], NO)
    decide_cards(project, 1, [Card(3, 0.9, "", Origin("likely", 1.0))], YES)
    labelling.decide(project, [Decision(4, 1, YES), Decision(5, 1, YES)], origin=Origin("random", 0.1))
    labelling.review(project, [5])
    with project.db.read() as s:
        assert audits.labels_of_drawn_images(s, 1, ("likely audit",), ("random",)) == {1: 1, 2: 0, 4: 1}


def test_a_stack_is_one_bulk_step_whose_copies_say_that_nobody_looked_at_them(project):
    card = Card(1, 0.7, "", Origin("likely", 1.0), copies=(2, 3))
    change = decide_cards(project, 1, [card], YES, speakers={1: "live"})
    assert change.source is Source.BULK
    with project.db.read() as s:
        entries = ledger.entries_of(s, change.batch_id)
        assert all(one.source is Source.BULK for i in (1, 2, 3) for one in labels.explicit_of(s, i))
    told = [(one.image_id, one.queue, one.inclusion, one.score, one.model) for one in entries]
    assert told == [
        (1, "likely", 1.0, 0.7, "live"),
        (2, "likely copy", None, None, None),
        (3, "likely copy", None, None, None),
    ]
    labelling.undo(project)
    assert set(labelling.image_states(project, 2).values()) == {LabelState.UNKNOWN}
    alone = decide_cards(project, 1, [Card(4, 0.2, "", Origin("random", 0.5))], NO)
    assert (alone.source, alone.description) == (Source.HUMAN, "No for 'cat' on 'three.png'")
