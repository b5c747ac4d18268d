# SPDX-License-Identifier: Apache-2.0
"""Says what is there and what is missing: ``python -m stillhouse.doctor [DATASET]``."""

from __future__ import annotations

import importlib
import os
import sys
import time
from pathlib import Path
from typing import Callable

MINIMUM_PYTHON = (3, 10)


def _python() -> str:
    if sys.version_info < MINIMUM_PYTHON:
        raise RuntimeError(f"Python {sys.version.split()[0]}; need 3.10 or newer")
    return sys.version.split()[0]


def _module(name: str) -> Callable[[], str]:
    def check() -> str:
        return str(importlib.import_module(name).__version__)

    return check


def _java() -> str:
    from . import _java

    home, release = _java.find()
    return f"{release} in {home}"


def _jars() -> str:
    from . import _java

    jars = [
        jar
        for part in _java.class_path().split(os.pathsep)
        for jar in (Path(part).parent.glob("*.jar") if part.endswith("*") else [Path(part)])
    ]
    return f"{len(jars)} jars, {sum(jar.stat().st_size for jar in jars) / 1e6:.0f} MB"


def main(arguments: list[str]) -> int:
    """Checks each part; returns 1 if one that is needed is missing."""
    checks: list[tuple[str, Callable[[], str], bool]] = [
        ("python", _python, True),
        ("numpy", _module("numpy"), True),
        ("pyarrow", _module("pyarrow"), True),
        ("torch", _module("torch"), False),
        ("java", _java, True),
        ("server", _jars, True),
    ]
    wrong = 0
    for name, check, needed in checks:
        try:
            print(f"  ok       {name:8} {check()}")
        except Exception as e:  # Whatever is wrong with a part is what the doctor tells.
            wrong += needed
            print(f"  {'MISSING' if needed else 'absent '}  {name:8} {e}{'' if needed else ' (optional)'}")
    if wrong == 0 and arguments:
        import stillhouse

        try:
            start = time.monotonic()
            with stillhouse.open(arguments[0]) as ds:
                print(f"  ok       {ds!r}")
                next(ds.batches(stop_after=1))
            print(f"  ok       first batch after {time.monotonic() - start:.2f} s")
        except stillhouse.StillhouseError as e:
            wrong += 1
            print(f"  WRONG    {arguments[0]}: {e}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
