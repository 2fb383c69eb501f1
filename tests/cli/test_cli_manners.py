"""What every command promises: exit status, streams, encodings, Ctrl+C."""

import io
import itertools
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from colour_backbone import colour_runner

from app.cli.context import CommandLine
from app.cli.main import run
from app.domain.errors import KnownError
from cprfl_core.common.errors import CoreError


def python_m_app(*arguments, env):
    """The real program in a separate process."""
    environment = os.environ | env
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)


def test_without_a_command_the_help_is_shown(cli):
    result = cli()
    assert result.code == 0
    names = "new scan index suggest label reviewed undo redo import export stats doctor demo"
    for command in names.split():
        assert f" {command} " in result.out


@pytest.mark.parametrize("arguments", [["nonsense"], ["stats"], ["stats", "p", "--nonsense"], ["label", "p"]])
def test_wrong_usage_is_status_2_and_stdout_stays_empty(cli, arguments):
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Usage: tailspotter" in result.err


def test_the_version_is_that_of_the_package(cli):
    from app import __version__

    assert cli("--version").out == f"tailspotter {__version__}\n"


def test_a_bug_passes_through_with_its_traceback(folder, monkeypatch, command_line):
    def broken(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr("app.services.insights.stats", broken)
    with pytest.raises(ZeroDivisionError):
        run(["stats", str(folder)], command_line)


def test_known_errors_of_every_room_are_one_sentence(folder, capfd):
    def start_log(_folder, _verbose):
        raise CoreError("The weights are damaged; copy them again.")

    line = CommandLine(lambda separate: colour_runner(), start_log)
    assert run(["stats", str(folder)], line) == 1
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "tailspotter: The weights are damaged; copy them again.\n")


@pytest.mark.slow
def test_the_program_answers_without_loading_torch_or_the_database(folder):
    code = (
        "import sys; from app.__main__ import main; main({arguments}); "
        "heavy = {{'torch', 'open_clip', 'timm', 'sklearn', 'PySide6', {more}}} & set(sys.modules); "
        "sys.stderr.write(','.join(sorted(heavy)))"
    )
    for arguments, more in ((["--help"], "'sqlalchemy', 'numpy'"), (["stats", str(folder)], "'onnxruntime'")):
        script = code.format(arguments=arguments, more=more)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout


@pytest.mark.slow
def test_json_is_ascii_and_text_survives_an_encoding_that_lacks_it(cli, folder):
    cli("label", folder, "one", "--yes", "cat")
    cli("import", folder, "coco", _coco_with(folder, "Eichhörnchen 松鼠"))
    plain = {"PYTHONIOENCODING": "ascii"}
    text = python_m_app("stats", folder, env=plain)
    assert (text.returncode, text.stderr) == (0, b"")
    assert b"Eichh\\xf6rnchen \\u677e\\u9f20" in text.stdout
    assert cli("stats", folder, "--json").out.isascii()
    assert "Eichhörnchen 松鼠" in cli("stats", folder).out


def _coco_with(folder, name):
    path = folder / "in.json"
    document = {
        "images": [{"id": 1, "file_name": "one.png"}],
        "categories": [{"id": 1, "name": name}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1}],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="no such file names there")
def test_a_file_name_that_is_no_text_can_be_printed_and_labelled(cli, tmp_path, make_image):
    images = tmp_path / "odd"
    make_image(images / "plain.png", colour=(1, 1, 1))
    (images / "plain.png").rename(os.fsdecode(os.fsencode(images) + b"/b\xff\x1b[31m.png"))
    cli("new", tmp_path / "p", "--images", images, "--categories", "cat")
    result = cli("label", tmp_path / "p", "b\udcff\x1b[31m.png", "--yes", "cat")
    assert result.code == 0
    assert result.out == "b\\udcff\\x1b[31m.png: cat unknown -> yes\n"
    assert cli("label", tmp_path / "p", "b\udcff\x1b[31m.png", "--no", "cat", "--json").code == 0
    shown = result.out.partition(":")[0]
    assert cli("label", tmp_path / "p", shown, "--unknown", "cat").out.startswith(shown)


