"""The category board, review queues, and accepting in bulk."""
