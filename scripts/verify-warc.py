#!/usr/bin/env python3
"""verify-warc.py FILE...: WARC files record by record, with nothing of Mudlark.

Each record must be a whole gzip member of its own, end in CRLF CRLF, and have
the SHA-256 digests that it states. Only the standard library is used."""
import hashlib
import sys
import zlib


def fail(path, at, what):
    sys.exit(f"{path}: record at byte {at}: {what}")


def members(path, file):
    """Offset and contents of one gzip member after the other."""
    at, rest = 0, file.read(65536)
    while rest:
        gzip, parts, end = zlib.decompressobj(31), [], at
        while not gzip.eof:
            if not rest:
                fail(path, at, "cut off")
            try:
                parts.append(gzip.decompress(rest))
            except zlib.error as error:
                fail(path, at, error)
            end += len(rest) - len(gzip.unused_data)
            rest = gzip.unused_data or file.read(65536)
        yield at, b"".join(parts)
        at = end


for path in sys.argv[1:] or sys.exit(__doc__):
    records = 0
    for at, text in members(path, open(path, "rb")):
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
        records += 1
    print(f"{path}: {records} records hold")
