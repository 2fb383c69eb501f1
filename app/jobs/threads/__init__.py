"""The threads that work for the window."""
