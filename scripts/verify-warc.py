#!/usr/bin/env python3
"""verify-warc.py FILE...: WARC files record by record, with nothing of Mudlark.

Each record must be a whole gzip member of its own, end in CRLF CRLF, and have
the SHA-256 digests that it states. Only the standard library is used."""
import hashlib
import sys
import zlib


def fail(path, at, what):
    sys.exit(f"{path}: record at byte {at}: {what}")


for path in sys.argv[1:] or sys.exit(__doc__):
    with open(path, "rb") as file:
        data = file.read()
    at = records = 0
    while at < len(data):
        gzip = zlib.decompressobj(31)
        try:
            text = gzip.decompress(data[at:])
        except zlib.error as error:
            fail(path, at, error)
        if not gzip.eof:
            fail(path, at, "cut off")
        head, _, rest = text.partition(b"\r\n\r\n")
        lines = [line.partition(b": ") for line in head.split(b"\r\n")[1:]]
        field = {name.lower(): value.decode() for name, _, value in lines}
        size = int(field[b"content-length"])
        block, end = rest[:size], rest[size:]
        if not head.startswith(b"WARC/1.") or end != b"\r\n\r\n":
            fail(path, at, "not one whole record")
        body = block
        if field.get(b"content-type", "").startswith("application/http"):
            body = block.partition(b"\r\n\r\n")[2]
        for name, what in ((b"block", block), (b"payload", body)):
            said = field.get(b"warc-" + name + b"-digest")
            if said and said != "sha256:" + hashlib.sha256(what).hexdigest():
                fail(path, at, f"its {name.decode()} is not what its digest says")
        at, records = len(data) - len(gzip.unused_data), records + 1
    print(f"{path}: {records} records hold")
