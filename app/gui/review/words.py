"""The numbers of a review in words."""

from app.domain.review import BoardRow, Queue, Span, Step
from app.gui.widgets.words import count_words, duration_words
from app.jobs.review_session import Ending
from app.jobs.review_sitting import Sitting

UNKNOWN_NUMBER = "?"
TOO_FEW = "too few"
SECONDS_PER_CARD = 3.0
"""Until the pace of this person is known."""

QUEUES = {
    Queue.LIKELY: ("Likely", "The likeliest first, some doubtful ones, and a random sample."),
    Queue.UNSURE: ("Unsure", "The images near the threshold: they teach most about the border."),
    Queue.WRONG: ("Possibly wrong labels", "Labelled yes, and little speaks for it."),
    Queue.MISSING: ("Possibly missing labels", "Labelled no, and much speaks for a yes."),
    Queue.RANDOM: ("Random", "A plain random sample of the undecided images."),
}
"""The name of each queue, and what it shows."""


def hidden_words(span: Span | None) -> str:
    """``~17 (9-30)``; ``?`` where too little is known."""
    if span is None:
        return UNKNOWN_NUMBER
    return f"~{round(span.middle):,} ({round(span.low):,}-{round(span.high):,})"


def precision_words(span: Span | None) -> str:
    """``0.41 ±0.18``; ``too few`` where nothing can be said."""
    return TOO_FEW if span is None else f"{span.middle:.2f} ±{(span.high - span.low) / 2:.2f}"


def verified_words(share: float) -> str:
    """Never all or nothing where that is not so."""
    percent = round(100 * share)
    if percent == 100 and share < 1:
        percent = 99
    return "<1 %" if percent == 0 and share > 0 else f"{percent} %"


def step_words(row: BoardRow) -> str:
    if row.step is Step.FIND:
        return "Find first examples"
    if row.step is Step.REVIEW:
        return f"Review {row.sitting}"
    return "Check labels" if row.step is Step.CHECK else "Nothing to do"


def effort_words(row: BoardRow, per_minute: float | None) -> str:
    """What it takes until the category is no tail category any more; empty where that cannot be told."""
    if row.estimate is None or row.estimate.to_medium is None:
        return ""
    cards = row.estimate.to_medium
    seconds = cards * (60 / per_minute if per_minute else SECONDS_PER_CARD)
    return f"{count_words(cards, 'image')}, about {duration_words(seconds)}, until it leaves the tail"


def row_words(row: BoardRow, per_minute: float | None = None) -> str:
    """One row of the board as a sentence, for the line below it and for screen readers."""
    estimate = row.estimate
    parts = [f"{row.name}: {row.band.value}, {row.yes:,} yes, {row.no:,} no"]
    if estimate is not None and estimate.hidden is not None:
        hidden = estimate.hidden
        parts.append(
            f"about {round(hidden.middle):,} hidden, with a chance of 9 in 10 "
            f"between {round(hidden.low):,} and {round(hidden.high):,}"
        )
    if estimate is not None and estimate.ap is not None:
        ap = estimate.ap
        parts.append(f"average precision {ap.middle:.2f} ({ap.low:.2f}-{ap.high:.2f})")
    effort = effort_words(row, per_minute)
    return "; ".join([*parts, effort] if effort else parts)


def progress_words(sitting: Sitting) -> str:
    """``12 of 40 - 9 found - yield 75 % - ranked anew after each page``."""
    found = count_words(sitting.found, "mistake") if sitting.checks else f"{sitting.found:,} found"
    parts = [f"{min(sitting.seen, sitting.goal):,} of {sitting.goal:,}", found]
    if sitting.yield_ is not None:
        parts.append(f"yield {round(100 * sitting.yield_)} %")
    return " - ".join([*parts, "ranked anew after each page"])


def answers_words(sitting: Sitting) -> str:
    """``9 found, 3 rejected, 1 skipped, 2 left undecided``."""
    first = (
        [count_words(sitting.found, "label") + " changed", f"{sitting.rejected:,} kept"]
        if sitting.checks
        else [f"{sitting.found:,} found", f"{sitting.rejected:,} rejected"]
    )
    parts = [*first]
    if sitting.skipped:
        parts.append(f"{sitting.skipped:,} skipped")
    if sitting.left:
        parts.append(
            f"{sitting.left:,} left as they were" if sitting.checks else f"{sitting.left:,} left undecided"
        )
    return ", ".join(parts)


def learned_words(ending: Ending) -> str:
    """Average precision before and after."""
    before, after = ending.outcome.ap_before, ending.outcome.ap_after
    if after is None:
        return "Average precision: too few labels to say yet."
    if before is None:
        return f"Average precision: {precision_words(after)}; before there were too few labels to say."
    return f"Average precision: {precision_words(before)} before, {precision_words(after)} now."


def suggestions_words(ending: Ending) -> str:
    """How many undecided images are suggested now that were not, and the other way round."""
    came, went = ending.outcome.came, ending.outcome.went
    if came is None or went is None:
        return "Suggestions: there is no threshold for this category yet."
    if not came and not went:
        return "Suggestions: the same images as before."
    parts = [f"{count_words(came, 'image')} more"] if came else []
    if went:
        parts.append(f"{count_words(went, 'image')} not any more")
    return f"Suggestions: {', '.join(parts)}."


def nothing_words(sitting: Sitting) -> str:
    """Why a queue is empty from the start."""
    if sitting.queue is Queue.WRONG:
        return f"No image that is labelled yes for {sitting.name} looks like a mistake."
    if sitting.queue is Queue.MISSING:
        return f"No image that is labelled no for {sitting.name} looks like a mistake."
    return f"No image is undecided for {sitting.name} any more."
