"""The charts of the Insights place, made from their values."""

import math
from collections import Counter
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.categories import Band
from app.domain.insights import Agreement, AgreementBlock, Pace, Quality, Reliability, per_minute
from app.domain.query import query_of
from app.domain.review import Interval
from app.gui.insights.drawing import Sign, Target
from app.gui.insights.words import decimal, percent, whole
from app.gui.insights.xy import Chart, Mark
from app.gui.widgets.axes import Axis, rounded_up
from app.gui.widgets.band_glyph import band_name
from app.gui.widgets.words import counted, date_words, moment_words

translate = QCoreApplication.translate
_BESIDE: Final = 0.025


def quality_chart(quality: Quality) -> Chart:
    """Average precision against the number of yes."""
    words = translate(
        "InsightCharts", "{category}, {band}: quality {ap}, between {low} and {high}, {yes} yes"
    )
    counts = Counter(one.yes for one in quality.rows)
    met: Counter[int] = Counter()
    places = []
    for one in quality.rows:
        places.append(met[one.yes])
        met[one.yes] += 1
    marks = [
        Mark(
            beside(one.yes, place, counts[one.yes]),
            one.precision.middle,
            words.format(
                category=one.name,
                band=band_name(one.band),
                ap=decimal(one.precision.middle),
                low=decimal(one.precision.low),
                high=decimal(one.precision.high),
                yes=whole(one.yes),
            ),
            Target(query=query_of([one.name])),
            one.precision.low,
            one.precision.high,
            Sign(one.band),
        )
        for one, place in zip(quality.rows, places, strict=True)
    ]
    most = max((one.yes for one in quality.rows), default=1)
    return Chart(
        Axis(translate("InsightCharts", "images with a yes"), 1, max(10.0, most * 1.1), whole, log=True),
        Axis(translate("InsightCharts", "average precision"), 0, 1, decimal),
        marks,
        legend=[
            (Sign(band), band_name(band)) for band in Band if any(one.band is band for one in quality.rows)
        ],
    )


def beside(value: float, place: int, of: int) -> float:
    """Where on a log axis the mark ``place`` of several with one value is, so that all can be seen."""
    return math.expm1(math.log1p(value) + _BESIDE * (place - (of - 1) / 2))


def reliability_chart(reliability: Reliability) -> Chart:
    words = translate(
        "InsightCharts",
        "Suggested with {predicted}: {observed} were yes, between {low} and {high}; {answers}",
    )
    marks = [
        Mark(
            one.predicted,
            one.observed.middle,
            words.format(
                predicted=percent(one.predicted),
                observed=percent(one.observed.middle),
                answers=_answers(one.answers),
                **_ends(one.observed),
            ),
            Target(
                images=one.images,
                words=translate("InsightCharts", "suggested with about {predicted}").format(
                    predicted=percent(one.predicted)
                ),
            ),
            one.observed.low,
            one.observed.high,
        )
        for one in reliability.bins
    ]
    return Chart(
        Axis(translate("InsightCharts", "suggested probability"), 0, 1, percent),
        Axis(translate("InsightCharts", "share of yes among the answers"), 0, 1, percent),
        marks,
        joined=True,
        diagonal=True,
    )


_YES = Sign(colour="yes")
_NO = Sign(shape="cross", colour="no")


def agreement_chart(agreement: Agreement) -> Chart:
    """Two lines: yes that had been suggested, and no that had not."""
    yes = translate("InsightCharts", "{place}: {hits} of {all} yes had been suggested ({share})")
    no = translate("InsightCharts", "{place}: {hits} of {all} no had not been suggested ({share})")
    marks = []
    for block in agreement.blocks:
        sides = (block.yes_suggested, block.yes, yes), (block.no_not_suggested, block.no, no)
        for series, (hits, of, words) in enumerate(sides):
            if of:
                marks.append(_agreement_mark(block, series, hits, of, words))
    return Chart(
        Axis(translate("InsightCharts", "answers to suggestions, oldest first"), 0, agreement.answers, whole),
        Axis(translate("InsightCharts", "agreed"), 0, 1, percent),
        marks,
        joined=True,
        legend=[
            (_YES, translate("InsightCharts", "yes, and suggested")),
            (_NO, translate("InsightCharts", "no, and not suggested")),
        ],
    )


def _agreement_mark(block: AgreementBlock, series: int, hits: int, of: int, words: str) -> Mark:
    place = translate("InsightCharts", "Answers {first} to {last}, {since} to {until}").format(
        first=whole(block.first),
        last=whole(block.last),
        since=moment_words(block.since),
        until=moment_words(block.until),
    )
    return Mark(
        (block.first + block.last) / 2,
        hits / of,
        words.format(place=place, hits=whole(hits), all=whole(of), share=percent(hits / of)),
        Target(images=block.images, words=place),
        sign=(_YES, _NO)[series],
        series=series,
    )


def days_chart(pace: Pace) -> Chart:
    """A column for each day on which something was decided."""
    days = [date_words(one.day) for one in pace.days]
    marks = [
        Mark(
            place,
            one.decisions,
            translate("InsightCharts", "{day}: {decisions} on {images}, {minutes} minutes of work").format(
                day=days[place],
                decisions=_decisions(one.decisions),
                images=_images(one.images),
                minutes=whole(one.minutes),
            ),
            Target(images=one.image_ids, words=days[place]),
        )
        for place, one in enumerate(pace.days)
    ]
    most = max((one.decisions for one in pace.days), default=1)
    return Chart(
        Axis(translate("InsightCharts", "day"), -0.6, len(marks) - 0.4, whole),
        Axis(translate("InsightCharts", "decisions"), 0, rounded_up(most), whole),
        marks,
        columns=True,
        labels=days,
    )


def sessions_chart(pace: Pace) -> Chart:
    """A column for each session that was long enough to tell a pace."""
    rated = [(one, rate) for one in pace.sessions if (rate := per_minute(one)) is not None]
    begins = [moment_words(one.begin) for one, _ in rated]
    marks = [
        Mark(
            place,
            rate,
            translate(
                "InsightCharts",
                "{begin}: {rate} decisions per minute, {decisions} on {images} in {minutes} min",
            ).format(
                begin=begins[place],
                rate=decimal(rate, 1),
                decisions=_decisions(one.decisions),
                images=_images(one.images),
                minutes=decimal(one.minutes, 1),
            ),
            Target(images=one.image_ids, words=begins[place]),
        )
        for place, (one, rate) in enumerate(rated)
    ]
    most = max((rate for _, rate in rated), default=1)
    return Chart(
        Axis(translate("InsightCharts", "session"), -0.6, len(marks) - 0.4, whole),
        Axis(translate("InsightCharts", "decisions per minute"), 0, rounded_up(most), whole),
        marks,
        columns=True,
        labels=begins,
    )


def _ends(interval: Interval) -> dict[str, str]:
    return {"low": percent(interval.low), "high": percent(interval.high)}


def _answers(count: int) -> str:
    return counted(count, translate("InsightCharts", "{n} answer"), translate("InsightCharts", "{n} answers"))


def _decisions(count: int) -> str:
    return counted(
        count, translate("InsightCharts", "{n} decision"), translate("InsightCharts", "{n} decisions")
    )


def _images(count: int) -> str:
    return counted(count, translate("InsightCharts", "{n} image"), translate("InsightCharts", "{n} images"))
