"""How gunicorn serves the web process everywhere: `gunicorn --config python:party_hub.serving party_hub.wsgi`."""

import gc
from typing import Any

workers = 2
threads = 4
timeout = 60
graceful_timeout = 20
# Each worker makes way for a fresh one now and then, not all at one time.
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = "-"
# One JSON object a line. The path comes without its query: what somebody searched for is personal data.
access_log_format = (
    '{"time": "%(t)s", "method": "%(m)s", "path": "%(U)s", "status": %(s)s, "seconds": %(L)s, "bytes": "%(B)s"}'
)


def post_worker_init(worker: Any) -> None:
    """Before the first request."""
    spare_the_pages()


def spare_the_pages() -> None:
    """What is loaded stays, and a page makes a hundred thousand objects and hardly a cycle: the garbage collector need
    go through neither again and again while somebody waits.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
