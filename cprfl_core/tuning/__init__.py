"""Tuning a head on a person's labels, fold by fold, and what the tuned head is used for."""
