"""Image models: which there are, where their files are, downloading, checking and removing them."""
