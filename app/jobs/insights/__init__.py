"""The plots of the Insights place, kept up to date."""
