"""Messages survive the transport; anything else becomes a GarbageLine, never an exception."""

import json
from types import UnionType
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.protocol import messages as m
from app.protocol.framing import (
    MAX_LINE,
    GarbageLine,
    LineSplitter,
    decode_command,
    decode_event,
    encode,
)
from cprfl_core.tuning.facts import RunFacts

# other processes may keep the machine busy while these run
relaxed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

# st.text() leaves surrogates out; names of files on disk may hold them
words = st.text(st.characters(codec=None), max_size=40) | st.just("caf\udce9.jpg")
counts = st.integers(min_value=0, max_value=2**63)
floats = st.floats(allow_nan=False, allow_infinity=False)
results = st.one_of(
    st.builds(m.BackboneResult, key=words, device=words, precision=words, grid=st.tuples(counts, counts)),
    st.builds(m.CheckResult, key=words, image_size=st.tuples(counts, counts), images_per_second=floats),
    st.builds(m.IndexResult, embedded=counts, failed=counts, seconds=floats),
    st.builds(m.TextResult, encoded=counts, dim=counts, seconds=floats),
    st.builds(
        m.TrainResult,
        out=words,
        facts=st.builds(RunFacts, start=words, tuned=words, device=words, seconds=floats),
    ),
    st.builds(m.ScoreResult, out=words, scored=counts, seconds=floats),
)
events = st.one_of(
    st.builds(m.Hello, versions=st.dictionaries(words, words, max_size=3), python=words, platform=words),
    st.builds(m.DeviceInfo, device=words, precision=words, reason=words, memory=st.none() | counts),
    st.builds(m.Heartbeat, job=words, busy_seconds=floats),
    st.builds(m.Started, job=words, feature_key=words, device=words, precision=words),
    st.builds(m.Progress, job=words, stage=words, total=st.none() | counts, rate=st.none() | floats),
    st.builds(
        m.EpochDone,
        job=words,
        fold=st.none() | counts,
        loss=floats,
        **dict.fromkeys(("total", "head", "medium", "tail"), st.none() | floats),
    ),
    st.builds(m.ItemFailed, job=words, reason=words),
    st.builds(m.ThumbnailMade, job=words, item=counts, data=st.binary(max_size=40).map(str)),
    st.builds(m.WorkerWarning, job=st.none() | words, text=words),
    st.builds(m.Completed, job=words, result=results),
    st.builds(m.Cancelled, job=words, result=st.none() | results),
    st.builds(m.Failed, job=words, message=words, traceback=st.none() | words),
)
commands = st.one_of(
    st.builds(m.DescribeBackbone, job=words, backbone=words, weights=st.none() | words),
    st.builds(m.CheckBackbone, job=words, backbone=words, device=st.none() | words),
    st.builds(m.IndexImages, job=words, backbone=words, expected_key=words, items=words, features=words),
    st.builds(m.EncodeText, job=words, backbone=words, expected_key=words, prompts=words, features=words),
    st.builds(
        m.TrainHead,
        job=words,
        snapshot=words,
        out=words,
        work=words,
        parent=st.none() | words,
        epochs=st.none() | st.integers(1, 10**6),
        seed=counts,
    ),
    st.builds(m.ScoreImages, job=words, model=words, out=words, only=st.none() | words),
    st.builds(m.Cancel, job=words),
    st.just(m.Shutdown()),
)


def test_the_facts_of_a_run_are_flat_in_json_and_none_may_be_missing():
    facts = RunFacts(40, 3, 5, 6, "the text", "all", "cpu", "float32", seconds=1.5)
    line = encode(m.Completed(job="a", result=m.TrainResult(out="v1", facts=facts)))
    document = json.loads(line)
    assert document["result"] == {
        "type": "train",
        "out": "v1",
        "images": 40,
        "categories": 3,
        "folds": 5,
        "epochs": 6,
        "start": "the text",
        "tuned": "all",
        "device": "cpu",
        "precision": "float32",
        "seconds": 1.5,
        "stopped": False,
    }
    del document["result"]["epochs"]
    assert isinstance(decode_event(json.dumps(document).encode()), GarbageLine)


