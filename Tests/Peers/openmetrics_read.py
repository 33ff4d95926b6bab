"""Reads OpenMetrics text with the official Python parser. Usage: openmetrics_read.py FILE | --socket PATH

With --socket it scrapes like Prometheus does, by HTTP. Prints a line for each sample: name, labels, value. Ends with 1 when
the text is not what the standard says, or the answer to the scrape is not.
"""

import http.client
import socket
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


def ask(path, method, page):
    connection = UnixConnection(path)
    connection.request(method, page, headers={"Accept": "application/openmetrics-text"})
    answer = connection.getresponse()
    text = answer.read().decode("utf-8")
    connection.close()
    return answer, text


def scrape(path):
    for method, page, status in (("GET", "/", 404), ("POST", "/metrics", 405)):
        answer, _ = ask(path, method, page)
        if answer.status != status:
            sys.exit(f"{method} {page} is answered by {answer.status}")
    answer, text = ask(path, "GET", "/metrics")
    kind = answer.getheader("Content-Type", "")
    if answer.status != 200 or not kind.startswith("application/openmetrics-text"):
        sys.exit(f"answered by {answer.status}, {kind}")
    return text


if sys.argv[1] == "--socket":
    words = scrape(sys.argv[2])
else:
    with open(sys.argv[1], encoding="utf-8") as file:
        words = file.read()
for family in text_string_to_metric_families(words):
    for sample in family.samples:
        labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
        print(f"{family.type} {sample.name}{{{labels}}} {sample.value}")
