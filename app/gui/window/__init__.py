"""The main window: its places, query bar, jobs and status line, and opening and closing a project."""
