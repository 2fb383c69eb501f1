"""The Insights place: plots of labels, suggestions, pace, and the map of the images."""
