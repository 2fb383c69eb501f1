"""The images of a project: scanning for files, looking images up, thumbnails and pictures."""
