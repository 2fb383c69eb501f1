"""The numbers behind the plots against brute force."""

import csv
import io
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.domain.insights import Insight, MapMethod, Table, per_minute
from app.domain.labels import Decision, LabelState, Source
from app.services.insights import pace as pace_module
from app.services.insights.counts import clustered, label_counts, together
from app.services.insights.decision_log import DecisionLog
from app.services.insights.files import csv_bytes
from app.services.insights.pace import pace
from app.services.insights.suggestions import agreement, quality, reliability
from app.services.insights.work import Sources, finish, table_of, work_of
from app.services.labelling.decisions import decide, redo, review, undo
from app.services.project.categories import add_categories
from app.services.query.find import build_context
from app.storage import ledger

YES, NO = LabelState.YES, LabelState.NO
CAT, DOG, BIRD = 1, 2, 3


@pytest.fixture
def clock(monkeypatch):
    """``clock.now`` is the time of the next step."""

    class Clock(datetime):
        moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

        @classmethod
        def now(cls, tz=None):
            return cls.moment

    monkeypatch.setattr(ledger, "datetime", Clock)
    return Clock


def say(project, image, category, state, score=None, *, source=Source.HUMAN):
    decide(project, [Decision(image, category, state, score, "live")], source=source)


def log_of(project):
    log = DecisionLog()
    finish(log.catch_up(project))
    return log


def test_counts_keep_given_and_implied_no_apart(project):
    say(project, 1, CAT, YES)
    say(project, 2, CAT, NO)
    say(project, 2, DOG, YES)
    review(project, [1, 3])
    found = label_counts(project, build_context(project))
    assert [(row.name, row.yes, row.no, row.implied) for row in found.rows] == [
        ("cat", 1, 1, 1),
        ("dog", 1, 0, 2),
        ("bird", 0, 0, 2),
    ]
    assert found.table().columns == ("category", "band", "yes", "no", "no_implied")


def test_categories_seen_together_are_counted_pair_by_pair(project):
    for image, categories in ((1, (CAT, DOG)), (2, (CAT, DOG)), (3, (CAT, BIRD)), (4, (CAT,))):
        for category in categories:
            say(project, image, category, YES)
    found = finish(together(build_context(project)))
    assert list(found.names) == ["cat", "dog", "bird"]
    assert [list(row) for row in found.counts] == [[4, 2, 1], [2, 2, 0], [1, 0, 1]]
    assert [row[:3] for row in found.table().rows] == [("dog", "cat", 2), ("bird", "cat", 1)]
    fewer = finish(together(build_context(project), most=2))
    assert list(fewer.names) == ["cat", "dog"]
    assert fewer.categories == 3


def test_categories_that_share_images_become_neighbours():
    """Two groups whose members occur together, shuffled."""
    groups = np.array([0, 1, 0, 1, 0, 1])
    counts = np.where(groups[:, None] == groups[None, :], 8, 0)
    np.fill_diagonal(counts, 10)
    order = groups[clustered(counts)]
    assert np.count_nonzero(np.diff(order)) == 1


def test_the_log_of_many_reads_equals_that_of_one(project, monkeypatch):
    grown = DecisionLog()
    for image in range(1, 6):
        say(project, image, CAT, YES, 0.9)
        finish(grown.catch_up(project))
    undo(project)
    undo(project)
    redo(project)
    monkeypatch.setattr("app.services.insights.decision_log.RANGE", 2)
    finish(grown.catch_up(project))
    whole = log_of(project)
    assert whole.entries.image_ids.tolist() == grown.entries.image_ids.tolist() == [1, 2, 3, 4, 5]
    assert whole.kept.tolist() == grown.kept.tolist() == [True, True, True, True, False]
    assert whole.times.tolist() == grown.times.tolist()


def test_reliability_compares_probabilities_with_first_answers_given_by_hand(project):
    say(project, 1, CAT, YES, 0.93)
    say(project, 2, CAT, NO, 0.97)
    say(project, 3, CAT, NO, 0.04)
    say(project, 4, CAT, YES, 0.5, source=Source.BULK)  # not one by one
    say(project, 5, CAT, YES)  # nothing was suggested
    say(project, 3, CAT, YES, 0.99)  # a second answer knows the first
    say(project, 4, DOG, YES, 0.02)
    undo(project)
    found = reliability(log_of(project))
    assert found.answers == 3
    assert [(one.predicted, one.observed.middle, one.answers) for one in found.bins] == [
        (pytest.approx(0.04), 0.0, 1),
        (pytest.approx(0.95), 0.5, 2),
    ]
    assert found.error == pytest.approx((0.04 + 2 * 0.45) / 3)
    assert [list(one.images) for one in found.bins] == [[3], [1, 2]]
    assert all(one.observed.low <= one.observed.middle <= one.observed.high for one in found.bins)


