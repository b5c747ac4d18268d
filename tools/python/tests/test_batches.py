# SPDX-License-Identifier: Apache-2.0
"""What arrives is what the Java loader gives."""

import json

import numpy as np
import pyarrow as pa
import pytest
from conftest import command

import stillhouse


@pytest.fixture(scope="module")
def ds(place, other, third):
    with stillhouse.open({"books": place, "other": other, "third": third}) as opened:
        yield opened


def test_describes_itself(ds):
    assert ds.names() == ["books", "other", "third"]
    info = ds.info
    assert (info["statistic"], info["layout"], info["sequenceLength"]) == ("top-k:16", "planes", 256)
    assert repr(ds).startswith(f"Dataset('books', version 1: {info['sequences']} sequences of 256")


def test_values_are_those_of_load(ds, place, tmp_path):
    """load --arrow writes what the loader reads, as lists; the same order and values come here."""
    command("load", place, "--seed", 3, "--batch", 8, "--arrow", tmp_path / "a.arrow")
    rows = pa.ipc.open_file(tmp_path / "a.arrow").read_all()
    at = 0
    for batch in ds.batches(8, seed=3):
        for row in range(batch.samples):
            tokens = rows["tokens"][at].as_py()
            np.testing.assert_array_equal(batch.tokens[row], tokens)
            for slot in range(0, 256, 51):
                if batch.segments[row, slot] >= 0:
                    ids, logs = rows["ids"][at].as_py()[slot], rows["log_probs"][at].as_py()[slot]
                    np.testing.assert_array_equal(batch.ids[row, slot, : len(ids)], ids)
                    np.testing.assert_array_equal(batch.log_probs[row, slot, : len(logs)], np.float32(logs))
            at += 1
    assert at == rows.num_rows == ds.info["sequences"]


def test_types_and_columns(ds):
    wide = next(ds.batches(4, seed=1, k=3))
    half = next(ds.batches(4, seed=1, k=3, floats="float16", integers="int64"))
    brain = next(ds.batches(4, seed=1, k=3, floats="bfloat16"))
    assert (half.log_probs.dtype, half.ids.dtype, brain.log_probs.dtype) == (np.float16, np.int64, np.float32)
    np.testing.assert_allclose(half.log_probs, wide.log_probs, rtol=2**-11)
    np.testing.assert_allclose(brain.log_probs, wide.log_probs, rtol=2**-8)
    assert wide.log_probs.shape == (4, 256, 3)
    few = next(ds.batches(4, seed=1, columns=["sequences", "tokens", "entropy"]))
    assert few.keys() == ["sequences", "tokens", "entropy"]
    np.testing.assert_array_equal(few.tokens, wide.tokens)
    with pytest.raises(AttributeError, match="no column ids"):
        _ = few.ids
    with pytest.raises(ValueError):
        wide.tokens[0, 0] = 1  # What was received is shared.


def test_joined_teachers(ds):
    batch = next(ds.batches(4, joined=["other"], k=4, columns=["ids", "counts", "log_tail"]))
    assert batch.keys() == ["ids", "counts", "log_tail", "ids.1", "counts.1", "log_tail.1"]
    assert batch["counts"].sum() == 0
    assert 0 < batch["counts.1"].max() <= 8


def test_mixtures(ds):
    batches = list(ds.batches(8, mix="books:0.7,third:0.3", columns=["sources", "tokens"], stop_after=80))
    sources = np.concatenate([batch.sources[: batch.samples] for batch in batches])
    assert len(sources) == 80
    assert 20 <= sources.sum() <= 28


# The content digest is of the values that were read: "load" reads all.
ALL = ["tokens", "ids", "log_probs", "log_tail", "log_normaliser", "entropy", "target_log_prob"]


