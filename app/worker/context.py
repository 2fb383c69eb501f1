"""What a job reports while it runs: progress with a rate, failed items, warnings."""

import base64
import threading
import time
from collections import deque
from collections.abc import Callable

from app.protocol.messages import Event, ItemFailed, Progress, Started, ThumbnailMade, WorkerWarning

MIN_INTERVAL = 0.1
RATE_WINDOW = 15.0
MAX_REASON = 1_000

Send = Callable[[Event], None]
StopCheck = Callable[[], bool]


class ProgressMeter:
    """Sends at most one Progress every MIN_INTERVAL seconds, and holds the newest one back until then.

    The rate is measured over the last RATE_WINDOW seconds of the current stage, so that a slow start
    (loading, a cold disk) does not distort the remaining time of a long job.
    """

    def __init__(self, job: str, send: Send, clock: Callable[[], float] = time.monotonic) -> None:
        self._job = job
        self._send = send
        self._clock = clock
        self._lock = threading.Lock()
        self._stage: str | None = None
        self._samples: deque[tuple[float, int]] = deque()
        self._last_sent = float("-inf")
        self._held: Progress | None = None

    def report(
        self, stage: str, done: int, total: int | None = None, *, part: int = 0, parts: int = 0
    ) -> None:
        with self._lock:
            now = self._clock()
            rate = self._rate(stage, done, now)
            remaining = (total - done) / rate if rate and total is not None else None
            self._held = Progress(
                job=self._job,
                stage=stage,
                done=done,
                total=total,
                rate=rate,
                remaining=remaining,
                part=part,
                parts=parts,
            )
            if now - self._last_sent >= MIN_INTERVAL:
                self._send_held(now)

    def flush(self) -> None:
        """Send the Progress that is held back, if there is one."""
        with self._lock:
            self._send_held(self._clock())

    def _send_held(self, now: float) -> None:
        if self._held is not None:
            self._send(self._held)
            self._held = None
            self._last_sent = now

    def _rate(self, stage: str, done: int, now: float) -> float | None:
        if stage != self._stage:
            self._stage = stage
            self._samples.clear()
        samples = self._samples
        if not samples or now - samples[-1][0] >= MIN_INTERVAL:
            samples.append((now, done))
        while len(samples) > 2 and samples[1][0] <= now - RATE_WINDOW:
            samples.popleft()
        since, before = samples[0]
        return (done - before) / (now - since) if now > since and done > before else None


class JobContext:
    """How a job function reports. Its methods may be called from any thread of the job."""

    def __init__(self, job: str, send: Send, should_stop: StopCheck) -> None:
        self.job = job
        self.should_stop = should_stop
        self.meter = ProgressMeter(job, send)
        self._send = send

    def send(self, event: Event) -> None:
        """Send an event for which there is no method below."""
        self._send(event)

    def started(self, feature_key: str, device: str, precision: str) -> None:
        self._send(Started(job=self.job, feature_key=feature_key, device=device, precision=precision))

    def progress(
        self, stage: str, done: int, total: int | None = None, *, part: int = 0, parts: int = 0
    ) -> None:
        self.meter.report(stage, done, total, part=part, parts=parts)

    def item_failed(self, item: int, reason: str) -> None:
        self._send(ItemFailed(job=self.job, item=item, reason=reason[:MAX_REASON]))

    def thumbnail(self, item: int, data: bytes) -> None:
        """``data``: an encoded picture."""
        self._send(ThumbnailMade(job=self.job, item=item, data=base64.b64encode(data).decode("ascii")))

    def warn(self, text: str) -> None:
        self._send(WorkerWarning(job=self.job, text=text[:MAX_REASON]))
