"""Damages bytes as disks, networks and careless programs do, and some ways that only an attacker would."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

_NUMBERS: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS: Final = (
    b"null",
    b"true",
    b"NaN",
    b"1e999",
    b"-1",
    b"9" * 400,
    b"[" * 3000,
    b'{"a":' * 3000,
    b'"\\ud800"',
    b'"../../../../etc/passwd"',
    b'"/etc/passwd"',
    b'"C:\\\\..\\\\x.png"',
    b'"\\u0000"',
    b"\x00",
    b"\xff\xfe",
    b"\r\n\r\n",
    b'"',
    b",;\t",
    b"=cmd|' /C calc'!A0",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    b"&b;" * 100,
)
_VALUES: Final = (
    *(None, True, False, 0, 1, -1, 2.0, 1.5, 10**30, 1e308, "", " ", "0001.png", "1", "x" * 5000, "NaN"),
    *(
        "../0001.png",
        "/0001.png",
        "C:\\\\images\\\\0001.png",
        "0001.png\0",
        "a\nb",
        "\ud800",
        "\u202e",
        "=1+1",
    ),
    *([], {}, [[]], [1, 1, 1], {"id": 1}, ["0001.png"]),
)
Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutated(rng: random.Random, data: bytes, others: Sequence[bytes]) -> tuple[bytes, str]:
    """Damaged bytes and what was done to them. ``others`` are the samples of other formats."""
    names = []
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        mutation = rng.choice(MUTATIONS)
        data = mutation(rng, data, others)
        names.append(mutation.__name__)
    return data, " + ".join(names)


def truncated(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def end_cut(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    return data[: -rng.randint(1, 40)]


def bits_flipped(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 24) if data else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def head_flipped(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    head = bits_flipped(rng, data[:64], _others)
    return head + data[64:]


def overwritten(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, length = _span(rng, data)
    kind = rng.randrange(3)
    filled = rng.randbytes(length) if kind == 0 else bytes([0 if kind == 1 else 255]) * length
    return data[:start] + filled + data[start + length :]


def removed(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, length = _span(rng, data)
    return data[:start] + data[start + length :]


def repeated(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, length = _span(rng, data)
    return data[:start] + data[start : start + length] * rng.choice((2, 3, 50)) + data[start + length :]


def number_set(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    """An extreme number somewhere, mostly in the first bytes, where sizes are."""
    width = rng.choice((1, 2, 4))
    at = rng.randrange(max(1, min(len(data), rng.choice((64, 400, 1 << 20)))))
    value = rng.choice(_NUMBERS) & ((1 << 8 * width) - 1)
    return data[:at] + value.to_bytes(width, rng.choice(("little", "big"))) + data[at + width :]


def spliced(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The beginning of another format, and the rest of this one."""
    other = rng.choice(others)
    cut = rng.randint(1, 600)
    return other[:cut] + data[rng.choice((0, cut)) :]


def word_put_in(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    """A piece of text that a reader of text has to refuse, in the place of some of it."""
    start, _ = _span(rng, data)
    return data[:start] + rng.choice(_WORDS) + data[start + rng.choice((0, 1, 8)) :]


def encoded_otherwise(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return bytes(reversed(data))
    return text.encode(rng.choice(("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "cp1252")), "replace")


def value_changed(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Another value, one less or one twice, in a text that stays well formed."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return line_changed(rng, data, others)
    holders = list(_holders(document))
    for _ in range(rng.randint(1, 3) if holders else 0):
        holder = rng.choice(holders)
        if isinstance(holder, dict):
            key = rng.choice(list(holder)) if holder else "id"
            if rng.random() < 0.25:
                holder.pop(key, None)
            else:
                holder[key] = _value(rng)
        elif holder and rng.random() < 0.5:
            holder.append(rng.choice(holder))
        else:
            holder.insert(rng.randint(0, len(holder)), _value(rng))
    return json.dumps(document).encode()


def line_changed(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    """A line removed, repeated, or with another cell. An image has lines only by chance."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    kind = rng.randrange(3)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, rng.choice(lines))
    else:
        cells = lines[at].split(b",")
        cells[rng.randrange(len(cells))] = str(_value(rng)).encode("utf-8", "replace")
        lines[at] = b",".join(cells)
    return b"\n".join(lines)


def _holders(value: object) -> Iterator[Any]:
    """The lists and objects of a document."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list):
            yield one
            waiting.extend(one.values() if isinstance(one, dict) else one)


def _value(rng: random.Random) -> Any:
    return rng.choice(_VALUES)


def emptied(_rng: random.Random, _data: bytes, _others: Sequence[bytes]) -> bytes:
    return b""


def _span(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data) - start, rng.choice((1, 4, 16, 300, 5000)))


MUTATIONS: Final[tuple[Mutation, ...]] = (
    truncated,
    truncated,
    end_cut,
    bits_flipped,
    bits_flipped,
    head_flipped,
    overwritten,
    removed,
    repeated,
    number_set,
    number_set,
    spliced,
    word_put_in,
    word_put_in,
    encoded_otherwise,
    value_changed,
    value_changed,
    value_changed,
    value_changed,
    value_changed,
    line_changed,
    emptied,
)
