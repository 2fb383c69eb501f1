"""Live suggestions for an open project."""
