"""A worker process that starts indexing and then ignores cancel, end of input and signals."""

import json
import os
import signal
import sys
import time

from app.protocol import messages as m
from app.protocol.framing import encode


def say(event):
    line = encode(event)
    while line:
        line = line[os.write(1, line) :]


signal.signal(signal.SIGTERM, signal.SIG_IGN)
say(
    m.Hello(
        protocol=m.PROTOCOL_VERSION,
        pid=os.getpid(),
        python="3",
        platform="p",
        versions={},
        memory_total=1,
        memory_available=1,
    )
)
for line in sys.stdin:
    command = json.loads(line)
    if command["type"] == "describe_backbone":
        result = m.BackboneResult(
            key="deaf-1", embed_dim=3, patch_width=3, grid=(1, 1), device="cpu", precision="float32"
        )
        say(m.Completed(job=command["job"], result=result))
    else:
        say(m.Progress(job=command["job"], stage="embedding", done=1, total=100))
        time.sleep(120)
