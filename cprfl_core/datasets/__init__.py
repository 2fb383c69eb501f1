"""Published long-tail datasets: reading their lists, finding and transforming their images.

Torch-free except `torch_dataset`.
"""
