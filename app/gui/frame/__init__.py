"""The frame of the window: places, query bar, jobs, status, and what happens on opening and closing."""
