"""Decisions, undo, categories, and the names a person uses for them."""