@relaxed
@given(events)
def test_every_event_survives_as_one_ascii_line(event: m.Event):
    line = encode(event)
    assert line.isascii() and line.count(b"\n") == 1 and line.endswith(b"\n")
    assert decode_event(line) == event


@relaxed
@given(commands)
def test_every_command_survives(command: m.Command):
    assert decode_command(encode(command)) == command


@relaxed
@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_raise(line: bytes):
    assert isinstance(decode_event(line), GarbageLine)
    assert isinstance(decode_command(line), GarbageLine)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "a", "index"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "key"]), inner, max_size=2)
    ),
    max_leaves=8,
)


@relaxed
@given(
    st.dictionaries(st.sampled_from(["type", "job", "done", "result", "x"]), json_values),
    st.sampled_from(["progress", "completed", "hello", "cancel"]),
)
def test_wrong_fields_never_raise(fields: dict, tag: str):
    line = json.dumps(fields | {"type": tag}).encode()
    for decoded in (decode_event(line), decode_command(line)):
        assert isinstance(decoded, GarbageLine | m.Message)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\xff\xfe", "decode"),
        (b"[" * 200_000, "recursion"),
        (b'{"type":"progress","job":"a","stage":"s","done":' + b"9" * 5000 + b"}", "digit"),
        (b'{"type":"heartbeat","job":"a","busy_seconds":NaN}', "finite"),
        (b'{"type":"cancelled","job":"a","surplus":1}', "surplus"),
        (b'{"type":"crashed","job":"a","message":"m"}', "tag"),
        (b'{"type":"completed","job":"a","result":{"type":"no such"}}', "result"),
        (b" " * (MAX_LINE + 1), "longer"),
    ],
    ids=["not utf-8", "deep", "huge number", "nan", "surplus field", "client-side", "bad result", "overlong"],
)
def test_garbage_says_why(line: bytes, reason: str):
    decoded = decode_event(line)
    assert isinstance(decoded, GarbageLine)
    assert reason in decoded.reason.lower()
    assert len(decoded.text) <= 1000


def test_a_message_longer_than_a_line_is_refused_by_the_sender():
    with pytest.raises(ValueError, match="longer than"):
        encode(m.WorkerWarning(job=None, text="x" * MAX_LINE))


def test_messages_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        m.Cancel(job="a").job = "b"


def test_tags_are_unique_within_each_union():
    for union in (m.Command, m.Event):
        assert isinstance(union, UnionType)
        tags = [member.model_fields["type"].default for member in get_args(union)]
        assert len(tags) == len(set(tags))


lines = st.binary(max_size=30).filter(lambda line: b"\n" not in line)


@relaxed
@given(st.lists(lines, max_size=8), st.lists(st.integers(1, 7), min_size=1, max_size=20))
def test_lines_are_the_same_however_the_stream_is_cut(written: list[bytes], cuts: list[int]):
    stream = b"".join(line + b"\n" for line in written)
    splitter, read, at = LineSplitter(), [], 0
    while at < len(stream):
        step = cuts[at % len(cuts)]
        read += splitter.feed(stream[at : at + step])
        at += step
    assert read == [line for line in written if line]


@relaxed
@given(st.integers(1, 40))
def test_an_overlong_line_is_dropped_once_and_the_next_ones_are_read(step: int):
    stream = b"before\n" + b"x" * 100 + b"\nafter\n"
    splitter, read = LineSplitter(max_line=20), []
    for at in range(0, len(stream), step):
        read += splitter.feed(stream[at : at + step])
    assert read[0] == b"before"
    assert isinstance(read[1], GarbageLine) and "longer than 20" in read[1].reason
    assert read[2:] == [b"after"]
