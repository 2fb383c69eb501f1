"""The open project, for the window."""
