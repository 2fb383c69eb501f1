"""One message is one line of JSON, ASCII with escapes (hence UTF-8), ended by a line feed.

It is encoded by the standard library and not by pydantic, because file names that are not valid UTF-8 (lone
surrogates in Python) must survive.
"""

import json
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from app.protocol.messages import COMMANDS, EVENTS, Command, Event

MAX_LINE = 1 << 20
EXCERPT = 200

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class GarbageLine:
    """A line that is not a message: the start of its text, and the reason."""

    text: str
    reason: str


def encode(message: Command | Event) -> bytes:
    """One line, including the line feed. Raises ValueError if it is longer than MAX_LINE."""
    line = json.dumps(message.model_dump(), separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
    if len(line) > MAX_LINE:
        raise ValueError(f"a {message.type} message of {len(line)} bytes is longer than {MAX_LINE}")
    return line


def decode_event(line: bytes) -> Event | GarbageLine:
    """Never raises: anything but an event is a GarbageLine."""
    return _decode(line, EVENTS)


def decode_command(line: bytes) -> Command | GarbageLine:
    """Never raises: anything but a command is a GarbageLine."""
    return _decode(line, COMMANDS)


def _decode(line: bytes, adapter: TypeAdapter[M]) -> M | GarbageLine:
    if len(line) > MAX_LINE:
        return garbage(line, f"longer than {MAX_LINE} bytes")
    try:
        return adapter.validate_python(json.loads(line.decode("utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return garbage(line, f"{'.'.join(map(str, first['loc'])) or 'message'}: {first['msg']}")
    except (ValueError, RecursionError) as error:
        return garbage(line, str(error) or type(error).__name__)


def garbage(line: bytes, reason: str) -> GarbageLine:
    return GarbageLine(line[:EXCERPT].decode("utf-8", "backslashreplace"), reason)


class LineSplitter:
    """Splits a byte stream into lines as chunks arrive; a line longer than ``max_line`` is dropped."""

    def __init__(self, max_line: int = MAX_LINE) -> None:
        self._max_line = max_line
        self._rest = bytearray()
        self._dropping = False

    def feed(self, chunk: bytes) -> list[bytes | GarbageLine]:
        """The lines completed by ``chunk``, without line feeds and empty lines.

        A dropped line appears once, as a GarbageLine, when it becomes too long.
        """
        lines: list[bytes | GarbageLine] = []
        head, *complete_after = chunk.split(b"\n")
        self._extend(head, lines)
        for piece in complete_after:
            if self._rest and not self._dropping:
                lines.append(bytes(self._rest))
            self._rest.clear()
            self._dropping = False
            self._extend(piece, lines)
        return lines

    def _extend(self, piece: bytes, lines: list[bytes | GarbageLine]) -> None:
        if self._dropping:
            return
        if len(self._rest) + len(piece) > self._max_line:
            start = bytes(self._rest[:EXCERPT]) + piece[:EXCERPT]
            lines.append(garbage(start, f"longer than {self._max_line} bytes"))
            self._rest.clear()
            self._dropping = True
            return
        self._rest += piece
