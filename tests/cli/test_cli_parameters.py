"""Whatever is typed after an option or as a path: a sentence, never a traceback."""

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import typer

from app.bootstrap import run_command_line
from app.cli.main import build
from app.cli.parameters import MAX_COUNT, MAX_SEED, given_path, share


@dataclass(frozen=True)
class Parameter:
    """One option or argument as its function declares it; ``kinds`` are int, Path, ... without None."""

    command: tuple[str, ...]
    name: str
    kinds: frozenset[type]
    info: typer.models.ParameterInfo
    required: bool

    @property
    def option(self):
        given = self.info.default  # where typer puts what is given first
        return given if isinstance(given, str) and given.startswith("--") else None


def parameters(app, path=()):
    for command in app.registered_commands:
        function = command.callback
        hints = get_type_hints(function, include_extras=True)
        for name, declared in inspect.signature(function).parameters.items():
            if name != "context":
                kind, info = get_args(hints[name])
                kinds = frozenset({kind, *get_args(kind)})
                required = declared.default is inspect.Parameter.empty
                yield Parameter((*path, command.name or function.__name__), name, kinds, info, required)
    for group in app.registered_groups:
        yield from parameters(group.typer_instance, (*path, group.typer_instance.info.name))


ALL = list(parameters(build()))
NUMBERS = [one for one in ALL if one.kinds & {int, float}]
PATHS = [one for one in ALL if Path in one.kinds]


def call(odd, value):
    """A command line in which only the parameter ``odd`` is odd; every path that is needed leads nowhere."""
    arguments, options = [], ["--yes", "cat"] if odd.command == ("label",) else []
    for one in (one for one in ALL if one.command == odd.command):
        if one.required or one.name == odd.name:
            given = value if one.name == odd.name else "coco" if one.name == "format_name" else "/nowhere"
            if one.option:
                options += [one.option, given]
            else:
                arguments.append(given)
    return [*odd.command, *options, "--", *arguments]


def test_every_number_has_a_range():
    names = {f"{' '.join(one.command)} {one.option}" for one in NUMBERS}
    assert names >= {"train --epochs", "train --seed", "review --seed", "simulate --until"}
    for one in NUMBERS:
        assert one.info.parser is share or None not in (one.info.min, one.info.max), one


@pytest.mark.parametrize(
    "value", ["-1", str(2**63), str(2**64), "nan", "inf", "-inf", "1e400", "9" * 5000, "x", ""]
)
def test_a_number_out_of_range_is_wrong_usage(cli, value):
    for one in NUMBERS:
        result = cli(*call(one, value))
        assert (result.code, result.out) == (2, ""), one
        assert "Usage: tailspotter" in result.err


def test_the_largest_numbers_that_are_allowed_are_no_trouble(cli, coloured):
    for arguments in (
        ["review", coloured, "red", "--limit", MAX_COUNT, "--seed", MAX_SEED, "--queue", "random"],
        ["suggest", coloured, "--top", MAX_COUNT],
        ["accept", coloured, "red", "--precision", "0.95", "--dry-run"],
        ["accept", coloured, "red", "--precision", "1", "--dry-run"],
        ["accept", coloured, "red", "--precision", "0", "--dry-run"],
    ):
        assert cli(*arguments).code in {0, 1}


@pytest.mark.parametrize("text", ["-0.1", "1.1", "nan", "-nan", "inf", "", "half"])
def test_a_share_is_from_0_to_1(text):
    with pytest.raises(typer.BadParameter):
        share(text)
    assert (share("0"), share("1e-3"), share(0.5)) == (0.0, 0.001, 0.5)


def test_a_path_is_never_empty_and_a_home_that_is_not_there_is_a_name(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert given_path("~/a") == Path("/home/somebody/a")
    assert given_path("~nosuchperson/a") == Path("~nosuchperson/a")
    with pytest.raises(typer.BadParameter, match="path is empty"):
        given_path("")


def test_every_path_is_read_in_the_same_way():
    assert len(PATHS) > 20
    assert all(one.info.parser is given_path for one in PATHS)


@pytest.mark.parametrize("value", ["", "x" * 5000, "caf\udce9/p", "/dev/null"])
def test_an_odd_path_is_a_sentence_for_every_command(value, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for one in PATHS:
        if one.command in {("demo",), ("doctor",)} and value:
            continue  # these start a worker, or draw a demo where the path is a possible one
        arguments = call(one, value)
        code = run_command_line(arguments)
        captured = capfd.readouterr()
        assert code == (1 if value else 2), arguments
        assert "Traceback" not in captured.err
        assert code != 1 or len(captured.err.splitlines()) == 1, captured.err


@pytest.mark.parametrize("value", ["caf\udce9", "\udcff\udcfe", "a,\udcff"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["models", "show", "P", "V"],
        ["models", "delete", "P", "V"],
        ["models", "compare", "P", "V", "V"],
        ["label", "P", "one.png", "--yes", "V"],
        ["review", "P", "V"],
        ["suggest", "P", "--query", "V"],
    ],
)
def test_bytes_that_are_no_text_are_a_sentence(cli, folder, arguments, value):
    result = cli(*({"P": folder, "V": value}.get(one, one) for one in arguments))
    assert result.code == 1
    assert result.out == ""
    assert result.err.startswith("tailspotter: ")


def test_a_deleted_current_folder_is_a_sentence(tmp_path, monkeypatch, capfd):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for arguments in (["stats", "p"], ["new", "p", "--images", "i"], ["stats", "."]):
        assert run_command_line(arguments) == 1
        said = capfd.readouterr().err
        assert (
            said
            == "tailspotter: The current folder no longer exists; change to another folder and try again.\n"
        )


def test_the_doctor_needs_no_home(monkeypatch):
    from app.services.doctor import _disk, _home

    for home in ("/nowhere/at/all", "", None):
        if home is None:
            monkeypatch.delenv("HOME")
        else:
            monkeypatch.setenv("HOME", home)
        check = _disk(_home())
        assert check.state in {"ok", "warn"}
        assert "free on the disk of" in check.detail
