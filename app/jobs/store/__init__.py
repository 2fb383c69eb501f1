"""The open project on the storage thread, and what the window may ask of it."""
