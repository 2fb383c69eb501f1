"""One image at a time: its labels, its suggestions, and the keys that decide."""
