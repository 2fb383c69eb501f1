"""Tailspotter: label image collections with many tags, made for the long tail."""

__version__ = "1.0.0"  # the package takes its version from here
