"""The web process. Composition only."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "party_hub.settings")

application = get_wsgi_application()
