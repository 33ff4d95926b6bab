"""How fast the format's official library writes. Usage: mcap_bench.py FILE none|zstd COUNT SIZE

Writes COUNT messages of SIZE bytes, made of ticks, in chunks as `bench recordings` does; prints megabytes a second.
"""

import sys
import time

from mcap.writer import CompressionType, Writer


def main(path, compression, count, size):
    count, size = int(count), int(size)
    payloads = []
    for number in range(64):
        values = ",".join(f'"joint{joint}":{0.1 * joint + number * 0.001:.6f}' for joint in range(40))
        payloads.append(('{"tick":%d,"position_rad":{%s}}' % (number, values)).encode()[:size].ljust(size, b" "))
    with open(path, "wb") as file:
        began = time.monotonic()
        writer = Writer(file, chunk_size=256 << 10, compression=CompressionType[compression.upper()])
        writer.start(profile="", library="bench")
        schema = writer.register_schema(name="S", encoding="jsonschema", data=b"{}")
        channel = writer.register_channel(schema_id=schema, topic="/state", message_encoding="json")
        for number in range(count):
            writer.add_message(
                channel_id=channel, log_time=number, publish_time=number, sequence=number, data=payloads[number % 64]
            )
        writer.finish()
        print(count * size / 1e6 / (time.monotonic() - began))


main(*sys.argv[1:])
