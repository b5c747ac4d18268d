# SPDX-License-Identifier: Apache-2.0
"""The student of the tutorial: killed and gone on with other ranks, it learns what it would have learned."""

import json
import os
import signal
import subprocess
import sys

import pytest
from conftest import ROOT

pytest.importorskip("torch", reason="torch is not installed: the student of the tutorial is not trained")

SCRIPT = ROOT / "tools" / "examples" / "train_student.py"


def run(*words, ranks=1):
    launch = ["-m", "torch.distributed.run", "--nproc-per-node", str(ranks)] if ranks > 1 else []
    source = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        [sys.executable, *launch, SCRIPT, *map(str, words)],
        env={**os.environ, "PYTHONPATH": source, "OMP_NUM_THREADS": "1"},
        timeout=500,
    ).returncode


def test_a_killed_run_ends_with_the_curve_of_an_undisturbed_one(place, tmp_path):
    words = [place, "--steps", 9, "--k", 4, "--save-every", 2, "--checkpoint"]
    assert run(*words, tmp_path / "whole.pt") == 0
    assert run(*words, tmp_path / "killed.pt", "--kill-at", 5) == -signal.SIGKILL
    assert run(*words, tmp_path / "killed.pt", ranks=2) == 0
    whole, killed = (json.loads((tmp_path / name).read_text()) for name in ("whole.json", "killed.json"))
    assert len(killed) == 9
    assert killed == pytest.approx(whole, abs=2e-6)
    assert whole[-1] < whole[0] - 0.5


def test_ranks_that_are_killed_go_on_as_one_and_as_others(place, tmp_path):
    words = [place, "--steps", 7, "--k", 4, "--save-every", 2, "--checkpoint"]
    assert run(*words, tmp_path / "whole.pt") == 0
    assert run(*words, tmp_path / "two.pt", "--kill-at", 3, ranks=2) != 0
    (tmp_path / "one.pt").write_bytes((tmp_path / "two.pt").read_bytes())
    assert run(*words, tmp_path / "two.pt", ranks=2) == 0
    assert run(*words, tmp_path / "one.pt") == 0
    whole, two, one = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("whole", "two", "one"))
    assert two == pytest.approx(whole, abs=2e-6)
    assert one == pytest.approx(whole, abs=2e-6)
