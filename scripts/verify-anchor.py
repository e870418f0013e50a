#!/usr/bin/env python3
"""verify-anchor.py ANCHOR.json LEDGER.jsonl | PROOF.json, with nothing of Mudlark.

Is the ledger what the anchor says, or is the line of the proof in it? An anchor
holds the Merkle root (RFC 9162, 2.1) over lines of the ledger."""
import hashlib
import json
import sys


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root(hashes):
    """Of leaves: neighbours are joined, a last one without neighbour goes up."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2])
        odd = hashes[-1:] if len(hashes) % 2 else []
        hashes = [sha(b"\1", left, right) for left, right in pairs] + odd
    return hashes[0] if hashes else sha()


def climb(proof, lines):
    """RFC 9162, 2.1.3.2: from one leaf by its path to the root."""
    node, at, last = sha(b"\0", proof["line"].encode()), proof["index"], lines - 1
    for step in map(bytes.fromhex, proof["path"]):
        if last == 0:
            return None
        if at % 2 or at == last:
            node = sha(b"\1", step, node)
            while at and at % 2 == 0:
                at, last = at >> 1, last >> 1
        else:
            node = sha(b"\1", node, step)
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


anchor, path = sys.argv[1:] if len(sys.argv) == 3 else sys.exit(__doc__)
said, text = json.load(open(anchor)), open(path, "rb").read()
first, n = said["first"], said["lines"]
if text.startswith(b'{"type":"proof"'):
    proof = json.loads(text)
    good = climb(proof, n) == bytes.fromhex(said["root"])
    good = good and json.loads(proof["line"])["seq"] == first + proof["index"]
    what = proof["line"]
else:
    lines = text.split(b"\n")[:-1][first:first + n + 1]
    day = [line for line in lines if said["day"] == json.loads(line)["ts"][:10]]
    taken = day if said["whole"] else day[:n]
    good = len(taken) == n and sha(taken[-1]).hex() == said["head"]
    good = good and root([sha(b"\0", line) for line in taken]).hex() == said["root"]
    what = f"{n} lines from line {first} on"
print(f"{said['day']}: {what}" if good else f"{anchor}: {path} does not agree with it")
sys.exit(not good)
