"""The system's dialogs for the files of an import or export."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.gui.widgets.new_file import ask_new_file


def ask_file(parent: QWidget, start: Path) -> Path | None:
    """A file with labels; None if the person changed their mind."""
    title = QCoreApplication.translate("FileDialogs", "Choose a file with labels")
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(start))
    return Path(chosen) if chosen else None


def ask_folder(parent: QWidget, start: Path) -> Path | None:
    """A folder with label files; None if the person changed their mind."""
    title = QCoreApplication.translate("FileDialogs", "Choose a folder with label files")
    chosen = QFileDialog.getExistingDirectory(parent, title, str(start))
    return Path(chosen) if chosen else None


def ask_target(parent: QWidget, start: Path, suffix: str) -> Path | None:
    """A new file with this suffix, or a new folder if that is empty.

    The dialog asks before it replaces a file.
    """
    if suffix:
        return ask_new_file(
            parent, QCoreApplication.translate("FileDialogs", "Export labels to a file"), start, [suffix]
        )
    return ask_new_file(
        parent, QCoreApplication.translate("FileDialogs", "Export labels to a new folder"), start, []
    )


def ask_report(parent: QWidget, start: Path) -> Path | None:
    """A new file for the report of an import."""
    title = QCoreApplication.translate("FileDialogs", "Save the report")
    return ask_new_file(parent, title, start, [".txt", ".json"])
