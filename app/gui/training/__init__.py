"""The Train place: what goes in, the run, and the versions."""
