"""Reads OpenMetrics text with the official Python parser. Usage: openmetrics_read.py FILE

Prints a line for each sample: name, labels, value. Ends with 1 when the text is not what the standard says.
"""

import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8") as file:
    for family in text_string_to_metric_families(file.read()):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            print(f"{family.type} {sample.name}{{{labels}}} {sample.value}")
