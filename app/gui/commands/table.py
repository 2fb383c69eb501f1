"""The table of all commands: names, default keys and groups. Plain values, no widgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QKeySequence

from app.gui.commands.texts import (
    DECIDE,
    FIND,
    IMAGES,
    PROJECT,
    REVIEW,
    SUGGESTION,
    SYNONYMS,
    TITLES,
    WINDOW,
    translated,
)

RANKS: Final = "1234567890"
"""The keys of the top ten suggestions."""
GROUPS: Final = (DECIDE, IMAGES, FIND, PROJECT, WINDOW, REVIEW)
"""In the order of the help page."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done. ``keys`` are the defaults.

    ``repeats``: acts again while its key is held. ``place``: the only place in which it acts, empty for all;
    there its keys take precedence over those of other commands.
    """

    name: str
    keys: tuple[str, ...]
    group: str
    repeats: bool = False
    place: str = ""

    @property
    def words(self) -> str:
        """The translated title."""
        if self.name in TITLES:
            return translated(TITLES[self.name])
        return translated(SUGGESTION).format(rank=self.name.removeprefix("toggle_"))


LABELLING: Final = (
    Command("accept", ("Y",), DECIDE),
    Command("reject", ("N", "X"), DECIDE),
    Command("unknown", ("U",), DECIDE),
    *(Command(f"toggle_{rank}", (rank,), DECIDE) for rank in RANKS),
    Command("highlight_previous", ("Up", "K"), DECIDE, repeats=True),
    Command("highlight_next", ("Down", "J"), DECIDE, repeats=True),
    Command("tag", ("T", "/"), DECIDE),
    Command("repeat", (".",), DECIDE),
    Command("reviewed", ("R",), DECIDE),
    Command("done", ("Shift+Return", "Shift+Enter"), DECIDE),
    Command("undo", ("Ctrl+Z",), DECIDE, repeats=True),
    Command("redo", ("Ctrl+Shift+Z",), DECIDE, repeats=True),
    Command("heat", ("H",), IMAGES),
    Command("previous", ("Left", "A"), IMAGES, repeats=True),
    Command("next", ("Right", "D", "Space"), IMAGES, repeats=True),
    Command("zoom_in", ("+", "="), IMAGES, repeats=True),
    Command("zoom_out", ("-",), IMAGES, repeats=True),
    Command("fit", ("F", "Ctrl+0"), IMAGES),
    Command("actual_size", ("Ctrl+1",), IMAGES),
)
FRAME: Final = (
    Command("grid", ("G",), IMAGES),
    Command("single", ("E",), IMAGES),
    Command("list", ("Shift+G",), IMAGES),
    Command("copy_labels", ("Ctrl+C",), IMAGES),
    Command("copy_path", (), IMAGES),
    Command("show_in_folder", (), IMAGES),
    Command("larger_pictures", ("Ctrl++",), IMAGES, repeats=True),
    Command("smaller_pictures", ("Ctrl+-",), IMAGES, repeats=True),
    Command("review", ("V",), FIND),
    Command("review_category", ("Shift+V",), FIND),
    Command("accept_likely", ("Ctrl+Shift+A",), FIND),
    Command("query", ("Ctrl+F",), FIND),
    Command("filters", ("Ctrl+B",), FIND),
    Command("sort", (), FIND),
    Command("save_query", ("Ctrl+S",), FIND),
    Command("saved_queries", (), FIND),
    Command("clear_query", ("Ctrl+Shift+F",), FIND),
    Command("similar", ("S",), FIND),
    Command("stack", ("Shift+S",), FIND),
    Command("refresh", ("F5",), FIND),
    Command("categories", ("Shift+C",), PROJECT),
    Command("back", ("Alt+Left",), FIND),
    Command("forward", ("Alt+Right",), FIND),
    Command("category_properties", ("F2",), PROJECT),
    Command("import_labels", ("Ctrl+I",), PROJECT),
    Command("export_labels", ("Ctrl+E",), PROJECT),
    Command("project_settings", ("Ctrl+Shift+P",), PROJECT),
    Command("scan", ("Ctrl+Shift+S",), PROJECT),
    Command("relocate", (), PROJECT),
    Command("relink", (), PROJECT),
    Command("duplicates", (), FIND),
    Command("near_duplicates", (), FIND),
    Command("index", ("Ctrl+Shift+C",), PROJECT),
    Command("image_model", (), PROJECT),
    Command("train", ("M",), PROJECT),
    Command("insights", ("F8",), PROJECT),
    Command("train_start", ("Ctrl+Shift+T",), PROJECT),
    Command("thumbnails", (), PROJECT),
    Command("new_project", ("Ctrl+N",), PROJECT),
    Command("open_project", ("Ctrl+O",), PROJECT),
    Command("demo", (), PROJECT),
    Command("start_page", ("Ctrl+W",), PROJECT),
    Command("palette", ("Ctrl+K",), WINDOW),
    Command("context_menu", ("Menu", "Shift+F10"), WINDOW),
    Command("help", ("?", "F1"), WINDOW),
    Command("preferences", ("Ctrl+,",), WINDOW),
    Command("system_information", (), WINDOW),
    Command("jobs", ("Ctrl+J",), WINDOW),
    Command("notice", ("F6",), WINDOW),
    Command("quit", ("Ctrl+Q",), WINDOW),
)
REVIEWING: Final = (
    Command("skip", ("S",), REVIEW, place="review"),
    Command("page_done", ("Return", "Enter"), REVIEW, place="review"),
    Command("rest_no", ("Shift+Return", "Shift+Enter"), REVIEW, place="review"),
    Command("end_review", ("Esc",), REVIEW, place="review"),
)
COMMANDS: Final = (*LABELLING, *FRAME, *REVIEWING)
"""The setting ``shortcuts`` maps names of commands to keys joined by ``"; "``; an empty text means no key."""


def keys_of(command: Command, shortcuts: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a command in Qt's portable form; what is no key in the setting is left out."""
    if command.name not in shortcuts:
        return command.keys
    parts = (part.strip() for part in shortcuts[command.name].split(";"))
    texts = (QKeySequence(part).toString(QKeySequence.SequenceFormat.PortableText) for part in parts)
    return tuple(text for text in texts if text)


def owner_of(key: str, shortcuts: Mapping[str, str], place: str = "") -> Command | None:
    """The command of a place that has a key, in Qt's portable form."""
    wanted = QKeySequence(key).toString()
    for command in COMMANDS:
        if command.place == place and wanted in (
            QKeySequence(one).toString() for one in keys_of(command, shortcuts)
        ):
            return command
    return None


def find(text: str, commands: Sequence[Command]) -> list[Command]:
    """Commands in which every typed word begins a word, matches of the title before matches of synonyms."""
    typed = text.casefold().split()

    def rank(command: Command) -> int | None:
        own = command.words.casefold().split()
        also = f"{translated(SYNONYMS.get(command.name, ''))} {translated(command.group)}"
        all_words = [*own, *also.casefold().split()]
        if all(any(word.startswith(part) for word in own) for part in typed):
            return 0 if not typed or own[0].startswith(typed[0]) else 1
        return 2 if all(any(word.startswith(part) for word in all_words) for part in typed) else None

    ranked = [(rank(command), command) for command in commands]
    found = [(place, command) for place, command in ranked if place is not None]
    return [command for _, command in sorted(found, key=lambda one: one[0])]
