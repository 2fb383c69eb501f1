"""The Categories place: the table, merging, adding many."""
