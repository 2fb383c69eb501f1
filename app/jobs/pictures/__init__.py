"""Pictures and heat maps, loaded outside the window's thread."""
