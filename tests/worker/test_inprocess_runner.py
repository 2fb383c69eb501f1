"""Jobs in the calling process: the same functions, the same terminal events."""

import threading
from types import SimpleNamespace

import pytest

from app.domain.errors import CancelledError, KnownError
from app.protocol import messages as m
from app.services.runner.runner import (
    Runner,
    WorkerBugError,
    WorkerCrashedError,
    WorkerFailedError,
    new_job_id,
    result_of,
)
from app.worker.context import JobContext, ProgressMeter
from app.worker.execution import Stopped
from app.worker.inprocess import InProcessRunner
from app.worker.jobs import job_table
from cprfl_core.common.errors import ImageError

DONE = m.IndexResult(embedded=2, failed=1, seconds=0.5)
COMMAND = m.DescribeBackbone(job="j", backbone="bundled")


def runner(job) -> Runner:
    return InProcessRunner({m.DescribeBackbone: job})


def test_a_job_tells_its_events_in_order_and_returns_its_terminal_event():
    def job(command: m.DescribeBackbone, context: JobContext) -> m.IndexResult:
        context.started(command.backbone, "cpu", "float32")
        context.warn("memory is short")
        context.progress("index", 3, 3)
        context.progress("index", 4, 4)
        return DONE

    heard: list[m.Event] = []
    assert runner(job).run(COMMAND, heard.append) == m.Completed(job="j", result=DONE)
    assert [type(event) for event in heard] == [m.Started, m.WorkerWarning, m.Progress, m.Progress]
    assert heard[-1].done == 4


def test_a_stopped_job_is_cancelled_with_what_is_kept():
    def job(command: m.DescribeBackbone, context: JobContext) -> m.IndexResult:
        if context.should_stop():
            raise Stopped(DONE)
        stop.set()
        return job(command, context)

    stop = threading.Event()
    assert runner(job).run(COMMAND, lambda _: None, stop.is_set) == m.Cancelled(job="j", result=DONE)


def test_a_job_cancelled_before_it_starts_does_not_run():
    def job(*_) -> m.IndexResult:
        pytest.fail("the job ran")

    assert runner(job).run(COMMAND, lambda _: None, lambda: True) == m.Cancelled(job="j")


def test_a_bug_in_the_listener_stops_the_job_and_is_raised_to_the_caller():
    def job(command: m.DescribeBackbone, context: JobContext) -> m.IndexResult:
        context.progress("index", 1)
        context.item_failed(1, "said after the bug")
        assert context.should_stop()
        raise Stopped(DONE)

    heard = []

    def listener(event: m.Event) -> None:
        heard.append(event)
        raise LookupError("the listener's bug")

    with pytest.raises(LookupError, match="listener's bug"):
        runner(job).run(COMMAND, listener)
    assert len(heard) == 1


def test_an_interrupt_inside_a_job_reaches_the_caller():
    def job(*_) -> m.IndexResult:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runner(job).run(COMMAND, lambda _: None)


def test_each_terminal_event_becomes_its_result_or_its_error():
    def fails(error: Exception):
        def job(*_) -> m.IndexResult:
            raise error

        return runner(job).run(COMMAND, lambda _: None)

    assert result_of(m.Completed(job="j", result=DONE), m.IndexResult) == DONE
    with pytest.raises(WorkerFailedError, match="no weights here"):
        result_of(fails(ImageError("no weights here")), m.IndexResult)
    with pytest.raises(WorkerBugError, match=r"(?s)ZeroDivisionError: oops.*Traceback"):
        result_of(fails(ZeroDivisionError("oops")), m.IndexResult)
    with pytest.raises(WorkerBugError, match="expected TextResult"):
        result_of(m.Completed(job="j", result=DONE), m.TextResult)
    with pytest.raises(CancelledError):
        result_of(m.Cancelled(job="j"), m.IndexResult)
    with pytest.raises(WorkerCrashedError, match="ended by SIGKILL") as caught:
        result_of(m.Crashed(job="j", message="ended by SIGKILL", log=("last",)), m.IndexResult)
    assert caught.value.log == ("last",)
    assert isinstance(caught.value, KnownError)
    assert new_job_id() != new_job_id()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_progress_tells_the_rate_of_the_last_seconds_and_what_remains():
    clock, heard = Clock(), []
    meter = ProgressMeter("j", heard.append, clock)
    meter.report("index", 0, 1000)
    assert heard[-1].rate is None and heard[-1].remaining is None
    clock.now += 50.0  # a slow start: 1 a second
    meter.report("index", 50, 1000)
    assert heard[-1].rate == pytest.approx(1.0)
    for _ in range(40):  # then 10 a second
        clock.now += 1.0
        meter.report("index", heard[-1].done + 10, 1000)
    assert heard[-1].rate == pytest.approx(10.0)
    assert heard[-1].remaining == pytest.approx((1000 - 450) / 10)


def test_a_new_stage_starts_a_new_rate():
    clock, heard = Clock(), []
    meter = ProgressMeter("j", heard.append, clock)
    meter.report("load", 0)
    clock.now += 1.0
    meter.report("load", 100)
    clock.now += 1.0
    meter.report("index", 0, 10)
    assert heard[-1].stage == "index" and heard[-1].rate is None
    clock.now += 2.0
    meter.report("index", 4, 10)
    assert heard[-1].rate == pytest.approx(2.0) and heard[-1].remaining == pytest.approx(3.0)


def test_held_back_progress_is_sent_once_by_a_flush():
    clock, heard = Clock(), []
    meter = ProgressMeter("j", heard.append, clock)
    for done in range(5):
        clock.now += 0.01
        meter.report("index", done, 5)
    assert [event.done for event in heard] == [0]
    meter.flush()
    meter.flush()
    assert [event.done for event in heard] == [0, 4]


@pytest.mark.slow
def test_a_job_for_another_image_model_loads_that_one_and_the_same_one_is_kept(monkeypatch):
    loaded = []

    def load(name, **_):
        loaded.append(name)
        return SimpleNamespace(
            key=f"key of {name}",
            embed_dim=4,
            patch_width=4,
            grid=(1, 1),
            device="cpu",
            precision="float32",
            text_side="prompts",
        )

    monkeypatch.setattr("cprfl_core.backbone.backbone.load_backbone", load)
    worker = InProcessRunner(job_table())
    keys = []
    for name in ("bundled", "bundled", "ViT-B-32@laion", "bundled"):
        terminal = worker.run(m.DescribeBackbone(job=new_job_id(), backbone=name), lambda _: None)
        keys.append(result_of(terminal, m.BackboneResult).key)
    assert keys == ["key of bundled", "key of bundled", "key of ViT-B-32@laion", "key of bundled"]
    assert loaded == ["bundled", "ViT-B-32@laion", "bundled"]


@pytest.mark.slow
def test_indexing_that_is_stopped_while_the_model_loads_does_not_look_for_an_engine(monkeypatch, tmp_path):
    stop = threading.Event()

    def load(name, **_):
        stop.set()
        return SimpleNamespace(key="k", device="cpu", precision="float32")

    monkeypatch.setattr("cprfl_core.backbone.backbone.load_backbone", load)
    monkeypatch.setattr(
        "cprfl_core.onnx.engine_choice.faster_encoder",
        lambda *_, **__: pytest.fail("it looked for an engine"),
    )
    command = m.IndexImages(
        job="j", backbone="bundled", expected_key="k", items=str(tmp_path / "items"), features=str(tmp_path)
    )
    assert InProcessRunner(job_table()).run(command, lambda _: None, stop.is_set) == m.Cancelled(job="j")
