"""Small or malicious files that unpack, nest or repeat without end: a sentence, and bounded memory."""

import gzip
import io
import itertools
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.services.interchange.registry import AUTO, readable

ROOT = Path(__file__).parents[3]
LIMIT_BYTES = 2 << 30
"""Address space of the process that imports, with all its libraries."""
LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha">%s]>
<annotation><filename>one.png</filename><object><name>&z;</name></object></annotation>
"""
SCRIPT = """
import contextlib, io, json, resource, sys, traceback
from app.cli.context import CommandLine
from app.cli.main import run

limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
known = CommandLine(make_runner=None, start_log=lambda folder, verbose: None)
told = {}
for arguments in json.loads(sys.stdin.read()):
    out, err = io.StringIO(), io.StringIO()
    code = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run(arguments, known)
        except BaseException:
            traceback.print_exc()
    told[arguments[3]] = [code, err.getvalue()]
print(json.dumps(told))
"""


def bombs() -> dict[str, bytes]:
    zeros = bytes(200 << 20)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("labels.json", zeros)
    names = "abcdefghijklmnopqrstuvwxyz"
    entities = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise(names)
    )
    levels = "\n".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in itertools.pairwise(names)
    )
    return {
        "lists.json": b"[" * 3_000_000,
        "objects.json": b'{"images":' * 500_000,
        "number.json": b'{"images": ' + b"9" * 2_000_000 + b"}",
        "packed.json": gzip.compress(zeros),
        "packed.json.gz": gzip.compress(zeros),
        "packed.zip": archive.getvalue(),
        "laughs.xml": (LAUGHS % entities).encode(),
        "laughs.yaml": f"a: &a [x]\n{levels}\nnames: *z\n".encode(),
        "quote.csv": b'image,"' + b"a" * 20_000_000,
        "columns.csv": b"image" + b",a" * 500_000 + b"\n",
        "lines.csv": b"\n" * 5_000_000,
        "zeros.txt": bytes(20 << 20),
        "marks.csv": b"\xff\xfe" * 2_000_000,
    }


@pytest.mark.slow
@pytest.mark.parametrize("format_name", [AUTO, *(one.name for one in readable())])
def test_a_bomb_is_refused_with_a_sentence(project, tmp_path, format_name):
    pytest.importorskip("resource")
    project.close()
    commands = []
    for name, data in bombs().items():
        (tmp_path / name).write_bytes(data)
        commands.append(["import", str(project.folder), format_name, str(tmp_path / name)])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(LIMIT_BYTES)],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert len(told) == len(commands)
    assert {Path(name).name: code for name, (code, _) in told.items() if code != 1} == {}
    odd = {Path(name).name: err for name, (_, err) in told.items() if not err.startswith("tailspotter: ")}
    assert odd == {}
