"""Reproduces the paper's results on VOC-LT and COCO-LT: ``python -m cprfl_core benchmark``.

`options` defines the runs, `protocols` the selection of epochs, `report` the output.
"""
