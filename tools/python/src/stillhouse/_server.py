# SPDX-License-Identifier: Apache-2.0
"""The server as a child process, which ends with this one."""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import tempfile
from typing import Any, Mapping

from . import _java
from ._archive import ClassArchive
from .errors import NotReachedError, ServerError, of_kind

PROTOCOL = 1


class ChildServer:
    """A server of datasets on a free port of loopback, with a token of its own.

    Its standard input is a pipe from this process: when this process ends in whatever way, so does the server.
    """

    def __init__(self, datasets: Mapping[str, str], reader: dict[str, Any], options: list[str], timeout: float):
        home, release = _java.find()
        # Steps are large arrays: the serial collector takes a fifth of the rate.
        flags = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "-XX:+UseParallelGC", "-Xshare:auto"]
        if release >= 24:
            flags += ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"]
        class_path = _java.class_path()
        self._archive = ClassArchive(home, class_path, [*flags, *options])
        self.token = secrets.token_hex(32)
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [str(home / "bin" / "java"), *flags, *self._archive.flags(), *options, "-cp", class_path]
            + ["dev.stillhouse.serve.ServerProcess"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C is for this process, which then ends the server.
        )
        settings = {"v": PROTOCOL, "datasets": dict(datasets), "token": self.token, "reader": reader}
        try:
            self._process.stdin.write(json.dumps(settings).encode() + b"\n")
            self._process.stdin.flush()
            said = json.loads(self._line(timeout))
            if "error" in said:
                raise of_kind(said["error"]["kind"], said["error"]["message"])
            self.port = int(said["port"])
        except BrokenPipeError:
            error = ServerError(f"the server did not start: {self._tail()}")
            self.close()
            raise error from None
        except BaseException:
            self.close()
            raise

    def _line(self, timeout: float) -> bytes:
        out = self._process.stdout
        ready, _, _ = select.select([out], [], [], timeout)
        if not ready:
            raise NotReachedError(f"the server did not start within {timeout:.0f} s: {self._tail()}")
        line = out.readline()
        if not line:
            self._process.wait(timeout)
            raise ServerError(f"the server ended with code {self._process.returncode}: {self._tail()}")
        return line

    def _tail(self) -> str:
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - 2000))
        return self._log.read().decode(errors="replace").strip() or "it said nothing"

    def died(self) -> str | None:
        """Returns why the server is gone, or None while it runs."""
        code = self._process.poll()
        return None if code is None else f"the server ended with code {code}: {self._tail()}"

    def close(self) -> None:
        """Ends the server."""
        process = self._process
        try:
            process.stdin.close()
        except OSError:
            pass  # It was gone before.
        try:
            process.wait(30 if self._archive.being_made else 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._archive.keep(process.returncode == 0)
        process.stdout.close()
        self._log.close()
