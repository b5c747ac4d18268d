"""The teacher ngram in Python, written from the package-info of dev.stillhouse.pipeline.teacher.ngram."""
import struct

import numpy as np


class Ngram:
    """A blob of teachers/, parsed."""
    MOST = 1e-5  # float32 is up to 1e-6 off at a log-prob of -20; a wrong token or id is off by far more
    MOST_LOG_PROB = TURNED = 0  # the same arithmetic: order and rounding must agree

    def __init__(self, blob):
        magic, version, self.vocabulary, tokens, bigrams, trigrams = struct.unpack_from("<8s5i", blob)
        if (magic, version) != (b"SHNGRAM\0", 1):
            raise ValueError(f"teacher: magic {magic}, version {version}")
        lengths = [self.vocabulary, self.vocabulary + 1, bigrams, bigrams, bigrams + 1, trigrams, trigrams]
        if len(blob) != 28 + 4 * sum(lengths):
            raise ValueError("teacher: the blob's length is not what its header says")
        arrays = np.split(np.frombuffer(blob, "<i4", offset=28), np.cumsum(lengths)[:-1])
        unigrams, self.starts2, self.ids2, self.counts2, self.starts3, self.ids3, self.counts3 = arrays
        d1, self.d2, self.d3 = map(self.discount, (unigrams, self.counts2, self.counts3))
        seen = unigrams > 0
        self.p1 = np.where(seen, (unigrams - d1) / tokens, 0) + d1 * seen.sum() / tokens / self.vocabulary

    @staticmethod
    def discount(counts):
        once, twice = (counts == 1).sum(), (counts == 2).sum()
        return once / (once + 2 * twice) if once and twice else 0.5

    @staticmethod
    def mixed(below, ids, counts, discount):
        """p(.|h) and L(h), from the probabilities of one order below and the continuations of h."""
        if not len(ids):
            return below, 1.0
        rest = discount * len(ids) / counts.sum()
        p = rest * below
        p[ids] += (counts - discount) / counts.sum()
        return p, rest

    def logits(self, segment):
        """Float32 logits of the token that follows a segment's tokens so far, of which the last two count."""
        u, v = segment[-2] if len(segment) > 1 else None, segment[-1]
        of_v, of_uv = slice(self.starts2[v], self.starts2[v + 1]), slice(0, 0)
        if u is not None:
            first, end = self.starts2[u], self.starts2[u + 1]
            bigram = first + np.searchsorted(self.ids2[first:end], v)
            if bigram < end and self.ids2[bigram] == v:
                of_uv = slice(self.starts3[bigram], self.starts3[bigram + 1])
        p2, rest2 = self.mixed(self.p1, self.ids2[of_v], self.counts2[of_v], self.d2)
        p3, rest3 = self.mixed(p2, self.ids3[of_uv], self.counts3[of_uv], self.d3)
        logits = (np.log(rest3) + np.log(rest2)) + np.log(self.p1)
        logits[self.ids2[of_v]] = np.log(rest3) + np.log(p2[self.ids2[of_v]])
        logits[self.ids3[of_uv]] = np.log(p3[self.ids3[of_uv]])
        return logits.astype(np.float32)