class ClosedPipe(io.StringIO):
    """Standard output whose reader has gone."""

    def __init__(self):
        super().__init__()
        self.closed_pipe = os.open(os.devnull, os.O_WRONLY)

    def fileno(self):
        return self.closed_pipe

    def write(self, text):
        raise BrokenPipeError

    def reconfigure(self, **_options):
        pass


@pytest.mark.parametrize("arguments", [["stats"], ["stats", "--json"]])
def test_a_reader_that_goes_away_ends_the_command_quietly(
    folder, monkeypatch, command_line, capfd, arguments
):
    stream = ClosedPipe()
    monkeypatch.setattr(sys, "stdout", stream)
    code = run([arguments[0], str(folder), *arguments[1:]], command_line)
    os.close(stream.closed_pipe)
    assert (code, capfd.readouterr().err) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs head")
def test_head_closes_the_pipe_without_noise(cli, folder):
    names = [f"{number} {'x' * 180}" for number in range(400)]  # more than a pipe holds
    (folder / "names.txt").write_text("\n".join(names))
    cli("new", folder / "p2", "--images", folder.parent / "images", "--categories", folder / "names.txt")
    script = f"'{sys.executable}' -m app stats '{folder / 'p2'}' | head -1"
    command = ["bash", "-o", "pipefail", "-c", script]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"5 images")


class InterruptingRunner:
    """Presses Ctrl+C when the job asks for the third time."""

    def run(self, command, on_event, should_stop=None):
        asked = itertools.count(1)

        def ask():
            if command.type == "index_images" and next(asked) == 3:
                signal.raise_signal(signal.SIGINT)
            return should_stop()

        return colour_runner().run(command, on_event, ask)


def test_ctrl_c_stops_indexing_keeps_what_is_done_and_says_so(folder, command_line, capfd, cli):
    line = CommandLine(lambda separate: InterruptingRunner(), command_line.start_log, (KnownError,))
    handler = signal.getsignal(signal.SIGINT)
    assert run(["index", str(folder)], line) == 130
    captured = capfd.readouterr()
    assert "Stopping at the next safe point" in captured.err
    assert "tailspotter: stopped; the features written so far are kept" in captured.err
    assert signal.getsignal(signal.SIGINT) is handler
    rest = cli("index", folder, "--json").json
    assert rest["skipped"] in range(1, 5)
    assert rest["skipped"] + rest["embedded"] == 5


def test_ctrl_c_outside_long_work_ends_immediately(folder, command_line, capfd, monkeypatch):
    def pressed(*_arguments):
        signal.raise_signal(signal.SIGINT)
        time.sleep(5)

    monkeypatch.setattr("app.services.insights.stats", pressed)
    assert run(["stats", str(folder)], command_line) == 130
    assert capfd.readouterr().err.startswith("tailspotter: stopped; an unfinished step")


def test_the_log_is_in_the_project(project, monkeypatch):
    import logging

    from app.bootstrap import run_command_line

    def chatty(*given):
        logging.getLogger("app.services.insights").warning("something odd: %s", "\udcff")
        return stats(*given)

    from app.services.insights import stats

    monkeypatch.setattr("app.services.insights.stats", chatty)
    # Without pytest's own handlers: a report with a lone surrogate cannot travel between its processes.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    assert run_command_line(["stats", str(project.folder)]) == 0
    log = (project.layout.logs / "tailspotter.log").read_text("utf-8")
    assert "WARNING app.services.insights: something odd: \\udcff" in log
    assert logging.getLogger().handlers == []


def test_verbose_shows_the_log_on_stderr_and_others_stay_silent(project, monkeypatch, capfd):
    import logging

    from app.bootstrap import run_command_line
    from app.services.insights import stats

    def chatty(*given):
        logging.getLogger("app.services.insights").info("counting")
        return stats(*given)

    monkeypatch.setattr("app.services.insights.stats", chatty)
    assert run_command_line(["stats", str(project.folder)]) == 0
    assert capfd.readouterr().err == ""
    assert run_command_line(["--verbose", "stats", str(project.folder)]) == 0
    assert "INFO app.services.insights: counting" in capfd.readouterr().err
