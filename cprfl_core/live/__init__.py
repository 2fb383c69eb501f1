"""Live suggestions: learners, their blend and its evidence, following every decision. NumPy only."""
