"""Numbers of things in words."""


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``count(1, "image")`` is "1 image", ``count(1200, "image")`` is "1,200 images"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
