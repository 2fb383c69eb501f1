"""Settings and recent projects, for the window."""
