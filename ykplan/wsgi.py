"""The door for gunicorn: `gunicorn ykplan.wsgi`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ykplan.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as fault:
    sys.exit(f"ykplan: {fault}")
