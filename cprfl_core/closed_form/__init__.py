"""Closed-form learners that update with every decision. NumPy only."""
