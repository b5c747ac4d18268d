# SPDX-License-Identifier: Apache-2.0
"""Datasets that the command line of the same checkout makes."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from stillhouse import _java

ROOT = Path(__file__).resolve().parents[3]
TEXT = ROOT / "testdata" / "minigpt" / "moby-dick-held-out.jsonl"


@pytest.fixture(scope="session", autouse=True)
def cache_of_classes(tmp_path_factory):
    """Servers of the tests start from an archive of their own."""
    os.environ["STILLHOUSE_CACHE"] = str(tmp_path_factory.mktemp("classes"))


def command_line(*words):
    """Returns the command line of a command of Stillhouse that prints JSON."""
    home, release = _java.find()
    newer = ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"] if release >= 24 else []
    jars = [jar for jar in (ROOT / "tools/cli/target").glob("stillhouse-cli-*.jar") if "tests" not in jar.name]
    if not jars:
        pytest.exit("build the command line first: mvn -DskipTests -pl tools/cli -am package", 2)
    return (
        [str(home / "bin/java"), "--add-opens=java.base/java.nio=ALL-UNNAMED", *newer]
        + ["-cp", f"{jars[0]}:{ROOT / 'tools/cli/target/lib'}/*", "dev.stillhouse.cli.Stillhouse"]
        + [*map(str, words), "--json"]
    )


def command(*words, cwd=None):
    """Runs a command of Stillhouse and returns its JSON."""
    done = subprocess.run(command_line(*words), capture_output=True, text=True, cwd=cwd, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A dataset of 118 sequences of 256, top-k:16, in four shards."""
    out = tmp_path_factory.mktemp("data") / "books"
    command(
        "extract", "--corpus", TEXT, "--teacher", "ngram", "--statistic", "top-k:16", "--layout", "planes",
        "--sequence-length", 256, "--shard-sequences", 32, "--out", out,
    )  # fmt: skip
    return out


@pytest.fixture(scope="session")
def other(tmp_path_factory, place):
    """Another teacher on the same tokens."""
    out = tmp_path_factory.mktemp("data") / "other"
    command(
        "extract", "--tokens", place, "--teacher", "synthetic:vocabulary=50257", "--statistic", "top-k:4+sample:8",
        "--layout", "columns", "--out", out,
    )  # fmt: skip
    return out


@pytest.fixture(scope="session")
def third(tmp_path_factory):
    """Other tokens, the same statistic: what can be mixed with the first."""
    out = tmp_path_factory.mktemp("data") / "third"
    command(
        "extract", "--corpus", TEXT, "--max-documents", 40, "--teacher", "ngram", "--statistic", "top-k:16",
        "--sequence-length", 256, "--out", out,
    )  # fmt: skip
    return out
