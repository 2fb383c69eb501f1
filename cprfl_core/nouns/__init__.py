"""A text side for image models with ImageNet's classes: category names as nouns of WordNet. No torch."""
