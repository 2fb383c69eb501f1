"""From scores to probabilities, and thresholds on them. NumPy only."""
