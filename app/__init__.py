"""Tailspotter: label image collections with many tags, made for the long tail."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tailspotter")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"