def test_a_run_goes_between_java_and_python_at_any_ranks(ds, place, tmp_path):
    whole = command("load", place, "--seed", 5, "--batch", 6, "--epochs", 2)
    command("load", place, "--seed", 5, "--batch", 6, "--stop-after", 30, "--cursor", tmp_path / "a.json")
    cursor = (tmp_path / "a.json").read_text()
    for rank in range(3):
        end = None
        for batch in ds.batches(cursor=cursor, rank=rank, world_size=3, stop_after=60, columns=ALL):
            end = batch.cursor
        (tmp_path / f"r{rank}.json").write_text(end)
    command("cursor", *(tmp_path / f"r{rank}.json" for rank in range(3)), "--out", tmp_path / "b.json")
    done = command("load", place, "--resume", tmp_path / "b.json", "--epochs", 2)
    assert (done["digest"], done["contentDigest"]) == (whole["digest"], whole["contentDigest"])


def test_300_chains_of_stops_and_resizes_lose_nothing(ds):
    """Any chain of runs on one to four ranks, each stopped anywhere, reads every sequence once an epoch."""
    random = np.random.default_rng(7)
    total = ds.info["sequences"]
    for _ in range(300):
        batch_size, seed = int(random.integers(9, 40)), int(random.integers(1 << 30))
        seen, samples, cursor = [], 0, None
        while samples < total:
            ranks = int(random.integers(1, 5))
            stop = int(random.integers(1, 4)) * batch_size
            for rank in range(ranks):
                start = {"seed": seed, "batch_size": batch_size} if cursor is None else {"cursor": cursor}
                steps = ds.batches(
                    **start, rank=rank, world_size=ranks, stop_after=stop, columns=["sequences"], epochs=1
                )
                for step in steps:
                    seen.extend(step.sequences[: step.samples].tolist())
            # The place alone decides what comes; digests of parts are added up by "stillhouse cursor".
            samples = min(total, samples + stop)
            cursor = place_of(ds, seed, batch_size, samples) if samples < total else None
        assert sorted(seen) == list(range(total))


def place_of(ds, seed, batch_size, samples):
    """The cursor of one rank that read so far."""
    run = ds.batches(batch_size, seed=seed, stop_after=samples, columns=["sequences"])
    for batch in run:
        pass
    assert json.loads(run.cursor)["samples"] == samples
    return run.cursor


@pytest.mark.parametrize(
    "wrong, kind, message",
    [
        ({"k": 17}, stillhouse.UsageError, "k 17: the dataset keeps top-k:16, at most 16"),
        ({"rank": 2, "world_size": 2}, stillhouse.UsageError, "rank 2 of 2"),
        ({"rank": -1}, stillhouse.UsageError, "rank -1: need 0 or more"),
        ({"batch_size": 10**9}, stillhouse.UsageError, "batch 1000000000: there are"),
        ({"columns": ["logprobs"]}, stillhouse.UsageError, "no column 'logprobs'"),
        ({"floats": "float8"}, stillhouse.UsageError, "float8"),
        ({"shuffle": "wild"}, stillhouse.UsageError, "shuffle 'wild'"),
        ({"version": 7}, stillhouse.DataError, "7"),
        ({"cursor": "{}"}, stillhouse.DataError, "cursor"),
        ({"joined": ["nothing"]}, stillhouse.UsageError, "no dataset 'nothing' is served here"),
    ],
)
def test_what_is_wrong_is_told(ds, wrong, kind, message):
    with pytest.raises(kind, match=message) as caught:
        ds.batches(**wrong)
    assert "gRPC" not in str(caught.value)
    assert next(ds.batches(4)).samples == 4  # The server goes on.


def test_an_edited_cursor_is_refused(ds):
    cursor = json.loads(next(ds.batches(4)).cursor)
    cursor["samples"] += 4
    with pytest.raises(stillhouse.DataError, match="samples"):
        ds.batches(cursor=cursor)


def test_a_request_of_a_megabyte_is_refused(ds):
    with pytest.raises(stillhouse.StillhouseError):
        ds.batches(shuffle="x" * (1 << 20))
    assert next(ds.batches(4)).samples == 4
