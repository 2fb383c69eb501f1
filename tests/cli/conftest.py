import json
from dataclasses import dataclass
from typing import Any

import pytest
from colour_backbone import colour_runner

from app.cli.context import CommandLine
from app.cli.main import run


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def command_line():
    return CommandLine(
        make_runner=lambda separate: colour_runner(),
        start_log=lambda folder, verbose: None,
    )


@pytest.fixture
def cli(capfd, command_line):
    """``cli("stats", project)`` runs a command as a person would, with a model that knows colours."""

    def call(*arguments) -> Result:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments], command_line)
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def folder(project):
    """The folder of the scanned project of the root conftest."""
    return project.folder


@pytest.fixture
def coloured(cli, tmp_path, make_image):
    """Six indexed images in shades of red, green and blue, and a category for each colour."""
    shades = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
    for name, (r, g, b) in shades.items():
        for number, light in enumerate((200, 250)):
            make_image(tmp_path / "shades" / f"{name}{number}.png", colour=(r * light, g * light, b * light))
    project = tmp_path / "coloured"
    cli(
        "new",
        project,
        "--images",
        tmp_path / "shades",
        "--categories",
        "red,green,blue",
        "--backbone",
        "bundled",
    )
    cli("index", project)
    return project
