"""Sizes of files in words. The core has the same function in English, because it depends on nothing."""

from app.domain.language import number, significant, translate


def size_words(count: float) -> str:
    """``0 bytes``, ``12.5 KB``, ``605 MB``, ``1.23 GB``: three significant digits."""
    if round(count) == 1:
        return translate("Words", "{n} byte").format(n=1)
    units = (
        translate("Words", "{n} bytes"),
        translate("Words", "{n} KB"),
        translate("Words", "{n} MB"),
        translate("Words", "{n} GB"),
        translate("Words", "{n} TB"),
    )
    value = float(count)
    for unit in units:
        if float(f"{value:.3g}") < 1000 or unit == units[-1]:
            break
        value /= 1000
    return unit.format(n=significant(value) if value < 1000 else number(value))
