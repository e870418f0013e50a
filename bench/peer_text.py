#!/usr/bin/python3
"""The stages of bench_text in Python, one round over the same texts:

  peer_text.py FILE.ndjson

Prints "name<TAB>MB/s" by thread CPU time: NFKC and Traditional to Simplified,
jieba's words with and without its guesses, the peer's regular expressions for
contacts, prices and victims' data alone, and all of its reading.
"""
import json
import sys
import time
import unicodedata

import jieba

import peer_rules


class Expressions(peer_rules.Reader):
    """The rules without words: a straight set of regular expressions."""

    def words(self, text):
        return []


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    size = sum(len(text.encode()) for text in texts)
    reader, expressions = peer_rules.Reader(), Expressions()

    def fold(text):
        return unicodedata.normalize("NFKC", text).translate(
            reader.simplify).lower()

    stages = {
        "fold (NFKC, table)": fold,
        "jieba words": lambda text: jieba.lcut(text, HMM=False),
        "jieba words, guessing": jieba.lcut,
        "regex set": expressions.read,
        "read (jieba, regex set)": reader.read,
    }
    for name, stage in stages.items():
        begun = time.thread_time()
        for text in texts:
            stage(text)
        print("%s\t%.3f" % (name, size / 1e6 / (time.thread_time() - begun)))


if __name__ == "__main__":
    main()
