"""Column types whose value in Python differs from the value in the database."""

import re
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

_ESCAPE = "\x1b"
_UNSTORABLE = re.compile(f"[{_ESCAPE}\ud800-\udfff]")
_ESCAPED = re.compile(f"{_ESCAPE}([0-9a-f]{{4}})")


def escape_path(path: str) -> str:
    """Make a path storable as UTF-8.

    Python represents bytes of a file name that are not UTF-8 as lone surrogates, which databases reject. Each
    becomes ESC and four hex digits, and so does ESC itself, so that unescaping is exact.
    """
    return _UNSTORABLE.sub(lambda match: f"{_ESCAPE}{ord(match.group()):04x}", path)


def unescape_path(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


class PathText(TypeDecorator[str]):
    """A path as the file system returns it, with undecodable bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else escape_path(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else unescape_path(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored as naive UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)
