# SPDX-License-Identifier: Apache-2.0
"""The server's classes as a JVM maps them into memory: half the time of a start.

The first server writes the archive when it ends, later ones use it. It is a cache: a JVM leaves one that does not fit.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import time
from pathlib import Path

_OLD_SECONDS = 30 * 24 * 3600


def _folder() -> Path | None:
    """Returns where archives are kept: STILLHOUSE_CACHE, or the user's cache. None where it is set to nothing."""
    chosen = os.environ.get("STILLHOUSE_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stillhouse"
    except RuntimeError:
        return None  # This user has no home.


class ClassArchive:
    """The archive of one Java and one set of jars."""

    def __init__(self, home: Path, class_path: str, flags: list[str]):
        self._made: Path | None = None
        self._path: Path | None = None
        folder = _folder()
        if folder is not None:
            with contextlib.suppress(OSError):
                key = _key(home, class_path, flags)
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if folder.stat().st_uid == os.getuid():  # A JVM runs what it maps.
                    self._path = folder / f"server-{key}.jsa"

    def flags(self) -> list[str]:
        """Returns the flags of a JVM that uses the archive, or makes it when it ends."""
        if self._path is None:
            return []
        # Of an archive that does not fit, a JVM tells on standard output, where the port is expected.
        if self._path.is_file():
            return ["-Xlog:disable", f"-XX:SharedArchiveFile={self._path}"]
        self._made = self._path.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}.new")
        return ["-Xlog:disable", f"-XX:ArchiveClassesAtExit={self._made}"]

    @property
    def being_made(self) -> bool:
        """Whether the server writes the archive when it ends, which takes some seconds."""
        return self._made is not None

    def keep(self, ended_well: bool) -> None:
        """Keeps what a server wrote that has ended, and removes what was not used for long."""
        if self._path is None or self._made is None:
            return
        made, self._made = self._made, None
        with contextlib.suppress(OSError):
            if ended_well and made.stat().st_size > 0:
                os.replace(made, self._path)
            made.unlink(missing_ok=True)
            for name in glob.glob(str(self._path.with_name("server-*"))):
                if name != str(self._path) and os.stat(name).st_mtime < time.time() - _OLD_SECONDS:
                    os.unlink(name)


def _key(home: Path, class_path: str, flags: list[str]) -> str:
    known = hashlib.sha256(repr((str(home.resolve()), flags)).encode())
    java = home / "bin" / "java"
    jars = [jar for part in class_path.split(os.pathsep) for jar in sorted(glob.glob(part))]
    for file in [java, home / "release", *map(Path, jars)]:
        if file.exists():
            status = file.stat()
            known.update(repr((str(file), status.st_size, status.st_mtime_ns)).encode())
    return known.hexdigest()[:16]
