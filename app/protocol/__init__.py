"""Typed commands and events between the window and the worker, and how they travel."""
