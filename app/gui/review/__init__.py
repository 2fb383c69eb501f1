"""The Review place: the board of categories, and a sitting over the cards of one."""
