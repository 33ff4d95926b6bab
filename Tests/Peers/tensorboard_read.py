"""Reads an event file with TensorBoard's own loader, checksums and all. Usage: tensorboard_read.py FILE

Prints a line for each number: tag, step, seconds, value. Ends with 1 when the file is damaged.
"""

import sys

from tensorboard.backend.event_processing import event_file_loader
from tensorboard.util import tensor_util

for event in event_file_loader.EventFileLoader(sys.argv[1]).Load():
    for value in event.summary.value:
        number = tensor_util.make_ndarray(value.tensor).item()
        print(value.tag, event.step, event.wall_time, f"{number:.6g}", sep="\t")
