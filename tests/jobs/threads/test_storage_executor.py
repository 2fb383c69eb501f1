"""The storage executor runs service calls in order on one thread and delivers on the window's thread."""

import logging
import threading
import time

import pytest
from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.domain.changes import ChangeSet, LabelChange
from app.domain.errors import BadInputError, CancelledError, DatabaseBusyError, KnownError, ProjectError
from app.domain.labels import LabelState
from app.jobs.threads.storage_executor import Delay, OperationKind, StorageExecutor

CHANGE = ChangeSet(batch_id=1, labels=(LabelChange(1, 2, LabelState.UNKNOWN, LabelState.YES),))


class Receiver(QObject):
    got = Signal()

    def __init__(self):
        super().__init__()
        self.values = []
        self.errors = []
        self.threads = []

    @Slot(object)
    def take(self, value):
        self.values.append(value)
        self.threads.append(
            QThread.currentThread() is self.thread() or QThread.currentThread() == self.thread()
        )
        self.got.emit()

    @Slot(object)
    def refuse(self, error):
        self.errors.append(error)
        self.got.emit()


class Gate:
    """A call that waits until it is let through, so that a test decides what is queued behind it."""

    def __init__(self):
        self.open = threading.Event()
        self.entered = threading.Event()

    def __call__(self, value=None):
        self.entered.set()
        assert self.open.wait(5)
        return value


@pytest.fixture
def executor(qapp):
    executor = StorageExecutor()
    yield executor
    assert executor.close(5)


@pytest.fixture
def receiver(qapp):
    return Receiver()


@pytest.fixture
def heard(executor):
    """Everything that the executor says to the whole window."""

    class Heard(QObject):
        def __init__(self):
            super().__init__()
            self.changes, self.sentences, self.bugs, self.reports, self.order = [], [], [], [], []

        def on_changed(self, change):
            self.changes.append(change)
            self.order.append("changed")

        def on_known(self, sentence):
            self.sentences.append(sentence)

        def on_bug(self, text):
            self.bugs.append(text)

        def on_finished(self, report):
            self.reports.append(report)

    heard = Heard()
    executor.changed.connect(heard.on_changed)
    executor.known_error.connect(heard.on_known)
    executor.bug.connect(heard.on_bug)
    executor.finished.connect(heard.on_finished)
    return heard


def settle(qtbot, executor):
    qtbot.waitUntil(lambda: executor.pending == 0, timeout=5000)


def test_an_answer_arrives_on_the_threads_of_the_window_and_is_made_on_another(qtbot, executor, receiver):
    executor.query(threading.get_ident, then=receiver.take)
    qtbot.waitUntil(lambda: receiver.values != [])
    assert receiver.values[0] != threading.get_ident()
    assert receiver.threads == [True]


def test_all_operations_run_on_one_thread_in_order(qtbot, executor, receiver):
    seen = []

    def note(number):
        seen.append((number, threading.get_ident()))
        return number

    for number in range(50):
        executor.query(note, number, then=receiver.take)
    settle(qtbot, executor)
    assert receiver.values == list(range(50))
    assert [number for number, _ in seen] == list(range(50))
    assert len({thread for _, thread in seen}) == 1


def test_a_mutation_tells_every_view_before_its_own_receiver(qtbot, executor, receiver, heard):
    receiver.got.connect(lambda: heard.order.append("then"))
    executor.mutate(lambda: CHANGE, then=receiver.take)
    settle(qtbot, executor)
    assert heard.changes == [CHANGE]
    assert heard.order == ["changed", "then"]


def test_a_report_that_carries_its_change_counts_as_a_mutation(qtbot, executor, receiver, heard):
    class Report:
        change = CHANGE

    report = Report()
    executor.mutate(lambda: report, then=receiver.take)
    settle(qtbot, executor)
    assert heard.changes == [CHANGE]
    assert receiver.values == [report]


def test_a_mutation_that_changed_nothing_wakes_nobody(qtbot, executor, receiver, heard):
    executor.mutate(ChangeSet, then=receiver.take)
    settle(qtbot, executor)
    assert heard.changes == []
    assert receiver.values == [ChangeSet()]


