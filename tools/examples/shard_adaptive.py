"""Layout adaptive: symbols of numbers that a prior gives, as the package-info.java of layout.adaptive describes them."""
import base64
import struct

import numpy as np
import zstandard
from shard_planes import bands, common, need


class Bits:
    """Takes bits, the first from the lowest bits of the first byte."""

    def __init__(self, data):
        self.number, self.left = int.from_bytes(data, "little"), 8 * len(data)

    def take(self, count):
        need(count <= self.left, "too few low bits")
        value = self.number & ((1 << count) - 1)
        self.number >>= count
        self.left -= count
        return value


def inflate(data):
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def prior(text, vocabulary):
    """The ids that are ranked, and the list of each token that has one."""
    data, at = inflate(base64.b64decode(text)), 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            value |= (data[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if data[at - 1] < 0x80:
                return value

    ranked, last = [], 0
    for _ in range(number()):
        step = number()
        last += step // 2 if step % 2 == 0 else -(step + 1) // 2
        ranked.append(last)
    lists, token = {}, -1
    while at < len(data):
        token += number()
        lists[token] = [ranked[number()] for _ in range(number())]
    need(all(0 <= id < vocabulary for id in ranked) and token < vocabulary, "a prior of other ids than the vocabulary's")
    return ranked, lists


def number_of(symbol, low):
    need(symbol <= 231, f"symbol {symbol} stands for no number")
    if symbol < 16:
        return symbol
    d = (symbol - 16) // 8
    return ((8 + (symbol - 16) % 8) << (d + 1)) + low.take(d + 1)


class Value:
    """The value of a band."""

    def __init__(self, data, n):
        self.data, self.at = data, 0
        self.ids, self.gaps = self.stream(n), self.stream(n)
        escapes = self.int32()
        self.escapes = iter(struct.unpack_from(f"<{escapes}f", data, self.at))
        need(escapes == self.gaps.count(255), f"{escapes} log-probs as they are, {self.gaps.count(255)} gaps say so")
        self.low = Bits(data[self.at + 4 * escapes:])

    def int32(self):
        self.at += 4
        return struct.unpack_from("<i", self.data, self.at - 4)[0]

    def stream(self, n):
        m = self.int32()
        data = self.data[self.at:self.at + m]
        self.at += m
        symbols = data if m == n else inflate(data)
        need(len(symbols) == n, f"a stream of {len(symbols)} symbols for {n} entries")
        return symbols


def adaptive(table, header, parts, entries, scalars):
    """Generation 4."""
    ranked, lists = prior(header["prior"], int(header["vocabulary"]))
    bound = np.float32(header["layout"].partition(":bound=")[2] or "0.01")
    step = 1.98 * float(bound)
    firsts = bands(parts, (0, 1, 8, 32))
    for row in range(table.num_rows):
        value, sequence, kept = common(table, row, header, parts, entries, scalars)
        ids = [[] for _ in kept]
        log_probs = [[] for _ in kept]
        steps = [0] * len(kept)
        for first, end in zip(firsts, firsts[1:] + [1 << 31]):
            many = [max(0, min(int(k), end) - first) for k in kept]
            if sum(many) == 0:
                need(value[f"entries_{first}"] == b"", "a value of no entries")
                continue
            band = Value(value[f"entries_{first}"], sum(many))
            symbols = iter(band.ids)
            for t, n in enumerate(many):
                own = lists.get(sequence["tokens"][t], [])
                for _ in range(n):
                    x = number_of(next(symbols), band.low)
                    ids[t].append((own + ranked)[x] if x < len(own) + len(ranked) else x - len(own) - len(ranked))
            symbols = iter(band.gaps)
            for t, n in enumerate(many):
                for _ in range(n):
                    symbol = next(symbols)
                    if symbol == 255:
                        log_probs[t].append(next(band.escapes))
                    else:
                        steps[t] += number_of(symbol, band.low)
                        log_probs[t].append(-(steps[t] * step))
            need(band.low.left < 8 and band.low.number == 0, "low bits that no symbol has")
        yield {**sequence, "ids": ids, "log_probs": log_probs}
