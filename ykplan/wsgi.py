"""The door for gunicorn: `gunicorn ykplan.wsgi`."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from ykplan.doorstep import wiped
from ykplan.logs import keep_tokens_out

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ykplan.settings")
keep_tokens_out()

try:
    application = wiped(get_wsgi_application())
except ImproperlyConfigured as fault:
    sys.exit(f"ykplan: {fault}")

# What is here now stays for good: no collection in the middle of a page need look through it.
gc.collect()
gc.freeze()
