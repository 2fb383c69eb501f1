"""Numbers of things in words."""

from typing import Final

from app.domain.language import QT_TRANSLATE_NOOP, number, translated

_CONTEXT: Final = "Counts"
_THINGS: Final = {
    "image": (QT_TRANSLATE_NOOP("Counts", "{n} image"), QT_TRANSLATE_NOOP("Counts", "{n} images")),
    "label": (QT_TRANSLATE_NOOP("Counts", "{n} label"), QT_TRANSLATE_NOOP("Counts", "{n} labels")),
    "answer": (QT_TRANSLATE_NOOP("Counts", "{n} answer"), QT_TRANSLATE_NOOP("Counts", "{n} answers")),
    "change": (QT_TRANSLATE_NOOP("Counts", "{n} change"), QT_TRANSLATE_NOOP("Counts", "{n} changes")),
    "category": (QT_TRANSLATE_NOOP("Counts", "{n} category"), QT_TRANSLATE_NOOP("Counts", "{n} categories")),
    "class": (QT_TRANSLATE_NOOP("Counts", "{n} class"), QT_TRANSLATE_NOOP("Counts", "{n} classes")),
    "file": (QT_TRANSLATE_NOOP("Counts", "{n} file"), QT_TRANSLATE_NOOP("Counts", "{n} files")),
    "empty label file": (
        QT_TRANSLATE_NOOP("Counts", "{n} empty label file"),
        QT_TRANSLATE_NOOP("Counts", "{n} empty label files"),
    ),
    "sidecar": (QT_TRANSLATE_NOOP("Counts", "{n} sidecar"), QT_TRANSLATE_NOOP("Counts", "{n} sidecars")),
    "keyword": (QT_TRANSLATE_NOOP("Counts", "{n} keyword"), QT_TRANSLATE_NOOP("Counts", "{n} keywords")),
    "annotation": (
        QT_TRANSLATE_NOOP("Counts", "{n} annotation"),
        QT_TRANSLATE_NOOP("Counts", "{n} annotations"),
    ),
    "undecided image": (
        QT_TRANSLATE_NOOP("Counts", "{n} undecided image"),
        QT_TRANSLATE_NOOP("Counts", "{n} undecided images"),
    ),
    "yes label": (
        QT_TRANSLATE_NOOP("Counts", "{n} yes label"),
        QT_TRANSLATE_NOOP("Counts", "{n} yes labels"),
    ),
}
COUNTED: Final = tuple((_CONTEXT, form) for forms in _THINGS.values() for form in forms)
"""The forms as templates of :func:`app.domain.language.shown`."""


def count(size: int, noun: str, plural: str | None = None) -> str:
    """``count(1, "image")`` is "1 image", ``count(1200, "image")`` is "1,200 images".

    Nouns that are not among the things above stay English: the command line has more than the window.
    """
    one, many = _THINGS.get(noun, (f"{{n}} {noun}", f"{{n}} {plural or noun + 's'}"))
    return translated(_CONTEXT, one if size == 1 else many).format(n=number(size))
