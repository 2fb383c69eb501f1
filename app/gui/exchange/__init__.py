"""Importing and exporting labels."""