def test_a_mutation_that_does_not_say_what_changed_is_a_bug(qtbot, executor, heard):
    executor.mutate(lambda: 5)
    settle(qtbot, executor)
    assert "a mutation returns a ChangeSet" in heard.bugs[0]


def test_decisions_overtake_the_queries_that_wait(qtbot, executor, receiver):
    gate, order = Gate(), []
    executor.query(gate, then=receiver.take)
    assert gate.entered.wait(5)
    for name in ("first", "second"):
        executor.query(order.append, name, then=receiver.take)

    def decide(name):
        order.append(name)
        return ChangeSet()

    executor.mutate(decide, "yes")
    executor.mutate(decide, "no")
    gate.open.set()
    settle(qtbot, executor)
    assert order == ["yes", "no", "first", "second"]


def test_a_known_error_is_one_sentence_and_not_a_bug(qtbot, executor, heard, receiver):
    def fail():
        raise BadInputError("The file has no columns; add a header.")

    executor.query(fail, then=receiver.take)
    settle(qtbot, executor)
    assert heard.sentences == ["The file has no columns; add a header."]
    assert (heard.bugs, receiver.values) == ([], [])


def test_a_submitter_that_handles_failure_gets_the_error_itself(qtbot, executor, heard, receiver):
    error = BadInputError("No.")

    def fail():
        raise error

    executor.mutate(fail, then=receiver.take, failed=receiver.refuse)
    settle(qtbot, executor)
    assert receiver.errors == [error]
    assert heard.sentences == []


def test_a_bug_is_told_with_its_traceback_and_the_thread_goes_on(qtbot, executor, heard, receiver, caplog):
    def broken():
        return {}["absent"]

    with caplog.at_level(logging.CRITICAL):
        executor.query(broken, then=receiver.take, failed=receiver.refuse)
        executor.query(lambda: 7, then=receiver.take)
        settle(qtbot, executor)
    assert "in broken" in heard.bugs[0]
    assert "KeyError: 'absent'" in heard.bugs[0]
    assert [type(error) for error in receiver.errors] == [KeyError]
    assert receiver.values == [7]


def test_the_latest_query_of_a_key_wins_and_the_dropped_ones_are_never_run(qtbot, executor, receiver):
    gate, ran = Gate(), []

    def search(text):
        ran.append(text)
        return text

    executor.query(gate, "slow", then=receiver.take, key="search")
    assert gate.entered.wait(5)
    for text in ("s", "se", "ser"):
        executor.query(search, text, then=receiver.take, key="search")
    executor.query(search, "other", then=receiver.take, key="facets")
    gate.open.set()
    settle(qtbot, executor)
    assert ran == ["ser", "other"]
    assert receiver.values == ["ser", "other"]


def test_a_cancelled_query_is_not_delivered_and_a_cancelled_mutation_still_happens(
    qtbot, executor, receiver, heard
):
    gate = Gate()
    executor.query(gate, "kept", then=receiver.take)
    assert gate.entered.wait(5)
    executor.query(lambda: "dropped", then=receiver.take).cancel()
    executor.mutate(lambda: CHANGE, then=receiver.take).cancel()
    gate.open.set()
    settle(qtbot, executor)
    assert receiver.values == ["kept"]
    assert heard.changes == [CHANGE]


def test_a_receiver_that_has_gone_is_left_alone(qtbot, executor, heard):
    gate, gone = Gate(), Receiver()
    executor.query(gate, then=gone.take)
    assert gate.entered.wait(5)
    del gone
    gate.open.set()
    settle(qtbot, executor)
    assert [report.succeeded for report in heard.reports] == [True]
    assert heard.bugs == []


def test_a_deleted_qt_object_is_not_called(qtbot, executor, heard, receiver):
    import shiboken6

    gate = Gate()
    executor.query(gate, "x", then=receiver.take)
    assert gate.entered.wait(5)
    values = receiver.values
    shiboken6.delete(receiver)
    gate.open.set()
    settle(qtbot, executor)
    assert values == []


