"""Versions of the tuned head: files, evidence, activation."""
