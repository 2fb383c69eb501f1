"""The numbers of training in words."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.categories import Band
from app.domain.language import number
from app.domain.models import Measure, ModelVersion, Verdict
from app.domain.sizes import size_words
from app.domain.stored_words import verdict_words
from app.domain.training import Basis, Flip, TrainingOverview
from app.gui.widgets.band_glyph import band_name
from app.gui.widgets.words import UNKNOWN, counted, day_words, duration_words
from app.jobs.values.session import VersionAnswer, VersionStep

NONE: Final = "none"
"""The name of the learners without a trained version."""

translate: Final = QCoreApplication.translate


def band_of(name: str) -> Band | None:
    """None for the total."""
    return None if name == "total" else Band(name)


def band_title(name: str) -> str:
    """The title of one of BANDS."""
    return {
        "total": translate("Training", "All"),
        "head": translate("Training", "Head"),
        "medium": translate("Training", "Medium"),
        "tail": translate("Training", "Tail"),
    }[name]


def version_words(name: str, *, begins: bool = False) -> str:
    """The name of a version within a sentence, or where it ``begins`` one."""
    if name != NONE:
        return name
    return (
        translate("Training", "Untrained model") if begins else translate("Training", "the untrained model")
    )


def hint_words(overview: TrainingOverview) -> str:
    """What the checklist means, or how much is new since the newest version; empty while it is blocked."""
    if overview.blocked:
        return ""
    if not overview.judged and overview.one_sided:
        return counted(
            overview.one_sided,
            translate(
                "Training",
                "{n} yes label is in a category without a no. "
                "Review some images: what they do not show then counts as no.",
            ),
            translate(
                "Training",
                "{n} yes labels are in categories without a no. "
                "Review some images: what they do not show then counts as no.",
            ),
        )
    if not overview.judged:
        return translate(
            "Training",
            "With so few labels it is impossible to tell whether a new version is better, so it would not be "
            "used.",
        )
    if overview.newest is None:
        return translate("Training", "Enough for a first version.")
    if not overview.new:
        return translate("Training", "Nothing is new since {version}.").format(version=overview.newest)
    return counted(
        overview.new,
        translate("Training", "{n} answer or review is new since {version}."),
        translate("Training", "{n} answers and reviews are new since {version}."),
        version=overview.newest,
    )


def estimate_words(overview: TrainingOverview) -> str:
    if overview.estimate is None:
        return ""
    words = {
        Basis.GUESS: translate("Training", "About {duration}, a rough guess. You can keep labelling."),
        Basis.COMPUTER: translate(
            "Training", "About {duration}, from earlier training on this computer. You can keep labelling."
        ),
        Basis.PROJECT: translate(
            "Training", "About {duration}, from the last training. You can keep labelling."
        ),
    }[overview.basis]
    return words.format(duration=duration_words(max(1.0, overview.estimate)))


def reason_words(verdict: Verdict | None, sentence: str) -> str:
    """Why a version is in use or not; ``sentence``, as it was recorded, where there is no verdict."""
    if verdict is None:
        return verdict_words(sentence)
    words = _reasons(band_of(verdict.band) if verdict.band else None).get(verdict.ground, "")
    if not words:
        return verdict_words(sentence)
    before, after = quality_words(verdict.before, verdict.after)
    band = "" if verdict.band in {"", "total"} else band_name(Band(verdict.band))
    return words.format(band=band, before=before, after=after)


def _reasons(band: Band | None) -> dict[str, str]:
    """By the ground of the gate; over all categories, or in one band."""
    if band is not None:
        return {
            "fell": translate(
                "Training",
                "Quality in {band} categories fell from {before} to {after}, more than chance explains.",
            ),
            "may have fallen": translate(
                "Training",
                "Quality in {band} categories fell from {before} to {after}. That may be chance, but no band "
                "may fall.",
            ),
            "rose": translate(
                "Training",
                "Quality in {band} categories rose from {before} to {after}, more than chance explains, and "
                "no band fell.",
            ),
        }
    return {
        "too few": translate("Training", "There are too few labels to tell whether it is better."),
        "fell": translate(
            "Training",
            "Quality over all categories fell from {before} to {after}, more than chance explains.",
        ),
        "may have fallen": translate(
            "Training",
            "Quality over all categories fell from {before} to {after}. That may be chance, but what is not "
            "better is not used.",
        ),
        "not better": translate(
            "Training",
            "Quality over all categories went from {before} to {after}, and what is not better is not used.",
        ),
        "no gain": translate(
            "Training",
            "Quality over all categories went from {before} to {after}, no more than chance explains.",
        ),
        "rose": translate(
            "Training",
            "Quality over all categories rose from {before} to {after}, more than chance explains, and no "
            "band fell.",
        ),
    }


def quality_words(*values: float) -> tuple[str, ...]:
    """Two decimals, or three where two do not tell them apart."""
    short = tuple(number(value, 2) for value in values)
    return short if len(set(short)) == len(set(values)) else tuple(number(value, 3) for value in values)


def done_words(answer: VersionAnswer) -> str:
    """What was done with a version, as a sentence."""
    if answer.step is VersionStep.DELETED:
        words = translate("Training", "{version} was deleted, freeing {size}.")
        return words.format(version=answer.name, size=size_words(answer.freed))
    if answer.step is VersionStep.NOTED:
        return translate("Training", "The note on {version} is saved.").format(version=answer.name)
    if answer.name == NONE:
        return translate("Training", "No trained version is in use now.")
    return translate("Training", "{version} is in use now.").format(version=answer.name)


def made_words(version: ModelVersion, now: datetime) -> str:
    """``today, from v1``."""
    parent = version.card.parent
    words = (
        translate("Training", "{day}, from {parent}")
        if parent
        else translate("Training", "{day}, first version")
    )
    return words.format(day=day_words(version.created_at, now), parent=parent)


def fed_words(version: ModelVersion) -> str:
    """``300 images, 549 yes, 2 min on the CPU``."""
    facts = version.card.facts
    words = counted(
        facts.images,
        translate("Training", "{n} image, {yes} yes, {duration} on {device}"),
        translate("Training", "{n} images, {yes} yes, {duration} on {device}"),
        yes=number(version.card.yes),
        duration=duration_words(facts.seconds),
        device=device_words(facts.device),
    )
    return translate("Training", "{facts}, stopped early").format(facts=words) if facts.stopped else words


def device_words(device: str) -> str:
    cpu, gpu = translate("Training", "the CPU"), translate("Training", "the GPU")
    return {"cpu": cpu, "cuda": gpu, "mps": gpu}.get(device.partition(":")[0], device)


def measure_words(measure: Measure | None) -> str:
    """A dash where there are too few labels."""
    return UNKNOWN if measure is None else number(measure.value, 2)


def interval_words(measure: Measure | None) -> str:
    """``0.43 to 0.52``; empty if unknown."""
    if measure is None:
        return ""
    words = translate("Training", "{low} to {high}")
    return words.format(low=number(measure.low, 2), high=number(measure.high, 2))


def flip_words(flip: Flip, a: str, b: str) -> str:
    """One changed suggestion as a sentence."""
    words = translate("Training", "{category} is no longer suggested by {b}: {before} with {a}, {after} now")
    if flip.after > flip.before:
        words = translate("Training", "{category} is suggested by {b}: {before} with {a}, {after} now")
    return words.format(
        category=flip.category,
        a=version_words(a),
        b=version_words(b),
        before=number(flip.before, 2),
        after=number(flip.after, 2),
    )
