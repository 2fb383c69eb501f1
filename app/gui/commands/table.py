"""The one table of commands: their names, words and usual keys. Plain values, no widgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QKeySequence

RANKS: Final = "1234567890"
"""The keys of the ten top suggestions."""

IMAGES, DECIDE, FIND, PROJECT, WINDOW = "Images", "Decide", "Find", "Project", "Window"
REVIEW: Final = "In a review"
GROUPS: Final = (DECIDE, IMAGES, FIND, PROJECT, WINDOW, REVIEW)
"""In the order in which help shows them."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done. ``keys`` are the usual ones, ``also`` further words by which it is found.

    ``repeats``: a key that is held acts again. ``place``: the only place in which it acts, empty for all;
    there its keys go before those of any other command.
    """

    name: str
    words: str
    keys: tuple[str, ...]
    group: str
    also: str = ""
    repeats: bool = False
    place: str = ""


LABELLING: Final = (
    Command("accept", "Yes", ("Y", "Return", "Enter"), DECIDE, "accept confirm"),
    Command("reject", "No", ("N", "X"), DECIDE, "reject"),
    Command("unknown", "Unknown", ("U",), DECIDE, "take back"),
    *(Command(f"toggle_{rank}", f"Suggestion {rank}", (rank,), DECIDE) for rank in RANKS),
    Command("highlight_previous", "Suggestion above", ("Up", "K"), DECIDE, repeats=True),
    Command("highlight_next", "Suggestion below", ("Down", "J"), DECIDE, repeats=True),
    Command("tag", "Add tag", ("T", "/"), DECIDE, "category new label type"),
    Command("repeat", "Repeat", (".",), DECIDE, "last decision again"),
    Command("reviewed", "Reviewed", ("R",), DECIDE, "done finished"),
    Command("undo", "Undo", ("Ctrl+Z",), DECIDE, repeats=True),
    Command("redo", "Redo", ("Ctrl+Shift+Z",), DECIDE, repeats=True),
    Command("heat", "Heat map", ("H",), IMAGES, "where seen explain attention"),
    Command("previous", "Previous image", ("Left", "A"), IMAGES, "back", repeats=True),
    Command("next", "Next image", ("Right", "D", "Space"), IMAGES, repeats=True),
    Command("zoom_in", "Zoom in", ("+", "="), IMAGES, "larger", repeats=True),
    Command("zoom_out", "Zoom out", ("-",), IMAGES, "smaller", repeats=True),
    Command("fit", "Fit to the window", ("F", "Ctrl+0"), IMAGES),
    Command("actual_size", "Actual size", ("Ctrl+1",), IMAGES, "100 % pixels"),
)
FRAME: Final = (
    Command("grid", "Grid of images", ("G",), IMAGES, "library thumbnails"),
    Command("single", "One image large", ("E",), IMAGES, "single view"),
    Command("larger_pictures", "Larger pictures in the grid", ("Ctrl++",), IMAGES, repeats=True),
    Command("smaller_pictures", "Smaller pictures in the grid", ("Ctrl+-",), IMAGES, repeats=True),
    Command("review", "Review: find the rare ones", ("V",), FIND, "board categories queue cards"),
    Command("review_category", "Review this category", ("Shift+V",), FIND, "cards of the suggestion"),
    Command("accept_likely", "Accept likely ones…", ("Ctrl+Shift+A",), FIND, "auto bulk threshold precision"),
    Command("query", "Filter the images", ("Ctrl+F",), FIND, "query search find"),
    Command("clear_query", "Show all images", ("Ctrl+Shift+F",), FIND, "clear the query filter"),
    Command("similar", "Images similar to this one", ("S",), FIND, "look alike near"),
    Command("refresh", "Run the query again", ("F5",), FIND, "refresh reload"),
    Command("scan", "Scan the image folders again", ("Ctrl+Shift+S",), PROJECT, "new images rescan import"),
    Command("relocate", "Locate an image folder…", (), PROJECT, "relocate moved missing folder disk"),
    Command("index", "Compute features for suggestions", ("Ctrl+Shift+C",), PROJECT, "index embed model"),
    Command("train", "Train: versions of the model", ("M",), PROJECT, "compare tune curves"),
    Command("train_start", "Start training", ("Ctrl+Shift+T",), PROJECT, "tune new version resume"),
    Command("thumbnails", "Make all thumbnails now", (), PROJECT, "pictures small cache"),
    Command("new_project", "New project…", ("Ctrl+N",), PROJECT, "create"),
    Command("open_project", "Open a project…", ("Ctrl+O",), PROJECT, "folder"),
    Command("demo", "Try the demo", (), PROJECT, "example"),
    Command("start_page", "Close the project", ("Ctrl+W",), PROJECT, "start page recent projects"),
    Command("palette", "Find a command", ("Ctrl+K",), WINDOW, "commands palette"),
    Command("help", "Keys and help", ("?", "F1"), WINDOW, "shortcuts"),
    Command("preferences", "Preferences", ("Ctrl+,",), WINDOW, "settings options theme dark light"),
    Command("jobs", "Long work: pause, resume, stop", ("Ctrl+J",), WINDOW, "jobs progress cancel"),
    Command("notice", "Go to the newest notice", ("F6",), WINDOW, "notification message"),
    Command("quit", "Close the window", ("Ctrl+Q",), WINDOW, "exit quit"),
)
REVIEWING: Final = (
    Command("skip", "Skip", ("S",), REVIEW, "pass over later", place="review"),
    Command("page_done", "Page done", ("Return", "Enter"), REVIEW, "next cards rank again", place="review"),
    Command(
        "rest_no",
        "No for the rest of the page",
        ("Shift+Return", "Shift+Enter"),
        REVIEW,
        "reject all unmarked",
        place="review",
    ),
    Command("end_review", "End the review", ("Esc",), REVIEW, "stop summary", place="review"),
)
COMMANDS: Final = (*LABELLING, *FRAME, *REVIEWING)
"""The schema: a setting ``shortcuts`` maps a name to keys joined by ``"; "``; an empty text means no key."""


def keys_of(command: Command, shortcuts: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a command in portable words; what is written in a setting and is no key is left out."""
    if command.name not in shortcuts:
        return command.keys
    parts = (part.strip() for part in shortcuts[command.name].split(";"))
    texts = (QKeySequence(part).toString(QKeySequence.SequenceFormat.PortableText) for part in parts)
    return tuple(text for text in texts if text)


