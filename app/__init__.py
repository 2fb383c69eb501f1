"""Tailspotter: label image collections with many tags, made for the long tail."""

__version__: str


def __getattr__(name: str) -> str:
    """``__version__``, looked up when it is asked for: a process that only starts needs no metadata."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("tailspotter")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0.0.0"
