"""The one settings file. Everything that differs between machines is an environment variable.

Two modes. Production is the default and refuses to start half-configured. The embedded mode
(YKPLAN_EMBEDDED=true, set by bin/run) keeps all it needs in one folder and is for one machine.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ykplan import env

BASE_DIR = Path(__file__).resolve().parent.parent
EMBEDDED = env.truth("YKPLAN_EMBEDDED", default=False)
STATE_DIR = Path(env.text("YKPLAN_STATE", str(BASE_DIR / "var"))).absolute()

# What the operator must say -----------------------------------------------------------------

DEBUG = env.truth("DEBUG", default=False)

if EMBEDDED:
    SECRET_KEY = env.text("SECRET_KEY") or env.kept_secret(STATE_DIR / "secret-key")
    ALLOWED_HOSTS = env.words(env.text("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"))
    database_url = env.text("DATABASE_URL", f"sqlite:///{STATE_DIR / 'db.sqlite3'}")
    broker_url = env.text("BROKER_URL", f"redis+socket://{STATE_DIR / 'broker.sock'}")
    mail_url = env.text("EMAIL_URL", f"filemail:///{STATE_DIR / 'mail'}")
    public_base_url = env.text("PUBLIC_BASE_URL", "http://127.0.0.1:8000")
    DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "ykplan@localhost")
else:
    SECRET_KEY = env.required("SECRET_KEY", "a-text-of-at-least-50-random-characters")
    ALLOWED_HOSTS = env.words(env.required("ALLOWED_HOSTS", "plan.example.gov.cn"))
    database_url = env.required("DATABASE_URL", "postgresql://ykplan:PASSWORD@db.internal/ykplan")
    broker_url = env.required("BROKER_URL", "redis://broker.internal:6379/0")
    mail_url = env.required("EMAIL_URL", "smtp+tls://robot:PASSWORD@mail.internal:587")
    public_base_url = env.required("PUBLIC_BASE_URL", "https://plan.example.gov.cn")
    DEFAULT_FROM_EMAIL = env.required("DEFAULT_FROM_EMAIL", "ykplan@example.gov.cn")

SECRET_KEY = env.secret_key("SECRET_KEY", SECRET_KEY)
PUBLIC_BASE_URL = env.base_url("PUBLIC_BASE_URL", public_base_url)

if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS must name hosts, not *. Example: ALLOWED_HOSTS=plan.example.gov.cn"
    )

# HTTPS and the proxy in front ---------------------------------------------------------------

HTTPS = PUBLIC_BASE_URL.startswith("https://")
# How many proxies of our own stand in front. Headers they set are believed, those of others never.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

if not EMBEDDED and not HTTPS and not env.truth("ALLOW_PLAIN_HTTP", default=False):
    raise ImproperlyConfigured(
        "PUBLIC_BASE_URL must begin with https://. "
        "On a closed network without certificates set ALLOW_PLAIN_HTTP=true"
    )
if HTTPS and not TRUSTED_PROXIES:
    raise ImproperlyConfigured(
        "TRUSTED_PROXIES must say how many proxies stand in front, for one of them ends HTTPS. "
        "Example: TRUSTED_PROXIES=1"
    )

if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.truth("SSL_REDIRECT", default=HTTPS)
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and env.truth("HSTS_SUBDOMAINS", default=True)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# The __Host- prefix makes the browser itself refuse a cookie set by a neighbouring host.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# From sign-in, whatever happens in between: a working day, never a night; and without a sign of life (sessions.py).
SESSION_COOKIE_AGE = 3_600 * env.between("SESSION_HOURS", env.number("SESSION_HOURS", 12), 1, 24)
SESSION_IDLE_MINUTES = env.between("SESSION_IDLE_MINUTES", env.number("SESSION_IDLE_MINUTES", 30), 1, 720)
SESSION_WATCHED = {"wall"}  # comes anew by itself, which is no sign of life
# From where the administration can be reached; empty: from everywhere.
ADMIN_NETWORKS = env.networks("ADMIN_NETWORKS", env.text("ADMIN_NETWORKS"))

# No inline style, no inline script, nothing from elsewhere.
from_ourselves = ("script-src", "style-src", "font-src", "connect-src", "manifest-src", "form-action")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{name: [SELF] for name in from_ourselves},
        "img-src": [SELF, "data:"],
        **{name: [NONE] for name in ("default-src", "frame-ancestors", "base-uri")},
    }
}

# The application ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "ykplan",
    "pledges",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "ykplan.callers.CallerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    # Behind the headers: static files carry them, too.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ykplan.middleware.SessionMiddleware",
    "ykplan.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ykplan.sessions.IdleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "ykplan.middleware.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pledges.views.gates.hide_administration",
    "pledges.views.gates.PasswordFirstMiddleware",
    "pledges.views.errors.refuse_too_much",
    "pledges.views.errors.explain_wrong_method",
    # Last, so that a locked sign-in is answered with axes' own page.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ykplan.urls"
CSRF_FAILURE_VIEW = "pledges.views.errors.csrf_failure"
WSGI_APPLICATION = "ykplan.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pledges.context.site",
            ],
        },
    }
]
# Field widgets may use templates/ too.
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DJANGO_TABLES2_TEMPLATE = "pledges/parts/table.html"

DATABASES = {"default": env.database(database_url)}

# People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "pledges.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "ykplan.backends.PostsBackend"]

# "dengbao": also kinds, history, age, and first an own one. The standard asks for such rules; the numbers are ours.
PASSWORD_PROFILE = env.one_of("PASSWORD_PROFILE", "plain", ("plain", "dengbao"))
PASSWORD_LENGTH = env.between("PASSWORD_LENGTH", env.number("PASSWORD_LENGTH", 10), 8, 64)
PASSWORD_KINDS = env.between("PASSWORD_KINDS", env.number("PASSWORD_KINDS", 3), 1, 4)
PASSWORD_HISTORY = env.between("PASSWORD_HISTORY", env.number("PASSWORD_HISTORY", 5), 1, 24)
PASSWORD_MAX_DAYS = env.between("PASSWORD_MAX_DAYS", env.number("PASSWORD_MAX_DAYS", 90), 10, 3_650)

validators = "django.contrib.auth.password_validation"
like_them = {"user_attributes": ("username", "name", "email")}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{validators}.UserAttributeSimilarityValidator", "OPTIONS": like_them},
    {"NAME": f"{validators}.CommonPasswordValidator"},
    {"NAME": f"{validators}.NumericPasswordValidator"},
    *({"NAME": f"pledges.forms.passwords.{kind}Validator"} for kind in ("Length", "Kinds", "History")),
]

# Name and address (of IPv6 the network) together: a stranger cannot lock the mayor out from another desk.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "pledges/locked.html"
AXES_CLIENT_IP_CALLABLE = "ykplan.proxies.client_network"
AXES_USERNAME_CALLABLE = "ykplan.attempts.typed_name"
AXES_VERBOSE = False

# Words, days, files -------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(STATE_DIR / "static")))
EVIDENCE_ROOT = Path(env.text("EVIDENCE_ROOT", str(STATE_DIR / "evidence")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # No address leads there: files are handed out by a page that asks who wants them.
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": EVIDENCE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EVIDENCE_MAX_MB = env.number("EVIDENCE_MAX_MB", 20)  # one file
EVIDENCE_QUOTA_MB = env.number("EVIDENCE_QUOTA_MB", 2_048)  # all files of one department
# A form with several files at once, and of strangers only what a sign-in needs.
MOST_BYTES_AT_ONCE = 5 * EVIDENCE_MAX_MB * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "ykplan.uploads.MeasuredFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Letters and bells --------------------------------------------------------------------------

globals().update(env.mail(mail_url))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 30  # the default waits for ever for a mail server that never greets
# A sender that died gives its letters free after so many seconds; five times the longest task.
LETTER_LEASE_S = 600
LETTER_BATCH = 20  # letters taken at a time, over one connection

CELERY_BROKER_URL = env.url_of("BROKER_URL", broker_url, env.BROKER_SCHEMES, "redis://broker.internal:6379/0")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1_800,
    # Together ten seconds; the default sweep of a hundred left a killed worker's task waiting.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # Without these a broker that swallows packets blocks the caller for ever.
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120  # hard only: a soft limit is an exception in mid-commit
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False

# What happened, kept in a chain --------------------------------------------------------------

AUDIT_ALGORITHM = env.one_of("AUDIT_ALGORITHM", "sha256", ("sha256", "sm3"))
# The daily anchors of the chain. Better on another machine: whoever can rewrite both can rewrite the chain.
AUDIT_ANCHORS = Path(env.text("AUDIT_ANCHORS", str(STATE_DIR / "audit-anchors.jsonl")))

# What happened, one line per event on stderr ------------------------------------------------

LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "ykplan.logs.OneLine",
            "format": "{asctime} {levelname} {name}{request_id}: {message}",
            "style": "{",
        }
    },
    "filters": {"caller": {"()": "ykplan.callers.WithCaller"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["caller"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Django's own handlers mail administrators and print only in DEBUG; one place is enough.
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Its banner at the start and every sign-in; that somebody was locked out is a warning and stays.
        "axes": {"level": "WARNING"},
    },
}
