"""The Review place: the board of categories, and review rounds."""
