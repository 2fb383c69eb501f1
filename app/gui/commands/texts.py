"""What the commands are called, in titles and by the words that they are also found by."""

from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.gui.widgets.words import QT_TRANSLATE_NOOP

translated: Final = partial(QCoreApplication.translate, "Commands")
"""A text of this file in the language of the window."""

IMAGES: Final = QT_TRANSLATE_NOOP("Commands", "Images")
DECIDE: Final = QT_TRANSLATE_NOOP("Commands", "Decide")
FIND: Final = QT_TRANSLATE_NOOP("Commands", "Find")
PROJECT: Final = QT_TRANSLATE_NOOP("Commands", "Project")
WINDOW: Final = QT_TRANSLATE_NOOP("Commands", "Window")
REVIEW: Final = QT_TRANSLATE_NOOP("Commands", "In a review")

SUGGESTION: Final = QT_TRANSLATE_NOOP("Commands", "Suggestion {rank}")
TITLES: Final = {
    "accept": QT_TRANSLATE_NOOP("Commands", "Yes"),
    "reject": QT_TRANSLATE_NOOP("Commands", "No"),
    "unknown": QT_TRANSLATE_NOOP("Commands", "Unknown"),
    "highlight_previous": QT_TRANSLATE_NOOP("Commands", "Previous suggestion"),
    "highlight_next": QT_TRANSLATE_NOOP("Commands", "Next suggestion"),
    "tag": QT_TRANSLATE_NOOP("Commands", "Add tag"),
    "repeat": QT_TRANSLATE_NOOP("Commands", "Repeat"),
    "reviewed": QT_TRANSLATE_NOOP("Commands", "Reviewed"),
    "undo": QT_TRANSLATE_NOOP("Commands", "Undo"),
    "redo": QT_TRANSLATE_NOOP("Commands", "Redo"),
    "heat": QT_TRANSLATE_NOOP("Commands", "Heat map"),
    "previous": QT_TRANSLATE_NOOP("Commands", "Previous image"),
    "next": QT_TRANSLATE_NOOP("Commands", "Next image"),
    "zoom_in": QT_TRANSLATE_NOOP("Commands", "Zoom in"),
    "zoom_out": QT_TRANSLATE_NOOP("Commands", "Zoom out"),
    "fit": QT_TRANSLATE_NOOP("Commands", "Fit to window"),
    "actual_size": QT_TRANSLATE_NOOP("Commands", "Actual size"),
    "grid": QT_TRANSLATE_NOOP("Commands", "Image grid"),
    "single": QT_TRANSLATE_NOOP("Commands", "Single image"),
    "larger_pictures": QT_TRANSLATE_NOOP("Commands", "Larger thumbnails"),
    "smaller_pictures": QT_TRANSLATE_NOOP("Commands", "Smaller thumbnails"),
    "review": QT_TRANSLATE_NOOP("Commands", "Review: find rare categories"),
    "review_category": QT_TRANSLATE_NOOP("Commands", "Review this category"),
    "accept_likely": QT_TRANSLATE_NOOP("Commands", "Accept likely images…"),
    "query": QT_TRANSLATE_NOOP("Commands", "Filter images"),
    "clear_query": QT_TRANSLATE_NOOP("Commands", "Show all images"),
    "similar": QT_TRANSLATE_NOOP("Commands", "Find similar images"),
    "refresh": QT_TRANSLATE_NOOP("Commands", "Run the query again"),
    "category_properties": QT_TRANSLATE_NOOP("Commands", "Category properties…"),
    "scan": QT_TRANSLATE_NOOP("Commands", "Scan image folders again"),
    "relocate": QT_TRANSLATE_NOOP("Commands", "Locate an image folder…"),
    "relink": QT_TRANSLATE_NOOP("Commands", "Find missing images in new files…"),
    "duplicates": QT_TRANSLATE_NOOP("Commands", "Show copies of the same file"),
    "near_duplicates": QT_TRANSLATE_NOOP("Commands", "Find duplicates that look alike…"),
    "index": QT_TRANSLATE_NOOP("Commands", "Compute features for suggestions"),
    "image_model": QT_TRANSLATE_NOOP("Commands", "Image model…"),
    "train": QT_TRANSLATE_NOOP("Commands", "Train: model versions"),
    "train_start": QT_TRANSLATE_NOOP("Commands", "Start training"),
    "thumbnails": QT_TRANSLATE_NOOP("Commands", "Create all thumbnails now"),
    "new_project": QT_TRANSLATE_NOOP("Commands", "New project…"),
    "open_project": QT_TRANSLATE_NOOP("Commands", "Open project…"),
    "demo": QT_TRANSLATE_NOOP("Commands", "Try the demo"),
    "start_page": QT_TRANSLATE_NOOP("Commands", "Close project"),
    "palette": QT_TRANSLATE_NOOP("Commands", "Find a command"),
    "help": QT_TRANSLATE_NOOP("Commands", "Keys and help"),
    "preferences": QT_TRANSLATE_NOOP("Commands", "Preferences"),
    "jobs": QT_TRANSLATE_NOOP("Commands", "Jobs: pause, resume, stop"),
    "notice": QT_TRANSLATE_NOOP("Commands", "Go to the newest notice"),
    "quit": QT_TRANSLATE_NOOP("Commands", "Close the window"),
    "skip": QT_TRANSLATE_NOOP("Commands", "Skip"),
    "page_done": QT_TRANSLATE_NOOP("Commands", "Page done"),
    "rest_no": QT_TRANSLATE_NOOP("Commands", "No for the rest of the page"),
    "end_review": QT_TRANSLATE_NOOP("Commands", "End the review"),
}
SYNONYMS: Final = {
    "accept": QT_TRANSLATE_NOOP("Commands", "accept confirm"),
    "reject": QT_TRANSLATE_NOOP("Commands", "reject"),
    "unknown": QT_TRANSLATE_NOOP("Commands", "take back clear"),
    "highlight_previous": QT_TRANSLATE_NOOP("Commands", "above"),
    "highlight_next": QT_TRANSLATE_NOOP("Commands", "below"),
    "tag": QT_TRANSLATE_NOOP("Commands", "category new label type"),
    "repeat": QT_TRANSLATE_NOOP("Commands", "last decision again"),
    "reviewed": QT_TRANSLATE_NOOP("Commands", "done finished"),
    "heat": QT_TRANSLATE_NOOP("Commands", "where seen explain attention"),
    "previous": QT_TRANSLATE_NOOP("Commands", "back"),
    "zoom_in": QT_TRANSLATE_NOOP("Commands", "larger"),
    "zoom_out": QT_TRANSLATE_NOOP("Commands", "smaller"),
    "actual_size": QT_TRANSLATE_NOOP("Commands", "100 % pixels"),
    "grid": QT_TRANSLATE_NOOP("Commands", "library thumbnails"),
    "single": QT_TRANSLATE_NOOP("Commands", "large view"),
    "larger_pictures": QT_TRANSLATE_NOOP("Commands", "pictures grid"),
    "smaller_pictures": QT_TRANSLATE_NOOP("Commands", "pictures grid"),
    "review": QT_TRANSLATE_NOOP("Commands", "board queue cards"),
    "review_category": QT_TRANSLATE_NOOP("Commands", "cards of the suggestion"),
    "accept_likely": QT_TRANSLATE_NOOP("Commands", "auto bulk threshold precision"),
    "query": QT_TRANSLATE_NOOP("Commands", "query search find"),
    "clear_query": QT_TRANSLATE_NOOP("Commands", "clear the query filter"),
    "similar": QT_TRANSLATE_NOOP("Commands", "look alike near"),
    "refresh": QT_TRANSLATE_NOOP("Commands", "refresh reload"),
    "category_properties": QT_TRANSLATE_NOOP("Commands", "rename aliases meaning sense prompts description"),
    "scan": QT_TRANSLATE_NOOP("Commands", "new images rescan import"),
    "relocate": QT_TRANSLATE_NOOP("Commands", "relocate moved missing folder disk"),
    "relink": QT_TRANSLATE_NOOP("Commands", "relink moved renamed changed tagged"),
    "duplicates": QT_TRANSLATE_NOOP("Commands", "exact duplicates identical"),
    "near_duplicates": QT_TRANSLATE_NOOP("Commands", "near similar copies"),
    "index": QT_TRANSLATE_NOOP("Commands", "index embed model"),
    "image_model": QT_TRANSLATE_NOOP("Commands", "backbone change switch CLIP photo"),
    "train": QT_TRANSLATE_NOOP("Commands", "compare tune curves"),
    "train_start": QT_TRANSLATE_NOOP("Commands", "tune new version resume"),
    "thumbnails": QT_TRANSLATE_NOOP("Commands", "pictures small cache"),
    "new_project": QT_TRANSLATE_NOOP("Commands", "create"),
    "open_project": QT_TRANSLATE_NOOP("Commands", "folder"),
    "demo": QT_TRANSLATE_NOOP("Commands", "example"),
    "start_page": QT_TRANSLATE_NOOP("Commands", "start page recent projects"),
    "palette": QT_TRANSLATE_NOOP("Commands", "commands palette"),
    "help": QT_TRANSLATE_NOOP("Commands", "keyboard shortcuts"),
    "preferences": QT_TRANSLATE_NOOP("Commands", "settings options theme dark light"),
    "jobs": QT_TRANSLATE_NOOP("Commands", "long work progress cancel"),
    "notice": QT_TRANSLATE_NOOP("Commands", "notification message"),
    "quit": QT_TRANSLATE_NOOP("Commands", "exit quit"),
    "skip": QT_TRANSLATE_NOOP("Commands", "pass over later"),
    "page_done": QT_TRANSLATE_NOOP("Commands", "next cards rank again"),
    "rest_no": QT_TRANSLATE_NOOP("Commands", "reject all unmarked"),
    "end_review": QT_TRANSLATE_NOOP("Commands", "stop summary"),
}
"""Further words by which find() finds a command."""
