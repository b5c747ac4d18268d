"""The teacher onnx in Python: onnxruntime alone, one segment at a time, windows as the Java package-info says."""
import hashlib
import re

import numpy as np
import onnxruntime

FINGERPRINT = re.compile(r"onnx ([0-9a-f]{64}) (?:window=(\d+) stride=(\d+)|whole segments) bos=(\d+|none) ")


class Onnx:
    MOST = 1e-4  # two releases of the runtime, or two batch shapes, may round otherwise
    MOST_LOG_PROB = 1e-4
    TURNED = 1e-4

    def __init__(self, path, fingerprint):
        parts = FINGERPRINT.match(fingerprint)
        if not parts:
            raise ValueError(f"the identity's teacher is '{fingerprint}', which is no onnx teacher")
        files = hashlib.sha256(hashlib.sha256(path.read_bytes()).digest()).hexdigest()  # without external data
        if files != parts[1]:
            raise ValueError(f"{path}: its hash is {files}, the dataset's teacher has {parts[1]}")
        self.window, self.stride = (int(parts[i]) if parts[i] else None for i in (2, 3))
        self.bos = [] if parts[4] == "none" else [int(parts[4])]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
        self.vocabulary = len(self.logits(np.array([0])))

    def logits(self, segment):
        """The row of a segment's last token: of the first window that holds it."""
        t, start = len(segment) - 1, 0
        if self.window and t >= self.window:
            start = -(-(t - self.window + 1) // self.stride) * self.stride
        ids = np.array([self.bos + segment[start:].tolist()], dtype=np.int64)
        return self.session.run(["logits"], {"input_ids": ids})[0][0, -1]
