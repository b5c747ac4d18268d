# SPDX-License-Identifier: Apache-2.0
"""What the teacher said at chosen positions and ids."""

import numpy as np
import pytest
from conftest import TEXT, command

import stillhouse


@pytest.fixture(scope="module")
def ds(place, other, third):
    with stillhouse.open({"books": place, "other": other, "third": third}) as opened:
        yield opened


def test_a_position_is_what_inspect_says(ds, place):
    told = command("inspect", place, "--sequence", 3, "--position", 100)
    position = ds.position(3, 100)
    assert position.ids.tolist() == [entry["id"] for entry in told["entries"]]
    assert position.texts == [entry["text"] for entry in told["entries"]]
    np.testing.assert_array_equal(position.log_probs, np.float32([entry["logProb"] for entry in told["entries"]]))
    assert (position.token, position.next_token, position.next_text) == (
        told["token"],
        told["nextToken"],
        told["nextText"],
    )
    assert position.log_tail == pytest.approx(told["logTail"])
    assert position.source == told["source"]
    assert repr(position.texts[0]) in repr(position)
    assert "not kept" in repr(position) and position.source["file"] in repr(position)
    assert position.context and position.context[-20:] in position.context
    assert repr(position).count("\n") > 10


def test_a_position_is_what_batches_have(ds):
    batch = next(ds.batches(1, shuffle="none"))
    position = ds.position(0, 20)
    np.testing.assert_array_equal(batch.ids[0, 20, : len(position.ids)], position.ids)
    np.testing.assert_array_equal(batch.log_probs[0, 20, : len(position.ids)], position.log_probs)
    assert position.token == batch.tokens[0, 20]


def test_reasons_and_counts_of_draws(ds, place, other):
    with stillhouse.open(other) as drawn:
        position = drawn.position(0, 5)
        assert {why for entry in position.reasons for why in entry} == {"top", "sampled"}
        assert sum(position.counts) == 8
        assert "top" in repr(position) and "x" in repr(position)


def test_padding_says_nothing(ds):
    batch = list(ds.batches(1, shuffle="none", columns=["segments"]))[-1]
    if batch.segments[0, -1] >= 0:
        pytest.skip("the last sequence is full")
    assert repr(ds.position(ds.info["sequences"] - 1, 255)).endswith("padding, nothing is said here")


@pytest.mark.parametrize(
    "sequence, position, message", [(0, 256, "position 256: .* 0 to 255"), (10**6, 0, "1000000"), (-1, 0, "-1")]
)
def test_places_that_are_not_there_are_told(ds, sequence, position, message):
    with pytest.raises(stillhouse.StillhouseError, match=message):
        ds.position(sequence, position)
    assert ds.position(0, 0).sequence == 0


def test_gathered_log_probs_are_those_of_kept_ids_or_bound_the_others(ds):
    """Against all that is kept: what a smaller k leaves out is bounded by what it has."""
    columns = ["tokens", "segments", "ids", "log_probs", "log_tail"]
    whole = next(ds.batches(8, seed=2, columns=columns))
    for floats, slack in (("float32", 1e-6), ("float16", 0.01)):
        few = next(ds.batches(8, seed=2, k=4, columns=columns, floats=floats))
        log_probs, exact = few.gather(whole.ids)
        kept = (whole.log_probs > -5000) & (whole.segments >= 0)[..., None]
        np.testing.assert_array_equal(exact & kept, kept & (np.arange(16) < 4))
        np.testing.assert_allclose(log_probs[exact], whole.log_probs[exact], rtol=2**-10)
        others = kept & ~exact
        assert others.sum() > 1000
        assert (whole.log_probs[others] <= log_probs[others] + slack).all()
        assert (log_probs[others] <= np.repeat(few.log_tail[..., None], 16, -1)[others]).all()
        least = few.log_probs[..., 3:4]
        assert (log_probs[others] <= np.repeat(least, 16, -1)[others]).all()


def test_drawn_entries_bound_nothing(other):
    with stillhouse.open(other) as drawn:
        batch = next(drawn.batches(8, columns=["tokens", "segments", "ids", "log_probs", "log_tail", "reasons"]))
        bounds, exact = batch.gather(np.full((*batch.tokens.shape, 1), 50_000))
        best = np.where(batch.reasons & 1, batch.log_probs, np.inf).min(-1)
        there = (batch.segments >= 0) & ~exact[..., 0]
        np.testing.assert_array_equal(bounds[there][:, 0], np.minimum(batch.log_tail, best)[there])
        assert (np.where(batch.log_probs > -5000, batch.log_probs, 0).min(-1) < bounds[..., 0])[there].any()


def test_gather_takes_one_id_a_position_and_a_joined_teacher(ds):
    batch = next(ds.batches(4, joined=["other"], columns=["tokens", "ids", "log_probs", "log_tail"]))
    log_probs, exact = batch.gather(batch.ids[..., 0])
    there = batch.log_probs[..., 0] > -5000
    assert log_probs.shape == exact.shape == batch.tokens.shape
    np.testing.assert_array_equal(exact, there)
    np.testing.assert_array_equal(log_probs[there], batch.log_probs[..., 0][there])
    second, _ = batch.gather(batch["ids.1"][..., :2], teacher=1)
    np.testing.assert_array_equal(second[there], batch["log_probs.1"][..., :2][there])
    # Without reasons an entry of a union may be there by chance: the tail alone bounds.
    bounds, exact = batch.gather(np.full(batch.tokens.shape, 50_000, dtype=np.int64), teacher=1)
    np.testing.assert_array_equal(bounds[~exact], np.minimum(batch["log_tail.1"], 0)[~exact])
    for wrong in (batch.ids[:, :3], batch.log_probs, batch.ids[0]):
        with pytest.raises(ValueError, match="need integers of"):
            batch.gather(wrong)
    with pytest.raises(KeyError, match="no column ids"):
        next(ds.batches(4, columns=["tokens"])).gather(batch.tokens)


def test_cursors_of_ranks_merge(ds):
    ends = []
    for rank in range(2):
        for batch in ds.batches(8, seed=1, rank=rank, world_size=2, stop_after=40):
            end = batch.cursor
        ends.append(end)
    for batch in ds.batches(8, seed=1, stop_after=40):
        whole = batch.cursor
    assert ds.merge(ends) == whole
    with pytest.raises(stillhouse.UsageError, match="rank 1's is missing"):
        ds.merge(ends[:1])


def test_a_cursor_of_another_dataset_is_refused(ds, tmp_path):
    cursor = next(ds.batches(4)).cursor
    command(
        "extract", "--corpus", TEXT, "--max-documents", 3, "--teacher", "ngram", "--statistic", "top-k:2",
        "--sequence-length", 64, "--out", tmp_path / "another",
    )  # fmt: skip
    with stillhouse.open(tmp_path / "another") as another:
        with pytest.raises(stillhouse.DataError, match="the cursor's data is"):
            another.batches(cursor=cursor)
        assert next(another.batches(4)).samples == 4
