"""`make check`: every check that reads the code without running the hub.

All run; one that fails makes the exit status 1.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
PACKAGES = ("party_hub", "ingestion", "matching", "stewardship")
# As in production, where an insecure default is refused. Nothing is connected to.
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "long-enough-and-random-for-the-deployment-check-2kd8fj3ls9dm4nq7",
    "DATABASE_URL": "postgresql://hub:unused@database.invalid/party_hub",
    "REDIS_URL": "rediss://cache.invalid/0",
    "ALLOWED_HOSTS": "hub.example",
}
CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "lint": (["ruff", "check", "."], {}),
    "format": (["ruff", "format", "--check", "--quiet", "."], {}),
    "types": (["mypy", *PACKAGES], {}),
    "import rule": (["lint-imports", "--no-cache"], {}),
    "templates": (["djlint", "templates", "--check", "--lint"], {}),
    "migrations": (["python", "manage.py", "makemigrations", "--check", "--dry-run"], PRODUCTION),
    "deployment": (["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
}
# What pip-audit says when it is the advisory service that fails, not a package.
UNREACHABLE = ("ConnectionError", "ServiceError", "Max retries exceeded", "timed out", "Failed to connect", "HTTPError")


def run(command: list[str], extra: dict[str, str]) -> tuple[int, str]:
    """Exit status and output of one tool of this environment."""
    tool, *rest = command
    ran = subprocess.run(
        [str(BIN / tool), *rest], env={**os.environ, **extra}, capture_output=True, text=True, check=False
    )
    return ran.returncode, (ran.stdout + ran.stderr).strip()


def audit() -> tuple[str, str]:
    """Known holes in the pinned packages: passed, failed, or skipped where the advisory service cannot be reached."""
    command = [
        "pip-audit",
        "--requirement",
        "requirements-local.txt",
        "--no-deps",
        "--disable-pip",
        "--progress-spinner",
        "off",
    ]
    status, output = run([*command, "--timeout", "10"], {})
    if status == 0:
        return "passed", ""
    if any(sign in output for sign in UNREACHABLE):
        return "skipped", "the advisory service cannot be reached from here"
    return "failed", output


def main() -> int:
    """Run them all, then say which failed."""
    outcomes: dict[str, str] = {}
    for name, (command, extra) in CHECKS.items():
        started = time.monotonic()
        status, output = run(command, extra)
        outcomes[name] = "failed" if status else "passed"
        print(f"{outcomes[name]:<8} {name:<12} {time.monotonic() - started:6.1f} s")
        if status:
            print(output + "\n")
    outcomes["known holes"], output = audit()
    print(f"{outcomes['known holes']:<8} {'known holes':<12} {output}")
    failed = [name for name, outcome in outcomes.items() if outcome == "failed"]
    print(
        f"\n{len(outcomes) - len(failed)} of {len(outcomes)} checks without complaint"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