def test_agreement_counts_suggested_yes_and_unsuggested_no_in_blocks(project, monkeypatch):
    monkeypatch.setattr("app.services.insights.suggestions.LEAST_IN_BLOCK", 3)
    answers = [(1, CAT, YES, 0.9), (1, DOG, NO, 0.1), (2, CAT, YES, 0.2)]
    answers += [(2, DOG, NO, 0.7), (3, CAT, YES, 0.5), (3, DOG, NO, 0.4)]
    for answer in answers:
        say(project, *answer)
    found = agreement(log_of(project))
    numbers = [(b.first, b.last, b.yes, b.yes_suggested, b.no, b.no_not_suggested) for b in found.blocks]
    assert numbers == [(1, 3, 2, 1, 1, 1), (4, 6, 1, 1, 2, 1)]
    assert [list(one.images) for one in found.blocks] == [[1, 2], [2, 3]]


def test_pace_splits_sessions_at_pauses_and_leaves_out_what_was_not_done_by_hand(project, clock):
    for minute in (0, 1, 2, 3, 4, 30, 31):
        clock.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC) + timedelta(minutes=minute)
        say(project, 1 + minute % 5, CAT if minute < 10 else DOG, YES)
    clock.moment += timedelta(minutes=1)
    say(project, 4, BIRD, YES, source=Source.IMPORT)
    found = pace(log_of(project))
    assert [(one.decisions, one.images, one.minutes) for one in found.sessions] == [(5, 5, 4.0), (2, 2, 1.0)]
    assert per_minute(found.sessions[0]) == 1.0
    assert per_minute(found.sessions[1]) is None
    assert [(one.decisions, one.minutes) for one in found.days] == [(7, 5.0)]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/St_Johns"])
def test_days_are_those_of_the_machines_zone(project, clock, monkeypatch, zone):
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        moments = [datetime(2026, 3, 2, hour, 29, tzinfo=UTC) for hour in range(0, 24, 3)]
        for place, moment in enumerate(moments):
            clock.moment = moment
            say(project, 1 + place % 5, 1 + place // 5, YES)
        wanted = sorted({moment.astimezone().date() for moment in moments})
        found = pace(log_of(project))
        assert [one.day for one in found.days] == wanted
        assert sum(one.decisions for one in found.days) == len(moments)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_pauses_are_as_long_as_the_window_says():
    assert pace_module.PAUSE_SECONDS == 300


class Judge:
    """Stands in for live suggestions: a precision for categories that have one."""

    labelled_entries = 10

    def __init__(self, known):
        self.category_ids = tuple(known)
        self._known = known

    def precision(self, category_id, most=None):
        return self._known[category_id]


def test_quality_has_an_interval_and_counts_those_with_too_few_labels(project):
    for image in range(1, 4):
        say(project, image, CAT, YES)
    found = finish(quality(build_context(project), Judge({CAT: (0.75, 3), DOG: None})))
    assert [(row.name, row.yes) for row in found.rows] == [("cat", 3)]
    assert found.too_few == 2
    low, middle, high = found.rows[0].precision
    assert 0 <= low < middle == 0.75 < high <= 1


def test_every_insight_of_an_empty_project_is_an_empty_table(project):
    from app.domain.errors import KnownError

    def live():
        raise KnownError("no features")

    sources = Sources(project, build_context(project), live)
    for wanted in Insight:
        if wanted in (Insight.QUALITY, Insight.MAP):
            with pytest.raises(KnownError):
                finish(work_of(sources, wanted, method=MapMethod.TSNE))
        else:
            table = table_of(sources, wanted, finish(work_of(sources, wanted)))
            assert len(table.rows) == (3 if wanted is Insight.COUNTS else 0)


def test_a_category_that_looks_like_a_formula_is_guarded_in_a_file(project):
    add_categories(project, ["=1+1", "a, b"])
    data = csv_bytes(label_counts(project, build_context(project)).table())
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert rows[0][0] == "category"
    assert {row[0] for row in rows[1:]} == {"cat", "dog", "bird", "'=1+1", "a, b"}
    assert csv_bytes(Table(("x", "y"), [(1.5, None)])) == b"x,y\r\n1.5,\r\n"
