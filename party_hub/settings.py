"""Every knob of the hub, from the environment, with safe defaults.

Where an address is unset, the embedded stack's is used (`stack.json` under `HUB_HOME`, written by `manage.py up`).
With `DEBUG=0` the hub refuses to start on an insecure default and says which.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

HUB_HOME = Path(env("HUB_HOME", default=str(BASE_DIR / ".hub"))).resolve()
_stack_file = HUB_HOME / "stack.json"
STACK: dict[str, str] = json.loads(_stack_file.read_text()) if _stack_file.exists() else {}


def _address(name: str, fallback: str) -> str:
    """An outside system's address: from the environment, else the embedded stack, else `fallback`."""
    return os.environ.get(name) or STACK.get(name.lower()) or fallback


# -- Safety -----------------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = _address("SECRET_KEY", "insecure-development-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The demo is plain HTTP on loopback; anything else is served over TLS.
INSECURE_COOKIES = env.bool("INSECURE_COOKIES", default=DEBUG)

if not DEBUG and not os.environ.get("SECRET_KEY"):
    raise ImproperlyConfigured(
        "DEBUG=0 needs SECRET_KEY in the environment: a long random text, the same for every process."
    )
if not DEBUG and not os.environ.get("DATABASE_URL"):
    raise ImproperlyConfigured(
        "DEBUG=0 needs DATABASE_URL in the environment: the embedded PostgreSQL is for one machine only."
    )

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not INSECURE_COOKIES)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 0 if INSECURE_COOKIES else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_COOKIES
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_htmx",
    "django_prometheus",
    "simple_history",
    "csp",
    "axes",
    "party_hub",
    "ingestion",
    "matching",
    "stewardship",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "party_hub.admin_policy.relax_for_admin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stewardship.preferences.in_the_readers_time_zone",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "party_hub.urls"
WSGI_APPLICATION = "party_hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# -- PostgreSQL -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(_address("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/party_hub"))}
DATABASES["default"].update(ENGINE="django.db.backends.postgresql", CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Redis: cache and Celery's broker ---------------------------------------------------------------------------------
REDIS_URL = _address("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True  # a task whose worker died is run again; every task can be
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"ingestion.load_feed": {"queue": "spark"}, "matching.match": {"queue": "spark"}}
CELERY_TASK_TRACK_STARTED = True
CELERY_RESULT_EXPIRES = 86_400
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 3600}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE = "UTC"

FIGURES_KEPT = 60  # seconds for which pages show totals that are slow to count

# -- Kafka, the lake, Spark -------------------------------------------------------------------------------------------
KAFKA_BOOTSTRAP_SERVERS = _address("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
KAFKA_TOPIC_PREFIX = env("KAFKA_TOPIC_PREFIX", default="")
LAKE_URL = _address("LAKE_URL", f"file://{HUB_HOME / 'lake'}")
AWS_ENDPOINT_URL = _address("AWS_ENDPOINT_URL", "")
AWS_ACCESS_KEY_ID = _address("AWS_ACCESS_KEY_ID", "")
AWS_SECRET_ACCESS_KEY = _address("AWS_SECRET_ACCESS_KEY", "")
SPARK_MASTER = env("SPARK_MASTER", default="local[*]")
SPARK_UI = env.bool("SPARK_UI", default=True)  # on loopback where Spark runs in the worker
SPARK_DRIVER_MEMORY = env("SPARK_DRIVER_MEMORY", default="2g")
# A folder that all of Spark's machines see, for what goes to them as a file; "" is this machine's temporary folder.
SPARK_SCRATCH = env("SPARK_SCRATCH", default="")
# Where links are joined to components: driver, spark, or auto: on Spark beyond what one process should hold.
MATCH_COMPONENTS = env("MATCH_COMPONENTS", default="auto")
JAVA_HOME = _address("JAVA_HOME", "")
# Days for which the lake keeps the sets of runs and snapshots, by zone; a zone that is not named keeps all.
LAKE_KEPT_DAYS = {
    zone: int(days)
    for zone, days in env.dict("LAKE_KEPT_DAYS", default={"curated": "90", "quarantine": "90", "golden": "30"}).items()
}
UPLOAD_LIMIT_MB = env.int("UPLOAD_LIMIT_MB", default=1024)  # of a file that somebody sends through the browser
# Processes that share the bulk work of survivorship: one a core and one more, for now and then one waits for its turn
# to tell its events. More than PostgreSQL can feed gain nothing.
RESOLVE_PROCESSES = env.int("RESOLVE_PROCESSES", default=min((os.cpu_count() or 1) + 1, 8))
HUB_PORT = env.int("HUB_PORT", default=8000)
HUB_RECORDS = env.int("HUB_RECORDS", default=10_000)

# -- People -----------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "party_hub.role_backend.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "sign_in"
REASON_CODE_REQUIRED = env.bool("REASON_CODE_REQUIRED", default=False)  # with every answer to a review task
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# -- Content-Security-Policy: nothing inline, nothing from elsewhere --------------------------------------------------
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

# -- Language, time, static files -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "hub_language"
LOCALE_PATHS = [BASE_DIR / "stewardship" / "locale"]
FORMAT_MODULE_PATH = "stewardship.formats"
USE_TZ = True
USE_I18N = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# -- REST -------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "party_hub.api.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["party_hub.api.permissions.HubPermission"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "party_hub.api.pagination.KeysetPagination",
    "EXCEPTION_HANDLER": "party_hub.api.errors.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Party Master Data Hub",
    "DESCRIPTION": "Golden records of individuals, organisations and legal entities, and how they came about.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],  # a contract holds no data
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "party_hub.api.openapi.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "TaskKindEnum": "stewardship.models.TaskKind",
        "TaskStateEnum": "stewardship.models.TaskState",
    },
}

# -- Logs: one JSON object a line, no personal data -------------------------------------------------------------------
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": sys.stderr}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},  # statements hold personal data
        "py4j": {"level": "WARNING"},
        "great_expectations": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
    },
}

PROMETHEUS_EXPORT_MIGRATIONS = False
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True
UNFOLD = {
    "SITE_TITLE": "Party Master Data Hub",
    "SITE_HEADER": "Reference data",
    "SITE_URL": "/",
    "SITE_SYMBOL": "hub",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("stewardship/favicon.svg")}
    ],
    "SHOW_HISTORY": True,
}
