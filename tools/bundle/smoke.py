"""Try a bundled application: its command line, its worker, and its window on a virtual screen.

    python tools/bundle/smoke.py build/bundle/Tailspotter

Run by a Python that has the packages of Tailspotter, which draws the images; the bundle uses none of it.
Needs Xvfb and xdotool. Exits with 1 at the first check that fails, and says which.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from virtual_screen import screen  # noqa: E402

from cprfl_core.demo.collection import DemoSet, generate  # noqa: E402

IMAGES, REVIEWED = 120, 90
WAIT_SECONDS = 600.0


def main(bundle: Path) -> None:
    for tool in ("xdotool", "Xvfb"):
        if not os.environ.get("DISPLAY") and shutil.which(tool) is None:
            raise SystemExit(f"{tool} is missing (Debian, Ubuntu: apt install xvfb xdotool libxcb-cursor0).")
    size = sum(one.stat().st_size for one in bundle.rglob("*") if one.is_file() and not one.is_symlink())
    print(f"{bundle}: {size / 1e9:.2f} GB")
    with tempfile.TemporaryDirectory(prefix="tailspotter-smoke-") as scratch, screen():
        place = Path(scratch)
        home = place / "home"
        home.mkdir()
        program = Program(bundle, {**os.environ, "HOME": str(home), "QT_QPA_PLATFORM": "xcb"})
        made = generate(place / "drawn", "pool", images=IMAGES)
        check("the version", lambda: "tailspotter" in program.run("--version"))
        check("doctor", lambda: bool(json.loads(program.run("doctor", "--json"))))
        whole_loop(program, made, place)
        bad_starts(bundle, program, place)
    print("All checks passed.")


class Program:
    """The executables of a bundle, and the environment in which they run."""

    def __init__(self, bundle: Path, environment: Mapping[str, str]) -> None:
        suffix = ".exe" if os.name == "nt" else ""
        self.terminal, self.window = bundle / f"tailspotter{suffix}", bundle / f"tailspotter-window{suffix}"
        self.environment = dict(environment)

    def run(self, *arguments: object, status: int = 0) -> str:
        """What a command prints; exits where its status is another one."""
        command = [str(self.terminal), *map(str, arguments)]
        done = subprocess.run(
            command, env=self.environment, text=True, capture_output=True, timeout=900, check=False
        )
        if done.returncode != status or "Traceback" in done.stderr:
            raise SystemExit(
                f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
            )
        return done.stdout + ("" if status == 0 else done.stderr)

    @contextmanager
    def shown(self, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
        """The window, closed by Ctrl+Q at the end; it must then end with 0."""
        command = [str(self.window), *map(str, arguments)]
        with subprocess.Popen(command, env=self.environment, text=True, stderr=subprocess.PIPE) as process:
            try:
                until("a window appears", lambda: window_of(process) is not None)
                yield process
                press(process, "ctrl+q")
                _, errors = process.communicate(timeout=60)
                if process.returncode or "Traceback" in errors:
                    raise SystemExit(f"The window ended with {process.returncode}:\n{errors}")
            finally:
                process.kill()


def whole_loop(program: Program, made: DemoSet, place: Path) -> None:
    """From a folder of images to an export, with the workers of window and command line."""
    project = place / "project"
    program.run("new", project, "--images", made.folder, "--categories", ",".join(made.categories))
    with program.shown("open", project) as window:
        until("the project is open", lambda: "project" in title_of(window))
        press(window, "ctrl+shift+c")  # compute features
        until("the worker has indexed all images", lambda: suggested(program, project) == IMAGES)
        press(window, "e")
        press(window, "r")  # reviewed: a decision by key
        until("the review is saved", lambda: stats(program, project)["images"]["reviewed"] == 1)
    print("ok: the window, with features from the bundled worker and a decision by key")
    tags = place / "tags.csv"
    rows = [
        f"{name},{';'.join(made.categories[c] for c in row.nonzero()[0])}"
        for name, row in zip(made.paths[:REVIEWED], made.truth, strict=False)
    ]
    tags.write_text("\n".join(["image,tags", *rows]) + "\n", encoding="utf-8")
    program.run("import", project, "tags-csv", tags, "--complete")
    trained = json.loads(program.run("--separate-process", "train", project, "--epochs", 1, "--json"))
    check("training one epoch", lambda: bool(trained["model"]))
    program.run("export", project, "coco", place / "labels.json")
    check("the export", lambda: len(json.loads((place / "labels.json").read_text())["images"]) >= REVIEWED)


def bad_starts(bundle: Path, program: Program, place: Path) -> None:
    project = place / "project"
    odd = bundle.parent / "Prüf ung 東京"
    shutil.rmtree(odd, ignore_errors=True)
    shutil.copytree(bundle, odd, copy_function=os.link, symlinks=True)
    try:
        there = Program(odd, program.environment)
        check(
            "a path with spaces and other letters", lambda: stats(there, project)["images"]["total"] == IMAGES
        )
        with there.shown("open", project) as window:
            until("it opens there", lambda: "project" in title_of(window))
            read_only(odd)
            check("a read-only place", lambda: "tailspotter" in there.run("--version"))
    finally:
        writable(odd)
        shutil.rmtree(odd)
    with program.shown("open", project) as first:
        until("the first window is open", lambda: "project" in title_of(first))
        with program.shown("open", project) as second:
            until("the second window says that it is taken", lambda: title_of(second) == "Tailspotter")
    print("ok: twice at once")
    homeless = Program(bundle, {k: v for k, v in program.environment.items() if k != "HOME"})
    check("without HOME", lambda: stats(homeless, project)["images"]["total"] == IMAGES)
    none = place / "no-fonts.conf"
    none.write_text('<?xml version="1.0"?><fontconfig></fontconfig>', encoding="utf-8")
    fontless = Program(bundle, {**program.environment, "FONTCONFIG_FILE": str(none)})
    with fontless.shown("open", project) as window:
        until("it opens without the system's fonts", lambda: "project" in title_of(window))
    print("ok: without fonts")


def read_only(folder: Path) -> None:
    for one in (folder, *folder.rglob("*")):
        if one.is_dir() and not one.is_symlink():
            one.chmod(0o555)


def writable(folder: Path) -> None:
    for one in (folder, *folder.rglob("*")):
        if one.is_dir() and not one.is_symlink():
            one.chmod(0o755)


def stats(program: Program, project: Path) -> dict[str, dict[str, int]]:
    return dict(json.loads(program.run("stats", project, "--json")))


def suggested(program: Program, project: Path) -> int:
    """How many images have suggestions; 0 while there are no features."""
    command = [str(program.terminal), "suggest", str(project), "--json"]
    done = subprocess.run(command, env=program.environment, text=True, capture_output=True, check=False)
    return len(done.stdout.splitlines()) if done.returncode == 0 else 0


def window_of(process: "subprocess.Popen[str]") -> str | None:
    if process.poll() is not None:
        raise SystemExit(f"The window ended with {process.returncode}:\n{process.communicate()[1]}")
    command = ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid), "--name", "Tailspotter"]
    found = subprocess.run(command, text=True, capture_output=True, check=False).stdout.split()
    return found[-1] if found else None


def title_of(process: "subprocess.Popen[str]") -> str:
    window = window_of(process)
    command = ["xdotool", "getwindowname", window or "0"]
    return subprocess.run(command, text=True, capture_output=True, check=False).stdout.strip()


def press(process: "subprocess.Popen[str]", key: str) -> None:
    """Press a key in the window; there is no window manager that could give it the focus."""
    window = window_of(process)
    if window is not None:
        subprocess.run(["xdotool", "windowfocus", "--sync", window], check=False, capture_output=True)
        subprocess.run(["xdotool", "key", "--clearmodifiers", key], check=True)
        time.sleep(0.5)


def until(what: str, true: Callable[[], bool]) -> None:
    start = time.monotonic()
    while not true():
        if time.monotonic() - start > WAIT_SECONDS:
            raise SystemExit(f"Timed out after {WAIT_SECONDS:.0f} s: {what}.")
        time.sleep(2)


def check(what: str, true: Callable[[], bool]) -> None:
    if not true():
        raise SystemExit(f"Check failed: {what}.")
    print(f"ok: {what}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
