# SPDX-License-Identifier: Apache-2.0
"""A teacher's server: its reductions against plain loops, and the whole way to a dataset."""

import json
import math
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pytest
from conftest import ROOT, command

from stillhouse.errors import UsageError
from stillhouse.teacher import _draws, _plain
from stillhouse.teacher._models import of_module
from stillhouse.teacher._request import PROMPTS, BadRequest, Prompts, Request, parse
from stillhouse.teacher._server import TeacherServer
from stillhouse.teacher._statistics import RowError

HASH_MODEL = ROOT / "pipeline/src/test/resources/flight/hash_model.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
TEXT = ROOT / "testdata/minigpt/moby-dick-held-out.jsonl"


class Places:
    """Rows of an array of [batch, places, V]."""

    def __init__(self, batch, places):
        self.batch = np.repeat(np.arange(batch), places)
        self.place = np.tile(np.arange(places), batch)

    def __len__(self):
        return len(self.batch)


def logits(vocabulary, seed=1):
    """Returns rows with many ties, some -inf, a sharp one, and one of a single id."""
    random = np.random.default_rng(seed)
    found = (random.integers(-400, 400, (3, 20, vocabulary)) / 32).astype(np.float32)
    found[random.random(found.shape) < 0.01] = -np.inf
    found[0, 0] = -np.inf
    found[0, 0, 5] = 3
    found[0, 1, 7] = 900
    found[0, 2] = np.where(np.arange(vocabulary) % 2, np.float32(0), np.float32(-0.0))
    return found


REQUESTS = [
    {"top_k": 1},
    {"top_k": 64},
    {"top_k": 700},
    {"mass": 0.9, "max_top": 40},
    {"draws": 20, "seed": 5},
    {"target": True},
    {
        "top_k": 8, "mass": 0.5, "max_top": 20, "draws": 50, "temperature": 2.0, "seed": -7, "target": True,
        "has_reasons": True, "forced": np.array([0, 5, 699]), "normalisers_at": (2.0, 4.0),
    },
]  # fmt: skip


def union(row, target, sequence, position, asked):
    """Returns the entries of a row by plain loops: reasons and counts by id, best first."""
    order = sorted((i for i in range(len(row)) if row[i] > -np.inf), key=lambda i: (-row[i], i))
    most = row[order[0]]
    mass = [math.exp(x - most) if x > -np.inf else 0.0 for x in row.tolist()]
    total = math.fsum(mass)
    reasons, counts = {}, {}
    before = 0.0
    for rank, i in enumerate(order):
        if rank < asked.top_k or (rank < asked.max_top and before < asked.mass * total):
            reasons[i] = 1
        before += mass[i]
    places = [
        i
        for block in range(0, len(row), 256)
        for lane in range(16)
        for i in range(block + lane, block + 256, 16)
        if i < len(row)
    ]
    hot = {i: math.exp((row[i] - most) / asked.temperature) if row[i] > -np.inf else 0.0 for i in places}
    every = math.fsum(hot.values())
    for number in _draws.uniforms(asked.seed, asked.draws, np.array([sequence]), np.array([position]))[0]:
        upto = 0.0
        for i in places:
            upto += hot[i]
            if upto > number * every:
                break
        reasons[i] = reasons.get(i, 0) | 2
        counts[i] = counts.get(i, 0) + 1
    for i in asked.forced.tolist():
        reasons[i] = reasons.get(i, 0) | 4
    if asked.target and target >= 0:
        reasons[target] = reasons.get(target, 0) | 8
    kept = sorted(reasons, key=lambda i: (-row[i], i))
    tail = math.fsum(m for i, m in enumerate(mass) if i not in reasons) / total
    return kept, [reasons[i] for i in kept], [counts.get(i, 0) for i in kept], tail, most + math.log(total)


@pytest.mark.parametrize("given", REQUESTS, ids=str)
def test_numpy_gives_what_plain_loops_give(given):
    asked = Request("reduced", 700, **given)
    rows = logits(777)
    places = Places(3, 20)
    targets = np.arange(60) % 12 - 1
    found = _plain.reduce(_plain.source(rows, places), targets, np.arange(60) + (1 << 33), np.arange(60), asked)
    for r in range(60):
        row = rows.reshape(60, 777)[r, :700]
        kept, reasons, counts, tail, normaliser = union(row, int(targets[r]), r + (1 << 33), r, asked)
        part = slice(found.offsets[r], found.offsets[r + 1])
        assert found.ids[part].tolist() == kept
        assert found.reasons[part].tolist() == reasons
        assert found.counts[part].tolist() == counts
        expected = (row[kept].astype(np.float64) - normaliser).astype(np.float32)
        np.testing.assert_allclose(found.log_probs[part], expected, atol=1e-6)
        assert math.exp(found.log_tail[r]) == pytest.approx(tail, abs=1e-7)


