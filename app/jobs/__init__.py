"""QtCore only: processes and threads that work for the window, and how they report to it."""