def clashes(shortcuts: Mapping[str, str]) -> dict[str, list[str]]:
    """Keys that more than one command has, and the names of these commands: none of them would act."""
    owners: dict[tuple[str, str], list[str]] = {}
    for command in COMMANDS:
        for key in keys_of(command, shortcuts):
            owners.setdefault((command.place, QKeySequence(key).toString()), []).append(command.name)
    return {key: names for (_, key), names in owners.items() if len(names) > 1}


def owner_of(key: str, shortcuts: Mapping[str, str], place: str = "") -> Command | None:
    """The command that has a key, in portable words, among those of a place."""
    wanted = QKeySequence(key).toString()
    for command in COMMANDS:
        if command.place == place and wanted in (
            QKeySequence(one).toString() for one in keys_of(command, shortcuts)
        ):
            return command
    return None


def find(text: str, commands: Sequence[Command]) -> list[Command]:
    """The commands in which every typed word begins some word, those whose own words fit first."""
    typed = text.casefold().split()

    def rank(command: Command) -> int | None:
        own = command.words.casefold().split()
        all_words = [*own, *command.also.casefold().split(), command.group.casefold()]
        if all(any(word.startswith(part) for word in own) for part in typed):
            return 0 if not typed or own[0].startswith(typed[0]) else 1
        return 2 if all(any(word.startswith(part) for word in all_words) for part in typed) else None

    ranked = [(rank(command), command) for command in commands]
    found = [(place, command) for place, command in ranked if place is not None]
    return [command for _, command in sorted(found, key=lambda one: one[0])]