@pytest.mark.parametrize("chunk", [512, 4096])
@pytest.mark.parametrize("given", REQUESTS, ids=str)
def test_torch_gives_what_numpy_gives(given, chunk, monkeypatch):
    torch = pytest.importorskip("torch")
    from stillhouse.teacher import _torch

    monkeypatch.setattr(_torch, "CHUNK", chunk)
    asked = Request("reduced", 700, **given)
    rows, places = logits(777), Places(3, 20)
    about = np.arange(60) % 12 - 1, np.arange(60), np.arange(60)
    expected = _plain.reduce(_plain.source(rows, places), *about, asked)
    found = _torch.reduce(_torch.source(torch.from_numpy(rows), places), *about, asked)
    for name in ("offsets", "ids", "reasons", "counts"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for name in ("log_probs", "log_proposals", "log_tail", "entropy", "log_normaliser", "target_log_prob", "further"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=4e-6, rtol=2e-7)


def test_whole_rows_come_of_a_head_that_has_gradients():
    torch = pytest.importorskip("torch")
    from stillhouse.teacher import _torch

    head = torch.nn.Parameter(torch.randn(50, 8))
    hidden = torch.randn(3, 20, 8)
    rows = _torch.source((hidden, head), Places(3, 20)).tile(20, 40)
    np.testing.assert_array_equal(rows, (hidden[1] @ head.T).detach().numpy())


def test_a_head_in_chunks_gives_what_whole_rows_give(monkeypatch):
    torch = pytest.importorskip("torch")
    from stillhouse.teacher import _torch

    monkeypatch.setattr(_torch, "CHUNK", 512)
    torch.manual_seed(1)
    hidden, head = torch.randn(3, 20, 64), torch.randn(5000, 64)
    asked = Request("reduced", 5000, top_k=16, draws=8, target=True, has_reasons=True)
    about = np.arange(60), np.arange(60), np.arange(60)
    fused = _torch.reduce(_torch.source((hidden, head), Places(3, 20)), *about, asked)
    whole = _torch.reduce(_torch.source(hidden @ head.T, Places(3, 20)), *about, asked)
    np.testing.assert_array_equal(fused.ids, whole.ids)
    np.testing.assert_allclose(fused.log_probs, whole.log_probs, atol=2e-5)


@pytest.mark.parametrize("engine", ["numpy", "torch"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_row_that_is_no_distribution_is_named(engine, value):
    rows = logits(700)
    rows[1, 3] = value if value == -np.inf else rows[1, 3]
    rows[1, 3, 650] = value
    if engine == "torch":
        torch = pytest.importorskip("torch")
        from stillhouse.teacher import _torch as reducer

        rows = torch.from_numpy(rows)
    else:
        reducer = _plain
    about = np.zeros(60, np.int64), np.arange(60), np.arange(60)
    with pytest.raises(RowError, match="id 650 is (nan|inf)|all 700 ids are -inf") as e:
        reducer.reduce(reducer.source(rows, Places(3, 20)), *about, Request("reduced", 700, top_k=4))
    assert e.value.row == 23


def prompts(*tokens):
    count = len(tokens)
    columns = [tokens, [0] * count, [-1] * count, range(count), [0] * count]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, PROMPTS)], schema=PROMPTS)


def ask(server, request, table, token=None):
    client = flight.FlightClient(f"grpc+tcp://127.0.0.1:{server.port}")
    headers = [(b"authorization", b"Bearer " + token.encode())] if token else []
    options = flight.FlightCallOptions(headers=headers)
    writer, reader = client.do_exchange(flight.FlightDescriptor.for_command(json.dumps(request).encode()), options)
    with writer:
        writer.begin(table.schema)
        writer.write_table(table)
        writer.done_writing()
        return reader.read_all()


