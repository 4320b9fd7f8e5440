"""Settings. What differs between installations comes from the environment; README.md lists the names."""

from datetime import timedelta
from pathlib import Path

import environ

from cunsao import keys
from cunsao.database import database, sqlite_url

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env("CUNSAO_DATA_DIR", default=str(BASE_DIR / "data"))).expanduser().resolve()
DEBUG = env.bool("CUNSAO_DEBUG", default=False)
HTTPS = env.bool("CUNSAO_HTTPS", default=False)  # served behind a proxy that speaks TLS and sets X-Forwarded-Proto
SECRET_KEY = env("CUNSAO_SECRET_KEY", default="") or keys.key(DATA_DIR, "secret_key", 50)
SECRET_KEY_FALLBACKS = env.list("CUNSAO_OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = env.list("CUNSAO_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS]
DATABASES = {"default": database(env("DATABASE_URL", default="") or sqlite_url(keys.data_folder(DATA_DIR)))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "cunsao.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "mptt",
    "axes",
    "cunsao",
    "councils",
    "members",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cunsao.security.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cunsao.language.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cunsao.security.session_end",
    "cunsao.drafts.keeping",
    "councils.middleware.acting_user",
    "councils.middleware.first_password",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "cunsao.urls"
WSGI_APPLICATION = "cunsao.wsgi.application"
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
            ],
        },
    },
]

# Who signs in
AUTH_USER_MODEL = "councils.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "councils.accounts.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# An office shares one address, so the lock goes by name. The lock's own middleware is left out on purpose: without it
# a wrong name, a wrong password and a locked name get the same answer from the sign-in form.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "password"]
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W006"]

# Sessions: CUNSAO_IDLE_MINUTES without a click, or eight hours in all
IDLE_TIME = timedelta(minutes=env.int("CUNSAO_IDLE_MINUTES", default=15))
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "cunsao_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "cunsao.drafts.refused_form"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
PROXIES = env.int("CUNSAO_PROXIES", default=int(HTTPS))  # how many of one's own proxies add to X-Forwarded-For
X_FRAME_OPTIONS = "DENY"
# A roster of 140 people × 7 columns is more than Django's 1,000 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# An upload holds numbers of persons and is kept in memory, never in a file; a larger one is read past and left out.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1000 * 1000

# Numbers of persons: sealed with the first key, read with any; found by a keyed fingerprint
PERSONAL_DATA_KEYS = env.list("CUNSAO_DATA_KEYS", default=[]) or keys.ring(DATA_DIR, "data_keys")
FINGERPRINT_KEY = env("CUNSAO_FINGERPRINT_KEY", default="") or keys.key(DATA_DIR, "fingerprint_key")
CUNSAO_CIPHER = env("CUNSAO_CIPHER", default="aes")

# Language, time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "cunsao_language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# Files
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
ARRIVING = DATA_DIR / "arriving"  # there while records of the invented county are on their way
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
WHITENOISE_MAX_AGE = 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "axes": {"level": "CRITICAL"},  # it would write the name that was typed, which may be a password
    },
}
