"""Cached features of a collection: embeddings, patch tokens and text features. No torch."""
