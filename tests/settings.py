"""The hub's settings on a stack that is started for the tests, apart from a developer's own in `.hub`.

Several runs may share the stack at one time: each has its own database, Redis database, topic prefix and lake prefix.
Whoever is last stops it; `HUB_KEEP_STACK=1` leaves it running for the next run.
"""

import os
from pathlib import Path

from party_hub.embedded import stack
from tests import lease

BASE = Path(__file__).resolve().parent.parent
RUN = os.environ.setdefault("HUB_TEST_RUN", str(os.getpid()))
HOME = Path(os.environ.get("HUB_TEST_HOME") or BASE / ".hub" / "test").absolute()
os.environ["HUB_TEST_HOME"] = str(HOME)

lease.take(HOME)
_endpoints = stack.start(HOME, stack.needed(os.environ))
os.environ["HUB_HOME"] = str(HOME)
os.environ.setdefault("KAFKA_TOPIC_PREFIX", f"test-{RUN}.")
os.environ.setdefault("LAKE_URL", f"s3://party-hub/test-{RUN}")
os.environ.setdefault("REDIS_URL", _endpoints["redis_url"].removesuffix("/0") + f"/{1 + int(RUN) % 63}")
os.environ.setdefault("SPARK_MASTER", "local[2]")
os.environ.setdefault("SPARK_DRIVER_MEMORY", "1g")
os.environ.setdefault("SPARK_UI", "0")
# Playwright's synchronous API runs an event loop beside the test's own database calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from party_hub.settings import *  # noqa: E402, F403
from party_hub.settings import DATABASES  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": f"test_party_hub_{RUN}"}
FIGURES_KEPT = 0
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_STORE_EAGER_RESULT = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
