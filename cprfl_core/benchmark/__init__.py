"""VOC-LT and COCO-LT from image files to the paper's table: ``python -m cprfl_core benchmark``.

`options` says what is run, `protocols` how epochs are chosen, `report` what is told.
"""
