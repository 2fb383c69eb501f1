"""One image at a time, what is said of it and what is proposed, and the keys that decide."""
