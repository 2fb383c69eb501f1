"""Standard streams that are closed, full or abandoned by their reader, with the real program."""

import io
import os
import subprocess
import sys

import pytest

from app.cli.main import run

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="needs /dev/full and a shell")

FULL = "Standard output cannot be written (the disk is full)"
CLOSED = "Standard output cannot be written (it is closed)"


def shell(redirection, *arguments):
    """Run the program with its streams as the shell sets them; its own stdout and stderr where they are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = ["bash", "-o", "pipefail", "-c", f'"$@" {redirection}', "-", sys.executable, "-m", "app"]
    return subprocess.run(
        [*command, *map(str, arguments)], env=kept, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["stats", "--json"]])
@pytest.mark.parametrize(("redirection", "words"), [("> /dev/full", FULL), (">&-", CLOSED)])
def test_a_result_that_cannot_be_written_is_a_known_error(folder, arguments, redirection, words):
    given = [arguments[0], folder, *arguments[1:]] if arguments[0] == "stats" else arguments
    done = shell(redirection, *given)
    assert done.returncode == 1
    assert done.stderr.startswith(f"tailspotter: {words}")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
def test_without_a_place_for_messages_the_result_is_whole(folder, redirection):
    done = shell(redirection, "stats", folder, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith('{"images"')
    assert shell(redirection, "nonsense").returncode == 2


@pytest.mark.slow
def test_with_all_streams_closed_the_work_is_done(folder, cli):
    done = shell(">&- 2>&- <&-", "label", folder, "one", "--yes", "cat")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")  # it could not tell
    assert cli("stats", folder, "--json").json["categories"][0]["yes"] == 1
    assert shell("2>/dev/full >/dev/null", "scan", folder).returncode == 0  # progress has no place either


@pytest.mark.slow
def test_a_pipe_that_is_closed_early_is_quiet_whatever_is_printed(folder):
    for arguments in (["--help"], ["stats", folder], ["stats", folder, "--json"]):
        done = shell("2>&1 | true", *arguments)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
def test_the_worker_starts_without_streams():
    for redirection in (">&- 2>&- <&-", "<&-", ">&-"):
        assert shell(redirection, "worker", "surplus").returncode == 2


class Failing(io.StringIO):
    """A stream whose writing fails at the given moment."""

    def __init__(self, error, late):
        super().__init__()
        self.error, self.late = error, late

    def write(self, text):
        if not self.late:
            raise self.error
        return len(text)

    def flush(self):
        if not self.closed:
            raise self.error


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device"), 1),
        (OSError(5, "Input/output error"), 1),
        (ValueError("I/O operation on closed file"), 1),
        (BrokenPipeError(), 0),
    ],
)
def test_every_kind_of_failure_has_its_status(*, folder, command_line, monkeypatch, capfd, error, code, late):
    stream = Failing(error, late)
    monkeypatch.setattr(sys, "stdout", stream)
    assert run(["stats", str(folder)], command_line) == code
    assert sys.stdout is stream
    assert capfd.readouterr().err.count("Standard output cannot be written") == code


def test_a_system_error_inside_a_command_is_a_sentence_and_is_in_the_log(project, monkeypatch, capfd):
    from app.bootstrap import run_command_line

    def refused(*_arguments):
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setattr("app.services.insights.stats", refused)
    assert run_command_line(["stats", str(project.folder)]) == 1
    assert capfd.readouterr().err == (
        "tailspotter: A system call failed (/somewhere: permission denied); the command has stopped.\n"
    )
    assert "PermissionError" in (project.layout.logs / "tailspotter.log").read_text("utf-8")
