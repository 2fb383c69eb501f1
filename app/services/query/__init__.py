"""Finding images with the query language."""
