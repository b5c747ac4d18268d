# SPDX-License-Identifier: Apache-2.0
"""The archive of the server's classes: made once, used then, and never needed."""

import os

import pytest

import stillhouse


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STILLHOUSE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def run(place):
    """Reads a batch and returns the command line of the server that gave it."""
    with stillhouse.open(place) as ds:
        assert next(ds.batches(4)).samples == 4
        with open(f"/proc/{ds._server._process.pid}/cmdline") as words:
            return words.read().split("\0")


def test_the_first_server_makes_it_and_others_use_it(place, folder):
    assert any(word.startswith("-XX:ArchiveClassesAtExit=") for word in run(place))
    (archive,) = folder.iterdir()
    written = archive.stat().st_mtime_ns
    assert archive.suffix == ".jsa" and archive.stat().st_size > 1_000_000
    assert f"-XX:SharedArchiveFile={archive}" in run(place)
    archive.chmod(0o600)
    archive.write_bytes(archive.read_bytes()[:500_000])
    run(place)  # A JVM leaves an archive that is damaged.
    archive.write_bytes(b"no archive")
    run(place)
    assert list(folder.iterdir()) == [archive]
    assert archive.stat().st_mtime_ns > written


def test_without_a_folder_there_is_none(place, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for nowhere in ("", str(tmp_path / "file" / "cache")):
        monkeypatch.setenv("STILLHOUSE_CACHE", nowhere)
        assert not [word for word in run(place) if "Archive" in word]


def test_a_server_that_was_killed_leaves_none(place, folder):
    ds = stillhouse.open(place)
    ds._server._process.kill()
    ds.close()
    assert os.listdir(folder) == []
