"""Django settings of the platform process: what `lti_consumer` needs from an Open edX LMS."""

import os

SECRET_KEY = "the platform of one test run"
ALLOWED_HOSTS = ["localhost"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["INTEROP_DATABASE"],
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "waffle",
    "config_models",
    "lti_consumer",
]

MIDDLEWARE = [
    "course.RecordExchanges",
    "edx_django_utils.cache.middleware.RequestCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "edx_django_utils.cache.middleware.TieredCacheMiddleware",
    "crum.CurrentRequestUserMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

# The deep linking response arrives as a cross-site POST and the package checks the session of
# whoever brings it: "the LMS session cookies need to be Secure and have SameSite=None".
SESSION_COOKIE_NAME = "edx_session"
SESSION_COOKIE_SAMESITE = "None"
SESSION_COOKIE_SECURE = True

# Read by lti_consumer itself.
LMS_ROOT_URL = os.environ["INTEROP_ADDRESS"]  # becomes the issuer and the base of every endpoint
PLATFORM_NAME = "Interop Academy"
SERVICE_VARIANT = "lms"
LEARNING_MICROFRONTEND_URL = LMS_ROOT_URL
USAGE_ID_PATTERN = r"(?P<usage_id>block-v1:[^/]+)"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
