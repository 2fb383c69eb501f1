"""Work of which only the newest result counts, each piece on a thread of its own."""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import CancelledError, is_known
from app.domain.language import translate
from app.domain.progress import StopCheck
from app.jobs.threads.receivers import Receiver

CLOSE_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


class Newest(QObject):
    """The work that was asked for last is delivered; what it replaces is asked to stop and is forgotten.

    Work that cannot be stopped at once ends beside its successor. The owner calls close().
    """

    bug = Signal(str)
    """A traceback."""
    _ended = Signal(object, object, object)

    def __init__(self, thread: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = thread
        self._threads: list[threading.Thread] = []
        self._stop = threading.Event()
        self._receivers: tuple[Receiver, Receiver] | None = None
        self._closed = False
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._receivers is not None

    def run(
        self,
        work: Callable[[StopCheck], Any],
        *,
        then: Callable[[Any], Any],
        failed: Callable[[str], Any],
    ) -> None:
        """``then`` receives the result, or ``failed`` a sentence; both are methods of QObjects."""
        self.cancel()
        if self._closed:
            return
        stop = self._stop = threading.Event()
        self._receivers = Receiver(then), Receiver(failed)
        self._threads = [one for one in self._threads if one.is_alive()]
        thread = threading.Thread(target=self._work, args=(work, stop), name=self._name, daemon=True)
        self._threads.append(thread)
        thread.start()

    @Slot()
    def cancel(self) -> None:
        """Nothing is delivered until run() is called again."""
        self._stop.set()
        self._receivers = None

    def close(self, limit: float = CLOSE_SECONDS) -> bool:
        """Whether all work has ended in time. Idempotent."""
        self._closed = True
        return self.finish(limit)

    @Slot()
    def finish(self, limit: float = CLOSE_SECONDS) -> bool:
        """As cancel(), and wait: what the work reads is about to be closed. Whether it has ended in time."""
        self.cancel()
        end = time.monotonic() + limit
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, work: Callable[[StopCheck], Any], stop: threading.Event) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = work(stop.is_set)
        except CancelledError:
            return
        except Exception as raised:
            error = raised
        if not stop.is_set():
            self._ended.emit(stop, result, error)

    @Slot(object, object, object)
    def _deliver(self, stop: threading.Event, result: Any, error: BaseException | None) -> None:
        if stop.is_set() or self._receivers is None:
            return
        (then, failed), self._receivers = self._receivers, None
        if error is None:
            then.call(result)
        elif is_known(error):
            failed.call(str(error))
        else:
            text = "".join(traceback.format_exception(error))
            log.error("%s", text)
            self.bug.emit(text)
            failed.call(translate("Jobs", "Something went wrong in Tailspotter."))
