"""The Library place: the grid or one image, with the inspector beside it."""
