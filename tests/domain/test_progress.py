"""Rates and remaining times that a person can believe."""

import pytest

from app.domain.progress import RateMeter


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_nothing_is_claimed_before_something_was_measured(clock):
    meter = RateMeter("read", 10, clock=clock)
    clock.now += 0.1
    progress = meter.progress(3)
    assert (progress.stage, progress.done, progress.total) == ("read", 3, 10)
    assert progress.rate is None
    assert progress.remaining is None


def test_a_steady_rate_is_met_exactly_however_often_it_is_asked(clock):
    meter = RateMeter("read", 1000, clock=clock)
    for done in range(1, 501):
        clock.now += 0.05
        progress = meter.progress(done)
    assert progress.rate == pytest.approx(20)
    assert progress.remaining == pytest.approx(25)


def test_what_was_finished_before_is_not_part_of_the_rate(clock):
    meter = RateMeter("receive", 1000, done=600, in_bytes=True, clock=clock)
    clock.now += 2
    progress = meter.progress(700)
    assert progress.rate == pytest.approx(50)
    assert progress.remaining == pytest.approx(6)
    assert progress.in_bytes


def test_the_rate_follows_a_disk_that_slows_down(clock):
    meter = RateMeter("read", 10_000, memory=10, clock=clock)
    clock.now += 1
    meter.progress(100)
    done = 100
    for _ in range(30):
        clock.now += 1
        done += 10
        progress = meter.progress(done)
    # Three memories later e^-3 of the difference is left: 10 + 90 e^-3.
    assert progress.rate == pytest.approx(14.48, abs=0.01)


def test_without_a_total_there_is_a_rate_and_no_remaining_time(clock):
    meter = RateMeter("look", clock=clock)
    clock.now += 2
    progress = meter.progress(10)
    assert (progress.rate, progress.remaining) == (5, None)


def test_a_halt_leaves_no_division_by_zero(clock):
    meter = RateMeter("read", 10, clock=clock)
    clock.now += 1
    assert meter.progress(0).remaining is None
