"""The numbers of a review in words."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.language import number
from app.domain.language import percent as percent_words
from app.domain.review import BoardRow, Interval, Queue, Step
from app.gui.widgets.band_glyph import band_name
from app.gui.widgets.words import UNKNOWN, counted, duration_words
from app.jobs.review.round import ReviewRound
from app.jobs.review.session import Ending

SECONDS_PER_CARD: Final = 3.0
"""Assumed until the pace of this person is known."""

translate: Final = QCoreApplication.translate


def queue_words(queue: Queue) -> tuple[str, str]:
    """The title of a queue, and what it shows."""
    return {
        Queue.LIKELY: (
            translate("Review", "Likely"),
            translate("Review", "The most likely images first, some uncertain ones, and a random sample."),
        ),
        Queue.UNSURE: (
            translate("Review", "Unsure"),
            translate("Review", "Images near the threshold; labelling them teaches the model most."),
        ),
        Queue.WRONG: (
            translate("Review", "Possibly wrong labels"),
            translate("Review", "Labelled yes, but the model disagrees."),
        ),
        Queue.MISSING: (
            translate("Review", "Possibly missing labels"),
            translate("Review", "Labelled no, but probably yes."),
        ),
        Queue.RANDOM: (
            translate("Review", "Random"),
            translate("Review", "A random sample of the undecided images."),
        ),
        Queue.IMPORTED: (
            translate("Review", "Imported suggestions"),
            translate("Review", "What another model suggests, from an imported file; most certain first."),
        ),
    }[queue]


def hidden_words(span: Interval | None) -> str:
    """``~17 (9–30)``; a dash if unknown."""
    if span is None:
        return UNKNOWN
    return f"~{number(round(span.middle))} ({number(round(span.low))}–{number(round(span.high))})"


def precision_words(span: Interval | None) -> str:
    """``0.41 ±0.18``; a dash if there are too few labels."""
    if span is None:
        return UNKNOWN
    return f"{number(span.middle, 2)} ±{number((span.high - span.low) / 2, 2)}"


def verified_words(share: float) -> str:
    """0 % and 100 % only if exact."""
    percent = round(100 * share)
    if percent == 100 and share < 1:
        percent = 99
    return f"<{percent_words(0.01)}" if percent == 0 and share > 0 else percent_words(percent / 100)


def find_words() -> str:
    return translate("Review", "Find first examples")


def step_words(row: BoardRow) -> str:
    if row.step is Step.FIND:
        return find_words()
    if row.step is Step.REVIEW:
        return translate("Review", "Review {n}").format(n=row.round_size)
    if row.step is Step.CHECK:
        return translate("Review", "Check labels")
    return translate("Review", "Nothing to do")


def _seconds(cards: int, per_minute: float | None) -> float:
    return cards * (60 / per_minute if per_minute else SECONDS_PER_CARD)


def effort_words(row: BoardRow, per_minute: float | None) -> str:
    """The work until the category leaves the tail band; empty if unknown."""
    if row.estimate is None or row.estimate.to_medium is None:
        return ""
    cards = row.estimate.to_medium
    return counted(
        cards,
        translate("Review", "{n} image (about {duration}) until it leaves the tail"),
        translate("Review", "{n} images (about {duration}) until it leaves the tail"),
        duration=duration_words(_seconds(cards, per_minute)),
    )


def best_words(row: BoardRow, per_minute: float | None) -> str:
    """The button for what is worth most: ``Best next: serval, about 12 min``."""
    cards = None if row.estimate is None else row.estimate.to_medium
    words = translate("Review", "Best next: {category}, about {duration}")
    duration = duration_words(_seconds(cards or row.round_size, per_minute))
    return words.format(category=row.name, duration=duration)


def row_words(row: BoardRow, per_minute: float | None = None, *, banded: bool = True) -> str:
    """One row of the board in words, for the line below it and for screen readers.

    ``banded``: the bands of the categories differ, so that this one's is named.
    """
    estimate = row.estimate
    counts = translate("Review", "{category}: {yes} yes, {no} no")
    if banded:
        counts = translate("Review", "{category}: {band}, {yes} yes, {no} no")
    parts = [
        counts.format(category=row.name, band=band_name(row.band), yes=number(row.yes), no=number(row.no))
    ]
    if estimate is not None and estimate.hidden is not None:
        hidden = translate("Review", "about {n} hidden ({low} to {high})")
        low, middle, high = (number(round(value)) for value in estimate.hidden)
        parts.append(hidden.format(n=middle, low=low, high=high))
    if estimate is not None and estimate.ap is not None:
        precision = translate("Review", "quality {value} ({low} to {high})")
        low, middle, high = (number(value, 2) for value in estimate.ap)
        parts.append(precision.format(value=middle, low=low, high=high))
    elif not (row.yes and row.no):
        parts.append(translate("Review", "not learned yet"))
    effort = effort_words(row, per_minute)
    return "; ".join([*parts, effort] if effort else parts)


def round_words(review_round: ReviewRound) -> str:
    """``12 of 40 · 9 found · yield 75 % · ranked again after each page``."""
    done = translate("Review", "{done} of {goal}")
    done = done.format(done=number(min(review_round.seen, review_round.goal)), goal=number(review_round.goal))
    parts = [done, _found_words(review_round)]
    if review_round.yield_ is not None:
        parts.append(
            translate("Review", "yield {percent} %").format(percent=round(100 * review_round.yield_))
        )
    return " · ".join([*parts, translate("Review", "ranked again after each page")])


def _found_words(review_round: ReviewRound) -> str:
    found = review_round.found
    if review_round.checks:
        return counted(found, translate("Review", "{n} mistake"), translate("Review", "{n} mistakes"))
    return translate("Review", "{n} found").format(n=number(found))


def answers_words(review_round: ReviewRound) -> str:
    """``9 found, 3 rejected, 1 skipped, 2 left undecided``."""
    rejected, left = number(review_round.rejected), number(review_round.left)
    if review_round.checks:
        changed = translate("Review", "{n} label changed"), translate("Review", "{n} labels changed")
        parts = [counted(review_round.found, *changed), translate("Review", "{n} kept").format(n=rejected)]
        left = translate("Review", "{n} left as they were").format(n=left)
    else:
        parts = [_found_words(review_round), translate("Review", "{n} rejected").format(n=rejected)]
        left = translate("Review", "{n} left undecided").format(n=left)
    if review_round.skipped:
        parts.append(translate("Review", "{n} skipped").format(n=number(review_round.skipped)))
    return ", ".join([*parts, left] if review_round.left else parts)


def learned_words(ending: Ending) -> str:
    """The quality of the category before and after the round."""
    before, after = ending.outcome.ap_before, ending.outcome.ap_after
    if after is None:
        return translate("Review", "Quality: not known yet; there are too few labels.")
    if before is None:
        words = translate("Review", "Quality: {now} now; before, there were too few labels.")
        return words.format(now=precision_words(after))
    words = translate("Review", "Quality: {before} before, {now} now.")
    return words.format(before=precision_words(before), now=precision_words(after))


def suggestions_words(ending: Ending) -> str:
    """The change in the number of undecided images that are suggested."""
    came, went = ending.outcome.came, ending.outcome.went
    if came is None or went is None:
        return translate("Review", "Suggestions: none yet; there are too few labels.")
    if not came and not went:
        return translate("Review", "Suggestions: the same images as before.")
    new = counted(came, translate("Review", "{n} new image"), translate("Review", "{n} new images"))
    gone = counted(
        went,
        translate("Review", "{n} image no longer suggested"),
        translate("Review", "{n} images no longer suggested"),
    )
    parts = [words for count, words in ((came, new), (went, gone)) if count]
    return translate("Review", "Suggestions: {changes}.").format(changes=", ".join(parts))


def nothing_words(review_round: ReviewRound) -> str:
    """Why a queue is empty."""
    words = translate("Review", "Every image has been decided for {category}.")
    if review_round.queue is Queue.WRONG:
        words = translate("Review", "No image labelled yes for {category} looks like a mistake.")
    elif review_round.queue is Queue.MISSING:
        words = translate("Review", "No image labelled no for {category} looks like a mistake.")
    return words.format(category=review_round.name)
