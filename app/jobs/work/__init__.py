"""The list of long jobs: what is running, its progress, and how it ended."""
