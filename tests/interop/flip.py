"""Writes a copy of a gzipped WARC file in which one byte of one payload is another.

usage: flip.py FROM TO
The records are read and written by warcio; their digests stay as they were.
Ends with status 1 when the file has no payload to change.
"""

import io
import sys

from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

source, target = sys.argv[1:]
flipped = False
with open(source, "rb") as read, open(target, "wb") as write:
    writer = WARCWriter(write, gzip=True)
    for record in ArchiveIterator(read, no_record_parse=True):
        block = bytearray(record.raw_stream.read())
        if not flipped and record.rec_type in ("response", "resource", "metadata") and len(block) > 64:
            block[-1] ^= 1
            flipped = True
        copy = writer.create_warc_record(
            record.rec_headers.get_header("WARC-Target-URI") or "",
            record.rec_type,
            payload=io.BytesIO(bytes(block)),
            length=len(block),
            warc_headers=record.rec_headers,
        )
        writer.write_record(copy)
sys.exit(0 if flipped else 1)
