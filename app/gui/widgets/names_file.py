"""Category names from a text file, added to those that are being typed."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget


def choose_names_file(parent: QWidget) -> Path | None:
    """The file that the person chooses; None if none."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent,
        QCoreApplication.translate("NamesFile", "Choose a file with category names"),
        "",
        QCoreApplication.translate("NamesFile", "Text files (*.txt *.csv);;All files (*)"),
    )
    return Path(chosen) if chosen else None


def add_names(edit: QPlainTextEdit, names: Sequence[str]) -> None:
    """Below what is there, a line each."""
    before = edit.toPlainText().rstrip()
    edit.setPlainText("\n".join([*([before] if before else []), *names]))
