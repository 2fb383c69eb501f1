"""Write the messages of the worker process in docs/protocol.md from their classes.

    python tools/message_reference.py [--check]

With ``--check`` nothing is written; the exit status is 1 if the page is out of date.
"""

from __future__ import annotations

import inspect
import json
import re
import types
from collections.abc import Iterable
from dataclasses import MISSING, fields
from typing import Any, Literal, Union, get_args, get_origin

from generated_part import ROOT, run
from pydantic.fields import FieldInfo

from app.protocol import messages
from cprfl_core.tuning.facts import RunFacts

PAGE = ROOT / "docs" / "protocol.md"
WORDS = {str: "text", int: "integer", float: "number", bool: "true or false", type(None): "null"}


def main(arguments: list[str] | None = None) -> int:
    return run(PAGE, "message_reference.py", reference, arguments)


def reference() -> str:
    events = [one for one in get_args(messages.Event) if one not in get_args(messages.SentTerminal)]
    parts = {
        "Commands that begin a job": get_args(messages.JobCommand),
        "Other commands": [messages.Cancel, messages.Shutdown],
        "Events": events,
        "Events that end a job": get_args(messages.SentTerminal),
        "Made by the client, never sent": [messages.Crashed],
        "Results": get_args(get_args(messages.JobResult)[0]),
    }
    return "\n\n".join(f"## {heading}\n\n{sections(kinds)}" for heading, kinds in parts.items())


def sections(kinds: Iterable[type[messages.Message]]) -> str:
    return "\n\n".join(section(kind) for kind in kinds)


def section(kind: type[messages.Message]) -> str:
    """Raises ValueError for a message that says nothing about itself."""
    if not kind.__doc__:
        raise ValueError(f"{kind.__name__} has no docstring")
    lines = [f"### {kind.model_fields['type'].default}", "", prose(kind.__doc__), ""]
    rows = [row(name, field) for name, field in kind.model_fields.items() if name not in {"type", "facts"}]
    if "facts" in kind.model_fields:
        rows += [f"| `{one.name}` | {value(one.type)} | {without(one.default)} |" for one in fields(RunFacts)]
    return "\n".join(
        [*lines, "| key | value | if left out |", "|---|---|---|", *rows] if rows else lines[:-1]
    )


def row(name: str, field: FieldInfo) -> str:
    default = MISSING if field.is_required() else field.default
    return f"| `{name}` | {value(field.annotation)}{bounds(field)} | {without(default)} |"


def without(default: object) -> str:
    """What holds without the key; empty for one that has to be there."""
    return "" if default is MISSING else f"`{json.dumps(default)}`"


def bounds(field: FieldInfo) -> str:
    least = [str(one.ge) for one in field.metadata if getattr(one, "ge", None) is not None]
    return f", at least {least[0]}" if least else ""


def value(annotation: Any) -> str:
    """A type in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{'false' if one is False else one}`" for one in arguments)
    if origin in {Union, types.UnionType}:
        named = [one for one in arguments if isinstance(one, type) and issubclass(one, messages.Message)]
        rest = [value(one) for one in arguments if one not in named]
        return " or ".join([*(["one of the results"] if named else []), *rest])
    if origin is tuple:
        several = arguments[-1] is ...
        return f"list of {value(arguments[0])}" if several else f"{len(arguments)} {value(arguments[0])}s"
    if origin is dict:
        return f"object of {value(arguments[1])} by {value(arguments[0])}"
    if origin is not None:  # an annotation with a discriminator
        return value(arguments[0])
    return WORDS[annotation]


def prose(docstring: str) -> str:
    """A docstring as a paragraph, in which messages have the names that they have on the line."""
    text = " ".join(inspect.cleandoc(docstring).split()).replace("``", "`").replace("None", "null")
    for kind in (*get_args(messages.Command), *get_args(messages.Event)):
        if re.fullmatch(r"Hello|[A-Z][a-z]+[A-Z]\w+", kind.__name__):
            text = re.sub(rf"\b{kind.__name__}\b", f"`{kind.model_fields['type'].default}`", text)
    return text


if __name__ == "__main__":
    raise SystemExit(main())
