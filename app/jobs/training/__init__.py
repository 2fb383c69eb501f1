"""The Train place of the open project."""
