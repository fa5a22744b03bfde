"""For a WSGI server of your own: `gunicorn wsgi:app`. Deliver completions beside it with
`proeftuin outbox send --watch`. In production, unless PROEFTUIN_ENV says development."""

from lti_tool import create_app
from lti_tool.config import settings_from_env

app = create_app(settings_from_env(default="production"))
