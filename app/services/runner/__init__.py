"""Runs jobs in a worker process, and records how they ended."""
