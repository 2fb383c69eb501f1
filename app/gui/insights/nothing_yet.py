"""What there is to say where a plot would be empty, and what each plot says in one sentence."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.domain.insights import (
    Agreement,
    Insight,
    LabelCounts,
    Pace,
    Quality,
    Reliability,
    Together,
    per_minute,
)
from app.gui.insights.words import decimal, percent, whole
from app.gui.widgets.words import counted

translate = QCoreApplication.translate


def nothing_yet(insight: Insight, value: Any) -> tuple[str, str, str] | None:
    """Title, sentence and button; None if there is something to show."""
    label = translate("InsightsEmpty", "Go to the library")
    if isinstance(value, LabelCounts) and not value.rows:
        return (
            translate("InsightsEmpty", "There are no categories yet"),
            translate("InsightsEmpty", "Tag what you see in the first images; each new tag is a category."),
            label,
        )
    if isinstance(value, Together) and len(value.names) < 2:
        return (
            translate("InsightsEmpty", "Nothing is seen together yet"),
            translate("InsightsEmpty", "Say yes to at least two categories."),
            label,
        )
    if isinstance(value, Quality) and not value.rows:
        return (
            translate("InsightsEmpty", "Too few labels to measure the quality"),
            translate(
                "InsightsEmpty", "A category needs at least three images with a yes and one with a no."
            ),
            label,
        )
    if isinstance(value, Reliability | Agreement) and not value.answers:
        return (
            translate("InsightsEmpty", "No suggestion has been answered yet"),
            translate("InsightsEmpty", "Answer some suggestions with yes or no; imports do not count."),
            label,
        )
    if isinstance(value, Pace):
        shown = value.days if insight is Insight.DAYS else [one for one in value.sessions if per_minute(one)]
        if not shown:
            return (
                translate("InsightsEmpty", "Too little was decided here to show a pace"),
                translate("InsightsEmpty", "Label some images one by one; imports do not count."),
                label,
            )
    return None


def remark_on(value: Any) -> str:
    """What is left out of a plot, as sentences; empty for nothing."""
    if not isinstance(value, Quality):
        return ""
    sentences = []
    if value.too_few:
        sentences.append(
            counted(
                value.too_few,
                translate("InsightsEmpty", "{n} category has too few labels."),
                translate("InsightsEmpty", "{n} categories have too few labels."),
            )
        )
    if value.estimated:
        sentences.append(translate("InsightsEmpty", "Estimated from a part of the labels."))
    return " ".join(sentences)


def summary_of(insight: Insight, value: Any) -> str:
    """A plot in one sentence, for screen readers."""
    if isinstance(value, Pace):
        return _day_summary(value) if insight is Insight.DAYS else _session_summary(value)
    by_kind: dict[type, Callable[[Any], str]] = {
        LabelCounts: _count_summary,
        Together: _pair_summary,
        Quality: _quality_summary,
        Reliability: _reliability_summary,
        Agreement: _agreement_summary,
    }
    return by_kind[type(value)](value)


def _count_summary(value: LabelCounts) -> str:
    first, last = value.rows[0], value.rows[-1]
    words = translate(
        "InsightsSummary", "{n} categories, from {most} with {most_yes} yes to {least} with {least_yes} yes."
    )
    return words.format(
        n=whole(len(value.rows)),
        most=first.name,
        most_yes=whole(first.yes),
        least=last.name,
        least_yes=whole(last.yes),
    )


def _quality_summary(value: Quality) -> str:
    middle = sum(row.precision.middle for row in value.rows) / len(value.rows)
    words = translate(
        "InsightsSummary", "{n} categories with a mean quality of {ap}; {few} have too few labels."
    )
    return words.format(n=whole(len(value.rows)), ap=decimal(middle), few=whole(value.too_few))


def _reliability_summary(value: Reliability) -> str:
    words = translate("InsightsSummary", "{n} answers; probability and share of yes differ by {error}.")
    return words.format(n=whole(value.answers), error=percent(value.error or 0.0))


def _agreement_summary(value: Agreement) -> str:
    last = value.blocks[-1]
    hits, of = last.yes_suggested + last.no_not_suggested, last.yes + last.no
    words = translate(
        "InsightsSummary", "{n} answers; of the last {last}, {share} agreed with the suggestions."
    )
    return words.format(n=whole(value.answers), last=whole(of), share=percent(hits / of))


def _day_summary(value: Pace) -> str:
    return counted(
        len(value.days),
        translate("InsightsSummary", "{decisions} decisions on {n} day."),
        translate("InsightsSummary", "{decisions} decisions on {n} days."),
        decisions=whole(sum(day.decisions for day in value.days)),
    )


def _session_summary(value: Pace) -> str:
    rates = [rate for one in value.sessions if (rate := per_minute(one)) is not None]
    words = translate("InsightsSummary", "{n} sessions; the last one had {rate} decisions per minute.")
    return words.format(n=whole(len(rates)), rate=decimal(rates[-1], 1))


def _pair_summary(value: Together) -> str:
    table = value.table()
    if not table.rows:
        return translate("InsightsSummary", "{n} categories; none are seen together.").format(
            n=whole(len(value.names))
        )
    first, other, images = table.rows[0][:3]
    words = translate(
        "InsightsSummary", "{n} categories; most often together: {a} and {b}, on {images} images."
    )
    return words.format(n=whole(len(value.names)), a=first, b=other, images=whole(float(images or 0)))
