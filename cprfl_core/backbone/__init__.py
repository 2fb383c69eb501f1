"""Frozen image models: names, weights, loading and inference."""