def test_prompts_are_answered_in_their_order_whatever_their_lengths():
    model = of_module(f"{HASH_MODEL}:logits", [], "numpy", "cpu", None).probe()
    table = prompts([3, 1, 4], [1], [5, 9, 2, 6, 5], [3, 5])
    request = {"v": 1, "form": "reduced", "topK": 5}
    answers = []
    for max_tokens in (1, 6, 1000):
        with TeacherServer(model, max_tokens=max_tokens) as server:
            answers.append(ask(server, request, table))
    assert answers[0].column("token").to_pylist() == [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    assert answers[0].column("row").to_pylist() == list(range(11))
    same = [answer.select(["row", "token", "entries", "log_tail", "entropy"]) for answer in answers]
    assert same[0] == same[1] == same[2]


def test_a_model_that_fails_is_told_in_a_line(tmp_path):
    (tmp_path / "bad.py").write_text(
        "import numpy as np\ndef logits(ids):\n    if ids.shape[1] > 1: raise MemoryError('too long')\n"
        "    return np.zeros((*ids.shape, 10), np.float32)\n"
    )
    model = of_module(f"{tmp_path / 'bad.py'}:logits", [], "numpy", "cpu", None).probe()
    with TeacherServer(model) as server:
        with pytest.raises(flight.FlightServerError, match="the model failed: MemoryError: too long"):
            ask(server, {"v": 1, "form": "reduced", "topK": 1}, prompts([1, 2]))
        assert ask(server, {"v": 1, "form": "reduced", "topK": 1}, prompts([1])).num_rows == 1


def test_a_token_is_asked_for():
    model = of_module(f"{HASH_MODEL}:logits", [], "numpy", "cpu", None).probe()
    with TeacherServer(model, token="right") as server:
        request = {"v": 1, "form": "reduced", "topK": 1}
        assert ask(server, request, prompts([1]), "right").num_rows == 1
        for wrong in (None, "wrong"):
            with pytest.raises(flight.FlightUnauthenticatedError):
                ask(server, request, prompts([1]), wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"[]", b"{}", {"v": 2}, {"form": "other"}, {"form": "dense", "type": "int8"}, {"topK": 1000}, {"topK": -1},
        {"topK": "1"}, {"topK": True}, {"forced": [997]}, {"forced": [-1]}, {"sample": {"draws": 1 << 20}},
        {"normalisersAt": [0]}, {"vocabulary": 998},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_request_is_refused(wrong):
    text = wrong if isinstance(wrong, bytes) else json.dumps({"v": 1, "form": "reduced", **wrong}).encode()
    with pytest.raises(BadRequest):
        parse(text, 997)


def test_wrong_prompts_are_refused():
    for table in (prompts(), prompts([]), prompts([997]), prompts([-1]), prompts([1] * 9), prompts([None])):
        with pytest.raises(BadRequest):
            Prompts.of(table, 997, 8)
    with pytest.raises(BadRequest, match="columns"):
        Prompts.of(pa.table({"tokens": [[1]]}), 997, 8)


def run(*words):
    words = [sys.executable, "-m", "stillhouse.teacher", *map(str, words)]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, env=ENVIRONMENT)


@pytest.mark.parametrize(
    "words, why",
    [
        (["--module", "none.py:f"], "there is no file"),
        (["--module", f"{HASH_MODEL}:none"], "has no function 'none'"),
        (["--module", f"{HASH_MODEL}:logits", "--host", "0.0.0.0"], "--token-file"),
        (["--module", f"{HASH_MODEL}:logits", "--tls-key", "x"], "belong together"),
        (["--module", f"{HASH_MODEL}:logits", "--token-file", "none"], "cannot be read"),
        (["--module", f"{HASH_MODEL}:logits", "--weights", "none"], "there is no such file"),
        ([], "one of the arguments --model --module is required"),
    ],
)
def test_wrong_use_is_told_in_a_line(words, why):
    done = run(*words)
    assert done.returncode == 2 and why in done.stderr and "Traceback" not in done.stderr


def test_the_fingerprint_is_of_the_weights_and_no_place(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, weights in ((one, b"a"), (two, b"a")):
        folder.mkdir()
        (folder / "weights").write_bytes(weights)
        (folder / "my.py").write_text(HASH_MODEL.read_text())

    def weights(folder):
        return of_module(f"{folder / 'my.py'}:logits", [folder / "weights"], "numpy", "cpu", None).weights

    assert weights(one) == weights(two)
    (two / "weights").write_bytes(b"b")
    assert weights(one) != weights(two)
    with pytest.raises(UsageError):
        of_module("my.py", [], None, "cpu", None)


MODULE = """
import numpy as np
V = 50257
def logits(ids):
    random = np.random.default_rng(0).standard_normal((2, V)).astype(np.float32)
    out = np.empty((*ids.shape, V), np.float32)
    before = np.zeros(len(ids))
    for t in range(ids.shape[1]):
        before = before * 0.5 + np.sin(ids[:, t])
        out[:, t] = 3 * random[0] + before[:, None].astype(np.float32) * random[1]
    return out
"""


def test_the_whole_way_to_a_dataset(tmp_path):
    (tmp_path / "my.py").write_text(MODULE)
    words = [sys.executable, "-m", "stillhouse.teacher", "--module", f"{tmp_path / 'my.py'}:logits"]
    means = {}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as server:
        try:
            name = server.stdout.readline().split()[0]
            for form in ("", ",dense=own"):
                out = tmp_path / f"out{len(means)}"
                made = command(
                    "extract", "--corpus", TEXT, "--max-documents", 2, "--sequence-length", 128, "--teacher", name + form,
                    "--teacher-check", "fail", "--statistic", "top-k:8+sample:4+target+normaliser-at:2.0", "--out", out,
                )  # fmt: skip
                assert made["teacher"] == "flight" + (":dense=own" if form else "")
                assert command("verify", out)["ok"]
                means[form] = made["meanTargetLogProb"], made["meanEntropy"], made["meanTailMass"]
        finally:
            server.terminate()
    assert means[""] == pytest.approx(means[",dense=own"], abs=1e-5)
    assert server.returncode == 0
