# SPDX-License-Identifier: Apache-2.0
"""A teacher's server that other machines reach, asked by the command line: TLS and a token."""

import contextlib
import os
import subprocess
import sys

from conftest import command_line
from test_teacher import ENVIRONMENT, MODULE, TEXT
from test_tls import TOKEN, certificates  # noqa: F401


@contextlib.contextmanager
def served(module, certificates):  # noqa: F811
    words = [sys.executable, "-m", "stillhouse.teacher", "--module", f"{module}:logits"]
    words += ["--tls-certificate", certificates / "good.pem", "--tls-key", certificates / "good.key"]
    words += ["--token-file", certificates / "token"]
    with subprocess.Popen([*map(str, words)], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as server:
        try:
            yield server.stdout.readline().split()[0].replace("127.0.0.1", "localhost")
        finally:
            server.terminate()


def extract(teacher, out, **environment):
    words = ["--max-documents", 1, "--sequence-length", 64, "--statistic", "top-k:4", "--teacher", teacher, "--out", out]
    words = command_line("extract", "--corpus", TEXT, *words)
    environment = {**os.environ, **environment}
    return subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment)


def test_a_token_goes_by_tls_to_a_server_that_is_known(certificates, tmp_path):  # noqa: F811
    (tmp_path / "my.py").write_text(MODULE)
    with served(tmp_path / "my.py", certificates) as name:
        right = f"{name},wait=2,tls={certificates / 'ca.pem'}"
        done = extract(f"{right},token-file={certificates / 'token'}", tmp_path / "one")
        assert done.returncode == 0, done.stderr
        done = extract(right, tmp_path / "two", STILLHOUSE_TEACHER_TOKEN=TOKEN)
        assert done.returncode == 0, done.stderr
        for teacher, why in (
            (right, "refuses the token"),
            (f"{name},wait=1,tls={certificates / 'unknown.pem'}", "no teacher answers"),
            (f"{name},wait=1", "no teacher answers"),
        ):
            done = extract(teacher, tmp_path / "three")
            assert done.returncode in (1, 2) and why in done.stderr, done.stderr
            assert TOKEN not in done.stderr and "Exception" not in done.stderr
