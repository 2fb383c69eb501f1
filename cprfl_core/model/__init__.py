"""CPRFL: the network, its losses, its files, and heat maps."""
