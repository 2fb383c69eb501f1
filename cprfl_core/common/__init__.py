"""Errors, atomic files, device and memory."""
