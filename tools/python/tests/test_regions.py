# SPDX-License-Identifier: Apache-2.0
"""A student reads the replica that is best for it, through its cache."""

import pytest
from conftest import command

import stillhouse


@pytest.fixture(scope="module")
def replicated(place, tmp_path_factory):
    """A dataset whose home is iad, with a copy in nrt."""
    home = tmp_path_factory.mktemp("regions") / "books"
    command("replicate", place, "--to", home, "--region", "elsewhere")
    command("replicate", home, "--to", home.parent / "copy", "--region", "nrt", "--home", "iad")
    return home


def costs(ds):
    return {entry["region"]: entry for entry in ds.ledger()}


def read(ds):
    return [batch.cursor for batch in ds.batches(8, seed=3)][-1]


def test_a_student_reads_the_replica_of_its_region(replicated):
    with stillhouse.open(replicated, region="nrt", home="iad", policy="dollars") as ds:
        far = read(ds)
        near = costs(ds)
    with stillhouse.open(replicated, region="iad", home="iad", policy="dollars") as ds:
        assert read(ds) == far, "the same run, whatever is read"
        home = costs(ds)
    assert near["nrt"]["bytes"] > 10 * near["home"]["bytes"], "home gives the manifest alone"
    assert home.get("nrt", {"bytes": 0})["bytes"] == 0
    assert home["home"]["bytes"] > 100_000


def test_a_cache_is_read_before_any_replica(replicated, tmp_path):
    given = {"region": "fra", "home": "iad", "cache": tmp_path / "cache", "cache_bytes": 50_000_000}
    with stillhouse.open(replicated, **given) as ds:
        first = read(ds)
        fetched = sum(entry["bytes"] for entry in ds.ledger())
        assert sum(entry["dollars"] for entry in ds.ledger()) > 0
    again = []
    for _ in range(3):  # A server that is slow to go may still hold a part of the cache.
        with stillhouse.open(replicated, **given) as ds:
            assert read(ds) == first
            again.append(sum(entry["bytes"] for entry in ds.ledger()))
    assert min(again) < fetched / 10, again


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"region": "moon"}, "moon"),
        ({"policy": "dollars"}, "need the reader's region"),
        ({"region": "nrt", "policy": "cheap"}, "cheap"),
        ({"region": "nrt", "topology": "no/such.json"}, "no/such.json: no such file"),
        ({"in_flight": 0}, "0 requests in flight"),
        ({"cache_bytes": -1}, "a cache of -1 bytes"),
    ],
)
def test_what_is_wrong_is_told(place, wrong, message):
    with pytest.raises(stillhouse.StillhouseError, match=message):
        stillhouse.open(place, **wrong)
