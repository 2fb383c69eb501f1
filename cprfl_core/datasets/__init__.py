"""Published long-tail data sets as lists of image files: reading, finding the images, showing them.

Torch-free but for `torch_dataset`.
"""
