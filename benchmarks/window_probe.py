"""The measured process of the window benchmark: the program, driven from its own event loop.

    python benchmarks/window_probe.py '{"started": ..., "mode": "start" | "open" | "full", ...}'

Runs the ordinary entry point. When the window closes, the measurements are written to ``out`` as JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from window_tasks import measure_bulk, measure_finding, measure_threshold

FRAME = 1 / 60
PATIENCE = 120.0
SUGGESTIONS_PATIENCE = 1800.0
STEADY_PIXELS = 60  # a frame: 3,600 pixels a second, a quick turn of the wheel


class FirstPaint(QObject):
    """Records the time of the window's first paint."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.at: float | None = None
        self._application = application
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched.isWidgetType():
            self.at = time.monotonic()
            self._application.removeEventFilter(self)
        return False


class Paints(QObject):
    """Counts the paint events of one widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


class Probe(QObject):
    """One run. ``begin`` is called from the window's event loop."""

    def __init__(self, application: QApplication, asked: dict[str, Any]) -> None:
        super().__init__()
        self.application, self.asked = application, asked
        self.first_paint = FirstPaint(application)
        self.found: dict[str, Any] = {}
        self.suggestions: str | None = None
        self.problems: list[str] = []
        self.saved: list[float] = []
        self.changes = 0
        self._begun = False
        self.failure: BaseException | None = None

    def begin(self) -> None:
        self.window: Any = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow))
        try:
            self.until(lambda: self.first_paint.at is not None)
            self.found["start"] = time.monotonic() - self.asked["started"]
            self.found["start_processor"] = time.process_time()
            self.found["platform"] = self.application.platformName()
            if self.asked["mode"] != "start":
                self.open()
            if self.asked["mode"] == "full":
                self.measure_all()
        except BaseException as error:
            self.failure = error
        self.found["resident_last"] = psutil.Process().memory_info().rss
        self.window.closing.close_now()

    def measure_all(self) -> None:
        began = time.monotonic()
        self.until(lambda: self.suggestions is not None, SUGGESTIONS_PATIENCE)
        self.found["suggestions"] = {"state": self.suggestions, "seconds": time.monotonic() - began}
        self.settle()
        self.found["resident_opened"] = psutil.Process().memory_info().rss
        idle = self.ticks(self.asked["seconds"] / 3, lambda _tick: None)
        bar = self.library.gallery.verticalScrollBar()
        bar.setValue(0)
        steady = self.ticks(self.asked["seconds"], lambda _tick: bar.setValue(bar.value() + STEADY_PIXELS))
        frames = self.asked["seconds"] / FRAME
        long = self.ticks(
            self.asked["seconds"], lambda tick: bar.setValue(round(bar.maximum() * tick / frames))
        )
        self.found["scroll"] = {"idle": idle, "steady": steady, "through": long}
        self.settle()
        paints = Paints(self.library.gallery.viewport())
        measure_finding(self, paints)
        self.library.gallery.select(0)
        self.next_images()
        self.decisions()
        measure_threshold(self)
        self.found["resident_end"] = psutil.Process().memory_info().rss
        self.found["anonymous_end"] = _anonymous_bytes()
        measure_bulk(self, paints)

    # --- opening

    def open(self) -> None:
        window, library = self.window, self.window.workspace.library
        self.library = library
        session, gallery = window.session, library.gallery
        session.scores_changed.connect(self._scores_came)
        session.suggestions_missing.connect(self._scores_missing)
        for signal in (session.open_failed, session.lock_held, session.known_error, session.bug):
            signal.connect(self.problems.append)
        session.saved.connect(self.saved.append)
        session.changed.connect(self._count_change)
        paints = Paints(gallery.viewport())
        self.dwell(0.3)
        began, used = time.monotonic(), time.process_time()
        window.open_project(Path(self.asked["project"]))
        self.until(lambda: gallery.count() > 0)
        self.found["open_listed"] = time.monotonic() - began

        def there(how: Callable[[Any], bool]) -> bool:
            return how(
                library.loader.picture(gallery.id_at(place)) is not None
                for place in gallery.visible_positions()
            )

        for name, how in (("open_first", any), ("open_all", all)):
            self.until(lambda how=how: there(how))
            seen = paints.count
            if name == "open_first" or not there(all):
                gallery.viewport().update()
            self.until(lambda seen=seen: paints.count > seen)
            self.found[name] = time.monotonic() - began
            self.found[f"{name}_processor"] = time.process_time() - used

    def _scores_came(self) -> None:
        self.suggestions = self.suggestions or "live"

    def _scores_missing(self, sentence: str) -> None:
        self.suggestions = sentence

    def _count_change(self, _change: object) -> None:
        self.changes += 1

    # --- frames

    def ticks(self, seconds: float, act: Callable[[int], None]) -> dict[str, list[float]]:
        """Act in each frame of 1/60 s; returns the delay of each frame and the CPU time of this thread in it.

        A frame is due 1/60 s after the previous one, so a slow frame delays the next.
        """
        late: list[float] = []
        busy: list[float] = []
        loop, timer = QEventLoop(), QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setSingleShot(True)
        end = time.perf_counter() + seconds
        last: list[float] = [0.0, 0.0]

        def tick() -> None:
            now, used = time.perf_counter(), time.thread_time()
            if last[0]:
                late.append(max(0.0, now - last[0] - FRAME))
                busy.append(used - last[1])
            last[:] = now, used
            if now >= end:
                loop.quit()
                return
            act(len(late))
            timer.start(max(0, round((now + FRAME - time.perf_counter()) * 1e3)))

        timer.timeout.connect(tick)
        timer.start(0)
        loop.exec()
        return {"late": late, "busy": busy}

    # --- one image

    def next_images(self) -> None:
        """Time from the key to the paint of the next image, at the pace of a user who looks briefly."""
        library, single = self.library, self.library.single
        library.gallery.select(0)
        library.show_single()
        canvas, controller, loader = single.canvas, library.controller, single.loader
        self.until(lambda: canvas.picture() is not None)
        self.until(self.window.isActiveWindow, 5.0)
        paints = Paints(canvas)
        seconds, unready = [], 0
        for _ in range(self.asked["steps"]):
            self.until(lambda: loader.pending == 0)
            self.dwell(self.asked["pause"])
            before, seen = controller.current, paints.count
            began = time.perf_counter()
            QTest.keyClick(canvas, Qt.Key.Key_Right)
            wanted = controller.current
            unready += loader.picture(wanted) is None
            self.until(
                lambda seen=seen, wanted=wanted: (
                    paints.count > seen and canvas.picture() is loader.picture(wanted)
                )
            )
            seconds.append(time.perf_counter() - began)
            assert controller.current != before
        self.found["next"] = {"seconds": seconds, "not_decoded_ahead": unready}

    def decisions(self) -> None:
        """Time from the key to the commit of the decision, followed by the next image."""
        from app.domain.labels import LabelState  # the program has loaded it by now

        library, session = self.library, self.window.session
        controller, canvas = library.controller, library.single.canvas
        submitted: list[float] = []
        ordinary = session.decide

        def decide(*arguments: Any) -> None:
            submitted.append(time.perf_counter())
            ordinary(*arguments)

        session.decide = decide
        durable, heard = [], []
        for _ in range(self.asked["steps"]):
            QTest.keyClick(canvas, Qt.Key.Key_Right)
            self.dwell(self.asked["pause"])
            if self.suggestions == "live":
                # Nothing is highlighted where every likely category has its answer.
                self.until(
                    lambda: (
                        controller.highlight is not None
                        or (controller.sheet.loaded and not controller.sheet.rows)
                    )
                )
            del self.saved[:], submitted[:]
            changes = self.changes
            began = time.perf_counter()
            if controller.highlight is not None:
                QTest.keyClick(canvas, Qt.Key.Key_Y)
            else:
                controller.decide(session.info.categories[-1].id, LabelState.YES)
            self.until(lambda: bool(self.saved))
            if self.changes > changes:  # an existing label writes nothing
                heard.append(time.perf_counter() - began)
                durable.append(submitted[0] - began + self.saved[0])
            self.dwell(self.asked["pause"])
        session.decide = ordinary
        self.found["decide"] = {"seconds": durable, "heard": heard}

    # --- waiting

    def settle(self, seconds: float = PATIENCE) -> None:
        session, loader = self.window.session, self.library.loader
        self.until(lambda: session.pending == 0 and loader.pending == 0, seconds)
        self.dwell(0.3)

    def dwell(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1e3), loop.quit)
        loop.exec()

    def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        heart = QTimer()  # wakes the loop for conditions without an event
        heart.start(2)
        while not condition():
            if self.problems:
                raise RuntimeError("; ".join(self.problems))
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing came within {seconds} s; so far {sorted(self.found)}")
            self.application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        heart.stop()


def main() -> int:
    asked = json.loads(sys.argv[1])
    application = QApplication(sys.argv[:1])
    probe = Probe(application, asked)
    QTimer.singleShot(0, probe.begin)
    if application.platformName() == "offscreen":
        os.environ.setdefault("DISPLAY", "offscreen")  # the entry point checks for a screen
    from app.__main__ import main as enter

    code = enter([])
    if probe.failure is not None:
        raise probe.failure
    probe.found["heavy"] = sorted({"torch", "open_clip", "sklearn"} & sys.modules.keys())
    probe.found["peak"] = _peak_bytes()
    probe.found["threads_left"] = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    Path(asked["out"]).write_text(json.dumps(probe.found))
    return code


def _anonymous_bytes() -> int | None:
    """Resident memory without pages that are backed by files: program code, mapped arrays."""
    try:
        found = re.search(r"RssAnon:\s*(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:  # not Linux
        return None
    return int(found[1]) * 1024 if found else None


def _peak_bytes() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    sys.exit(main())
