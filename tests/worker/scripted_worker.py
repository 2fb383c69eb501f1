"""A worker whose jobs are scripted by the name of the backbone; run as a program by the tests."""

import os
import subprocess
import sys
import time
from pathlib import Path

from app.protocol.messages import DescribeBackbone, DeviceInfo, IndexResult
from app.worker.context import JobContext, Send
from app.worker.execution import Stopped
from app.worker.main import main
from cprfl_core.common.errors import CoreError


def scripted(command: DescribeBackbone, context: JobContext) -> IndexResult:
    name, _, argument = command.backbone.partition(":")
    return SCRIPTS[name](context, argument)


def done(count: int = 0) -> IndexResult:
    return IndexResult(embedded=count, failed=0, seconds=0.0)


def quick(context: JobContext, argument: str) -> IndexResult:
    context.started("key", "cpu", "float32")
    context.item_failed(7, f"not an image {argument}")
    return done()


def noisy(context: JobContext, argument: str) -> IndexResult:
    print("a stray print")  # noqa: T201
    os.write(1, b'{"type":"completed","job":"forged","result":null}\n')
    subprocess.run([sys.executable, "-c", "print('a child'); print(repr(input()))"], check=False)
    sys.stdin.read()
    return done()


def flood(context: JobContext, argument: str) -> IndexResult:
    for count in range(int(argument)):
        context.progress("flood", count + 1, int(argument))
    return done()


def steady(context: JobContext, argument: str) -> IndexResult:
    """Obeys a stop after each batch of 20 ms."""
    for count in range(int(argument or 10_000)):
        if context.should_stop():
            raise Stopped(done(count))
        context.progress("steady", count, None)
        time.sleep(0.02)
    return done()


def stubborn(context: JobContext, argument: str) -> IndexResult:
    """Obeys nobody, and has a child of its own whose process id it leaves in a file."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    if argument:
        Path(argument).write_text(str(child.pid), encoding="ascii")
    context.progress("stubborn", 1, None)
    child.wait()
    return done()


def dies(context: JobContext, argument: str) -> IndexResult:
    sys.stderr.write("the last words\n")
    os._exit(int(argument))


def known(context: JobContext, argument: str) -> IndexResult:
    raise CoreError("The weights file is missing; choose another one.")


def bug(context: JobContext, argument: str) -> IndexResult:
    raise ZeroDivisionError("caf\udce9 " * 1000)


def leaves(context: JobContext, argument: str) -> IndexResult:
    sys.exit(3)


SCRIPTS = {
    function.__name__: function
    for function in (quick, noisy, flood, steady, stubborn, dies, known, bug, leaves)
}


def device(send: Send) -> None:
    send(DeviceInfo(device="cpu", precision="float32", reason="scripted"))


if __name__ == "__main__":
    sys.exit(main(jobs={DescribeBackbone: scripted}, preload=device))
