"""Metrics, review queues, and whether a new model is better. NumPy only."""
