"""The system's dialog for a new file."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_new_file(parent: QWidget, title: str, start: Path, suffixes: Sequence[str]) -> Path | None:
    """A new file with one of these suffixes (``.csv``), the first by default; without any, a new folder.

    The dialog asks before it replaces a file. None if the person changed their mind.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if suffixes:
        dialog.setNameFilter(" ".join(f"*{suffix}" for suffix in suffixes))
        dialog.setDefaultSuffix(suffixes[0].removeprefix("."))
    dialog.setDirectory(str(start.parent))
    dialog.selectFile(start.name)
    try:
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    finally:
        dialog.deleteLater()
