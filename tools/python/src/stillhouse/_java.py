# SPDX-License-Identifier: Apache-2.0
"""Finds Java and the server's jars."""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
from pathlib import Path

from .errors import ServerError

MINIMUM = 17
_PLACES = ("/usr/lib/jvm/*", "/opt/java/*", "/opt/jdk*", "/Library/Java/JavaVirtualMachines/*/Contents/Home")


def release_of(home: Path) -> int:
    """Returns the feature release of the Java in a folder, as 21; 0 where there is none."""
    if not os.access(home / "bin" / "java", os.X_OK):
        return 0
    try:
        text = (home / "release").read_text(errors="replace")
    except OSError:
        text = _said(home / "bin" / "java")  # Some systems' packages, and runtimes made by jlink, have no such file.
    found = re.search(r'^(?:JAVA_VERSION=|openjdk version |java version )"(?:1\.)?(\d+)', text, re.MULTILINE)
    return int(found.group(1)) if found else 0


def _said(java: Path) -> str:
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, errors="replace", timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stderr + done.stdout


def _homes() -> list[Path]:
    homes = []
    if os.environ.get("JAVA_HOME"):
        homes.append(Path(os.environ["JAVA_HOME"]))
    on_path = shutil.which("java")
    if on_path:
        homes.append(Path(on_path).resolve().parent.parent)
    places = os.environ.get("STILLHOUSE_JDK_PLACES")
    for place in _PLACES if places is None else filter(None, places.split(":")):
        homes.extend(Path(home) for home in sorted(glob.glob(place)))
    sdkman = Path.home() / ".sdkman" / "candidates" / "java"
    if places is None and sdkman.is_dir():
        homes.extend(sorted(sdkman.iterdir()))
    return homes


def find() -> tuple[Path, int]:
    """Returns the newest Java, 17 or later, and its release. STILLHOUSE_JAVA decides where it is set."""
    chosen = os.environ.get("STILLHOUSE_JAVA")
    if chosen:
        release = release_of(Path(chosen))
        if release < MINIMUM:
            holds = f"holds Java {release}; need {MINIMUM} or newer" if release else "holds no bin/java that runs"
            raise ServerError(f"STILLHOUSE_JAVA={chosen} {holds}: name the folder of a newer one, or unset it")
        return Path(chosen), release
    best, newest, oldest = None, 0, 0
    for home in _homes():
        release = release_of(home)
        oldest = max(oldest, release)
        if release >= MINIMUM and release > newest:
            best, newest = home, release
    if best is None:
        found = f"; the newest here is Java {oldest}" if oldest else ""
        raise ServerError(
            f"no Java {MINIMUM} or newer found{found}: install one (Temurin, or your system's openjdk), "
            "or set JAVA_HOME"
        )
    return best, newest


def class_path() -> str:
    """Returns the jars of the wheel, or of the checkout around this file."""
    packed = Path(__file__).parent / "jars"
    if packed.is_dir():
        return str(packed / "*")
    target = Path(__file__).resolve().parents[3] / "serve" / "target"
    own = [jar for jar in target.glob("stillhouse-serve-*.jar") if not jar.name.endswith("-tests.jar")]
    if not own:
        raise ServerError(
            f"the server's jars are neither in {packed} nor in {target}: install the wheel, or build them in the "
            "checkout with: mvn -DskipTests -pl tools/serve -am package"
        )
    return os.pathsep.join([str(own[0]), str(target / "lib" / "*")])
