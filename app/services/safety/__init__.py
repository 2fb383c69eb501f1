"""Finding and repairing damage, recovering a database, merging two people's work."""
