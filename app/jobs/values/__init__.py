"""Plain values for the window, without Qt."""
