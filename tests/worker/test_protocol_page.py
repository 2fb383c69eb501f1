"""docs/protocol.md: its transcript is what the real worker says, and its numbers are those of the code."""

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.protocol import framing
from app.protocol.framing import GarbageLine, decode_command, decode_event
from app.protocol.messages import PROTOCOL_VERSION, Cancelled, Completed, Failed
from app.services.runner.subprocess_runner import SubprocessRunner
from app.worker import main as worker_main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
ITEMS, PROMPTS, TRANSCRIPT = re.findall(r"^```\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
LINES = [(line[0], line[2:]) for line in TRANSCRIPT.splitlines()]
OF_THE_MACHINE = {
    "hello": {"pid", "python", "platform", "versions", "memory_total", "memory_available"},
    "device_info": {"device", "precision", "reason", "name", "memory"},
    "started": {"device", "precision"},
    "progress": {"rate", "remaining"},
    "backbone": {"device", "precision"},
    "index": {"seconds"},
}


def stable(message):
    """A message without the values that depend on the machine; all keys are kept."""
    hidden = OF_THE_MACHINE.get(message.get("type"), set())
    return {
        key: ... if key in hidden else stable(value) if isinstance(value, dict) else value
        for key, value in message.items()
    }


def test_every_line_of_the_transcript_is_a_message_but_the_one_that_is_meant_not_to_be():
    sent = [decode_command(text.encode()) for side, text in LINES if side == ">"]
    came = [decode_event(text.encode()) for side, text in LINES if side == "<"]
    assert [one.text for one in sent if isinstance(one, GarbageLine)] == ["hello?"]
    assert not any(isinstance(one, GarbageLine) for one in came)
    began = [one.job for one in sent if getattr(one, "backbone", None)]
    ended = [one.job for one in came if isinstance(one, Completed | Cancelled | Failed)]
    assert began == ended == ["a", "b", "c", "d"]


def test_the_times_of_the_page_are_those_of_the_program():
    waits = {name: one.default for name, one in inspect.signature(SubprocessRunner).parameters.items()}
    words = {
        "cancel_grace": "| {:g} seconds |",
        "terminate_grace": "| {:g} seconds more |",
        "close_grace": "follows after {:g} seconds",
        "hello_timeout": "waits {:g} seconds",
    }
    assert all(text.format(waits[name]) in PAGE for name, text in words.items())
    assert (worker_main.EXIT_GRACE, worker_main.HEARTBEAT_SECONDS) == (2.0, 2.0)
    assert framing.MAX_LINE == 1 << 20
    assert json.loads(LINES[0][1])["protocol"] == PROTOCOL_VERSION


@pytest.mark.slow
def test_the_real_worker_says_what_the_transcript_says(tmp_path, make_image):
    make_image(tmp_path / "one.png", size=(64, 48), colour=(200, 90, 30))
    (tmp_path / "two.png").touch()

    def placed(text):
        return text.replace("FOLDER", tmp_path.as_posix())

    (tmp_path / "items.jsonl").write_text(placed(ITEMS), encoding="ascii")
    (tmp_path / "prompts.jsonl").write_text(placed(PROMPTS), encoding="ascii")
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-P", ROOT / "app" / "__main__.py", "worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )
    waiting = b""
    with worker:
        for side, text in LINES:
            if side == ">":
                waiting += placed(text).encode() + b"\n"
                continue
            worker.stdin.write(waiting)
            worker.stdin.flush()
            waiting, wanted = b"", stable(json.loads(placed(text)))
            came = stable(json.loads(worker.stdout.readline()))
            while came != wanted and came["type"] in {"heartbeat", "progress"}:
                came = stable(json.loads(worker.stdout.readline()))
            assert came == wanted
        worker.stdin.write(waiting)
        worker.stdin.close()
        assert {json.loads(line)["type"] for line in worker.stdout} <= {"heartbeat"}
        worker.wait(20)
