"""A folder full of modules named as those that the program needs: none of them may run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.protocol import messages as m
from app.services.runner.launch import worker_command
from app.services.runner.subprocess_runner import SubprocessRunner
from cprfl_core.demo.collection import generate

ROOT = Path(__file__).parents[2]
NAMES = (  # of the standard library, of dependencies, and the program's own
    "app cprfl_core resources numpy torch json typing sqlite3 sqlalchemy pydantic PIL open_clip timm "
    "typer multiprocessing logging pickle socket concurrent threading queue pathlib subprocess "
    "tempfile platformdirs safetensors PySide6 psutil site sitecustomize usercustomize"
)


@pytest.fixture
def decoys(tmp_path, monkeypatch):
    """The current folder; the value lists which of its modules have run."""
    folder, mark = tmp_path / "photos", tmp_path / "mark"
    for name in NAMES.split():
        (folder / name).mkdir(parents=True)
        body = f"open({str(mark)!r}, 'a').write({name!r} + ' ')\nraise ImportError('decoy')\n"
        (folder / name / "__init__.py").write_text(body)
        (folder / f"{name}.py").write_text(body)
    monkeypatch.chdir(folder)
    return lambda: mark.read_text().split() if mark.exists() else []


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | more


def program(*arguments, **more):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.slow
def test_the_worker_takes_nothing_from_the_current_folder(decoys):
    heard = []
    with SubprocessRunner() as runner:
        ended = runner.run(m.DescribeBackbone(job="j", backbone="bundled"), heard.append)
    assert decoys() == []
    assert isinstance(ended, m.Completed)
    assert any(isinstance(event, m.Hello) for event in heard)


@pytest.mark.parametrize("search_path", ["", ".", os.pathsep, "sub", "/nowhere" + os.pathsep])
def test_a_search_path_that_means_the_current_folder_is_not_followed(decoys, search_path):
    """As a child of the program, which sitecustomize in that folder must not reach either."""
    code = (
        "import sys, os; sys.path[:] = [p for p in sys.path if p not in ('', os.getcwd())]; "
        f"sys.path.append({str(ROOT)!r}); os.environ['PYTHONPATH'] = {search_path!r}; "
        "from cprfl_core.common.safe_path import leave_out_current_folder; leave_out_current_folder(); "
        "import subprocess; from app.services.runner.launch import worker_command; "
        "sys.exit(subprocess.run([*worker_command(), 'surplus']).returncode)"
    )
    done = program("-P", "-c", code)
    assert decoys() == []
    assert (done.returncode, done.stderr) == (2, "The worker takes no arguments: surplus\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "start", [["-m", "app"], ["-m", "app.worker", "surplus"], ["-m", "cprfl_core", "-h"]]
)
def test_python_m_takes_only_the_package_itself_from_the_current_folder(decoys, start, tmp_path):
    """What Python loads before the package can be taken from that folder, and nothing later."""
    for name in ("app", "cprfl_core", "resources"):
        (tmp_path / "photos" / f"{name}.py").unlink()
        (tmp_path / "photos" / name / "__init__.py").unlink()
        (tmp_path / "photos" / name).rmdir()
    for name in ("site", "sitecustomize", "usercustomize", "threading"):  # before, by Python
        (tmp_path / "photos" / f"{name}.py").unlink()
        (tmp_path / "photos" / name / "__init__.py").unlink()
    arguments = [*start, "stats", "nowhere"] if start[-1] == "app" else start
    done = program(*arguments, PYTHONPATH=str(ROOT))
    assert decoys() == []
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 1, 2}


@pytest.mark.slow
def test_drawing_the_demo_in_several_processes_takes_nothing_from_the_current_folder(decoys, tmp_path):
    made = generate(tmp_path / "demo", "test", images=51, processes=2)
    assert len(made.paths) == 51
    assert decoys() == []


def test_a_source_tree_that_was_never_installed_still_starts_its_worker(tmp_path):
    (tmp_path / "tree").mkdir()
    for name in ("app", "cprfl_core", "resources"):
        (tmp_path / "tree" / name).symlink_to(ROOT / name)
    command = [*worker_command()[:2], str(tmp_path / "tree" / "app" / "__main__.py"), "worker", "surplus"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (2, "The worker takes no arguments: surplus\n")


def test_every_place_that_starts_a_process_is_known():
    """A new one needs a safe search path too; see docs/decisions/0235."""
    starters = (
        "sys.executable",
        "multiprocessing",
        "ProcessPoolExecutor",
        "Popen(",
        "QProcess(",
        "os.exec",
        "os.spawn",
    )
    known = {
        "app/__main__.py",  # freeze_support
        "app/services/runner/launch.py",  # the command
        "app/services/runner/connection.py",  # runs it
        "app/jobs/display.py",  # runs it with another word
        "cprfl_core/demo/collection.py",  # safe_children
        "cprfl_core/common/safe_path.py",
    }
    found = {
        str(path.relative_to(ROOT))
        for package in ("app", "cprfl_core")
        for path in (ROOT / package).rglob("*.py")
        if any(word in path.read_text() for word in starters)
    }
    assert found == known