@pytest.mark.parametrize("receiver_of", [lambda: print, lambda: lambda value: None, lambda: [].append])
def test_only_methods_of_qobjects_may_receive(executor, receiver_of):
    with pytest.raises(TypeError, match="methods of QObjects"):
        executor.query(int, then=receiver_of())


def test_every_operation_is_timed(qtbot, executor, heard, receiver):
    def rest():
        time.sleep(0.03)
        return ChangeSet()

    executor.mutate(rest)
    settle(qtbot, executor)
    report = heard.reports[0]
    assert report.name.endswith("rest")
    assert report.kind is OperationKind.MUTATION
    assert report.ran >= 0.03
    assert report.waited >= 0


def test_closing_finishes_the_decisions_and_drops_the_questions(qtbot, executor, receiver, heard):
    gate, done = Gate(), []

    def decide(number):
        done.append(number)
        return CHANGE

    executor.query(gate, "running", then=receiver.take)
    assert gate.entered.wait(5)
    executor.query(done.append, "question", then=receiver.take)
    executor.mutate(decide, 1)
    executor.mutate(decide, 2)
    threading.Timer(0.05, gate.open.set).start()
    assert executor.close(5)
    assert done == [1, 2]
    assert heard.changes == [CHANGE, CHANGE]
    assert receiver.values == ["running"]


def test_closing_gives_up_after_its_limit_and_a_second_close_hears_the_end(qtbot, receiver, caplog):
    executor, gate = StorageExecutor(), Gate()
    executor.query(gate, "late", then=receiver.take)
    assert gate.entered.wait(5)
    with caplog.at_level(logging.CRITICAL):
        start = time.monotonic()
        assert not executor.close(0.05)
        assert time.monotonic() - start < 1
    gate.open.set()
    assert executor.close(5)
    qtbot.wait(20)
    assert receiver.values == ["late"]


def test_after_closing_a_question_is_dropped_and_a_decision_is_refused(qtbot, executor, receiver):
    executor.close()
    assert executor.query(int, then=receiver.take).cancelled
    with pytest.raises(RuntimeError, match="after the executor was closed"):
        executor.mutate(ChangeSet)


def test_a_slot_that_raises_does_not_take_the_following_results_with_it(qtbot, executor, receiver):
    class Raising(QObject):
        def take(self, value):
            raise ZeroDivisionError

    raising, gate = Raising(), Gate()
    executor.query(gate, then=raising.take)
    assert gate.entered.wait(5)
    executor.query(lambda: "next", then=receiver.take)
    with qtbot.captureExceptions() as exceptions:
        gate.open.set()
        qtbot.waitUntil(lambda: receiver.values == ["next"])
    assert [kind for kind, *_ in exceptions] == [ZeroDivisionError]


class Store:
    """A database that another program has locked until a test lets go of it."""

    def __init__(self, error=None):
        self.error = error or busy()
        self.tries, self.written = 0, []

    def write(self, value):
        self.tries += 1
        if self.error is not None:
            raise self.error
        self.written.append(value)
        return CHANGE

    def read(self, value):
        self.write(value)
        return value


def busy():
    return DatabaseBusyError("Another program is writing.")


def disk_full():
    error = ProjectError("The disk is full.")
    error.retry_helps = True
    return error


@pytest.fixture
def delays(executor):
    class Heard(QObject):
        def __init__(self):
            super().__init__()
            self.values = []

        def take(self, delay):
            self.values.append(delay)

    heard = Heard()
    executor.delayed.connect(heard.take)
    return heard


def test_mutations_that_find_the_database_busy_keep_their_order_and_questions_go_on(
    qtbot, executor, receiver, heard, delays
):
    store = Store()
    for value in "abc":
        executor.mutate(store.write, value, then=receiver.take)
    executor.query(lambda: "answer", then=receiver.take)
    qtbot.waitUntil(lambda: receiver.values == ["answer"] and store.tries >= 2)
    assert executor.delay == Delay("Another program is writing.", busy=True)
    store.error = None
    settle(qtbot, executor)
    assert store.written == ["a", "b", "c"]
    assert receiver.values == ["answer", CHANGE, CHANGE, CHANGE]
    assert (heard.sentences, heard.bugs, len(heard.changes)) == ([], [], 3)
    assert delays.values == [Delay("Another program is writing.", busy=True), None]


