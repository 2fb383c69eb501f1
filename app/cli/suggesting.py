"""Commands that show what the machine proposes: suggest, review."""

import typer

PANEL = "Label"


def register(app: typer.Typer) -> None:
    del app
