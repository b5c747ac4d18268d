# SPDX-License-Identifier: Apache-2.0
"""Puts the server's jars into the wheel, as they lie in tools/serve/target after a build with Maven."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SERVE = Path(__file__).resolve().parent.parent / "serve" / "target"


class BuildWithJars(build_py):
    def run(self):
        super().run()
        own = [jar for jar in SERVE.glob("stillhouse-serve-*.jar") if not jar.name.endswith("-tests.jar")]
        jars = own + sorted((SERVE / "lib").glob("*.jar"))
        if not own or len(jars) < 2:
            raise SystemExit(
                f"no jars in {SERVE}: build the server first, in the root of the checkout, with\n"
                "  mvn -DskipTests -pl tools/serve -am package"
            )
        target = Path(self.build_lib) / "stillhouse" / "jars"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for jar in jars:
            shutil.copy(jar, target)


setup(cmdclass={"build_py": BuildWithJars})
