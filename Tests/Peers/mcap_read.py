"""Reads a recording with the format's official library and prints everything in it. Usage: mcap_read.py FILE

Every checksum is checked. The file is read twice: by its index, and from its start to its end; both must agree.
"""

import sys

from mcap.reader import NonSeekingReader, SeekingReader
from mcap.records import Attachment, Chunk, Footer, Statistics
from mcap.stream_reader import StreamReader


def messages(reader):
    found = []
    for schema, channel, message in reader.iter_messages(log_time_order=False):
        name = schema.name if schema else "-"
        found.append(
            f"message {channel.topic} {name} {message.sequence} {message.log_time} {message.publish_time} "
            f"{message.data.hex()}"
        )
    return found


def main(path):
    with open(path, "rb") as file:
        seeking = SeekingReader(file, validate_crcs=True)
        header = seeking.get_header()
        print(f"header {header.profile!r} {header.library!r}")
        summary = seeking.get_summary()
        by_index = messages(seeking)
        for metadata in seeking.iter_metadata():
            print(f"metadata {metadata.name} {sorted(metadata.metadata.items())}")
        for attachment in seeking.iter_attachments():
            print(f"attachment {attachment.name} {attachment.media_type} {attachment.data.hex()}")
    with open(path, "rb") as file:
        in_order = messages(NonSeekingReader(file, validate_crcs=True))
    assert by_index == in_order, "the index leads elsewhere"
    print("\n".join(in_order))
    with open(path, "rb") as file:
        chunks = footers = 0
        for record in StreamReader(file, emit_chunks=True, validate_crcs=True).records:
            chunks += isinstance(record, Chunk)
            footers += isinstance(record, Footer) and record.summary_crc != 0
    assert footers == 1
    counted = summary.statistics
    assert counted.message_count == len(in_order) and counted.chunk_count == chunks == len(summary.chunk_indexes)
    assert sum(counted.channel_message_counts.values()) == counted.message_count
    assert counted.attachment_count == len(summary.attachment_indexes)
    assert counted.metadata_count == len(summary.metadata_indexes)
    print(f"statistics {counted.message_count} {counted.channel_count} {counted.schema_count} {chunks}")


main(*sys.argv[1:])
