"""Steps in slices: what is handed over runs on another thread while the caller goes on."""

import threading

import pytest

from app.services.suggestions.step_runner import StepRunner
from cprfl_core.live import steps as live_steps
from cprfl_core.live.steps import aside, run_all


@pytest.fixture(autouse=True)
def nothing_is_small(monkeypatch):
    monkeypatch.setattr(live_steps, "SMALL", 0)


def test_the_caller_does_not_wait_for_what_runs_aside():
    release, threads, after = threading.Event(), [], []

    def slow():
        threads.append(threading.current_thread())
        assert release.wait(10)
        return 7

    def steps():
        yield
        found = yield from aside(slow, 1)
        after.append((found, threading.current_thread()))

    runner = StepRunner(steps())
    assert not runner.run(0.0)
    assert not runner.run(0.01)
    assert not runner.run(0.01)
    assert after == []
    release.set()
    while not runner.run(1.0):
        pass
    assert after == [(7, threading.current_thread())]
    assert threads[0] is not threading.current_thread()
    assert runner.run(0.0)


def test_an_error_aside_is_raised_where_its_result_is_needed():
    def broken():
        raise ZeroDivisionError

    def steps():
        with pytest.raises(ZeroDivisionError):
            yield from aside(broken, 1)
        raise KeyError("after")

    runner = StepRunner(steps())
    with pytest.raises(KeyError):
        while not runner.run(1.0):
            pass


def test_without_a_runner_it_is_computed_in_place():
    def steps():
        return (yield from aside(threading.current_thread, 1))

    assert run_all(steps()) is threading.current_thread()