def test_a_question_that_finds_the_database_busy_is_asked_again(qtbot, executor, receiver, heard, delays):
    store = Store()
    executor.query(store.read, "first", then=receiver.take)
    executor.query(store.read, "second", then=receiver.take)
    executor.mutate(lambda: CHANGE)
    qtbot.waitUntil(lambda: heard.changes == [CHANGE] and store.tries >= 2)
    store.error = None
    settle(qtbot, executor)
    assert receiver.values == ["first", "second"]
    assert heard.sentences == []


def test_a_question_that_is_not_to_wait_hears_that_the_database_is_busy(qtbot, executor, receiver, delays):
    store = Store()
    executor.query(store.read, 1, then=receiver.take, failed=receiver.refuse, retried=False)
    settle(qtbot, executor)
    assert receiver.errors == [store.error]


def test_a_full_disk_keeps_the_mutations_until_the_person_has_made_room(qtbot, executor, receiver, delays):
    store = Store(disk_full())
    executor.mutate(store.write, "a")
    executor.mutate(store.write, "b")
    executor.query(lambda: "answer", then=receiver.take)
    qtbot.waitUntil(lambda: delays.values == [Delay("The disk is full.", busy=False)])
    qtbot.waitUntil(lambda: receiver.values == ["answer"])
    assert store.tries == 1
    executor.retry()
    qtbot.waitUntil(lambda: store.tries == 2)
    store.error = None
    executor.retry()
    settle(qtbot, executor)
    assert store.written == ["a", "b"]
    assert delays.values[-1] is None


def test_an_error_that_no_wait_mends_fails_alone(qtbot, executor, heard, delays):
    store = Store(KnownError("There is no such image."))
    executor.mutate(store.write, "a")
    executor.mutate(lambda: CHANGE)
    settle(qtbot, executor)
    assert heard.sentences == ["There is no such image."]
    assert heard.changes == [CHANGE]
    assert delays.values == []


def test_discarded_mutations_fail_and_later_ones_happen(qtbot, executor, receiver, delays):
    store = Store()
    for value in "ab":
        executor.mutate(store.write, value, failed=receiver.refuse)
    qtbot.waitUntil(lambda: delays.values != [])
    executor.discard()
    settle(qtbot, executor)
    assert [type(error) for error in receiver.errors] == [CancelledError, CancelledError]
    store.error = None
    executor.mutate(store.write, "c")
    settle(qtbot, executor)
    assert store.written == ["c"]
    assert executor.delay is None


@pytest.mark.slow
def test_closing_beside_a_lock_gives_up_soon_and_delivers_nothing_of_what_is_left(
    qtbot, executor, receiver, delays, caplog
):
    store, done = Store(), []
    for value in "ab":
        executor.mutate(store.write, value, then=receiver.take, failed=receiver.refuse)
    qtbot.waitUntil(lambda: delays.values != [])
    with caplog.at_level(logging.CRITICAL):
        assert executor.close(5, last=lambda: done.append("closed"))
    assert done == ["closed"]
    assert (store.written, receiver.values, receiver.errors) == ([], [], [])


def test_closing_writes_what_the_lock_lets_through_in_time(qtbot, executor, delays):
    store = Store()
    for value in "ab":
        executor.mutate(store.write, value)
    qtbot.waitUntil(lambda: delays.values != [])
    threading.Timer(0.1, lambda: setattr(store, "error", None)).start()
    assert executor.close(5)
    assert store.written == ["a", "b"]


@pytest.mark.slow
def test_nothing_is_written_behind_the_last_call(qtbot, executor, receiver, delays, caplog):
    store = Store()
    executor.mutate(store.write, "a", then=receiver.take, failed=receiver.refuse)
    qtbot.waitUntil(lambda: delays.values != [])

    def last():
        store.error = None
        time.sleep(0.15)  # by now it could be tried again

    with caplog.at_level(logging.CRITICAL):
        assert executor.close(5, last=last)
    assert (store.written, receiver.values, receiver.errors) == ([], [], [])
