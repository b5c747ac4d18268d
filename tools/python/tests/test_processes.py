# SPDX-License-Identifier: Apache-2.0
"""Servers and clients that end, are absent, or are others than expected."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import stillhouse


def ended(pid, seconds=15):
    """Waits until a process is gone."""
    for _ in range(seconds * 20):
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_close_ends_the_server(place):
    ds = stillhouse.open(place)
    pid = ds._server._process.pid
    next(ds.batches(4))
    ds.close()
    assert ended(pid)


def test_a_killed_program_takes_its_server_with_it(place):
    program = (
        "import stillhouse, sys, time\n"
        f"ds = stillhouse.open({str(place)!r})\n"
        "next(ds.batches(4))\n"
        "print(ds._server._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    pid = int(child.stdout.readline())
    child.kill()
    child.wait()
    assert ended(pid)


def test_a_killed_server_is_told_with_the_last_cursor(place):
    with stillhouse.open(place) as ds:
        batches = ds.batches(1, epochs=1000)
        first = next(batches)
        os.kill(ds._server._process.pid, signal.SIGKILL)
        with pytest.raises(stillhouse.StillhouseError) as caught:
            for batch in batches:
                first = batch
        assert caught.value.cursor == first.cursor
    with stillhouse.open(place) as ds:
        assert next(ds.batches(cursor=first.cursor, epochs=1000)).samples == 1


def test_a_damaged_shard_is_named_with_the_last_good_cursor(place, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(place, copy)
    shard = sorted((copy / "shards").iterdir())[0]
    content = bytearray(shard.read_bytes())
    for at in range(len(content) // 4, len(content) // 2, 64):
        content[at] ^= 1
    shard.chmod(0o644)
    shard.write_bytes(content)
    with stillhouse.open(copy) as ds:
        batches, last = ds.batches(2, shuffle="none"), None
        with pytest.raises(stillhouse.DataError, match=shard.name.split(".")[0]) as caught:
            for batch in batches:
                last = batch.cursor
        assert caught.value.cursor == (last or batches.cursor)
        assert next(ds.batches(2, columns=["tokens"])).samples == 2, "the server goes on"


def test_what_is_not_there_is_told(tmp_path, monkeypatch):
    with pytest.raises(stillhouse.StillhouseError, match="nothing"):
        stillhouse.open(tmp_path / "nothing")
    with pytest.raises(stillhouse.NotReachedError, match="127.0.0.1:1"):
        stillhouse.connect("grpc+tcp://127.0.0.1:1", "d", timeout=5).info
    monkeypatch.setenv("STILLHOUSE_JAVA", str(tmp_path))
    with pytest.raises(stillhouse.ServerError, match="holds no bin/java"):
        stillhouse.open(tmp_path)
    monkeypatch.delenv("STILLHOUSE_JAVA")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("STILLHOUSE_JDK_PLACES", "")
    with pytest.raises(stillhouse.ServerError, match="install one"):
        stillhouse.open(tmp_path)


def test_a_token_opens_and_a_wrong_one_does_not(place):
    with stillhouse.open(place) as ds:
        with stillhouse.connect(ds.address, token=ds._token) as same:
            assert same.name == ds.name
            assert next(same.batches(4)).samples == 4
        for token in (None, "wrong"):
            with pytest.raises(stillhouse.UsageError, match="token"):
                stillhouse.connect(ds.address, token=token)


FORKS = """
import os, stillhouse, sys

def forked(ds):
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            os.write(write, str(next(ds.batches(4)).samples).encode())
        except stillhouse.StillhouseError as e:
            os.write(write, str(e).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.wait()
    return os.fdopen(read, "rb").read()

with stillhouse.open(sys.argv[1]) as ds:
    print(forked(ds), next(ds.batches(4)).samples, forked(ds), next(ds.batches(4)).samples)
"""


def test_a_fork_before_use_has_a_connection_and_after_it_an_error(place):
    done = subprocess.run(
        [sys.executable, "-c", FORKS, str(place)], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.startswith("b'4' 4 b\"this process was forked after a dataset was used"), done.stdout
    assert done.stdout.endswith(" 4\n"), "the parent goes on"


def test_the_doctor_tells(place):
    done = subprocess.run(
        [sys.executable, "-m", "stillhouse.doctor", str(place)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout
    assert "first batch after" in done.stdout
