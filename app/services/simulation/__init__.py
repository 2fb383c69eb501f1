"""Simulated annotators and the demo."""
