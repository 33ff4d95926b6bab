"""Writes a recording with the format's official library. Usage: mcap_write.py FILE none|zstd|lz4 COUNT"""

import sys

from mcap.writer import CompressionType, Writer


def main(path, compression, count):
    with open(path, "wb") as file:
        writer = Writer(file, chunk_size=2_000, compression=CompressionType[compression.upper()])
        writer.start(profile="peer", library="official")
        schema = writer.register_schema(name="S", encoding="jsonschema", data=b"{}")
        channels = [writer.register_channel(schema_id=schema, topic=f"/{n}", message_encoding="json") for n in range(3)]
        writer.add_metadata("robot", {"name": "peer"})
        for number in range(int(count)):
            writer.add_message(
                channel_id=channels[number % 3],
                log_time=1_000 + number * 10,
                publish_time=number,
                sequence=number,
                data=b'{"number":%d}' % number,
            )
        writer.add_attachment(create_time=1, log_time=2, name="a", media_type="text/plain", data=b"abc")
        writer.finish()


main(*sys.argv[1:])
